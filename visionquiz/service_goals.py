"""A goal that pulls against a vision, and its repair: what can be seen in the words, and what cannot."""

from dataclasses import dataclass

from visionquiz.text import content, stems_of, words

__all__ = ["CANNOT_TELL", "GoalRemark", "check_goal"]

CANNOT_TELL = (
    "Would somebody who reaches this goal have served customers well every time?",
    "Could somebody reach it without serving anybody?",
    "Can the people who have the goal reach it by their own work?",
)
"""What no pattern in words can tell: questions to a partner."""

_SERVED = stems_of(
    """
    customer client guest patient visitor passenger buyer caller shopper tenant resident member user supporter learner
    student person people family parent child household home somebody someone everybody everyone
    """
)
_GETS = stems_of(
    """
    know understand get have receive hear see find solve fix repair mend answer help tell explain work arrive reach
    trust thank return need wait ring call say clear clearly safe ready satisfied
    """
)
_COUNTED = stems_of("every each all none half most nobody percent per cent second third")


@dataclass(frozen=True, kw_only=True)
class GoalRemark:
    """Something about a repaired goal: found (True), missing (False), or to be asked (None)."""

    found: bool | None
    text: str


def check_goal(before: str, after: str) -> tuple[GoalRemark, ...]:
    """What the words of a repaired goal show. It is honest patterns only: who is named, what they get, what is counted.

    >>> [one.found for one in check_goal("Calls last 4 minutes at most.", "9 of 10 callers know what comes next")]
    [True, True, True, True]
    """
    said = words(after)
    if not said:
        return (GoalRemark(found=False, text="Nothing is written yet."),)
    old, new = ({word.stem for word in content(words(text))} for text in (before, after))
    stems = {word.stem for word in said}
    if old == new or " ".join(before.split()).casefold() == " ".join(after.split()).casefold():
        return (GoalRemark(found=False, text="This is the old goal. Change what it asks for."),)
    found = []
    if old and len(old & new) / len(old) >= 0.7:
        text = "Most words of the old goal are still in it. Does it still pull the old way?"
        found.append(GoalRemark(found=None, text=text))
    else:
        found.append(GoalRemark(found=True, text="It is another goal."))
    served = bool(stems & _SERVED)
    found.append(
        GoalRemark(found=served, text="It names who is served." if served else "It names nobody who is served.")
    )
    gets = bool(stems & _GETS)
    found.append(
        GoalRemark(
            found=gets,
            text="It says what they get, know or can do."
            if gets
            else "I found no word for what they get. Say what they know, have or can do at the end.",
        )
    )
    counted = any(word.plain.isdigit() or word.stem.isdigit() for word in said) or bool(stems & _COUNTED)
    found.append(
        GoalRemark(found=True, text="It can be counted.")
        if counted
        else GoalRemark(found=None, text="By what would you see that it is reached? A number may help, or “every”.")
    )
    return tuple(found)
