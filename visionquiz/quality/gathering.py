"""What it takes to measure a check, from the course: the gradebook, and what people chose and how much they wrote."""

import datetime as dt
from typing import TYPE_CHECKING

from visionquiz import gradebook
from visionquiz.course import Course
from visionquiz.jobs import AUDIT
from visionquiz.learning import graded_answers, read_hand
from visionquiz.quality.figures import Quality
from visionquiz.quality.measuring import Key, measure_quality
from visionquiz.quiz import Quiz
from visionquiz.vision import Vision

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["measure_check"]


def measure_check(course: Course, quiz: Quiz, vision: Vision, frame: "pd.DataFrame", now: dt.datetime) -> Quality:
    """The quality of a check that was graded; `frame` holds its tidy results."""
    looks = _read_looks(course, quiz)
    people = sorted(set(frame.loc[frame["share"].notna(), "person"]))
    graded = []
    for _, own in gradebook.scan_scores(course.database, quiz.id, people):
        for score, sure in own:
            drawn = looks.get((score.person, score.question)) == "drawn"
            if hand := read_hand(score, quiz, sure=sure, drawn=drawn):
                graded.append(hand)
    chosen: dict[Key, int | None] = {}
    words: dict[Key, int] = {}
    for person, answer in graded_answers(course, quiz, vision, people):
        if answer.kind == "scenario":
            chosen[person, answer.id] = answer.option
        else:
            words[person, answer.id] = len(answer.text.split())
    return measure_quality(frame, quiz, vision, now=now, chosen=chosen, words=words, looks=looks, graded=graded)


def _read_looks(course: Course, quiz: Quiz) -> dict[Key, str]:
    """Why a person was asked to look at an answer: what the grader wanted comes before what the employee wished."""
    found = {(look.person, look.question): "wished" for look in gradebook.read_looks(course.database, quiz.id)}
    for key, guards in gradebook.read_wanted(course.database, quiz.id).items():
        found[key] = "drawn" if guards == {AUDIT} else "guard" if guards else "doubt"
    return found
