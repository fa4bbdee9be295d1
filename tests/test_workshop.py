"""A workshop in its store, on a file and on a server, several people at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from visionquiz.classroom import Seat
from visionquiz.drafts import DraftError
from visionquiz.errors import BallotError, StoreError
from visionquiz.ideas import Idea, make_ideas
from visionquiz.store import DOCUMENT_LIMIT, Store
from visionquiz.themes import Edit, EditError, Theme, Themes
from visionquiz.workshop import DRAFT, Workshop


@pytest.fixture
def enter(store_address):
    stores = []

    def come(who, *, trainer=False):
        stores.append(Store(store_address))
        return Workshop(stores[-1], Seat(id=who, trainer=trainer))

    yield come
    for store in stores:
        store.close()


def test_ten_people_who_type_into_one_draft_lose_no_word(enter):
    ident = enter("trainer").start_draft("Keep every home running").id
    before = enter("trainer").revision()
    rooms = [enter(f"person-{number}") for number in range(10)]
    together = threading.Barrier(10)

    def type_into(number):
        room = rooms[number]
        together.wait()
        seen = room.draft(ident).text
        for word in range(5):
            seen = room.edit_draft(ident, base=seen, text=f"{seen} w{number}.{word}").text

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(type_into, range(10)))
    draft = enter("reader").draft(ident)
    assert sorted(draft.text.split()) == sorted(
        ["Keep", "every", "home", "running", *(f"w{number}.{word}" for number in range(10) for word in range(5))]
    )
    assert len(draft.authors) == 11
    assert enter("reader").revision() == before + 50


def test_drafts_that_are_begun_at_once_are_all_there(enter):
    rooms = [enter(f"person-{number}") for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda room: room.start_draft(f"by {room.seat.id}"), rooms))
    assert {one.id for one in made} == {f"draft-{number:03}" for number in range(1, 7)}
    assert [one.text for one in rooms[0].my_drafts()] == ["by person-0"]
    merged = rooms[0].start_draft("Both", made="merged", parents=["draft-001", "draft-002"])
    assert merged.parents == ("draft-001", "draft-002")
    with pytest.raises(DraftError, match="no longer there"):
        rooms[0].start_draft(parents=["draft-099"])
    with pytest.raises(DraftError, match="nothing in this draft"):
        rooms[0].hang_up(rooms[0].start_draft().id)
    assert rooms[1].hang_up(merged.id).on_wall


def test_two_who_press_at_once_get_one_draft(enter):
    ada, bea = enter("ada"), enter("bea")

    def pair(drafts):
        return next((one for one in drafts if one.made == "pair"), None)

    for _ in range(10):
        together = threading.Barrier(2)

        def begin(room, other, together=together):
            together.wait()
            return room.start_draft(made="pair", authors=[other], instead=pair).id

        with ThreadPoolExecutor(2) as pool:
            assert len(set(pool.map(begin, (ada, bea), ("bea", "ada")))) == 1
        assert len(ada.drafts()) == 1
        ada.store.erase()


def test_ideas_come_from_a_survey_and_from_the_room_once_they_were_looked_at(enter):
    trainer, ada = enter("trainer", trainer=True), enter("ada")
    assert trainer.import_ideas(make_ideas(["Ring back", "Be honest"], question="q")) == 2
    assert trainer.import_ideas(make_ideas(["Be honest", "Be quick"], question="q")) == 1
    ada.share_idea("Ring back!", "q")
    ada.share_idea("My boss Bob shouts")
    assert [one.text for one in ada.ideas()] == ["Ring back", "Be honest", "Be quick"]
    assert "ada" not in {one.author for one in trainer.waiting_ideas()}
    assert [one.body["text"] for one in trainer.waiting_ideas()] == ["Ring back!", "My boss Bob shouts"]
    trainer.store.moderate([trainer.waiting_ideas()[0].id], "shown")
    assert [(one.text, one.count) for one in ada.ideas()] == [("Ring back", 2), ("Be honest", 1), ("Be quick", 1)]


def test_a_room_gives_as_many_ideas_as_can_be_read(enter, monkeypatch):
    monkeypatch.setattr("visionquiz.workshop.IDEAS_LIMIT", 2)
    ada = enter("ada")
    ada.share_idea("one")
    ada.share_idea("two")
    with pytest.raises(StoreError, match="shared 2 ideas"):
        ada.share_idea("three")
    assert len(ada.waiting_ideas()) == 2


def test_themes_are_edited_by_two_and_every_step_can_be_undone(enter):
    ada, bea = enter("ada"), enter("bea")
    assert ada.themes() is None
    columns = (Theme(id="theme-1", name="honest", ideas=("1", "2")), Theme(id="theme-2", name="quick", ideas=("3",)))
    ada.start_themes(Themes(themes=columns, made=2))
    ada.edit_themes(lambda now: now.edit(Edit(kind="move", ideas=("1",), to="theme-2"), who="ada"))
    bea.edit_themes(lambda now: now.edit(Edit(kind="rename", theme="theme-1", name="straight"), who="bea"))
    bea.edit_themes(lambda now: now.edit(Edit(kind="add", ideas=("4",), name="Came later")))
    found = ada.themes()
    assert [(one.name, one.ideas) for one in found.now.themes] == [
        ("Came later", ("4",)), ("straight", ("2",)), ("quick", ("3", "1")),
    ]  # fmt: skip
    assert [step.who for step in found.steps] == ["ada", "bea", ""]
    assert ada.edit_themes(lambda now: now.undo().undo()).now.themes[0].name == "honest"
    assert bea.themes().redo().now.themes[0].name == "straight"
    with pytest.raises(EditError):
        bea.edit_themes(lambda now: now.edit(Edit(kind="move", ideas=("99",), to="theme-1")))
    assert bea.themes() == ada.themes()


@pytest.mark.parametrize("method", ["approval", "ranked"])
def test_a_vote_is_secret_one_for_each_and_over_when_it_is_closed(enter, method):
    rooms = [enter(f"person-{number}") for number in range(6)]
    drafts = [rooms[0].start_draft(text).id for text in ("Keep every home running.", "Tell people the truth.")]
    assert rooms[0].vote() is None
    with pytest.raises(BallotError, match="no vote yet"):
        rooms[0].cast([])
    rooms[0].open_vote(drafts, method=method, voters=[room.seat.id for room in rooms])
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda room: room.cast([drafts[room is rooms[5]]]), rooms))
    with pytest.raises(BallotError, match="voted already"):
        rooms[2].cast([drafts[1]])
    with pytest.raises(BallotError, match="open already"):
        rooms[1].open_vote(drafts, voters=["x"])
    assert rooms[3].vote().result.state == "open"
    assert rooms[3].vote().result.approvals is None
    rooms[0].close_vote()
    result = rooms[3].vote().result
    assert (result.state, result.voted, result.winners) == ("decided", 6, (drafts[0],))
    with pytest.raises(BallotError, match="closed"):
        rooms[0].cast([])
    assert rooms[0].open_vote(drafts, voters=["x"]).result.voted == 0


def test_a_change_that_fails_changes_nothing(enter):
    room = enter("ada")
    draft = room.start_draft("Keep every home running")
    before = room.revision()
    with pytest.raises(DraftError):
        room.edit_draft(draft.id, base=draft.text, text="x" * 1_000)
    with pytest.raises(StoreError, match="too much"):
        room.store.change(DRAFT, "huge", lambda _: {"text": "x" * DOCUMENT_LIMIT})
    assert room.revision() == before
    assert room.drafts() == (draft,)


def test_the_room_goes_from_step_to_step(enter):
    trainer, ada = enter("trainer"), enter("ada")
    assert (ada.stage().name, ada.stage().until, ada.stage().anonymous) == ("ideas", None, True)
    trainer.name_authors(True)
    trainer.go_to("alone", minutes=10)
    stage = ada.stage()
    assert (stage.name, stage.anonymous) == ("alone", False)
    assert stage.until is not None
    trainer.go_to("wall")
    assert (ada.stage().until, ada.stage().anonymous) == (None, False)
    with pytest.raises(ValueError, match="lunch"):
        trainer.go_to("lunch")


def test_marks_on_the_wall_can_be_taken_back(enter):
    ada, bea = enter("ada"), enter("bea")
    for room in (ada, bea):
        room.put_dot("draft-001", there=True)
    bea.put_dot("draft-002", there=True)
    ada.put_dot("draft-001", there=False)
    assert bea.dots() == {"draft-001": 1, "draft-002": 1}
    assert bea.my_dots() == {"draft-001", "draft-002"}
    assert ada.my_dots() == frozenset()


def test_all_is_gone_when_it_is_erased(enter):
    ada = enter("ada")
    ada.start_draft("Keep every home running")
    ada.import_ideas([Idea(id="1", text="Ring back")])
    ada.store.erase()
    assert ada.drafts() == ()
    assert ada.ideas() == ()
