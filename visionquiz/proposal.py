"""What a team proposes to adopt with its statement: what the words mean, and what each role does for it.

A `Proposal` is a value: an edit gives a new one. Texts are merged as drafts are (`visionquiz.drafts.merge_texts`),
since several people write at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from visionquiz.drafts import merge_texts
from visionquiz.errors import VisionQuizError
from visionquiz.own_words import find_borrowed
from visionquiz.text import Word, content, words
from visionquiz.themes import Theme
from visionquiz.vision import Vision

__all__ = [
    "FEW_POINTS", "MANY_POINTS", "Gap", "Point", "Proposal", "ProposalError", "RoleTasks", "add_point", "add_role",
    "begin_proposal", "check_proposal", "check_size", "drop_point", "drop_role", "explain_point", "key_words",
    "list_tasks", "say_core_idea", "tie_point",
]  # fmt: skip

FEW_POINTS, MANY_POINTS = 3, 6
"""With fewer points a check cannot tell half from whole; more than six nobody explains in one answer."""

POINTS_LIMIT, ROLES_LIMIT = 10, 40
TEXT_LIMIT = 300
"""Characters of a meaning point or of the core idea; a full sentence has some eighty."""

TITLE_LIMIT, TIED_LIMIT = 80, 2_000

TASKS_LIMIT = 2_000
"""Characters of all that a role does for the vision."""

REPEATED = 0.75
"""From this share of borrowed words on, a point says the statement again instead of explaining it."""

T = TypeVar("T", "Point", "RoleTasks")


class ProposalError(VisionQuizError):
    """What cannot be done with a proposal, in words for whoever tried."""


@dataclass(frozen=True, kw_only=True)
class Point:
    """One thing that the statement asks of people, in plain words."""

    id: str
    text: str = ""
    words: tuple[str, ...] = ()
    """Key words of the statement that it explains, as `key_words` has them."""
    themes: tuple[str, ...] = ()
    """Ids of the themes that it answers."""


@dataclass(frozen=True, kw_only=True)
class RoleTasks:
    """A job, and what someone in it does for the vision."""

    id: str
    title: str
    text: str = ""
    """One contribution a line."""

    @property
    def contributions(self) -> tuple[str, ...]:
        """The lines that say something."""
        return tuple(line.strip() for line in self.text.splitlines() if line.strip())


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What a draft of the statement means."""

    core_idea: str = ""
    points: tuple[Point, ...] = ()
    roles: tuple[RoleTasks, ...] = ()
    made: int = 0
    """How many points and roles were ever added, so that no id is used for a second one."""


@dataclass(frozen=True, kw_only=True)
class Gap:
    """What a proposal lacks, in words for the room."""

    text: str
    needed: bool = False
    """Whether it cannot be adopted like this; else the team decides."""


def begin_proposal(vision: Vision) -> Proposal:
    """The roles that the company has; what they do for another statement is for the team to say."""
    return Proposal(roles=tuple(RoleTasks(id=role.id, title=role.title) for role in vision.roles))


def say_core_idea(proposal: Proposal, *, base: str, text: str) -> Proposal:
    """With the core idea after somebody who saw `base` made `text` of it. Raises `ProposalError` where too long."""
    return replace(proposal, core_idea=_merged(proposal.core_idea, base, text, TEXT_LIMIT))


def add_point(proposal: Proposal) -> Proposal:
    """With one more point, to be written."""
    if len(proposal.points) >= POINTS_LIMIT:
        raise ProposalError(f"there are {POINTS_LIMIT} meaning points; nobody can explain more. Drop one first")
    new = Point(id=f"point-{proposal.made + 1}")
    return replace(proposal, points=(*proposal.points, new), made=proposal.made + 1)


def explain_point(proposal: Proposal, ident: str, *, base: str, text: str) -> Proposal:
    """With a point after somebody who saw `base` made `text` of it. Raises `ProposalError` where too long."""
    point = _one(proposal.points, ident, "that meaning point")
    return _put(proposal, replace(point, text=_merged(point.text, base, text, TEXT_LIMIT)))


def tie_point(
    proposal: Proposal, ident: str, *, words: Iterable[str] | None = None, themes: Iterable[str] | None = None
) -> Proposal:
    """With other key words of the statement, or other themes, tied to a point; None leaves them."""
    point = _one(proposal.points, ident, "that meaning point")
    point = replace(point, words=point.words if words is None else tuple(sorted(set(words))))
    return _put(proposal, replace(point, themes=point.themes if themes is None else tuple(sorted(set(themes)))))


def drop_point(proposal: Proposal, ident: str) -> Proposal:
    """Without a point."""
    gone = _one(proposal.points, ident, "that meaning point")
    return replace(proposal, points=tuple(one for one in proposal.points if one is not gone))


def add_role(proposal: Proposal, title: str) -> Proposal:
    """With one more role. Raises `ProposalError` where it has no title, or one that another role has."""
    title = " ".join(title.split())
    if not 1 <= len(title) <= TITLE_LIMIT:
        raise ProposalError(f"a role has a title of 1 to {TITLE_LIMIT} characters, such as Contact centre adviser")
    if title.casefold() in {role.title.casefold() for role in proposal.roles}:
        raise ProposalError(f"there is a role '{title}' already")
    if len(proposal.roles) >= ROLES_LIMIT:
        raise ProposalError(f"there are {ROLES_LIMIT} roles; more are not taken. Put jobs that serve alike together")
    new = RoleTasks(id=f"new-role-{proposal.made + 1}", title=title)
    return replace(proposal, roles=(*proposal.roles, new), made=proposal.made + 1)


def list_tasks(proposal: Proposal, ident: str, *, base: str, text: str) -> Proposal:
    """With a role's contributions after somebody who saw `base` made `text` of them."""
    role = _one(proposal.roles, ident, "that role")
    return _put(proposal, replace(role, text=_merged(role.text, base, text, TASKS_LIMIT)))


def drop_role(proposal: Proposal, ident: str) -> Proposal:
    """Without a role; the company's people in it would have no check."""
    gone = _one(proposal.roles, ident, "that role")
    return replace(proposal, roles=tuple(one for one in proposal.roles if one is not gone))


def _one(parts: Sequence[T], ident: str, what: str) -> T:
    for part in parts:
        if part.id == ident:
            return part
    raise ProposalError(f"{what} is no longer there")


def _put(proposal: Proposal, new: Point | RoleTasks) -> Proposal:
    if isinstance(new, Point):
        return replace(proposal, points=tuple(new if one.id == new.id else one for one in proposal.points))
    return replace(proposal, roles=tuple(new if one.id == new.id else one for one in proposal.roles))


def _merged(now: str, base: str, text: str, limit: int) -> str:
    new = merge_texts(base, text, now)
    if len(new) > limit:
        raise ProposalError(f"this has at most {limit:,} characters, and would have {len(new):,}; make it shorter")
    return new


def check_size(proposal: Proposal) -> str:
    """What is larger than it can grow by the edits here, or there twice; ``""`` where nothing is."""
    ids = [*(point.id for point in proposal.points), *(role.id for role in proposal.roles)]
    texts = [proposal.core_idea, *(point.text for point in proposal.points)]
    tied = [one for point in proposal.points for one in (*point.words, *point.themes)]
    if len(proposal.points) > POINTS_LIMIT or len(proposal.roles) > ROLES_LIMIT:
        return f"has more than {POINTS_LIMIT} meaning points or {ROLES_LIMIT} roles"
    if len(set(ids)) < len(ids):
        return "has two points or roles with one id"
    if any(len(text) > TEXT_LIMIT for text in texts) or any(len(one.text) > TASKS_LIMIT for one in proposal.roles):
        return f"has a text of more than {TEXT_LIMIT} characters, or a role's of more than {TASKS_LIMIT:,}"
    if len(tied) > TIED_LIMIT or any(len(one) > TITLE_LIMIT for one in (*tied, *ids)):
        return "has more words and themes tied to points than a statement can have"
    if any(not 1 <= len(one.title) <= TITLE_LIMIT for one in proposal.roles):
        return f"has a role whose title has not 1 to {TITLE_LIMIT} characters"
    return ""


def key_words(statement: str) -> tuple[Word, ...]:
    """The words of a statement that somebody could ask about: each once, small words and negations left out.

    >>> [word.plain for word in key_words("Keep every home running, and keep it warm.")]
    ['keep', 'home', 'running', 'warm']
    """
    found: dict[str, Word] = {}
    for word in content(words(statement)):
        found.setdefault(word.plain, word)
    return tuple(found.values())


def check_proposal(proposal: Proposal, statement: str, themes: Sequence[Theme]) -> tuple[Gap, ...]:
    """What is still missing or doubtful, what is needed first; nothing where the team can be content."""
    found = [*_check_core(proposal), *_check_points(proposal, statement), *_check_cover(proposal, statement, themes)]
    return tuple(sorted([*found, *_check_roles(proposal)], key=lambda gap: not gap.needed))


def _check_core(proposal: Proposal) -> Iterator[Gap]:
    if not proposal.core_idea.strip():
        yield Gap(text="The core idea is not written yet: one sentence that must come across in any case.", needed=True)


def _check_points(proposal: Proposal, statement: str) -> Iterator[Gap]:
    written = [point for point in proposal.points if point.text.strip()]
    if len(written) < len(proposal.points):
        yield Gap(text="A meaning point is empty. Write it, or drop it.", needed=True)
    if not written:
        yield Gap(text="There is no meaning point yet.", needed=True)
    elif not FEW_POINTS <= len(written) <= MANY_POINTS:
        yield Gap(text=f"{FEW_POINTS} to {MANY_POINTS} meaning points serve best; there {_are(len(written))}.")
    for point in written:
        if find_borrowed(point.text, statement).share >= REPEATED:
            yield Gap(text=f"“{point.text.strip()}” repeats the statement. Say it as you would to somebody new.")
    texts = [" ".join(point.text.casefold().split()) for point in written]
    if len(set(texts)) < len(texts):
        yield Gap(text="Two meaning points say the same thing.", needed=True)


def _check_cover(proposal: Proposal, statement: str, themes: Sequence[Theme]) -> Iterator[Gap]:
    explained = {word for point in proposal.points for word in point.words}
    open_words = [word.plain for word in key_words(statement) if word.plain not in explained]
    if open_words:
        listed = ", ".join(f"“{word}”" for word in open_words)
        yield Gap(text=f"Words of the statement that no point explains: {listed}. Tick them where they belong.")
    answered = {theme for point in proposal.points for theme in point.themes}
    for theme in themes:
        if theme.ideas and theme.id not in answered:
            count = "1 idea" if len(theme.ideas) == 1 else f"{len(theme.ideas)} ideas"
            yield Gap(text=f"The theme “{theme.name}” ({count}) is in no meaning point. Is it left out on purpose?")


def _check_roles(proposal: Proposal) -> Iterator[Gap]:
    if not proposal.roles:
        yield Gap(text="There is no role yet. Add every job whose work serves the vision.", needed=True)
    empty = [role.title for role in proposal.roles if not role.contributions]
    if empty:
        yield Gap(text=f"Roles without a contribution: {', '.join(empty)}. What can somebody in them do on Monday?")
    for role in proposal.roles:
        for line in role.contributions:
            if not {"i", "i'm", "i'll", "i've", "my"} & {word.plain for word in words(line)}:
                yield Gap(text=f"{role.title}: “{line}” does not say who does it. Begin with “I”.")


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"
