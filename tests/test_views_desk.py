"""The desk as a page: what it draws, and what its buttons do."""

import asyncio
import datetime as dt

import pytest

from visionquiz.classroom import Seat, SharedRoom
from visionquiz.desk import Desk, open_desk
from visionquiz.errors import StoreError
from visionquiz.views import desk as views
from visionquiz.views._live import EVERY, Live
from visionquiz.views.desk import DeskView, draw_desk

NOW = dt.datetime(2026, 11, 29, 10, tzinfo=dt.UTC)


@pytest.fixture
def view(store):
    return DeskView(Desk(store))


def give(store, text, author="ada", activity="define"):
    store.contribute(activity, author, {"text": text}, slot=author, state="waiting")


def seen(view):
    return [box.entry.text for box in view.boxes.values() if box.layout.display != "none"]


def test_an_empty_room_says_so(view):
    assert "0 waiting" in view.head.value
    assert "Nothing is waiting" in view.others_head.value
    assert "Nobody has joined yet" in view.room.value


def test_flagged_ones_come_first_and_markup_is_text(store, view):
    give(store, "Ringing back")
    give(store, "<img src=x onerror=alert(1)>", author="<b>")
    store.join("<b>", name="<script>x</script>", now=NOW)
    view.refresh()
    assert "2 waiting; look at 1 of them first" in view.head.value
    assert [box.entry.text for box in view.first.children] == ["<img src=x onerror=alert(1)>"]
    assert [box.entry.text for box in view.others.children] == ["Ringing back"]
    drawn = view.first.children[0].text.value + view.room.value
    assert "<img" not in drawn
    assert "<script" not in drawn
    assert "HTML" in drawn


def test_show_and_hide_and_back(store, view):
    give(store, "Ringing back")
    view.refresh()
    box = view.others.children[0]
    box.show.click()
    assert [one.state for one in store.read()] == ["shown"]
    assert seen(view) == []
    view.wanted.value = "shown"
    assert seen(view) == ["Ringing back"]
    assert box.show.disabled
    box.hide.click()
    assert [one.state for one in store.read()] == ["hidden"]
    assert seen(view) == []
    view.wanted.value = "hidden"
    assert seen(view) == ["Ringing back"]


def test_all_of_an_activity_are_shown_but_what_has_a_flag(store, view):
    for author, text in (("ada", "Ringing back"), ("ben", "A smile"), ("eve", "You idiots")):
        give(store, text, author)
    give(store, "Elsewhere", activity="other")
    view.refresh()
    (button,) = [one for one in view.all_row.children if one.description.endswith(": define")]
    assert button.description == "Show all 2 without a flag: define"
    button.click()
    assert {(one.author, one.activity): one.state for one in store.read()} == {
        ("ada", "define"): "shown",
        ("ben", "define"): "shown",
        ("eve", "define"): "waiting",
        ("ada", "other"): "waiting",
    }
    assert button.layout.display == "none"


def test_boxes_stay_where_they_are(store, view):
    for number in range(4):
        give(store, f"Text {number}", f"person-{number}")
    view.refresh()
    before = view.others.children
    before[0].show.click()
    give(store, "One more", "late")
    view.refresh()
    assert view.others.children[:4] == before


def test_a_store_that_fails_is_told_and_nothing_is_lost(store, view, monkeypatch):
    give(store, "Ringing back")
    view.refresh()

    def fail(*_):
        raise StoreError("the disk is <full>")

    monkeypatch.setattr(view.desk, "decide", fail)
    view.others.children[0].show.click()
    assert "the disk is &lt;full&gt;. Try again." in view.message.value
    monkeypatch.setattr(view.desk, "look", fail)
    view.refresh()
    assert "tries again by itself" in view.message.value
    assert seen(view) == ["Ringing back"]


def test_whoever_is_no_trainer_reads_why_there_is_no_desk():
    shown = draw_desk(lambda: open_desk({}))
    assert "belongs to a session&#x27;s trainer" in shown.children[-1].value


def test_it_comes_up_by_itself_within_two_seconds(store, draw_in_browser):
    async def watch():
        view = DeskView(Desk(store))
        draw_in_browser(view)
        give(store, "Ringing back")
        start = asyncio.get_running_loop().time()
        while not seen(view):
            assert asyncio.get_running_loop().time() - start < 2
            await asyncio.sleep(EVERY / 10)
        view.live.stop()

    asyncio.run(watch())


def test_what_changes_under_a_trainers_eyes_has_to_be_read_again(store, view, monkeypatch):
    for author in ("ada", "ben"):
        give(store, "Ringing back", author=author)
    view.refresh()
    first, second = view.boxes.values()
    give(store, "Something rude", author="ada")
    view.refresh()
    view.show_all(first.entry.activity)
    assert (first.entry.state, second.entry.state) == ("waiting", "shown")
    assert "A text has just been changed" in view.message.value
    first.show.click()
    assert first.entry.state == "waiting"
    monkeypatch.setattr(views, "READING", 0)
    first.show.click()
    assert first.entry.state == "shown"


def test_all_are_those_that_were_drawn(store, view):
    give(store, "Ringing back")
    view.refresh()
    give(store, "Nobody has read this", author="ben")
    view.show_all(next(iter(view.boxes.values())).entry.activity)
    assert [box.entry.state for box in view.boxes.values()] == ["shown", "waiting"]


def test_one_odd_contribution_does_not_end_the_rest(store, caplog):
    def fail():
        raise TypeError("odd")

    async def watch():
        drawn = []
        live = Live(SharedRoom(store, Seat(id="ada")))
        live.watch("odd", fail)
        live.watch("good", lambda: drawn.append(store.revision()))
        live.begin()
        for number in (1, 2):
            give(store, f"Text {number}")
            while len(drawn) < number:
                await asyncio.sleep(EVERY / 10)
        live.stop()

    asyncio.run(asyncio.wait_for(watch(), 20))
    assert "could not be drawn anew" in caplog.text


def test_more_than_a_room_can_write_is_not_drawn(store, view, monkeypatch):
    monkeypatch.setattr(views, "MOST", 3)
    for number in range(9):
        give(store, f"Text {number}", f"person-{number}")
    view.refresh()
    assert "9 waiting" in view.head.value
    assert seen(view) == ["Text 6", "Text 7", "Text 8"]


def test_what_waits_is_drawn_however_much_was_shown_since(store, monkeypatch):
    monkeypatch.setattr(views, "MOST", 3)
    give(store, "Overlooked", "first")
    for number in range(9):
        give(store, f"Text {number}", f"person-{number}")
    store.moderate([one.id for one in store.read()][1:], "shown")
    view = DeskView(Desk(store))
    assert seen(view) == ["Overlooked"]
    view.wanted.value = "shown"
    assert seen(view) == ["Text 6", "Text 7", "Text 8"]
    # Decided by another trainer, and no longer among the newest.
    store.moderate([1], "shown")
    view.wanted.value = "waiting"
    view.refresh()
    assert seen(view) == []
    assert [box.entry.text for box in view.others.children] == ["Overlooked", "Text 6", "Text 7", "Text 8"]
