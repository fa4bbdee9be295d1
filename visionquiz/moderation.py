"""What a trainer should look at before a contribution is shown to the room.

Flags are hints for a person, who decides. No list of words knows what hurts somebody in this room, and a text without
a flag may still be unkind.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["FLAGS", "LONG", "SHOWN_LIMIT", "Flag", "check_words", "make_readable", "one_line", "words_of"]

LONG = 400
"""Characters from which on a text is too long to be read on a wall."""

SHOWN_LIMIT = 2_000
"""Characters of one contribution that a desk shows."""

FLAGS: Mapping[str, str] = {
    "rude": "rude",
    "name": "names somebody",
    "contact": "e-mail or phone",
    "link": "a link",
    "markup": "HTML",
    "long": "long",
}
"""Kinds of flags, the most urgent first, and what a trainer reads for each."""

# Short on purpose: what nobody wants on a wall at work, in any of its forms. Stems of at least four letters match the
# beginning of a word, shorter ones and those that begin other words (cockpit, Dickens) the whole word only.
_STEMS = ("fuck", "shit", "bullshit", "cunt", "wank", "bitch", "bastard", "arsehole", "asshole", "bollock", "nigger",
          "faggot", "retard", "moron", "idiot", "slut", "whore", "motherf", "twat")  # fmt: skip
_WHOLE = frozenset(
    "arse ass crap crappy piss pissed dick dickhead cock prick tosser git stupid stupidity scum spastic pussy".split()
)
_LOOKALIKES = str.maketrans({"0": "o", "1": "i", "!": "i", "3": "e", "4": "a", "@": "a", "5": "s", "$": "s", "7": "t"})

_MARKUP = re.compile(r"<[/!?a-zA-Z]|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,10});|\bjavascript\s*:", re.IGNORECASE)
_LINK = re.compile(
    r"\b(?:https?|ftp)://|\bwww\.|\b[\w-]+\.(?:com|org|net|info|biz|io|co|uk|de|eu|gov|edu)\b", re.IGNORECASE
)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}")
_PHONE = re.compile(r"(?<![\w.,])\+?\(?\d(?:[\s()./-]{0,2}\d){6,}(?!\w)")
_IDENT = re.compile(r"[a-z0-9_-]+")
_WORD = re.compile(r"[\w@$][\w'’@$!*-]*")


@dataclass(frozen=True, kw_only=True)
class Flag:
    """One reason to look twice. `kind` is one of `FLAGS`, `word` what in the text it is about, ``""`` for all of it."""

    kind: str
    word: str = ""

    def __str__(self) -> str:
        said = FLAGS[self.kind]
        return f"{said}: {self.word}" if self.word else said


def check_words(text: str, *, names: Iterable[str] = ()) -> tuple[Flag, ...]:
    """What in a text a trainer should look at, the most urgent first; each kind once.

    `names` are those of the people in the room. A part of one counts where it is written with a capital.

    >>> [str(flag) for flag in check_words("Ask Ada, she rings back", names=["Ada Okafor"])]
    ['names somebody: Ada']
    """
    text = text[:SHOWN_LIMIT]
    found = {
        "rude": _find_rude(text),
        "name": _find_name(text, names),
        "contact": _first(_MAIL, text) or _first(_PHONE, text),
        "link": "" if _MAIL.search(text) else _first(_LINK, text),
    }
    flags = [Flag(kind=kind, word=found[kind]) for kind in FLAGS if found.get(kind)]
    if _MARKUP.search(text):
        flags.append(Flag(kind="markup"))
    if len(text) > LONG:
        flags.append(Flag(kind="long"))
    return tuple(flags)


def words_of(body: Mapping[str, Any], *, all_of_it: bool = False) -> str:
    """What was typed in a contribution, as text to read; ``""`` for a choice or a sort.

    An ``ask`` says which question is answered, so it is no word of the author's; neither is what looks like an id,
    unless it stands under ``text``, or `all_of_it` is wanted.
    """
    found: list[str] = []
    _gather(
        {key: value for key, value in body.items() if key not in ("ask", "id", "kind", "activity")}, found, all_of_it
    )
    return make_readable("\n".join(found))[:SHOWN_LIMIT]


def make_readable(text: str) -> str:
    """The text without what steers a screen: control characters, and marks that turn the direction of writing."""
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co"))


def one_line(text: str) -> str:
    """The same on one line, with single spaces."""
    return " ".join(make_readable(text.replace("\n", " ")).split())


def _gather(value: object, found: list[str], ids: bool, depth: int = 0) -> None:
    if len(found) >= 50 or depth > 4:
        return
    if isinstance(value, str):
        if value.strip() and (ids or not _IDENT.fullmatch(value)):
            found.append(value.strip()[:SHOWN_LIMIT])
    elif isinstance(value, Mapping):
        for key, one in value.items():
            _gather(one, found, ids or key == "text", depth + 1)
    elif isinstance(value, list | tuple):
        for one in value:
            _gather(one, found, ids, depth + 1)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found.group().strip() if found else ""


def _find_rude(text: str) -> str:
    for found in _WORD.finditer(text):
        plain = unicodedata.normalize("NFKD", found.group().lower().translate(_LOOKALIKES))
        plain = "".join(char for char in plain if char.isalpha())
        for one in (plain, re.sub(r"(.)\1+", r"\1", plain)):
            if one in _WHOLE or one.startswith(_STEMS):
                return found.group()
    return ""


def _find_name(text: str, names: Iterable[str]) -> str:
    capitals = {
        word.strip("'’!").removesuffix("'s").removesuffix("’s") for word in _WORD.findall(text) if word[:1].isupper()
    }
    for name in names:
        for part in name.split():
            if len(part) >= 3 and part[:1].isupper() and part in capitals:
                return part
    return ""
