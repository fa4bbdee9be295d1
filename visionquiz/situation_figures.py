"""What is published of the situations of a check, and what must be known of it for the next publication.

What may be told, and why, is in `situations`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from visionquiz.counted import Counted, History, Key, Now, digest
from visionquiz.quiz import Quiz
from visionquiz.situations import (
    Answered,
    Met,
    asked_scenarios,
    choose_shown,
    collect_answers,
    recombined,
    share_options,
)
from visionquiz.summaries import SITUATIONS, GroupKey, Situation
from visionquiz.vision import Scenario, Vision

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SituationFigures", "find_situations"]

WHOLE: GroupKey = ("all", "all")


@dataclass(frozen=True, kw_only=True)
class SituationFigures:
    """The situations that a check asks, with everybody's answers, beside what was published before."""

    asked: Sequence[Scenario]
    answers: Mapping[str, Answered]
    """By person."""
    column: str
    """The question whose mean is the sum over these situations."""
    before: Counted

    @property
    def listed(self) -> tuple[Situation, ...]:
        """The situations as managers see them."""
        return tuple(
            Situation(
                id=one.id,
                title=one.title,
                situation=one.situation,
                options=tuple((option.text, round(option.points / one.best, 4)) for option in one.options),
            )
            for one in self.asked
        )

    def earlier_means(self, means: Now[GroupKey]) -> History[Key]:
        """The history of the question's means; whoever puts together answers that earlier figures hold is in it."""
        history = self.before.people.get(self.column, {})
        points = {
            digest(self.before.key, person): self._digest(person, own.points) for person, own in self.answers.items()
        }
        return recombined(history, means, points, self._history)

    def tell(
        self, members: Mapping[GroupKey, frozenset[str]], anew: Iterable[GroupKey], means: Now[GroupKey], minimum: int
    ) -> dict[GroupKey, tuple[float, ...]]:
        """What is told anew, by group: nothing, or all that may be told, the shares of one situation after the other.

        `anew` are groups whose means are published anew, which count `means`. Of a scenario that nothing is told about,
        every share is -1.
        """
        groups = {key: members[key] for key in anew if key[0] != "role"}
        if WHOLE not in groups:
            return {}
        met = {person: own.met for person, own in self.answers.items()}
        new = {
            person: _new_points(person, own, self.before, means, self.column) for person, own in self.answers.items()
        }
        shown, told = choose_shown(met, new, {WHOLE: groups.pop(WHOLE), **groups}, minimum)
        found = {}
        for key in told:
            own = [self.answers[person] for person in members[key] if person in self.answers]
            values: list[float] = []
            for scenario in self.asked:
                shares = share_options(own, scenario) if scenario.id in shown else ()
                values += [round(share, 4) for share in shares] or [-1.0] * (len(scenario.options) + 1)
            found[key] = tuple(values)
        return found

    def count(
        self, means: Now[GroupKey], anew: Collection[GroupKey], told: Collection[GroupKey]
    ) -> dict[str, dict[str, frozenset[Key]]]:
        """The history of which points the figures hold: of the groups whose means are published `anew`, and of those of
        which it is `told` what people chose. That a mean was counted so is kept as well.
        """
        found = {person: dict(known) for person, known in self._history.items()}
        for person, own in self.answers.items():
            name = digest(self.before.key, person)
            version, inside = means[name]
            if not inside & set(anew):
                continue
            known = found.setdefault(name, {})
            for one in (version, *self._digest(person, own.points | set(own.worths.values()))):
                known.setdefault(one, frozenset())
            if inside & set(told):
                known[digest(self.before.key, SITUATIONS, person)] = inside & set(told)
        return found

    @property
    def _history(self) -> History[Key]:
        return self.before.people.get(SITUATIONS, {})

    def _digest(self, person: str, points: Iterable[str]) -> list[str]:
        return [digest(self.before.key, SITUATIONS, person, one) for one in points]


def find_situations(
    frame: "pd.DataFrame",
    quiz: Quiz,
    vision: Vision,
    chosen: Mapping[tuple[str, str], int | None] | None,
    before: Counted,
) -> SituationFigures | None:
    """The situations of a check; None where it asks none, or what people chose is not known."""
    asked = asked_scenarios(quiz, vision)
    if chosen is None or not asked:
        return None
    given = frame[frame["share"].notna() & (frame["kind"] == "scenario")]
    rows = given[["person", "question", "role", "share"]].itertuples(index=False, name=None)
    answers = collect_answers(rows, quiz, vision, chosen)
    return SituationFigures(asked=asked, answers=answers, column=quiz.slots[0].column, before=before)


def _new_points(person: str, own: Answered, before: Counted, means: Now[GroupKey], column: str) -> Met:
    """In which scenarios a person's answers are new (see `choose_shown`)."""
    name = digest(before.key, person)
    known = before.people.get(SITUATIONS, {}).get(name, {})
    counted = before.people.get(column, {}).get(name, {}).keys()
    if digest(before.key, SITUATIONS, person) not in known and counted <= {means[name][0]}:
        return own.met
    if not counted <= known.keys():
        return frozenset()  # the points in a mean from before these were kept may be any
    worths = {one: digest(before.key, SITUATIONS, person, one) for one in {*own.points, *own.worths.values()}}
    return own.new([one for one, said in worths.items() if said in known])
