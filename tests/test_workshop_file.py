"""A whole workshop as a file and back: nothing is lost, nobody is named, nothing is trusted."""

import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from visionquiz.ballot import FEWEST, Ballot, Box, Option, cast_vote, close_ballot, count_votes, seal_box
from visionquiz.classroom import Seat
from visionquiz.cli import main
from visionquiz.errors import InputError, StoreError
from visionquiz.ideas import make_ideas
from visionquiz.piloting import DraftTests, stand_in
from visionquiz.proposal import Proposal, add_point, say_core_idea, tie_point
from visionquiz.store import Content, Store, store_url
from visionquiz.themes import Edit, Theme, Themes
from visionquiz.trials import Draft as Tried
from visionquiz.workshop import Workshop
from visionquiz.workshop_file import export_workshop, import_workshop, read_workshop

NOW = dt.datetime(2026, 11, 29, 10, 12, 13, 141516, tzinfo=dt.UTC)
PEOPLE = {f"{number:x}{number:x}c0ffee5eed{number:04x}": name for number, name in enumerate(
    ["Ada Okafor", "Benedikt Li", "Chiara Novak", "Dmitri Osei", "Esther Quist", "Farid Roux"], 1
)}  # fmt: skip
TRAINER = "trainer-5eed5eed5eed5eed"


@pytest.fixture
def store(store_address):
    one = Store(store_address)
    yield one
    one.close()


@pytest.fixture
def other(store_address):
    """Another workshop on the same database, as empty as a new one."""
    one = Store(store_address, "other")
    yield one
    one.close()


TEXTS = (
    "Ring back", "ring back!", "Honest words", "Ada is kind", "\u202e right to left \u2028", "💧 <b>\"when\"</b>\n",
    "\\u0000", "person 1", "room-1", "x" * 500,
)  # fmt: skip


def some(rng, found):
    """Some of these, in some order."""
    return rng.sample(list(found), rng.randint(0, len(found)))


def hold_workshop(store, vision, rng):
    """A workshop as people make one; `rng` says what they do."""
    clock = iter(range(1_795_946_400, 1_895_946_400, 97)).__next__
    trainer = Workshop(store, Seat(id=TRAINER, trainer=True), clock=clock)
    room = [Workshop(store, Seat(id=who), clock=clock) for who in PEOPLE]
    for who in some(rng, PEOPLE):
        store.join(who, name=PEOPLE[who], team="North/Repair", place="workbench", now=NOW)
    for number, text in enumerate(some(rng, TEXTS)):
        rng.choice(room).share_idea(text, rng.choice(["", "q"]))
        state = rng.choice(["waiting", "shown", "hidden"])
        store.contribute("define", rng.choice(list(PEOPLE)), {"text": text}, slot=str(number), state=state)
    trainer.import_ideas(make_ideas(some(rng, ["Ring back", "Be quick", "Be honest"]), question="q"))
    for one in trainer.waiting_ideas():
        store.moderate([one.id], rng.choice(["shown", "shown", "hidden", "waiting"]))
    ideas = tuple(one.id for one in trainer.ideas())
    if ideas:
        trainer.start_themes(Themes(themes=(Theme(id="theme-1", name="all", ideas=ideas),), made=1))
        rename = Edit(kind="rename", theme="theme-1", name="whole")
        trainer.edit_themes(lambda now: now.edit(rename, who=rng.choice(list(PEOPLE))))
        if len(ideas) > 1:
            split = Edit(kind="split", theme="theme-1", ideas=ideas[-1:], name="last")
            trainer.edit_themes(lambda now: now.edit(split, who=TRAINER))
        if rng.random() < 0.5:
            trainer.edit_themes(lambda now: now.undo())
    drafts = [rng.choice(room).start_draft(f"Keep {number} homes running.").id for number in range(3)]
    merged = room[0].start_draft("Keep all homes running.", made="merged", authors=[TRAINER], parents=drafts[:2]).id
    for one in room:
        one.put_dot(rng.choice([*drafts, merged]), rng.random() < 0.7)
        one.edit_draft(merged, base="", text=rng.choice(TEXTS[:4]))
    trainer.hang_up(merged)
    trainer.go_to(rng.choice(["merge", "vote"]), minutes=rng.choice([None, 5]))
    if rng.random() < 0.8:
        trainer.open_vote(drafts, method=rng.choice(["approval", "ranked"]), voters=list(PEOPLE))
        for one in some(rng, room):
            one.cast(some(rng, drafts))
        trainer.close_vote()
    tests = DraftTests(store, Seat(id=TRAINER, trainer=True), clock=clock)
    kind, answer = rng.choice(
        [
            ("recall", {"text": "Keep homes running"}),
            ("observation", {"lived": True, "contact": "call 10:05"}),
            ("ratings", {"today": 1, "future": 5, "role": ""}),
        ]
    )
    tried = [Tried(id=one, text=f"Keep {one} homes running.") for one in ("a", "b")]
    test = tests.start(kind, tried, vision=vision)
    for who in some(rng, [*PEOPLE, "me"]):
        mine = DraftTests(store, Seat(id=who), clock=clock)
        mine.join(test.id)
        mine.note_read(test.id)
        mine.answer(test.id, answer)
    if rng.random() < 0.5:
        tests.close(test.id)
    for ident in [merged, *some(rng, drafts)]:
        text = rng.choice(TEXTS[:4])
        trainer.change_meaning(ident, lambda now, text=text: say_core_idea(now, base="", text=text), start=Proposal())
        trainer.change_meaning(ident, add_point, start=Proposal())
        trainer.change_meaning(ident, lambda now: tie_point(now, "point-1", words=["ring"]), start=Proposal())


def seen(store, *, named):
    """What the workshop says of itself, without who where no names are kept."""
    room, tests = Workshop(store, Seat(id="reader")), DraftTests(store, Seat(id="reader"))
    vote, themes = room.vote(), room.themes()
    texts = {one.id: one.text for one in room.ideas()}
    return {
        "stage": room.stage(),
        "ideas": [(one.text, one.question, one.count) for one in room.ideas()],
        "waiting": sorted(one.body["text"] for one in room.waiting_ideas()),
        "themes": themes
        and [
            [(one.name, [texts.get(ident) for ident in one.ideas]) for one in step.after.themes]
            for step in (*themes.steps, *themes.undone)
        ],
        "drafts": [
            (one.id, one.text, one.made, one.parents, one.on_wall, len(one.authors),
             [(e.when, e.text) for e in one.history])
            for one in room.drafts()
        ],
        "authors": [one.authors for one in room.drafts()] if named else [],
        "meaning": {one.id: room.meaning(one.id) for one in room.drafts()},
        "dots": room.dots(),
        "result": vote and (vote.result, len(vote.box.voted), [one.text for one in vote.ballot.options]),
        "tests": tests.tests(),
        "counts": [tests.counts(one.id) for one in tests.tests()],
        "answers": sorted(json.dumps(a.body) for one in tests.tests() for a in tests.answers(one.id)),
        "given": [(one.slot, one.state, dict(one.body)) for one in store.read("define")],
        "people": store.participants() if named else len(store.participants()),
    }  # fmt: skip


@pytest.mark.parametrize("names", [True, False])
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(rng=st.randoms(use_true_random=False))
def test_what_is_exported_and_read_back_is_the_same_workshop(store, other, tmp_path, vision, names, rng):
    store.erase()
    hold_workshop(store, vision, rng)
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    export_workshop(store, first, names=names, replace=True)
    import_workshop(other, read_workshop(first), replace=True)
    export_workshop(other, second, names=names, replace=True)
    assert first.read_text() == second.read_text()
    assert seen(other, named=names) == seen(store, named=names)
    seats = [Seat(), *(Seat(id=who) for who in PEOPLE)] if names else [Seat()]
    for seat in seats:  # who comes back goes on
        assert DraftTests(other, seat).arm("test-001") == DraftTests(store, seat).arm("test-001")
        assert DraftTests(other, seat).has_answered("test-001") == DraftTests(store, seat).has_answered("test-001")


@pytest.fixture
def held(store, vision):
    """A workshop in which people took part."""
    hold_workshop(store, vision, random.Random(23))
    return store


@pytest.fixture
def lone(tmp_path, vision):
    """The same in a file, for what is the same wherever it is kept."""
    one = Store(store_url(tmp_path / "workshop.db"))
    hold_workshop(one, vision, random.Random(23))
    yield one
    one.close()


# Nobody is named


def test_no_name_and_no_id_of_anybody_is_in_a_file_without_names(held, tmp_path):
    first = next(iter(PEOPLE))
    held.contribute("odd", first, {first: [f"a {TRAINER} b", first]}, slot=first)
    moved = export_workshop(held, tmp_path / "file.json")
    text = (tmp_path / "file.json").read_text()
    secret = {*PEOPLE, TRAINER, *map(stand_in, [*PEOPLE, TRAINER]), "North/Repair", *PEOPLE.values()}
    assert not [one for one in secret if one in text]
    ideas = {one.author for one in held.read("workshop-idea")}
    assert ideas
    assert not [one for one in ideas if one in text]
    assert moved.named, "where somebody wrote a name is told"
    assert all("Ada" in _at(json.loads(text), place) for place in moved.named)


def _at(value, place):
    for part in place.replace("[", ".").replace("]", "").split("."):
        value = value[int(part)] if part.isdecimal() else value[part]
    return value


def test_numbers_of_people_are_dealt_by_chance_and_follow_nothing(lone, tmp_path):
    orders = set()
    for seed in range(5):
        export_workshop(lone, tmp_path / "file.json", replace=True, rng=random.Random(seed))
        orders.add((tmp_path / "file.json").read_text())
    assert len(orders) == 5


def test_readers_are_other_numbers_than_people_and_their_times_are_hours(lone, tmp_path):
    export_workshop(lone, tmp_path / "file.json")
    told = json.loads((tmp_path / "file.json").read_text())
    (test,) = told["tests"]
    assert test["answers"]
    assert all(one["who"] == "me" or one["who"].startswith("reader ") for one in test["answers"])
    assert all(one["when"] % 3600 == 0 for one in test["answers"])
    assert all(one["seen"].endswith(":00:00+00:00") for one in told["people"] if "seen" in one)


def test_a_file_says_nothing_of_when_an_idea_came_between_what_others_gave(lone, tmp_path):
    lone.erase()
    room = Workshop(lone, Seat(id="ada"))
    lone.contribute("define", "ada", {"text": "hers"})
    for text in ("Zeal", "Care", "Honest"):
        room.share_idea(text)
    lone.contribute("define", "bea", {"text": "hers, too"})
    export_workshop(lone, tmp_path / "file.json")
    told = json.loads((tmp_path / "file.json").read_text())
    assert told["ideas"]["waiting"] == [
        {"id": f"room-{number}", "text": text, "question": ""}
        for number, text in enumerate(["Care", "Honest", "Zeal"], 1)
    ]
    assert "revision" not in json.dumps(told)


def test_an_open_vote_is_not_written(lone, tmp_path):
    room = Workshop(lone, Seat(id=TRAINER, trainer=True))
    room.open_vote(["draft-001", "draft-002"], voters=list(PEOPLE))
    with pytest.raises(StoreError, match="a vote is open"):
        export_workshop(lone, tmp_path / "file.json")
    assert not (tmp_path / "file.json").exists()


@pytest.mark.parametrize("method", ["approval", "ranked"])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_sealed_box_says_what_the_papers_said_and_no_more(method, data):
    options = tuple(Option(id=one, text=one) for one in "abcd")
    voters = [f"p{number}" for number in range(FEWEST - 1)]
    quorum = data.draw(st.integers(1, 4))
    ballot = Ballot(id="b", question="?", options=options, voters=frozenset(voters), method=method, quorum=quorum)
    box = Box()
    for who in data.draw(st.lists(st.sampled_from(voters), unique=True)):
        box = cast_vote(ballot, box, who, data.draw(st.lists(st.sampled_from("abcd"), unique=True)))
    result = count_votes(ballot, close_ballot(box))
    assert count_votes(ballot, seal_box(ballot, sorted(box.voted), result.winners)) == result


def test_few_votes_are_written_as_their_outcome(lone, tmp_path):
    room = Workshop(lone, Seat(id=TRAINER, trainer=True))
    voters = list(PEOPLE)[:3]
    room.open_vote(["draft-001", "draft-002"], voters=voters)
    for who in voters:
        Workshop(lone, Seat(id=who)).cast(["draft-001", "draft-002"][: 1 + (who == voters[0])])
    room.close_vote()
    export_workshop(lone, tmp_path / "file.json")
    told = json.loads((tmp_path / "file.json").read_text())
    assert "papers" not in told["vote"]
    assert told["vote"]["outcome"] == ["draft-001"]
    assert told["summary"]["statement"] == room.draft("draft-001").text
    assert told["summary"]["vote"] == "3 of 3 people voted, by approval. One draft won."


# The file


def test_a_file_is_for_its_owner_and_replaces_nothing_unasked(lone, tmp_path):
    path = tmp_path / "file.json"
    export_workshop(lone, path)
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    with pytest.raises(StoreError, match="--replace"):
        export_workshop(lone, path)
    assert path.read_bytes() == before
    (tmp_path / "link.json").symlink_to(path)
    with pytest.raises(StoreError, match="no plain file"):
        export_workshop(lone, tmp_path / "link.json", replace=True)
    assert sorted(one.name for one in tmp_path.glob("*json*")) == ["file.json", "link.json"]


def test_what_this_version_does_not_know_is_not_left_out_in_silence(lone, tmp_path):
    lone.change("mood", "", lambda _: {"good": True})
    with pytest.raises(StoreError, match="'mood'"):
        export_workshop(lone, tmp_path / "file.json")


def change(path, *, at, to):
    """The file with another value at a place; ``None`` takes it out."""
    value = json.loads(path.read_text())
    *way, last = [int(part) if part.isdecimal() else part for part in at.split(".")]
    inner = value
    for part in way:
        inner = inner[part]
    inner[last] = to
    path.write_text(json.dumps(value))


@pytest.fixture(scope="module")
def written(tmp_path_factory, vision):
    """The bytes of a file that was written."""
    folder = tmp_path_factory.mktemp("written")
    one = Store(store_url(folder / "workshop.db"))
    hold_workshop(one, vision, random.Random(23))
    export_workshop(one, folder / "workshop.json")
    one.close()
    return (folder / "workshop.json").read_bytes()


@pytest.fixture
def file(written, tmp_path):
    path = tmp_path / "workshop.json"
    path.write_bytes(written)
    return path


@pytest.mark.parametrize(
    ("at", "to", "says"),
    [
        ("format", "letter", "is no workshop"),
        ("version", 2, "version: is not 1"),
        ("version", True, "version: is not 1"),
        ("mood", 1, "mood: is not known"),
        ("names", "no", "neither true nor false"),
        ("drafts", {}, "drafts: is no list"),
        ("drafts.0", [], "drafts[0]: expected a group in braces, found a list"),
        ("drafts.0.text", 5, "drafts[0].text: expected text, found a whole number"),
        ("drafts.0.text", "x" * 601, "drafts[0].text: has 601 characters"),
        ("drafts.0.text", "a\0b", "drafts[0].text: has a character that no text holds"),
        ("drafts.0.mood", "", "drafts[0].mood: is not known"),
        ("drafts.0.history.0.mood", "", "drafts[0].history[0].mood: is not known"),
        ("drafts.0.id", "draft-002", "drafts[1]: has a id that is there already"),
        ("drafts.0.id", "../x", "is no id"),
        ("drafts.0.parents", ["draft-999"], "drafts[0].parents: 'draft-999' is not among the drafts"),
        ("drafts.0.authors", ["person 99"], "'person 99' is not among the people"),
        ("drafts.0.history.0.when", 1e30, "drafts[0].history[0].when: is a number beyond"),
        ("drafts.0.history.0.when", -5, "drafts[0].history[0].when: is no moment"),
        ("drafts.0.dots", ["me", "me"], "drafts[0].dots: has a person that is there already"),
        ("people.0.name", "Ada", 'but "names" is false'),
        ("people.0.person", "boss", "is not like 'person 1'"),
        ("people.0.seen", "yesterday", "is no moment"),
        ("stage.name", "party", "stage.name: 'party' is no step"),
        ("ideas", [], "ideas: expected a group"),
        ("ideas.lost", [], "ideas: expected a group"),
        ("ideas.shown", [{"id": "room-7", "text": "x"}], "expected ids from room-1 on"),
        ("survey.0.count", 0, "survey[0]: expected an id"),
        ("themes.first.themes.0.ideas.0", "room-999", "'room-999' is not among the ideas"),
        ("themes.steps", [{"edit": {"kind": "merge", "theme": "x"}, "who": ""}], "themes: has a step that cannot"),
        ("themes.steps", 3, "themes.steps: expected a list"),
        ("vote.method", "lots", "vote.method: cannot be 'lots'"),
        ("vote.options", [], "A ballot has 2 to 12 drafts"),
        ("vote.voted", ["me"], "expected people who may vote"),
        ("vote.papers", [{"choice": ["draft-001"], "count": 99}], "99 votes"),
        ("vote.papers", [{"choice": ["draft-009"], "count": 1}], "not on the ballot"),
        ("vote.outcome", ["draft-001"], "vote: expected either papers or an outcome"),
        ("tests.0.test.kind", "guess", "There is no such test"),
        ("tests.0.test.id", "one", "expected an id such as test-001"),
        ("tests.0.answers.0.arm", "z", "is not the arm"),
        ("tests.0.answers.0.who", "Ada", "'Ada' is nobody who answers"),
        ("tests.0.answers.0.body", {"text": 5}, "tests[0].answers[0].body: "),
        ("tests.0.answers.0.occasion", "never", "cannot be 'never'"),
        ("lessons", [], "lessons: expected a group"),
        ("lessons.workshop-dot", [], "is no activity of a lesson"),
        ("meaning.draft-999", {}, "is not among the drafts of this file"),
        ("meaning.draft-004.core_idea", "x" * 301, "more than 300 characters"),
        ("meaning.draft-004.points", [{"id": "a"}, {"id": "a"}], "two points or roles with one id"),
        ("meaning.draft-004.roles", [{"id": "a", "title": ""}], "not 1 to 80 characters"),
        ("meaning.draft-004.mood", 1, "is not known"),
        ("meaning", [], "expected a group in braces"),
        ("lessons.define.0.body", {"text": "x" * 20_001}, "at most 20,000 are kept"),
        ("lessons.define.0.slot", "x" * 101, "has more than 100 characters"),
        ("lessons.define.0.state", "gone", "cannot be 'gone'"),
    ],
)  # fmt: skip
def test_a_file_that_was_changed_is_refused_with_the_place(file, at, to, says):
    change(file, at=at, to=to)
    with pytest.raises(InputError) as caught:
        read_workshop(file)
    assert says in str(caught.value)
    assert all(one.file == "workshop.json" for one in caught.value.problems)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1, column 1: is no JSON here"),
        ("[" * 100_000, "nested too deeply"),
        (
            '{"format": "visionquiz workshop", "version": 1, "lessons": ' + "[" * 60 + "]" * 60 + "}",
            "nested too deeply",
        ),
        ('{"format": 1, "format": 2}', "has 'format' twice in one group"),
        ('{"a": NaN}', "a number that is none"),
        ('{"a": ' + "9" * 5_000 + "}", "a number that is none"),
        ('{"format": "visionquiz workshop", "version": 1, "a": 1e999}', "a: is a number beyond"),
        ('{"format": "visionquiz workshop", "version": 1, "a": "\\ud800"}', "a: has a character that no text holds"),
        ("a\0b", "NUL byte"),
        ("[]", "is no workshop"),
        ("null", "is no workshop"),
        ('{"format": "visionquiz workshop"}', "version: is not 1"),
    ],
)
def test_what_is_no_workshop_is_refused_in_words(tmp_path, text, says):
    path = tmp_path / "workshop.json"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_workshop(path)
    assert says in str(caught.value)


def test_a_file_of_100_megabytes_and_what_is_no_file_are_not_read(tmp_path):
    with open(tmp_path / "big.json", "wb") as big:
        big.truncate(100_000_000)
    with pytest.raises(InputError, match=r"is 100\.0 MB; at most 50 MB"):
        read_workshop(tmp_path / "big.json")
    os.mkfifo(tmp_path / "pipe.json")
    for name, says in (("pipe.json", "is no file"), ("missing.json", "no such file")):
        with pytest.raises(InputError, match=says):
            read_workshop(tmp_path / name)


def test_every_mistake_is_told_at_once(file):
    change(file, at="drafts.0.text", to=5)
    change(file, at="stage.name", to="party")
    with pytest.raises(InputError) as caught:
        read_workshop(file)
    assert len(caught.value.problems) >= 2


@given(rng=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_file_it_is_read_or_refused(file, rng):
    value = json.loads(file.read_text())
    spoilt = [None, 0, -1, 1e300, "", "x" * 200, [], {}, [[]], {"a": {}}, True, "person 1", "room-1"]
    for _ in range(rng.randint(1, 3)):
        inner = value
        while isinstance(inner, dict | list) and inner:
            key = rng.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
            if rng.random() < 0.3 or not isinstance(inner[key], dict | list) or not inner[key]:
                inner[key] = rng.choice(spoilt)
                break
            inner = inner[key]
    path = file.with_name("spoilt.json")
    path.write_text(json.dumps(value))
    try:
        content = read_workshop(path)
    except InputError:
        return
    with Kept(file) as store:
        import_workshop(store, content, replace=True)
        export_workshop(store, path, replace=True)


class Kept:
    """A store beside a file for as long as a block lasts."""

    def __init__(self, file):
        self.path = file.with_name("spoilt.db")

    def __enter__(self):
        self.store = Store(store_url(self.path))
        return self.store

    def __exit__(self, *_):
        self.store.close()


# All or nothing


def test_a_workshop_that_is_there_is_kept_unless_it_is_to_be_replaced(held, other, tmp_path):
    export_workshop(held, tmp_path / "file.json", names=True)
    before = other.dump()
    Workshop(other, Seat(id="ada")).start_draft("Ours.")
    content = read_workshop(tmp_path / "file.json")
    kept = other.dump()
    with pytest.raises(StoreError, match="kept there already"):
        import_workshop(other, content)
    with pytest.raises(StoreError, match="kept there already"):
        other.load(content)
    assert other.dump() == kept != before
    import_workshop(other, content, replace=True)
    assert seen(other, named=True) == seen(held, named=True)
    assert other.revision() > 1


def test_what_cannot_be_kept_leaves_the_store_as_it_was(held):
    before = held.dump()
    long = replace(before.documents[0], body={"text": "x" * 5_000_001})
    with pytest.raises(StoreError, match="too much"):
        held.load(Content(documents=(long,)), replace=True)
    assert held.dump() == before


IMPORT = """
import sys
from pathlib import Path
from visionquiz import workshop_file
from visionquiz.store import Store

def settle(document, ids):
    if document.kind == "vote":
        print("in the middle", flush=True)
        sys.stdin.readline()
    return document

workshop_file.settle_themes = settle
store = Store(sys.argv[1])
workshop_file.import_workshop(store, workshop_file.read_workshop(Path(sys.argv[2])), replace=True)
"""


def test_an_import_that_is_killed_leaves_the_store_as_it_was(held, tmp_path):
    export_workshop(held, tmp_path / "file.json")
    Workshop(held, Seat(id="ada")).start_draft("What came later.")
    before = held.dump()
    command = [sys.executable, "-c", IMPORT, held.url, str(tmp_path / "file.json")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"in the middle\n"
        process.send_signal(signal.SIGKILL)
    assert held.dump() == before
    Workshop(held, Seat(id="ada")).start_draft("And it goes on.")


# The command


def test_the_command_writes_a_workshop_and_reads_it_back(held, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    where = held.url if held.url.startswith("postgresql") else "workshop.db"
    assert main(["workshop", "export", "file.json", "--workshop", where]) == 0
    said = capsys.readouterr().out
    assert f"Wrote the workshop in {where} into file.json: 4 drafts, " in said
    assert "It holds no name" in said
    assert "may name somebody" in said
    assert main(["workshop", "export", "file.json", "--workshop", where]) == 2
    assert main(["workshop", "export", "file.json", "--workshop", where, "--names", "--replace"]) == 0
    assert "It holds names" in capsys.readouterr().out
    assert main(["workshop", "import", "file.json", "--workshop", "copy.db"]) == 0
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    assert "is now kept in copy.db" in capsys.readouterr().out
    assert main(["workshop", "import", "file.json", "--workshop", "copy.db"]) == 2
    assert "add --replace" in capsys.readouterr().err
    assert main(["workshop", "import", "file.json", "--workshop", where, "--replace"]) == 0
    copy = Store(store_url(tmp_path / "copy.db"))
    assert seen(copy, named=True) == seen(held, named=True)
    copy.close()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["export", "file.json"], "there is no workshop in workshop.db"),
        (["export", "file.json", "--workshop", "letter.txt"], "file is not a database"),
        (["export", "file.json", "--workshop", "empty.db"], "there is no workshop"),
        (["export", "file.json", "--workshop", "mysql://host/x"], "is no address of a database server"),
        (["export", "file.json", "--workshop", "postgresql://u:secret@host/x"], "other people of this machine"),
        (["import", "letter.txt"], "letter.txt: line 1, column 1: is no JSON here"),
        (["import", "file.json"], "there is no such file"),
        (["import", "letter.txt", "--names"], "--names is for export"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_and_leaves_nothing(tmp_path, monkeypatch, capsys, arguments, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "letter.txt").write_text("Dear trainer" * 100)
    (tmp_path / "empty.db").touch()
    assert main(["workshop", *arguments]) == 2
    said = capsys.readouterr()
    assert says in said.err
    assert "secret" not in said.err
    assert not {"file.json", "workshop.db"} & {one.name for one in tmp_path.iterdir()}
