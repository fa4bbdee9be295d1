"""The steps on drafts, driven by their widgets: several people at one store, each with a view of their own."""

from html import escape

import pytest

from visionquiz.classroom import Seat
from visionquiz.drafts import DRAFT_LIMIT, Draft, DraftError
from visionquiz.errors import StoreError
from visionquiz.store import Store, store_url
from visionquiz.views._shared_text import PRESS_RUN, SharedText
from visionquiz.views.drafts import draw_drafts
from visionquiz.workshop import Workshop

HOSTILE = "<img src=x onerror=alert(1)> & \"so on\" 'there'"
PEOPLE = {"ada": "Ada", "bea": "Bea <b>", "cem": "Cem"}


@pytest.fixture
def enter(tmp_path):
    stores = []

    def come(who):
        stores.append(Store(store_url(tmp_path / "workshop.db")))
        return Workshop(stores[-1], Seat(id=who, name=PEOPLE[who]))

    yield come
    for store in stores:
        store.close()


@pytest.fixture
def see(enter):
    return lambda who, step: draw_drafts(enter(who), step, lambda: PEOPLE)


@pytest.fixture
def answers(monkeypatch):
    sent = []
    monkeypatch.setattr(SharedText, "send", lambda self, content: sent.append(content))
    return sent


def type_into(editor, text, base=None):
    editor._hear(None, {"base": editor.text if base is None else base, "text": text, "number": "1"}, [])


def own_draft(workshop, text):
    return workshop.edit_draft(workshop.start_draft().id, base="", text=text)


def on_wall(workshop, *texts):
    return [workshop.hang_up(own_draft(workshop, text).id) for text in texts]


# The box


def test_a_box_answers_with_what_is_kept_and_tells_the_view(answers):
    kept, told = [], []

    def edit(base, text):
        kept.append((base, text))
        return Draft(id="draft-001", text=f"{text} and theirs")

    editor = SharedText("Keep", edit=edit, changed=told.append)
    type_into(editor, "Keep all")
    assert kept == [("Keep", "Keep all")]
    assert editor.text == "Keep all and theirs"
    assert answers == [{"number": "1", "text": "Keep all and theirs", "version": 1}]
    assert [one.text for one in told] == ["Keep all and theirs"]


@pytest.mark.parametrize(
    ("error", "says", "again"),
    [
        (DraftError("a draft has at most 600 characters"), "at most 600", False),
        (StoreError("the workshop's data cannot be reached"), "cannot be reached", True),
        (OSError(28, "No space left on device"), "No space left", True),
    ],
)
def test_what_cannot_be_kept_is_said_and_tried_again_where_that_can_help(answers, error, says, again):
    def edit(base, text):
        raise error

    editor = SharedText("Keep", edit=edit)
    type_into(editor, "Keep all")
    assert editor.text == "Keep"
    assert says in answers[0]["error"]
    assert (answers[0]["again"], answers[0]["number"]) == (again, "1")


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "text",
        {},
        {"base": "", "text": "a"},
        {"base": "", "text": "a", "number": 1},
        {"base": None, "text": "a", "number": "1"},
        {"base": "", "text": ["a"], "number": "1"},
        {"base": "x" * 100_000, "text": "a", "number": "1"},
        {"base": "", "text": "a", "number": "1" * 100},
    ],
)
def test_what_no_browser_of_ours_sends_is_ignored(answers, content):
    called = []
    editor = SharedText("Keep", edit=lambda base, text: called.append(text))
    editor._hear(None, content, [])
    assert not called
    assert not answers


def test_a_huge_text_is_refused_before_it_is_compared(answers):
    editor = SharedText("Keep", edit=lambda base, text: pytest.fail("compared"))
    type_into(editor, "word " * 10_000)
    assert f"At most {DRAFT_LIMIT}" in answers[0]["error"]
    assert not answers[0]["again"]


def test_a_browser_sets_no_trait():
    editor = SharedText("Keep", edit=lambda base, text: Draft(id="draft-001"))
    editor.set_state({"text": "other", "limit": 10**9})
    assert (editor.text, editor.limit) == ("Keep", DRAFT_LIMIT)


def test_a_saved_notebook_has_no_word_of_anybody(see, enter):
    own_draft(enter("ada"), "secret words")
    view = see("ada", "alone")
    assert repr(view) == repr(view.writing.editor) == PRESS_RUN
    assert view.writing.editor._repr_mimebundle_()[0]["text/plain"] == PRESS_RUN


# Alone


def test_a_draft_is_begun_with_the_first_word_and_only_once(see, enter):
    view, again = see("ada", "alone"), see("ada", "alone")
    room = enter("bea")
    assert room.drafts() == ()
    type_into(view.writing.editor, "Keep")
    type_into(again.writing.editor, "homes", base="")
    assert [one.authors for one in room.drafts()] == [("ada",)]
    assert sorted(room.drafts()[0].text.split()) == ["Keep", "homes"]
    other = see("bea", "alone")
    assert other.writing.editor.text == ""
    enter("cem").start_draft("of two", made="pair", authors=["bea"])
    assert see("cem", "alone").writing.editor.text == "", "a draft in a pair is not what one wrote alone"


def test_the_evidence_card_comes_on_demand_and_says_when_it_is_old(see):
    view = see("ada", "alone")
    type_into(view.writing.editor, "We leverage synergies")
    assert not view.writing.card.children
    view.writing.ask.click()
    assert "We leverage synergies" in view.writing.card.children[0].card.statement
    type_into(view.writing.editor, "We help")
    assert view.writing.ask.description == "Look again: it has changed"
    view.writing.ask.click()
    assert view.writing.card.children[0].card.statement == "We help"
    view.writing.hide.click()
    assert not view.writing.card.children


# In pairs


def test_two_write_one_draft_at_once_and_it_comes_from_both(see, enter):
    own_draft(enter("ada"), "Keep homes warm")
    own_draft(enter("bea"), "Every home is warm")
    ada, bea = see("ada", "pairs"), see("bea", "pairs")
    assert [name for name, _ in ada.partner.options] == ["Choose somebody", "Bea <b>", "Cem"]
    ada.start.click()
    assert "Choose first" in ada.wrong.value
    ada.partner.value = "bea"
    ada.start.click()
    assert ada.wrong.value == ""
    bea.partner.value = "ada"
    bea.start.click()
    ada.refresh()
    (pair,) = (one for one in enter("cem").drafts() if one.made == "pair")
    assert pair.authors == ("ada", "bea")
    assert pair.parents == ("draft-001", "draft-002")
    assert escape("Bea <b>") in ada.sources.value
    assert "<b>" not in ada.sources.value.replace("<b>Draft", "")
    assert "<mark>warm</mark>" in ada.sources.value
    box, other = ada.written[pair.id].editor, bea.written[pair.id].editor
    type_into(box, "Ada typed")
    type_into(other, "Bea typed", base="")
    ada.refresh()
    assert box.text == other.text
    assert set(box.text.split()) == {"Ada", "Bea", "typed"}
    ada.hang.click()
    assert enter("cem").draft(pair.id).on_wall
    bea.refresh()
    assert bea.hang.description == "Take it off the wall"
    bea.hang.click()
    assert not enter("cem").draft(pair.id).on_wall


def test_nobody_opens_the_draft_of_two_others(see, enter):
    enter("bea").start_draft("secret", made="pair", authors=["cem"])
    view = see("ada", "pairs")
    assert view.work.layout.display == "none"
    assert not view.place.children


def test_a_draft_without_words_is_not_hung_up_and_the_reason_is_said(see):
    view = see("ada", "pairs")
    view.partner.value = "cem"
    view.start.click()
    view.hang.click()
    assert "That was not done: there is nothing in this draft yet." in view.wrong.value


def test_words_on_their_way_to_one_draft_never_reach_another(see, enter):
    view = see("ada", "pairs")
    boxes = []
    for partner in ("bea", "cem"):
        view.partner.value = partner
        view.start.click()
        boxes.append(view.written[view.current].editor)
    type_into(boxes[0], "for Bea")
    assert [one.text for one in enter("ada").drafts()] == ["for Bea", ""]
    view.menu.value = "draft-001"
    assert view.place.children[0].editor is boxes[0]
    assert "Bea" in view.menu.label


def test_without_a_partner_what_was_written_alone_goes_to_the_wall(enter):
    room = enter("ada")
    own_draft(room, "Keep homes warm")
    view = draw_drafts(room, "pairs", lambda: {"ada": "Ada"})
    assert "Nobody else is here yet" in view.wait.value
    view.alone.click()
    assert room.draft("draft-001").on_wall
    assert view.alone.description == "Take what I wrote alone off the wall"
    view.alone.click()
    assert not room.draft("draft-001").on_wall


# The wall


def test_dots_are_put_and_taken_back_and_others_see_how_many(see, enter):
    (draft,) = on_wall(enter("ada"), "Keep homes warm")
    ada, bea = see("ada", "wall"), see("bea", "wall")
    bea.cards[draft.id].mine.value = True
    ada.refresh()
    assert "One person has ticked it." in ada.cards[draft.id].count.value
    assert not ada.cards[draft.id].mine.value
    ada.cards[draft.id].mine.value = True
    assert enter("cem").dots() == {draft.id: 2}
    bea.cards[draft.id].mine.value = False
    assert enter("cem").dots() == {draft.id: 1}
    assert see("bea", "wall").cards[draft.id].mine.value is False
    assert see("ada", "wall").cards[draft.id].mine.value is True


def test_a_dot_that_could_not_be_kept_is_not_shown(see, enter, monkeypatch):
    (draft,) = on_wall(enter("ada"), "Keep homes warm")
    view = see("bea", "wall")

    def fail(ident, there):
        raise StoreError("the disk is full")

    monkeypatch.setattr(view.room, "put_dot", fail)
    view.cards[draft.id].mine.value = True
    assert view.cards[draft.id].mine.value is False
    assert "That was not done: the disk is full." in view.wrong.value


def test_who_wrote_is_shown_only_once_names_are(see, enter):
    room = enter("bea")
    (draft,) = on_wall(room, "Keep homes warm")
    view = see("ada", "wall")

    def everything():
        card = view.cards[draft.id]
        return card.words.value + card.more.value

    assert "Bea" not in everything()
    room.name_authors(True)
    view.refresh()
    assert f"By {escape('Bea <b>')}" in view.cards[draft.id].words.value
    assert escape("Bea <b>") in view.cards[draft.id].more.value
    room.name_authors(False)
    view.refresh()
    assert "Bea" not in everything()


def test_where_a_draft_came_from_and_how_it_changed_fold_out(see, enter):
    room = enter("ada")
    one, other = on_wall(room, "Keep homes warm", "Tell people the truth")
    merged = room.start_draft("Warm homes, true words", made="merged", parents=[one.id, other.id])
    room.hang_up(merged.id)
    shown = see("bea", "wall").cards[merged.id].more.value
    assert "Where it came from" in shown
    assert "Keep homes warm" in shown
    assert "Tell people the truth" in shown
    assert "How it changed" in shown


def test_cards_stay_when_others_hang_up_more_and_go_when_taken_off(see, enter):
    room = enter("ada")
    view = see("bea", "wall")
    assert "Nothing hangs here yet" in view.empty.value
    (one,) = on_wall(room, "Keep homes warm")
    view.refresh()
    assert view.empty.value == ""
    card = view.wall.children[0]
    on_wall(room, "Tell the truth")
    view.refresh()
    assert view.wall.children[0] is card
    room.hang_up(one.id, on_wall=False)
    view.refresh()
    assert card not in view.wall.children


@pytest.mark.parametrize("step", ["pairs", "wall", "merge"])
def test_markup_in_a_draft_is_text(see, enter, step):
    room = enter("ada")
    drafts = [own_draft(room, f"{HOSTILE} homes {HOSTILE}"), own_draft(enter("bea"), f"{HOSTILE} homes")]
    for one in drafts:
        room.hang_up(one.id)
    for made in ("pair", "merged"):
        new = room.start_draft(HOSTILE, made=made, authors=["bea"], parents=[one.id for one in drafts])
        room.hang_up(new.id)
    room.name_authors(True)
    view = see("ada", step)
    seen = _html(view)
    assert "<img" not in seen
    assert "onerror" in seen


def _html(widget):
    own = widget.value if isinstance(getattr(widget, "value", None), str) and type(widget).__name__ == "HTML" else ""
    return own + "".join(_html(child) for child in getattr(widget, "children", ()))


# Merging


def test_two_or_three_are_chosen_and_everybody_writes_in_what_comes_of_them(see, enter):
    drafts = on_wall(enter("ada"), "Fix it the same day", "Tell people the truth", "Be kind", "Ring back")
    ada, bea = see("ada", "merge"), see("bea", "merge")
    ada.start.click()
    assert "Tick two or three" in ada.wrong.value
    for one in drafts:
        ada.boxes[one.id].value = True
    ada.start.click()
    assert "Tick two or three" in ada.wrong.value
    for one in drafts[2:]:
        ada.boxes[one.id].value = False
    ada.start.click()
    bea.refresh()
    assert bea.current == ada.current == "draft-005"
    assert enter("cem").draft("draft-005").parents == ("draft-001", "draft-002")
    assert not any(box.value for box in ada.boxes.values())
    type_into(bea.written["draft-005"].editor, "Fix it the same day")
    assert "one of the two drafts as it was" in bea.remark.value
    type_into(bea.written["draft-005"].editor, "Fix it quickly")
    assert "only draft 2 said" in bea.remark.value
    type_into(bea.written["draft-005"].editor, "Fix it the same day, and tell the truth")
    ada.refresh()
    assert "such as “the”) kept:" in ada.remark.value
    for one in drafts[:2]:
        bea.boxes[one.id].value = True
    bea.start.click()
    assert len(enter("cem").drafts()) == 5, "what was made of these two already is opened"


def test_it_takes_two_drafts_on_the_wall(see, enter):
    view = see("bea", "merge")
    assert "It takes two drafts on the wall" in view.wait.value
    assert view.start_row.layout.display == "none"
    on_wall(enter("ada"), "Fix it", "Tell the truth")
    view.refresh()
    assert view.wait.value == ""
    assert view.start_row.layout.display is None


def test_what_others_do_leaves_the_open_box_where_it_is(see, enter):
    room = enter("ada")
    on_wall(room, "Fix it", "Tell the truth")
    room.start_draft("First", made="merged", parents=["draft-001", "draft-002"])
    view = see("bea", "merge")
    place = view.place.children
    room.start_draft("Second", made="merged", parents=["draft-001", "draft-002"])
    view.refresh()
    assert view.place.children is place
    assert view.current == "draft-003"
    assert view.menu.layout.display is None
    view.menu.value = "draft-004"
    assert view.place.children[0].editor.text == "Second"


def test_there_is_no_other_step(enter):
    with pytest.raises(ValueError, match="vote"):
        draw_drafts(enter("ada"), "vote", dict)
