"""Sort, mark, take sides, repair: done wrongly and rightly, alone and in a room, by setting what people set."""

import pytest

from visionquiz.classroom import Seat, SharedRoom, enter_lesson
from visionquiz.errors import StoreError
from visionquiz.kit import kit_path
from visionquiz.views import lesson
from visionquiz.views._marks import Marks
from visionquiz.views.lesson._sources import cite, list_sources

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"
TWO, THREE = "which-is-which", "what-makes-it-strong"


@pytest.fixture
def alone(tmp_path):
    return lambda name, activity: lesson.make_activity(enter_lesson(name, tmp_path, {}), activity)


@pytest.fixture
def room(enter):
    store = enter.store

    def view_of(seat, name, activity, *, trainer=False):
        return lesson.make_activity(enter(name, seat, trainer=trainer), activity)

    view_of.store = store
    view_of.send = lambda seat, activity, body: SharedRoom(store, Seat(id=seat)).share(activity, body)
    return view_of


def place(view, wrong=()):
    view.board.placed = [
        [card.id, "values" if card.id in wrong else card.bins[0]] for card in view.activity.cards
    ]  # fmt: skip


def test_cards_without_a_place_are_asked_for_and_nothing_is_given_away(alone):
    view = alone(TWO, "sort")
    view.board.placed = [["google", "mission"]]
    view.decide.click()
    assert "11 cards have no place yet" in view.told.value
    assert not view.board.remarks
    assert view.others.value == view.sources.value == view.after.value == ""
    assert view.classroom.room.mine("sort") == {}


def test_a_sort_done_wrongly_and_then_rightly(alone, read_page):
    view = alone(TWO, "sort")
    place(view, wrong={"google"})
    view.decide.click()
    assert "11 of 12 lie where they may" in view.told.value
    assert view.board.remarks["google"]["head"] == "Rather “Mission”."
    assert not view.board.remarks["google"]["good"]
    assert view.board.remarks["hyatt"]["head"] == "Yes, and others say “Customer service vision”."
    assert "You disagree most on" in view.others.value
    assert "you and 8 invented people" in view.others.value
    assert not read_page(view.others.value).open
    assert view.sources.value.count("<a href") == 12
    assert view.after.value
    place(view)
    assert "google" not in view.board.remarks, "an old remark must not stand by a card that was moved"
    view.decide.click()
    assert "12 of 12" in view.told.value
    assert view.board.remarks["google"]["good"]
    assert view.classroom.room.mine("sort")[""]["places"]["google"] == "mission"


def test_the_room_sees_where_it_parts_once_it_has_sorted(room):
    ada, bea = room("ada", TWO, "sort"), room("bea", TWO, "sort")
    place(ada, wrong={"google"})
    ada.decide.click()
    assert "Nobody else has sorted yet" in ada.others.value
    bea.refresh()
    assert bea.others.value == "", "nobody is led by others"
    place(bea)
    bea.decide.click()
    ada.refresh()
    assert "2 people" in ada.others.value
    assert "Mission 1; Value 1" in ada.others.value, "of two places with as many, the one where it may lie comes first"
    assert "Mission 1" in room("t", TWO, "sort", trainer=True).others.value
    assert room("ada", TWO, "sort").board.places["google"] == "values", "whoever comes back finds their cards"


@pytest.mark.parametrize(
    "body", [{}, {"places": 5}, {"places": {"google": EVIL}}, {"places": {EVIL: "mission"}}, {"places": {"google": []}}]
)
def test_odd_sorts_are_passed_over(room, body):
    room.send("evil", "sort", body)
    ada = room("ada", TWO, "sort")
    place(ada)
    ada.decide.click()
    assert "Nobody else has sorted yet" in ada.others.value
    assert "<script" not in ada.others.value


def test_a_full_store_is_said_and_the_cards_stay(room):
    ada = room("ada", TWO, "sort")
    place(ada)
    ada.classroom.room.store.contribute = lambda *_, **__: (_ for _ in ()).throw(StoreError("the disk is full"))
    ada.decide.click()
    assert "It was not kept: the disk is full" in ada.message.value
    assert len(ada.board.places) == 12
    assert not ada.board.remarks


def test_one_customer_is_enough_for_a_service_vision(alone):
    view = alone(TWO, "one-latte")
    assert "Hollowmere" in view.boxes[3].asked.text, "the last question is about the company's own statement"
    for box, wrong in zip(view.boxes, (0, 1, 0, 1), strict=True):
        box.radios.value = wrong
        box.decide.click()
        assert "Not this one" in box.verdict.value
    for box in view.boxes:
        box.radios.value = next(i for i, one in enumerate(box.asked.options) if one.points == box.asked.best)
        box.decide.click()
        assert "Right" in box.verdict.value


@pytest.mark.parametrize(("name", "questions"), [(TWO, ("how-many", "who-sees")), (THREE, ("shorter", "pictures"))])
def test_a_dispute_shows_both_reasons_once_a_side_is_taken_and_no_side_is_right(alone, read_page, name, questions):
    view = alone(name, "sides")
    first, second = questions
    assert all(one.value == "" for one in view.told.values())
    assert view.buttons[first].disabled
    view.take(first)
    assert view.told[first].value == "", "without a choice there is nothing to take"
    view.radios[first].value = view.sides[first][1].id
    view.buttons[first].click()
    for card in view.sides[first]:
        assert card.text in view.told[first].value
    assert view.told[first].value.count("(your side)") == 1
    assert "You and 8 invented people" in view.told[first].value
    assert not read_page(view.told[first].value).open
    assert view.told[second].value == view.after.value == ""
    view.radios[second].value = view.sides[second][0].id
    view.buttons[second].click()
    assert view.after.value
    view.radios[first].value = view.sides[first][0].id
    view.buttons[first].click()
    assert view.classroom.room.mine("sides")[""]["places"] == {
        first: view.sides[first][0].id, second: view.sides[second][0].id,
    }  # fmt: skip


def test_whoever_comes_back_keeps_the_sides_taken_before(room):
    ada = room("ada", TWO, "sides")
    ada.radios["how-many"].value = "three"
    ada.buttons["how-many"].click()
    again = room("ada", TWO, "sides")
    again.radios["who-sees"].value = "public"
    again.buttons["who-sees"].click()
    assert again.classroom.room.mine("sides")[""]["places"] == {"how-many": "three", "who-sees": "public"}
    room.send("evil", "sides", {"places": {"how-many": "public", "who-sees": EVIL}})
    again.refresh()
    assert "people took a side" not in again.told["how-many"].value, "a side of another question does not count"


def mark(view, **other):
    from visionquiz.opinions import read_marked

    view.marks.chosen = {**read_marked(view.card, view.activity.bins), **other}
    view.compare.click()


def test_a_statement_is_compared_once_every_criterion_has_a_mark(alone):
    view = alone(THREE, "mark")
    view.marks.chosen = {"simple": "yes"}
    view.compare.click()
    assert "Still without a mark: “Memorable”, “About customers”" in view.told.value
    assert view.others.value == ""
    assert view.classroom.room.mine("mark") == {}


def test_marks_that_differ_are_shown_beside_the_marked_set_and_can_be_changed(alone, read_page):
    view = alone(THREE, "mark")
    mark(view, simple="no", motivating="yes")
    assert "the same mark on 4 of 6" in view.told.value
    assert "<strong>Simple</strong>: you say no, the marked set says yes." in view.told.value
    assert "Why it is marked so" in view.told.value
    assert "you and 8 invented people" in view.others.value
    assert view.others.value.count("rowheader") == 1, "statements that one has not marked are not shown"
    mark(view)
    assert "the same mark on 6 of 6" in view.told.value
    assert not view.after.value
    for _ in range(5):
        view.next.click()
        assert view.told.value == ""
        assert view.marks.chosen == {}
        mark(view)
    assert view.after.value
    assert view.next.disabled
    assert view.others.value.count("rowheader") == 6
    assert not read_page(view.others.value).open
    view.back.click()
    assert "the same mark on 6 of 6" in view.told.value, "what was marked before is still there"


@pytest.mark.parametrize("body", [{"marks": []}, {"marks": {"citi": "yes"}}, {"marks": {"citi": {"simple": EVIL}}}])
def test_odd_marks_are_passed_over(room, body):
    room.send("evil", "mark", body)
    ada = room("ada", THREE, "mark")
    mark(ada)
    assert ada.others.value == "", "one person is no room"
    room.send("bea", "mark", ada.classroom.room.mine("mark")[""])
    ada.refresh()
    assert "2 people" in ada.others.value
    assert room("ada", THREE, "mark").now == 1, "whoever comes back goes on where they were"


@pytest.mark.parametrize("sent", [{"simple": 5}, {"ghost": "yes"}, {"simple": EVIL}, {"simple": None}])
def test_only_marks_that_there_are_reach_the_page(sent):
    from visionquiz.curriculum import Bin

    marks = Marks([Bin(id="simple", label="Simple")], {"yes": "Yes", "no": "No"})
    marks.set_state({"chosen": sent})
    assert marks.chosen == {}
    assert marks.missing == ("Simple",)


def test_the_marks_of_the_lesson_are_those_of_the_published_set(alone):
    from visionquiz.opinions import read_marked
    from visionquiz.statement import load_published

    names = {"customers": "customer_focused", "observable": "observable_trainable"}
    published = {one.statement: one for one in load_published()}
    view = alone(THREE, "mark")
    for card in view.activity.cards:
        marked = {names.get(one, one): mark[0] for one, mark in read_marked(card, view.activity.bins).items()}
        assert marked == dict(published[card.text].marks), card.id
        assert card.source == published[card.text].source


@pytest.mark.parametrize("name", [TWO, THREE])
def test_quoted_statements_are_word_for_word_those_that_were_published(name):
    from visionquiz.curriculum import load_lesson
    from visionquiz.statement import load_published

    published = {one.statement: one for one in load_published()}
    found = load_lesson(kit_path("notebooks") / "lessons" / f"{name}.toml")
    quoted = [card for one in found.activities if one.kind in ("sort", "mark") for card in one.cards]
    assert len(quoted) == {TWO: 12, THREE: 6}[name]
    for card in quoted:
        assert card.text in published
        assert card.source == published[card.text].source
    if name == TWO:
        asked = [one.text for one in found.check]
        assert len(asked) == 8
        known = [statement for statement in published if any(statement in text for text in asked)]
        assert len(known) == 8
        assert not {card.text for card in quoted} & set(known), "the check asks for unseen ones"


def test_nothing_the_old_words_and_a_novel_are_refused_in_words(alone):
    view = alone(THREE, "repair")
    assert "Hollowmere" in view.draft.text, "the draft is about the learner's own company"
    for text, told in (
        ("  ", "nothing in the box"),
        (f" {view.draft.text.upper()} ", "still the words of the old draft"),
        ("x" * 401, "401 characters"),
    ):
        view.box.value = text
        view.send.click()
        assert told in view.told.value
        assert view.sent.value == view.others.value == ""
    assert view.classroom.room.mine("repair") == {}


def test_a_repair_that_is_none_and_then_one(alone, read_page):
    view = alone(THREE, "repair")
    view.box.value = "To be the world's best provider of seamless solutions."
    view.compare.click()
    assert "<strong>Claims of rank</strong>: as before" in view.told.value
    assert view.others.value == "", "comparing shares nothing"
    view.box.value = "We tell every customer what happens next, in plain words."
    view.send.click()
    assert "<strong>Claims of rank</strong>: speaks more for your draft" in view.told.value
    assert "What no text measure can tell" in view.told.value
    assert "What was weak in the old draft" in view.told.value
    assert "Invented people wrote" in view.others.value
    assert not read_page(view.told.value).open
    assert view.after.value


@pytest.mark.parametrize("text", [EVIL, "We help <b>people</b> pay", "\u202e\x00 We help people", "Мы помогаем людям"])
def test_odd_drafts_are_drawn_harmless_and_get_a_word(alone, read_page, text):
    view = alone(THREE, "repair")
    view.box.value = text
    view.send.click()
    assert "<script" not in view.told.value
    assert "<img" not in view.told.value
    assert not read_page(view.told.value).open
    assert view.sent.value


def test_repairs_wait_for_the_trainer(room):
    ada, wall = room("ada", THREE, "repair"), room("t", THREE, "repair", trainer=True)
    room.send("evil", "repair", {"ask": "draft", "text": {"a": 1}})
    ada.box.value = f"We ring back {EVIL}"
    ada.send.click()
    assert "once your trainer has looked at it" in ada.sent.value
    wall.refresh()
    assert "We ring back" not in wall.others.value
    room.store.moderate([one.id for one in room.store.read("repair")], "shown")
    wall.refresh()
    assert "We ring back" in wall.others.value
    assert "<script" not in wall.others.value


def test_an_address_is_a_link_only_if_it_is_one():
    from visionquiz.curriculum import Card

    bad = Card(id="a", text="We <b>", by="X & Y", source="javascript:alert(1)")
    assert cite(bad) == "X &amp; Y"
    good = Card(id="b", text="We", by="Z", source='https://example.org/"><script>')
    assert "<script" not in list_sources([bad, good])
    assert list_sources([Card(id="c", text="We")]) == ""
