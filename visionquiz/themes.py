"""Ideas grouped into themes by what they mean, and every change by hand, each of which can be undone.

`Themes` is a value: an edit gives a new one, and no edit loses or doubles an idea. The numbers are handed in by
`embed` (see `visionquiz.grading.shared.embed`), so nothing here runs a model.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from visionquiz.errors import VisionQuizError
from visionquiz.ideas import SURVEY_QUESTION, Idea
from visionquiz.text import SMALL_WORDS, concepts_of, content, words

__all__ = [
    "Edit",
    "EditError",
    "Embed",
    "History",
    "Step",
    "Theme",
    "ThemePlace",
    "Themes",
    "add",
    "apply_edit",
    "group_ideas",
    "lay_out",
    "merge",
    "move",
    "rename",
    "split",
]

MOST_IDEAS = 3_000
"""Ideas that are grouped at once: all are held against all."""

NAME_LIMIT = 60
"""Characters in the name of a theme."""

WORD_WEIGHT, CONCEPT_WEIGHT = 0.5, 1.5
"""What shared words count beside the model's sense of nearness, and words near in meaning beside the same words.
Chosen on ``tests/data/ideas_airport.csv`` alone."""

Embed = Callable[..., Any]
"""`embed(texts, question=...)` gives a row of numbers for each text."""


class EditError(VisionQuizError):
    """An edit that cannot be made; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Ideas that belong together. One without any is an empty column that somebody may fill again."""

    id: str
    name: str
    ideas: tuple[str, ...] = ()
    """Ids of ideas."""


@dataclass(frozen=True, kw_only=True)
class Themes:
    """All themes, in the order in which they are shown."""

    themes: tuple[Theme, ...] = ()
    made: int = 0
    """How many themes there have ever been, so that no id is used for a second one."""

    def theme(self, theme_id: str) -> Theme:
        """The theme with this id. Raises `EditError` where there is none."""
        for theme in self.themes:
            if theme.id == theme_id:
                return theme
        raise EditError("that theme is no longer there")

    def home(self, idea_id: str) -> Theme:
        """The theme that an idea is in. Raises `EditError` where there is none."""
        for theme in self.themes:
            if idea_id in theme.ideas:
                return theme
        raise EditError("that idea is no longer there")


def move(themes: Themes, *, idea: str, to: str) -> Themes:
    """An idea at the end of another theme."""
    home, target = themes.home(idea), themes.theme(to)
    if home is target:
        raise EditError(f"the idea is in '{target.name}' already")
    left = replace(home, ideas=tuple(one for one in home.ideas if one != idea))
    return _swap(themes, {home.id: left, target.id: replace(target, ideas=(*target.ideas, idea))})


def merge(themes: Themes, *, theme: str, into: str) -> Themes:
    """Two themes as one, under the name and in the place of the second."""
    gone, target = themes.theme(theme), themes.theme(into)
    if gone is target:
        raise EditError("a theme cannot be merged with itself")
    found = _swap(themes, {target.id: replace(target, ideas=target.ideas + gone.ideas)})
    return replace(found, themes=tuple(one for one in found.themes if one.id != theme))


def split(themes: Themes, *, theme: str, ideas: Iterable[str], name: str) -> Themes:
    """Some ideas of a theme as a new theme behind it. At least one idea must stay."""
    whole, chosen = themes.theme(theme), tuple(dict.fromkeys(ideas))
    if not chosen or not set(chosen) <= set(whole.ideas):
        raise EditError("choose ideas of this theme to split off")
    if len(chosen) == len(whole.ideas):
        raise EditError("leave at least one idea in the theme; to change what it is called, rename it")
    stays = replace(whole, ideas=tuple(one for one in whole.ideas if one not in chosen))
    new = Theme(id=f"theme-{themes.made + 1}", name=_check_name(name), ideas=chosen)
    place = themes.themes.index(whole) + 1
    return Themes(
        themes=(*themes.themes[: place - 1], stays, new, *themes.themes[place:]),
        made=themes.made + 1,
    )


def rename(themes: Themes, *, theme: str, name: str) -> Themes:
    """A theme under another name of 1 to `NAME_LIMIT` characters."""
    found, name = themes.theme(theme), _check_name(name)
    if found.name == name:
        raise EditError(f"the theme is called '{name}' already")
    return _swap(themes, {found.id: replace(found, name=name)})


def add(themes: Themes, ideas: Iterable[str], name: str) -> Themes:
    """With ideas that came later, in a new theme before the others; those that are in a theme already stay there."""
    there = {one for theme in themes.themes for one in theme.ideas}
    new = tuple(one for one in dict.fromkeys(ideas) if one not in there)
    if not new:
        return themes
    theme = Theme(id=f"theme-{themes.made + 1}", name=_check_name(name), ideas=new)
    return Themes(themes=(theme, *themes.themes), made=themes.made + 1)


def _swap(themes: Themes, new: Mapping[str, Theme]) -> Themes:
    return replace(themes, themes=tuple(new.get(theme.id, theme) for theme in themes.themes))


def _check_name(name: str) -> str:
    found = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    if not found:
        raise EditError("a theme needs a name")
    if len(found) > NAME_LIMIT:
        raise EditError(f"a theme's name has at most {NAME_LIMIT} characters")
    return found


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One change, as it is kept and sent."""

    kind: Literal["move", "merge", "split", "rename", "add"]
    theme: str = ""
    """The theme that is merged, split or renamed."""
    ideas: tuple[str, ...] = ()
    """The idea that is moved, or those that are split off or added."""
    to: str = ""
    """The theme that something is moved to or merged into."""
    name: str = ""


def apply_edit(themes: Themes, edit: Edit) -> Themes:
    """The themes after an edit. Raises `EditError` where it cannot be made."""
    if edit.kind == "move" and len(edit.ideas) == 1:
        return move(themes, idea=edit.ideas[0], to=edit.to)
    if edit.kind == "merge":
        return merge(themes, theme=edit.theme, into=edit.to)
    if edit.kind == "split":
        return split(themes, theme=edit.theme, ideas=edit.ideas, name=edit.name)
    if edit.kind == "rename":
        return rename(themes, theme=edit.theme, name=edit.name)
    if edit.kind == "add":
        return add(themes, edit.ideas, edit.name)
    raise EditError("that change is not known")


@dataclass(frozen=True, kw_only=True)
class Step:
    """An edit, who made it, and what came of it."""

    edit: Edit
    after: Themes
    who: str = ""
    """Empty where nobody is named."""


@dataclass(frozen=True, kw_only=True)
class History:
    """How themes came to be as they are: also a value. What was undone can be done again until the next edit."""

    first: Themes
    steps: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()
    """The last one undone comes last."""

    @property
    def now(self) -> Themes:
        """The themes as they are."""
        return self.steps[-1].after if self.steps else self.first

    def edit(self, edit: Edit, *, who: str = "") -> "History":
        """The history with one more step. Raises `EditError` where the edit cannot be made."""
        step = Step(edit=edit, after=apply_edit(self.now, edit), who=who)
        return replace(self, steps=(*self.steps, step), undone=())

    def undo(self) -> "History":
        """Without its last step. Raises `EditError` where there is none."""
        if not self.steps:
            raise EditError("there is nothing to undo")
        return replace(self, steps=self.steps[:-1], undone=(*self.undone, self.steps[-1]))

    def redo(self) -> "History":
        """With the step that was undone last. Raises `EditError` where there is none."""
        if not self.undone:
            raise EditError("there is nothing to do again")
        return replace(self, steps=(*self.steps, self.undone[-1]), undone=self.undone[:-1])


def group_ideas(ideas: Sequence[Idea], *, embed: Embed, count: int | None = None) -> Themes:
    """The ideas in themes, the largest theme first, each named from its own words; every idea is in one of them.

    `embed(texts, question=...)` gives a row of numbers a text. `count` is how many themes are wanted; without it, as
    many as fit best by the mean silhouette (Rousseeuw 1987). Raises `EditError` for more than `MOST_IDEAS` ideas.
    """
    if len(ideas) > MOST_IDEAS:
        raise EditError(f"these are {len(ideas):,} ideas; at most {MOST_IDEAS:,} can be grouped at once")
    if len({idea.id for idea in ideas}) < len(ideas):
        raise EditError("two ideas have the same id")
    if not ideas:
        return Themes()
    places = _place(ideas, embed)
    groups = _cluster(places, count)
    groups.sort(key=lambda group: (-sum(ideas[place].count for place in group), group[0]))
    names = _name_groups(ideas, groups, places)
    return Themes(
        themes=tuple(
            Theme(id=f"theme-{number}", name=name, ideas=tuple(ideas[place].id for place in group))
            for number, (name, group) in enumerate(zip(names, groups, strict=True), 1)
        ),
        made=len(groups),
    )


@dataclass(frozen=True, kw_only=True)
class ThemePlace:
    """Where a theme is drawn: x and y in 0..1, near where near in meaning; size is its number of answers."""

    theme: str
    x: float
    y: float
    size: int


def lay_out(themes: Themes, ideas: Sequence[Idea], *, embed: Embed) -> tuple[ThemePlace, ...]:
    """A place for each theme that has ideas: classical multidimensional scaling of the themes' means (Torgerson 1952).

    Two dimensions show a part of how far themes are apart, so near things may look nearer than they are.
    """
    import numpy as np

    row = {idea.id: place for place, idea in enumerate(ideas)}
    shown = [(theme, [row[one] for one in theme.ideas if one in row]) for theme in themes.themes]
    shown = [(theme, rows) for theme, rows in shown if rows]
    if not shown:
        return ()
    places = _place(ideas, embed)
    means = np.array([places[rows].mean(axis=0) for _, rows in shown])
    left, scales, _ = np.linalg.svd(means - means.mean(axis=0), full_matrices=False)
    flat = np.zeros((len(shown), 2))
    flat[:, : min(2, len(scales))] = (left * scales)[:, :2]
    # The sign of an axis means nothing; fixed, so that the same ideas give the same picture.
    flat *= np.where(flat[np.abs(flat).argmax(axis=0), [0, 1]] < 0, -1, 1)
    reach = np.abs(flat).max()
    flat = 0.5 + (flat / (2 * reach) if reach > 1e-9 else 0 * flat)
    return tuple(
        ThemePlace(theme=theme.id, x=float(x), y=float(y), size=sum(ideas[place].count for place in rows))
        for (theme, rows), (x, y) in zip(shown, flat.tolist(), strict=True)
    )


def _place(ideas: Sequence[Idea], embed: Embed) -> Any:
    """Rows of length 1 (or 0): what the model makes of each idea, and which words it has, side by side."""
    import numpy as np

    means = np.zeros((len(ideas), 0))
    for question in dict.fromkeys(idea.question for idea in ideas):
        rows = [place for place, idea in enumerate(ideas) if idea.question == question]
        found = np.asarray(embed([ideas[place].text for place in rows], question=question or SURVEY_QUESTION), float)
        if not means.shape[1]:
            means = np.zeros((len(ideas), found.shape[1]))
        # What all answers to a question have in common says nothing about how they differ.
        for _ in range(2):  # once by length, once by direction
            found = _unit(found - found.mean(axis=0) * (np.abs(found).sum(axis=1, keepdims=True) > 0))
        means[rows] = found
    return _unit(np.hstack([means, WORD_WEIGHT * _word_rows(ideas)]))


def _word_rows(ideas: Sequence[Idea]) -> Any:
    """Rows of length 1: words and what they are near to in meaning, rare ones counting more (TF-IDF)."""
    import numpy as np

    said = [_features(idea.text) for idea in ideas]
    known = {name: place for place, name in enumerate(dict.fromkeys(name for one in said for name in one))}
    in_ideas = Counter(name for one in said for name in one)
    rows = np.zeros((len(ideas), len(known)))
    for place, one in enumerate(said):
        for name, times in one.items():
            rows[place, known[name]] = times * (np.log((1 + len(ideas)) / (1 + in_ideas[name])) + 1)
    return _unit(rows)


def _features(text: str) -> dict[object, float]:
    found: Counter[object] = Counter()
    all_words = words(text)
    for word in content(all_words) or all_words:
        found[word.stem] += 1
        near = concepts_of(word.stem)
        for concept in near:
            found[concept] += CONCEPT_WEIGHT / len(near) ** 0.5
    return dict(found)


def _unit(rows: Any) -> Any:
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True) if rows.size else np.ones((len(rows), 1))
    return rows / np.where(lengths < 1e-9, 1, lengths)


def _cluster(places: Any, count: int | None) -> list[list[int]]:
    """Groups of rows by Ward's linkage (1963), which keeps them of like size: `count`, or as many as fit best."""
    import numpy as np

    total = len(places)
    apart = np.maximum(2 - 2 * places @ places.T, 0) ** 0.5
    few = min(8, max(2, round((total / 2) ** 0.5)))
    few, many = (few, min(max(3, total // 2), 14)) if count is None else (count, count)
    few, many = max(1, min(few, total)), max(1, min(many, total))
    best, found = -2.0, [[place] for place in range(total)]
    groups: dict[int, list[int]] = dict(enumerate(found))
    between = apart**2
    np.fill_diagonal(between, np.inf)
    sizes = np.ones(total)
    while True:
        if len(groups) <= many:
            fit = 0.0 if few == many else _silhouette(apart, list(groups.values()))
            if fit >= best:
                best, found = fit, [list(group) for group in groups.values()]
        if len(groups) <= few:
            return [sorted(group) for group in found]
        one, other = sorted(divmod(int(between.argmin()), total))
        joined = (sizes[one] + sizes) * between[one] + (sizes[other] + sizes) * between[other]
        # Lance and Williams (1967); what is gone stays infinitely far.
        between[one] = (joined - sizes * between[one, other]) / (sizes[one] + sizes[other] + sizes)
        between[one, one] = np.inf
        between[:, one] = between[one]
        between[other] = between[:, other] = np.inf
        sizes[one] += sizes[other]
        groups[one] += groups.pop(other)


def _silhouette(apart: Any, groups: Sequence[Sequence[int]]) -> float:
    """Mean silhouette (Rousseeuw 1987), -1..1; an idea alone counts 0, and so does a single group."""
    import numpy as np

    if len(groups) < 2:
        return 0.0
    means = np.array([apart[:, group].mean(axis=1) for group in groups])
    total = 0.0
    for number, group in enumerate(groups):
        if len(group) > 1:
            own = means[number, group] * len(group) / (len(group) - 1)
            others = np.delete(means[:, group], number, axis=0).min(axis=0)
            total += float(((others - own) / np.maximum(np.maximum(own, others), 1e-9)).sum())
    return total / len(apart)


def _name_groups(ideas: Sequence[Idea], groups: Sequence[Sequence[int]], places: Any) -> list[str]:
    """A name for each group, in its own words: one or two words that tell it from the others (class-based TF-IDF,
    Grootendorst 2022), each said by at least two people; otherwise its most central idea, shortened.
    """
    said = [[_telling(ideas[place].text) for place in group] for group in groups]
    in_groups = [Counter(stem for one in group for stem in one) for group in said]
    overall = sum(in_groups, Counter[str]())
    names: list[str] = []
    for group, found, texts in zip(groups, in_groups, said, strict=True):
        told = sorted(
            (stem for stem, times in found.items() if times >= max(2, len(group) / 4)),
            key=lambda stem: (-found[stem] * found[stem] / overall[stem], stem),
        )[:2]
        # One word says little, unless most of the group say it.
        if len(told) > 1 or (told and found[told[0]] >= 0.6 * len(group)):
            spelt = [Counter(one[stem] for one in texts if stem in one).most_common(1)[0][0] for stem in told]
            name = ", ".join(spelt)
        else:
            name = _shorten(ideas[_central(group, places)].text)
        if name in names:
            name = f"{name[: NAME_LIMIT - 6]} ({len(names) + 1})"
        names.append(name)
    return names


def _telling(text: str) -> dict[str, str]:
    """Stems of an idea's words that carry meaning, each as it was written."""
    return {word.stem: word.plain for word in content(words(text)) if word.plain not in SMALL_WORDS}


def _central(group: Sequence[int], places: Any) -> int:
    near = places[list(group)] @ places[list(group)].sum(axis=0)
    return group[int(near.argmax())]


def _shorten(text: str) -> str:
    plain = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    if len(plain) <= 40:
        return plain or "no words"
    return plain[:40].rpartition(" ")[0].rstrip(",;:") + " …" if " " in plain[:40] else plain[:39] + "…"
