"""What a team chose becomes the company's vision: the text of its ``vision.toml`` with the chosen statement in it.

What the team did not speak of stays as it is written: company, values, comments, order. What spoke for the former
statement goes, and so does whatever refers to it.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from visionquiz.errors import VisionQuizError
from visionquiz.proposal import Proposal, check_proposal
from visionquiz.rewriting import rewrite_toml
from visionquiz.statement.lexicon import zipf
from visionquiz.text import content, normalise, words
from visionquiz.vision import Role, Vision, parse_vision

__all__ = ["Adoption", "AdoptionError", "adopt_proposal"]

Row = dict[str, Any]

ID_LIMIT = 40
"""Characters of an id, as `visionquiz.reading` takes it."""

_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that have what follows shown in another order than it is read in."""


class AdoptionError(VisionQuizError):
    """What cannot be adopted as things are; the message says why and where to mend it."""


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """A ``vision.toml`` before and after, and what else changes with it."""

    text: str
    """The whole file as it would be."""
    former: Vision
    vision: Vision
    read_again: tuple[str, ...] = ()
    """Ids of scenarios that no longer name a meaning point or role that is gone."""
    left_out: tuple[str, ...] = ()
    """Ids of scenarios that were for roles which are gone, or tested only points which are."""

    @property
    def gone_roles(self) -> tuple[Role, ...]:
        """Roles that the company had."""
        kept = {role.id for role in self.vision.roles}
        return tuple(role for role in self.former.roles if role.id not in kept)

    @property
    def silent_roles(self) -> tuple[Role, ...]:
        """Roles of which nobody said what they do for the vision."""
        return tuple(role for role in self.vision.roles if not role.contributions)


def adopt_proposal(text: str, statement: str, proposal: Proposal, *, drop_scenarios: bool = False) -> Adoption:
    """What becomes of `text`, a ``vision.toml``, with a statement and its meaning.

    A meaning point that says what one of the file says keeps its id, phrasings and misreadings; a role of the file
    keeps its id. A role has the contributions that the proposal has, also where that is none: the former ones spoke for
    another statement. With `drop_scenarios`, scenarios that tested only meaning points which are gone are left out;
    without it they stay, and test none.

    Raises `AdoptionError` where the proposal is not finished or holds what nobody can see, and `InputError` where the
    file has mistakes, now or then.
    """
    former = parse_vision(text)
    needed = [gap.text for gap in check_proposal(proposal, statement, ()) if gap.needed]
    if needed or not _fold(statement):
        listed = "".join(f"\n  - {gap}" for gap in needed or ["The statement is empty."])
        raise AdoptionError(
            f"this cannot be adopted yet, and nothing was written{listed}\nMend it at the workbench, in the step "
            "“Say what it means”, then run this again"
        )
    _refuse_unseen(statement, proposal)

    old = tomllib.loads(text)
    new = {**old, "vision": {**old["vision"]}}
    for key, said in (("statement", statement), ("core_idea", proposal.core_idea)):
        new["vision"][key] = _keep_or(old["vision"][key], _fold(said))
    new["meaning"] = _put_points(old["meaning"], [_fold(point.text) for point in proposal.points])
    new["roles"] = _put_roles(old["roles"], proposal)
    scenarios, read_again, left_out = _put_scenarios(old.get("scenarios", []), new, drop=drop_scenarios)
    new.pop("scenarios", None)
    if scenarios:
        new["scenarios"] = scenarios
    try:
        written = rewrite_toml(text, new)
    except ValueError as error:
        raise AdoptionError(
            f"vision.toml is laid out in a way that cannot be kept ({error}), so nothing was written. Write [vision], "
            "[[meaning]], [[roles]] and [[scenarios]] as sections of their own, as 'visionquiz new' has them"
        ) from error
    return Adoption(text=written, former=former, vision=parse_vision(written), read_again=read_again, left_out=left_out)


def _fold(text: str) -> str:
    """As a ``vision.toml`` is read: white space folded."""
    return " ".join(text.split())


def _keep_or(old: str, new: str) -> str:
    return old if _fold(old) == new else new


def _refuse_unseen(statement: str, proposal: Proposal) -> None:
    texts = [("the statement", statement), ("the core idea", proposal.core_idea)]
    texts += [(f"meaning point {number}", point.text) for number, point in enumerate(proposal.points, 1)]
    for number, role in enumerate(proposal.roles, 1):
        texts += [(f"the title of role {number}", role.title), (f"what role {number} does", role.text)]
    for where, text in texts:
        for char in text:
            hidden = unicodedata.category(char) in ("Cc", "Cs") and not char.isspace()
            if hidden or char in _TURNS:
                raise AdoptionError(
                    f"{where} has a character that nobody sees (U+{ord(char):04X}) and that may change what is shown, "
                    "so nothing was written. Type that place anew at the workbench, then run this again"
                )


def _put_points(old: Sequence[Row], texts: Sequence[str]) -> list[Row]:
    known: dict[str, Row] = {}
    for row in old:
        known.setdefault(_fold(row["text"]), row)
    # An id that is gone is given to no other point: what refers to it would mean something else.
    taken = {row["id"].lower() for row in old}
    found = []
    for text in texts:
        others = [other for other in texts if other != text]
        found.append(known.get(text) or {"id": _new_id(_telling_words(text, others), "point", taken), "text": text})
    return found


def _put_roles(old: Sequence[Row], proposal: Proposal) -> list[Row]:
    by_id = {row["id"]: row for row in old}
    same: dict[int, Row] = {}
    for place, role in enumerate(proposal.roles):
        if row := by_id.pop(role.id, None):
            same[place] = row
    for place, role in enumerate(proposal.roles):
        # A role that was new at the workbench is in the file under an id of its own once it was adopted.
        title = _fold(role.title).casefold()
        known = next((ident for ident, row in by_id.items() if _fold(row["title"]).casefold() == title), None)
        if place not in same and known:
            same[place] = by_id.pop(known)
    taken = {row["id"].lower() for row in old}
    found = []
    for place, role in enumerate(proposal.roles):
        title, tasks = _fold(role.title), [_fold(line) for line in role.contributions]
        row = dict(same.get(place) or {"id": _new_id([title], "role", taken), "title": title, "contributions": tasks})
        row["title"] = _keep_or(row["title"], title)
        if [_fold(line) for line in row.get("contributions", [])] != tasks:
            row["contributions"] = tasks
        found.append(row)
    return found


def _put_scenarios(
    old: Sequence[Row], new: Mapping[str, Any], *, drop: bool
) -> tuple[list[Row], tuple[str, ...], tuple[str, ...]]:
    """The scenarios that stay, without what is gone; ids of those that changed, and of those that are left out."""
    kept, changed, left_out = [], [], []
    for row in old:
        now = dict(row)
        for key, there in (("roles", new["roles"]), ("meaning", new["meaning"])):
            alive = {one["id"] for one in there}
            if key in row:
                now[key] = [one for one in row[key] if _fold(one) in alive]
        # A scenario without roles is put to everybody.
        for_nobody = bool(row.get("roles")) and not now["roles"]
        tests_nothing = bool(row.get("meaning")) and not now["meaning"]
        if for_nobody or (tests_nothing and drop):
            left_out.append(_fold(row["id"]))
            continue
        kept.append(now)
        if now != row:
            changed.append(_fold(row["id"]))
    return kept, tuple(changed), tuple(left_out)


def _telling_words(text: str, others: Iterable[str]) -> Iterator[str]:
    """The two rarest words that no other point has, in their order."""
    elsewhere = {word.stem for other in others for word in content(words(other))}
    said = content(words(text))
    own = list(dict.fromkeys(word.plain for word in said if word.stem not in elsewhere))
    own = own or list(dict.fromkeys(word.plain for word in said))
    rarest = sorted(own, key=zipf)[:2]
    return (plain for plain in own if plain in rarest)


def _new_id(named: Iterable[str], otherwise: str, taken: set[str]) -> str:
    """An id of these words that is not in `taken`, which it is added to.

    >>> _new_id(["Nurse, ward 5"], "role", {"nurse-ward-5"})
    'nurse-ward-5-2'
    """
    plain = normalise("-".join(named)).replace("'", "")
    plain = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(plain) > ID_LIMIT:
        plain = plain[: ID_LIMIT + 1].rpartition("-")[0] or plain[:ID_LIMIT]
    plain = plain or otherwise
    found, number = plain, 1
    while found in taken:
        number += 1
        found = f"{plain[: ID_LIMIT - len(str(number)) - 1].rstrip('-')}-{number}"
    taken.add(found)
    return found
