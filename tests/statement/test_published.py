"""The published statements, which lessons sort and mark."""

from collections import Counter

import pytest

from visionquiz.statement import CRITERIA, load_published


def test_there_are_86_of_which_52_serve_and_20_are_marked():
    found = load_published()
    assert Counter(one.serves for one in found) == {True: 52, False: 34}
    assert sum(bool(one.marks) for one in found) == 20
    assert len({one.statement for one in found}) == 86


@pytest.mark.parametrize("one", load_published(), ids=lambda one: one.company)
def test_each_has_a_source_and_marks_by_every_criterion_or_none(one):
    assert one.source.startswith(("http://", "https://"))
    assert one.kind
    assert set(one.marks) in (set(), set(CRITERIA))
    assert set(one.marks.values()) <= {"y", "p", "n"}
    assert bool(one.note) == bool(one.marks)


def test_the_model_example_is_marked_as_one():
    found = {one.company: one for one in load_published()}
    assert found["REI"].marks["observable_trainable"] == "y"
    assert set(found["McDonald's (older)"].marks.values()) == {"n"}
    assert not found["Albertsons"].serves
