"""Invented people who fill a room, the same ones for the same seed."""

import json

import pytest

from visionquiz.classroom import list_lessons
from visionquiz.curriculum import load_lesson
from visionquiz.demo import invent_people, load_staff
from visionquiz.desk import Desk
from visionquiz.rehearsal import AWKWARD, PEOPLE, plan_rehearsal, play
from visionquiz.store import Store, store_url


@pytest.fixture(scope="module")
def lessons():
    return [load_lesson(path) for path in list_lessons()]


@pytest.fixture(scope="module")
def people():
    return invent_people(load_staff("hollowmere"), PEOPLE, 1)


def test_it_depends_on_the_seed_only(lessons, vision, people):
    assert plan_rehearsal(lessons, vision, people, 1) == plan_rehearsal(lessons, vision, people, 1)
    assert plan_rehearsal(lessons, vision, people, 1) != plan_rehearsal(lessons, vision, people, 2)


def test_everybody_joins_before_they_give_and_in_time(lessons, vision, people):
    acts = plan_rehearsal(lessons, vision, people, 3, seconds=100)
    assert [act.at for act in acts] == sorted(act.at for act in acts)
    assert 0 <= acts[0].at <= acts[-1].at <= 100
    joined = set()
    for act in acts:
        assert act.activity == "" or act.person in joined
        joined.add(act.person)
    assert len(joined) == PEOPLE
    assert all("(invented)" in act.name for act in acts)


@pytest.mark.parametrize("kind", ["say", "sort", "mark", "order", "tests", "explain", "contribute", "plan"])
def test_they_do_what_a_room_does_in_every_kind_of_activity(lessons, vision, people, kind):
    given = {act.activity for act in plan_rehearsal(lessons, vision, people, 1)}
    there = {one.id for lesson in lessons for one in lesson.activities if one.kind == kind}
    assert there
    assert there <= given


def test_nobody_repeats_another_and_some_are_awkward(lessons, vision, people):
    said = [act.body["text"] for act in plan_rehearsal(lessons, vision, people, 1) if act.activity == "define"]
    assert len(set(said)) == len(said) == PEOPLE
    assert set(AWKWARD) <= set(said)


def test_what_waits_in_a_rehearsal_waits_for_the_trainer(tmp_path, lessons, vision, people):
    store = Store(store_url(tmp_path / "room.db"))
    acts = plan_rehearsal(lessons, vision, people, 1)
    waited = []
    assert play(store, acts, lambda seconds: bool(waited.append(seconds))) == len(acts)
    assert sum(waited) == pytest.approx(acts[-1].at)
    sight = Desk(store, lessons).look()
    assert len(sight.here) == PEOPLE
    assert len([one for one in sight.waiting() if one.activity == "What is great service?"]) == PEOPLE
    assert len([one for one in sight.waiting() if one.flags]) >= len(AWKWARD)
    assert sight.doubles == ()
    json.dumps([dict(one.body) for one in store.read()])
    store.close()


def test_it_stops_when_it_is_told_to(tmp_path, lessons, vision, people):
    store = Store(store_url(tmp_path / "room.db"))
    acts = plan_rehearsal(lessons, vision, people, 1)
    left = iter([False, False, True])
    assert play(store, acts, lambda _: next(left)) == 2
    assert len(store.participants()) == 2
    assert play(store, plan_rehearsal([], vision, people, 1), lambda _: False) == 0
    store.close()
