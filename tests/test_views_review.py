"""The trainer's view, driven by its widgets; the browser's part is in tests/e2e/test_review.py."""

import datetime as dt
import json
from dataclasses import replace

import pytest

from visionquiz.errors import CourseError
from visionquiz.gradebook import SecondLook
from visionquiz.quiz import Question
from visionquiz.reviewing import Case, CaseGroup, Mark, Situation, Way
from visionquiz.views._case import case_html, marked_html, reason_html
from visionquiz.views.review import PRESS_RUN, REPEAT, ReviewView

EXPLAIN = Question(id="explain", kind="explain", points=3, prompt="What does it mean?", column="explain")
DECIDE = Question(id="decide-1", kind="scenario", points=3, prompt="What would you do?", column="decide")
EVIL = "<script>alert(1)</script>\"><img src=x onerror='alert(2)'> </pre></details>&amp; مرحبا \u202eabc"
LOOK = SecondLook(person="ann", question="explain", asked=dt.datetime(2026, 12, 1, 9), reason="I said it in my words.")


def case(text="We tell people early.", person="ann", **values):
    shown = {
        "question": EXPLAIN, "role": "Adviser", "score": 2.0, "given": None, "review": True, "comment": "",
        "reason": "You are going the right way.", "full_reason": "2 of 3, mostly\n  Core idea: right (70%)",
    }  # fmt: skip
    return Case(person=person, text=text, **(shown | values))


def group(*cases):
    return CaseGroup(cases=cases)


class Desk:
    """A view, what it asked to be written, and a clock that stands still unless it is moved."""

    def __init__(self, *groups, vision):
        self.decided, self.undone, self.refuse, self.now = [], [], "", 0.0
        self.view = ReviewView(
            groups, vision, decide=self.decide, undo=self.undo, quiz="autumn", clock=lambda: self.now
        )

    def decide(self, decision):
        if self.refuse:
            raise CourseError(self.refuse)
        self.decided.append(decision)

    def undo(self, decision):
        if self.refuse:
            raise CourseError(self.refuse)
        self.undone.append(decision)

    def press(self, *keys):
        for key in keys:
            self.now += 1
            self.view.key_box.value = key

    def says(self, *texts):
        shown = self.view.progress.value + self.view.shown.value + self.view.status.value
        return all(text in shown for text in texts)


@pytest.fixture
def desk(vision):
    groups = [group(case(f"Answer number {name}.", name)) for name in ("ann", "ben", "cyd", "dot")]
    return Desk(*groups, vision=vision)


def test_keys_give_levels_and_count_down(desk):
    assert desk.says("Answer 1 of 4, 3 left", "Answer number ann.")
    desk.press("3", "0")
    assert [(one.cases[0].person, one.score) for one in desk.decided] == [("ann", 3.0), ("ben", 0.0)]
    assert desk.says("Answer 3 of 4, 1 left", "Answer number cyd.", "Saved: not yet")
    assert desk.view.key_box.value == ""


def test_buttons_do_what_keys_do(desk):
    view = desk.view
    assert [button.description for button in view.levels] == ["0 not yet", "1 partly", "2 mostly", "3 fully"]
    view.levels[1].click()
    view.agree.click()
    view.skip.click()
    assert [one.score for one in desk.decided] == [1.0, 2.0]
    assert desk.says("Answer number dot.", "Answer 3 of 4", "Skipped")
    view.undo.click()
    assert desk.says("Answer number cyd.")


def test_agreeing_gives_what_the_grader_proposed_or_keeps_what_a_trainer_gave(vision):
    desk = Desk(group(case(score=2.0)), group(case(score=2.0, given=1.25)), vision=vision)
    assert desk.view.agree.description == "Agree with the grader"
    desk.press("a")
    assert desk.view.agree.description == "Keep the score"
    assert desk.says("A trainer gave 1.25 of 3 points.", "The grader says mostly (2 of 3 points).")
    desk.press("A")
    assert [one.score for one in desk.decided] == [2.0, 1.25]


def test_skipped_answers_come_again_at_the_end_with_what_was_typed(desk):
    desk.view.comment.value = "Half a thought"
    desk.press("s", "1", "1", "1")
    assert desk.says("Answer number ann.", "Answer 4 of 4, 0 left")
    assert desk.view.comment.value == "Half a thought"


def test_undo_goes_back_step_by_step_and_brings_the_comment_back(desk):
    desk.view.comment.value = " Say whom it helps. "
    desk.press("1", "s", "2", "u")
    assert [one.cases[0].person for one in desk.undone] == ["cyd"]
    assert desk.says("Answer number cyd.", "Answer 2 of 4", "Undone")
    desk.press("u")
    assert desk.says("Answer number ben.", "Answer 2 of 4")
    desk.press("u")
    assert [one.cases[0].person for one in desk.undone] == ["cyd", "ann"]
    assert desk.undone[1] is desk.decided[0]
    assert desk.view.comment.value == " Say whom it helps. "
    assert desk.decided[0].comment == "Say whom it helps."
    assert desk.view.undo.disabled
    desk.press("u")
    assert desk.says("There is nothing to undo.")
    assert len(desk.undone) == 2


def test_a_held_key_counts_once_and_so_do_keys_typed_too_soon(desk):
    for _ in range(20):
        desk.now += REPEAT / 2
        desk.view.key_box.value = "3"
    assert len(desk.decided) == 1
    desk.press("12", "333", "  ")
    assert len(desk.decided) == 1
    desk.press("x")
    assert desk.says("The key x does nothing here.")
    desk.press("3")
    assert len(desk.decided) == 2


def test_one_decision_grades_everybody_who_wrote_it(vision):
    same = group(case("We tell people early.", "ann"), case("we tell people erly", "ben", score=3.0))
    desk = Desk(same, vision=vision)
    assert desk.says("2 people (Adviser) wrote this:", "It says fully (3 of 3 points) for 1 of the 2.")
    assert desk.says("we tell people erly")
    desk.press("2")
    assert desk.decided[0].cases == same.cases
    assert desk.says("Nothing is left to look at.")


def test_a_group_can_be_looked_at_one_by_one(vision):
    desk = Desk(group(case("a", "ann"), case("a", "ben")), group(case("b", "cyd")), vision=vision)
    desk.press("s", "1")
    desk.view.split.click()
    assert desk.says("Answer 2 of 3, 1 left", "2 answers now")
    assert desk.view.split.layout.display == "none"
    desk.press("1", "2", "u", "u", "u")
    assert [one.cases[0].person for one in desk.undone] == ["ben", "ann", "cyd"]


def test_the_comment_is_written_only_where_it_was_changed(vision):
    groups = [
        group(case(comment="As before.")),
        group(case(comment="As before.")),
        group(case(comment="To ann."), case(comment="To ben.", person="ben")),
    ]
    desk = Desk(*groups, vision=vision)
    assert desk.view.comment.value == "As before."
    desk.press("1")
    desk.view.comment.value = ""
    desk.press("1")
    assert desk.view.comment.value == "", "two people, two comments: neither is shown for both"
    desk.press("1")
    assert [one.comment for one in desk.decided] == [None, "", None]


def test_a_second_look_needs_an_answer_in_words(vision):
    desk = Desk(group(case(looks=(LOOK,), comment="Old words.")), vision=vision)
    assert desk.says("A second look was asked for on 1 December 2026:", "I said it in my words.")
    assert desk.view.comment.description == "Your answer to the employee (needed)"
    assert desk.view.comment.value == ""
    desk.press("a")
    assert not desk.decided
    assert desk.says("Write your answer to the employee first")
    desk.view.comment.value = "You are right."
    desk.press("3")
    assert (desk.decided[0].answer, desk.decided[0].comment) == ("You are right.", None)


def test_what_cannot_be_written_is_said_and_nothing_is_lost(desk):
    desk.press("2")
    desk.refuse = "another command is at work"
    desk.view.comment.value = "Say whom it helps."
    desk.press("3")
    assert desk.says("It was not saved: another command is at work.", "Answer number ben.", "Answer 2 of 4")
    assert desk.view.comment.value == "Say whom it helps."
    desk.press("u")
    assert desk.says("It could not be undone", "Answer number ben.")
    desk.refuse = ""
    desk.press("3")
    assert desk.decided[-1].comment == "Say whom it helps."
    desk.press("u", "u")
    assert len(desk.undone) == 2


@pytest.mark.parametrize("groups", [(), (group(case()),)])
def test_nothing_left_says_what_to_do_next(vision, groups):
    desk = Desk(*groups, vision=vision)
    if groups:
        desk.press("1")
        assert desk.says("You decided on one answer.", "Saved: partly")
    assert desk.says("Nothing is left to look at.", "visionquiz feedback autumn", "visionquiz publish")
    assert desk.view.comment.layout.display == "none"
    desk.press("1", "a", "s")
    assert len(desk.decided) == len(groups)
    desk.press("u")
    assert len(desk.undone) == len(groups)


def situation():
    ways = [
        Way(letter=letter, text=f"Do {letter}", why="Since", score=score, chosen=letter == "B")
        for letter, score in (("A", 3.0), ("B", 1.5), ("C", 0.0), ("D", 1.5))
    ]
    return Situation(title="No estimate", situation="A caller asks.", ways=tuple(ways))


def test_a_situation_offers_the_points_of_its_options(vision):
    chosen = case("no-estimate B", question=DECIDE, situation=situation(), score=1.5, full_reason="", looks=(LOOK,))
    desk = Desk(group(case()), group(chosen), vision=vision)
    desk.press("1")
    shown = [button.description for button in desk.view.levels if button.layout.display != "none"]
    assert shown == ["0: 0 of 3 points (C)", "1: 1.5 of 3 points (B or D)", "2: 3 of 3 points (A)"]
    assert desk.says("No estimate.", "Chosen: B: Do B", "The grader says 1.5 of 3 points.")
    desk.view.comment.value = "Fair enough."
    desk.press("3")
    assert desk.says("The key 3 does nothing here.")
    desk.press("2")
    assert desk.decided[-1].score == 3.0


def test_an_answer_that_cannot_be_shown_is_not_graded_here(vision):
    desk = Desk(group(case("", problem="the notebook is damaged")), vision=vision)
    assert desk.says("This answer cannot be shown: the notebook is damaged")
    desk.press("1", "a")
    assert not desk.decided
    assert desk.view.agree.disabled


def test_whatever_people_typed_is_text_and_every_tag_is_closed(vision, read_page):
    evil = Question(id="explain", kind="explain", points=3, prompt=EVIL, column="explain")
    marks = (Mark(start=0, end=12, label=EVIL), Mark(start=5, end=len(EVIL) + 9, label="who does it"))
    look = replace(LOOK, reason=EVIL)
    way = Way(letter="A", text=EVIL, why=EVIL, score=1.0, chosen=True)
    one = case(
        EVIL, EVIL, question=evil, role=EVIL, reason=EVIL, full_reason=EVIL, comment=EVIL, marks=marks, looks=(look,),
        situation=Situation(title=EVIL, situation=EVIL, ways=(way,)),
    )  # fmt: skip
    for html in (case_html(group(one, replace(one, text="Other"))), reason_html(one)):
        page = read_page(html)
        assert page.open == []
        assert not {"script", "img"} & {tag for tag, _ in page.attributes}
        assert not any(name.startswith("on") for _, found in page.attributes for name in found)
    html = case_html(group(one))
    assert (
        "".join(read_page(html.partition('<div class="typed"')[2].partition("</div>")[0]).text).count("alert(2)") == 1
    )
    directed = [found.get("dir") for tag, found in read_page(html).attributes if found.get("class") == "typed"]
    assert directed == ["auto"]
    assert EVIL not in case_html(group(replace(one, problem=EVIL)))


def test_evidence_is_marked_by_line_number_and_words_not_by_colour_only():
    text = "I ring them back."
    html = marked_html(text, (Mark(start=0, end=1, label="who does it"), Mark(start=2, end=6, label="an action")))
    assert '<mark title="who does it">I<sup>1</sup></mark> <mark title="an action">ring<sup>2</sup></mark>' in html
    assert "<li>who does it</li><li>an action</li>" in html
    shared = marked_html(text, (Mark(start=0, end=6, label="one"), Mark(start=2, end=11, label="two")))
    assert '<mark title="one">I </mark><mark title="one; two">ring<sup>1</sup></mark><mark title="two">' in shared
    assert marked_html(text, ()) == f'<div class="typed" dir="auto">{text}</div>'


def test_nobody_is_named_unless_one_asks(vision):
    html = case_html(group(case(person="ann.harper"), case(person="ben.lee")))
    shown, _, hidden = html.partition("<summary>Show who</summary>")
    assert "ann.harper" not in shown
    assert "ben.lee" not in shown
    assert "ann.harper, ben.lee" in hidden


def test_the_vision_is_at_hand(desk, vision):
    assert vision.statement in desk.view.vision.value
    assert desk.view.vision.value.count("<li>") == len(vision.meaning)


def test_what_a_saved_notebook_keeps_of_it_holds_no_answer(desk):
    kept = json.dumps(desk.view._repr_mimebundle_())
    assert PRESS_RUN in kept
    assert "Answer number" not in kept
    assert "ann" not in kept


def test_show_review_says_what_is_wrong_and_shows_what_is_left(monkeypatch, vision):
    from visionquiz.views import review

    shown = []
    monkeypatch.setattr("IPython.display.display", shown.append)

    def nothing(quiz_id, progress):
        progress(1, 3)
        assert "Reading the answers: 1 of 3" in shown[-1].children[1].value
        raise CourseError("nothing of 'autumn' has been graded yet")

    monkeypatch.setattr(review, "open_review", nothing)
    review.show_review("autumn")
    assert "has been graded yet" in shown[0].children[1].value
    assert repr(shown[0]) == PRESS_RUN

    class Found:
        groups, course = (group(case()),), "the course"

        class quiz:  # noqa: N801
            id = "autumn"

    Found.vision = vision
    calls = []
    monkeypatch.setattr(review, "open_review", lambda quiz_id, progress: Found)
    monkeypatch.setattr(review, "decide", lambda *told, who: calls.append((*told, who)))
    monkeypatch.setattr(review, "take_back", lambda *told, who: calls.append((*told, who)))
    monkeypatch.setattr(review, "trainer_login", lambda: "mia")
    review.show_review()
    (view,) = shown[1].children
    view.levels[2].click()
    view.undo.click()
    assert [(one[0], one[1].id, one[2].score, one[3]) for one in calls] == [("the course", "autumn", 2.0, "mia")] * 2
