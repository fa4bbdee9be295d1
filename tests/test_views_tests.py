"""Tests of drafts on the screen, driven as a browser drives them: values set, buttons clicked."""

import re
from dataclasses import replace

import pytest

from visionquiz.classroom import Seat
from visionquiz.errors import StoreError
from visionquiz.grading import Grade, Judgement
from visionquiz.kit import kit_path
from visionquiz.piloting import KINDS, LATER, DraftTests
from visionquiz.store import Store, store_url
from visionquiz.trials import Draft
from visionquiz.views.trial import RecallTrialForm
from visionquiz.views.trials import AnswerForm, LeadView, TakeView, draw_tests, tell_tests
from visionquiz.vision import load_vision
from visionquiz.workshop import Workshop

VISION = load_vision(kit_path("assessments") / "hollowmere" / "vision.toml")
HOME, OTHER = "We keep every home warm and dry.", "Excellence in everything for stakeholders."
ATTACK = "Keep <script>alert(1)</script><img src=x onerror=alert(2)> homes dry"
DAY = 86_400


class Clock:
    now = 1_000_000.0

    def __call__(self):
        return self.now


class Room:
    """A workshop with drafts on its wall, and seats to sit down at."""

    def __init__(self, url):
        self.store, self.clock, self.graded = Store(url), Clock(), []
        trainer = Workshop(self.store, Seat(id="trainer", trainer=True))
        self.drafts = [trainer.start_draft(text).id for text in (HOME, OTHER)]
        for one in self.drafts:
            trainer.hang_up(one)

    def explain(self, draft, points, texts):
        self.graded.append(draft)
        first = points[0].id
        said = Judgement(part=first, chance=1.0, verdict="covered")
        return [
            Grade(
                id="x",
                share=0,
                level=0,
                confidence=1,
                review=False,
                reason="",
                judgements=(said,) if "idea" not in text else (),
            )
            for text in texts
        ]

    def sit(self, who, *, trainer=False, vision=VISION):
        workshop = Workshop(self.store, Seat(id=who, trainer=trainer))
        return draw_tests(workshop, vision=vision, explain=self.explain, clock=self.clock)

    def answer(self, ident, number, make):
        """Somebody takes part; `make` gives the answer for the arm that they get."""
        tests = DraftTests(self.store, Seat(id=f"person-{number}"), clock=self.clock)
        tests.answer(ident, make(tests.join(ident)))
        return tests


@pytest.fixture
def room(tmp_path):
    one = Room(store_url(tmp_path / "workshop.db"))
    yield one
    one.store.close()


def begin(room, kind, *drafts, **chosen):
    desk = room.sit("trainer", trainer=True)
    desk.kind.value = kind
    for ident in drafts or room.drafts[: KINDS[kind].most]:
        desk.boxes[ident].value = True
    for name, value in chosen.items():
        getattr(desk, name).value = value
    desk.start.click()
    return desk


@pytest.fixture
def close(shown):
    """Closes a test on the trainer's page, and gives the words of its result."""

    def press(desk):
        desk.close.click()
        desk.sure.click()
        return shown(desk.result)

    return press


class TestLead:
    def test_an_empty_wall_says_what_to_do(self, tmp_path, shown):
        store = Store(store_url(tmp_path / "empty.db"))
        desk = draw_tests(Workshop(store, Seat(id="t", trainer=True)), vision=VISION)
        assert "no draft on the wall yet" in shown(desk)
        assert desk.start.disabled
        draft = Workshop(store, Seat(id="a")).start_draft(ATTACK).id
        desk.refresh()
        assert desk.start.disabled, "it is not on the wall"
        Workshop(store, Seat(id="a")).hang_up(draft)
        desk.refresh()
        assert not desk.start.disabled
        assert desk.boxes[draft].description == ATTACK
        store.close()

    @pytest.mark.parametrize("kind", list(KINDS))
    def test_each_test_says_what_it_is_and_asks_only_what_it_needs(self, room, kind, shown):
        desk = room.sit("trainer", trainer=True)
        desk.kind.value = kind
        words = shown(desk)
        assert KINDS[kind].help.split(".")[0] in words
        assert ("Another company" in words) == (kind == "swap")
        assert ("Ask what they still remember" in words) == (kind == "recall")
        assert ("Which situations" in words) == (kind == "decision")
        assert ("How many people it takes" in words) == (kind in ("recall", "meaning", "decision"))

    def test_a_test_that_cannot_be_run_says_why_and_keeps_what_was_chosen(self, room, shown):
        desk = begin(room, "recall", room.drafts[0])
        assert "takes 2 to 6 drafts, and 1 was chosen" in shown(desk)
        assert desk.boxes[room.drafts[0]].value
        desk.boxes[room.drafts[1]].value = True
        desk.start.click()
        assert "The test is open" in shown(desk)
        assert not any(box.value for box in desk.boxes.values())

    def test_ticks_stay_while_drafts_come_up(self, room):
        desk = room.sit("trainer", trainer=True)
        desk.boxes[room.drafts[1]].value = True
        ada = Workshop(room.store, Seat(id="ada"))
        ada.hang_up(ada.start_draft("Be quick").id)
        desk.refresh()
        assert [box.value for box in desk.boxes.values()] == [False, True, False]

    def test_closing_is_asked_for_twice_and_then_shows_what_came_of_it(self, room, shown, close):
        desk = begin(room, "recall")
        assert "0 people have begun, 0 people have handed in" in shown(desk)
        for number in range(12):
            right = {room.drafts[0]: HOME, room.drafts[1]: "no idea"}
            room.answer("test-001", number, lambda arm, right=right: {"text": right[arm]})
            desk.refresh()
            assert desk.past.value is None, "nothing is shown before it is closed"
        assert "12 people have begun, 12 people have handed in" in shown(desk)
        desk.close.click()
        assert "Close it now" in shown(desk)
        desk.keep.click()
        assert "Close it now" not in shown(desk)
        words = close(desk)
        assert "People remember Draft A better than Draft B." in words
        assert 'style="--heat:1.00"' in words
        assert "Nobody has recalled it later yet" in words
        assert "What do you want to know?" in shown(desk), "the next one can begin"

    def test_no_difference_is_called_no_difference_yet(self, room, close):
        desk = begin(room, "recall")
        for number in range(12):
            room.answer("test-001", number, lambda _: {"text": "nothing"})
        words = close(desk)
        assert "Draft A and Draft B: no difference yet." in words
        assert "How many people it takes" in words

    def test_of_fewer_than_five_nothing_is_shown(self, room, shown, close):
        desk = begin(room, "recall")
        for number in range(8):
            room.answer("test-001", number, lambda _: {"text": HOME})
        desk.refresh()
        assert "At least 2 more are needed" in shown(desk)
        words = close(desk)
        assert words.count("Fewer than 5 people have recalled it, so nothing is shown yet.") == 2
        assert "It takes 5 or more" in words
        assert "%</span>" not in words

    def test_what_was_recalled_later_stands_below(self, room, shown, close):
        desk = begin(room, "recall", days=1)
        people = [room.answer("test-001", number, lambda _: {"text": HOME}) for number in range(10)]
        close(desk)
        room.clock.now += DAY
        for one in people:
            one.answer("test-001", {"text": "warm"}, occasion=LATER)
        desk.refresh()
        assert "What people remember after a day" in shown(desk.result)

    def test_the_points_that_people_reach(self, room, everything, close):
        desk = begin(room, "meaning")
        for number in range(11):
            room.answer("test-001", number, lambda _: {"text": "somebody's very own words"})
        words = close(desk)
        assert room.graded == [HOME, OTHER]
        assert VISION.meaning[0].text in words
        assert "no difference yet" in words
        assert "very own words" not in everything(desk), "what people wrote is theirs"
        desk.refresh()
        assert len(room.graded) == 2, "grading takes time: once is enough"

    @pytest.mark.parametrize(
        ("badly", "said"),
        [
            ("without", "People decide better when they have read the draft."),
            ("with", "People decide worse when they have read the draft."),
            ("nobody", "With and without the draft: no difference yet."),
        ],
    )
    def test_decisions_with_and_without_the_draft(self, room, badly, said, close):
        desk = begin(room, "decision")
        scenarios = DraftTests(room.store, Seat()).open_test().scenarios
        best = {one.id: max(range(3), key=lambda n, one=one: one.options[n].points) for one in scenarios}
        worst = {one.id: min(range(3), key=lambda n, one=one: one.options[n].points) for one in scenarios}
        for number in range(12):
            room.answer("test-001", number, lambda arm: {"choices": worst if arm == badly else best})
        assert said in close(desk)

    def test_what_was_seen_and_whether_two_saw_the_same(self, room, close):
        desk = begin(room, "observation", room.drafts[0])
        for number in range(12):
            room.answer("test-001", number, lambda _, n=number: {"lived": n != 1, "contact": f"call {n // 2}"})
        words = close(desk)
        assert "5 of 6" in words
        assert "they said the same in 5 of 6 cases" in words
        assert "call 1" not in words

    def test_a_draft_that_fits_anybody(self, room, close):
        desk = begin(room, "swap", rival="Northwell <b>Water</b>")
        for number in range(24):
            room.answer("test-001", number, lambda arm: {"just_as_true": arm == room.drafts[1]})
        words = close(desk)
        assert "Most people say that it could not be said of the other company." in words
        assert "Most people say that it could be said of the other company just as well." in words
        assert "differ by more than chance explains" in words
        assert "<b>Water" not in words

    def test_ratings_by_role_hide_small_groups(self, room, close):
        desk = begin(room, "ratings", room.drafts[0])
        one, other, *_ = VISION.roles
        for number in range(10):
            role = one.id if number < 6 else other.id
            room.answer("test-001", number, lambda _, role=role: {"today": 2, "future": 5, "role": role})
        words = close(desk)
        assert "Is it true of us today?" in words
        assert "Yes, that is who we are going to be." in words
        assert "10 people" in words
        assert "6 people" not in words, "it would give away the other four"
        assert "hidden, or nobody answered" in words

    def test_html_in_drafts_stays_text(self, room, shown, close):
        ada = Workshop(room.store, Seat(id="ada"))
        bad = ada.start_draft(ATTACK).id
        ada.hang_up(bad)
        desk = begin(room, "ratings", bad)
        assert "&lt;script&gt;" in shown(desk)
        for widget in (desk.counts, room.sit("bea"), desk.result):
            assert "<script>" not in shown(widget)
        assert "<script>" not in close(desk)

    def test_two_trainers_see_one_test(self, room, shown, close):
        desk, other = begin(room, "recall"), room.sit("another", trainer=True)
        assert "Open now" in shown(other)
        close(other)
        desk.sure.click()
        desk.refresh()
        assert "Open now" not in shown(desk)
        assert desk.past.value == "test-001"
        assert "can take part now" not in shown(desk)


class TestTake:
    def take(self, room, who="ada"):
        view = room.sit(who)
        view.go.click()
        return view

    def test_nothing_is_open(self, room, shown):
        view = room.sit("ada")
        assert isinstance(view, TakeView)
        assert "No test is open" in shown(view)
        assert "Take part" not in shown(view)

    def test_recall_from_the_invitation_to_thanks(self, room, shown):
        view = room.sit("ada")
        begin(room, "recall")
        view.refresh()
        assert "without your name" in shown(view)
        assert HOME not in shown(view)
        assert OTHER not in shown(view), "nobody has read a draft before they take part"
        view.go.click()
        form = view.form
        assert isinstance(form, RecallTrialForm)
        assert (HOME in shown(view)) != (OTHER in shown(view))
        form.on.click()
        view.refresh()
        assert view.form is form, "what somebody is at work on stays"
        again = room.sit("ada")
        assert again.form.step == "recall", "whoever comes back does not read it twice"
        form.skip.click()
        form.text.value = "warm"
        form.send.click()
        view.refresh()
        assert "Thank you" in shown(view)
        again.form.send.click()
        assert "handed in already" in shown(again)
        assert "Thank you" in shown(room.sit("ada"))

    def test_a_day_later_it_is_asked_again(self, room, everything, shown, close):
        desk = begin(room, "recall", days=1)
        view = self.take(room)
        view.form.on.click()
        view.form.skip.click()
        view.form.send.click()
        close(desk)
        assert room.sit("ada").form is None
        room.clock.now += DAY
        back = room.sit("ada")
        assert back.form.step == "recall"
        assert "Some days ago you read a draft" in shown(back)
        assert HOME not in everything(back)
        assert OTHER not in everything(back)
        back.form.text.value = "dry"
        back.form.send.click()
        back.refresh()
        assert "Thank you" in shown(back)
        assert room.sit("ada").form is None
        assert room.sit("bea").form is None

    def test_explaining(self, room, shown):
        begin(room, "meaning", room.drafts[0])
        view = self.take(room)
        assert HOME in shown(view)
        view.form.send.click()
        assert "nothing in the box yet" in shown(view)
        view.form.fields["text"].value = "Nobody shall freeze"
        view.form.send.click()
        assert "Thank you" in shown(view)

    def test_deciding_with_and_without_the_draft(self, room, everything, shown):
        begin(room, "decision")
        views = [self.take(room, who) for who in ("ada", "bea")]
        (reader,) = [one for one in views if one.form.step == "read"]
        (other,) = [one for one in views if one.form.step == "answer"]
        assert HOME in shown(reader)
        assert HOME not in everything(other)
        reader.form.on.click()
        assert HOME not in everything(reader)
        assert room.sit({True: "ada", False: "bea"}[reader is views[0]]).form.step == "answer"
        for view in views:
            view.form.send.click()
            assert "Situation 1 has no answer yet" in shown(view)
            for field in view.form.fields.values():
                assert len(field.options) == 3
                field.index = 0
            view.form.send.click()
            assert "Thank you" in shown(view)

    def test_options_come_in_another_order_for_others(self, room):
        begin(room, "decision")
        orders = set()
        for number in range(12):
            field = next(iter(self.take(room, f"p{number}").form.fields.values()))
            orders.add(tuple(place for _, place in field.options))
        assert len(orders) > 2
        again = next(iter(room.sit("p1").form.fields.values()))
        assert again.options == next(iter(room.sit("p1").form.fields.values())).options

    def test_something_seen_today_and_something_else(self, room, shown):
        begin(room, "observation", room.drafts[0])
        view = self.take(room)
        view.form.fields["contact"].value = "call 1"
        view.form.send.click()
        assert "Say yes or no first" in shown(view)
        view.form.fields["lived"].value = True
        view.form.send.click()
        assert "something else" in shown(view)
        view.refresh()
        view.form.again.click()
        assert (view.form.fields["contact"].value, view.form.fields["lived"].value) == ("", None)
        view.form.fields["contact"].value = "Call 1"
        view.form.fields["lived"].value = False
        view.form.send.click()
        assert "answered for &#x27;call 1&#x27; already" in shown(view)

    def test_another_companys_name(self, room, shown):
        begin(room, "swap", room.drafts[0], rival="Northwell")
        view = self.take(room)
        assert "Northwell: We keep every home warm and dry." in shown(view)
        assert "Could Northwell say this" in shown(view)
        view.form.fields["just_as_true"].value = False
        view.form.send.click()
        assert "Thank you" in shown(view)

    def test_two_scales_and_a_role(self, room, shown):
        begin(room, "ratings", room.drafts[0])
        view = self.take(room)
        fields = view.form.fields
        assert fields["role"].value == "", "nobody has to say"
        fields["today"].value = 2
        view.form.send.click()
        assert "Answer both questions first" in shown(view)
        fields["future"].value = 5
        fields["role"].value = VISION.roles[0].id
        view.form.send.click()
        (given,) = DraftTests(room.store, Seat()).answers("test-001")
        assert given.body == {"today": 2, "future": 5, "role": VISION.roles[0].id}

    def test_a_test_that_is_closed_takes_nobodys_words_from_the_screen(self, room, shown, close):
        desk = begin(room, "meaning", room.drafts[0])
        view = self.take(room)
        view.form.fields["text"].value = "half a sentence"
        close(desk)
        view.refresh()
        assert "closed meanwhile" in shown(view)
        assert view.form.fields["text"].value == "half a sentence"
        view.form.send.click()
        assert "This test is closed" in shown(view)
        begin(room, "ratings", room.drafts[0])
        view.refresh()
        assert "A test of drafts is open" in shown(view)

    def test_a_full_disk_is_said_and_the_words_stay(self, room, monkeypatch, shown):
        begin(room, "meaning", room.drafts[0])
        view = self.take(room)
        view.form.fields["text"].value = "Nobody shall freeze"

        def fail(*_, **__):
            raise StoreError("the workshop's data cannot be reached: the disk is full")

        with monkeypatch.context() as patch:
            patch.setattr(Store, "change", fail)
            view.form.send.click()
        assert "disk is full" in shown(view)
        assert view.form.step == "answer"
        view.form.send.click()
        assert "Thank you" in shown(view)


def test_who_comes_with_no_meaning_points_is_told(room, shown):
    desk = room.sit("trainer", trainer=True, vision=replace(VISION, meaning=()))
    desk.kind.value = "meaning"
    desk.boxes[room.drafts[0]].value = True
    desk.start.click()
    assert "no meaning points yet" in shown(desk)
    assert isinstance(desk, LeadView)
    assert re.search("role=.alert", shown(desk))


def test_a_form_without_a_draft_asks_all_the_same(room):
    begin(room, "decision")
    test = DraftTests(room.store, Seat()).open_test()
    form = AnswerForm(test, None, who="x", save=lambda _: None)
    assert form.step == "answer"


def answer_of(kind, good, number):
    """What the person with this number answers about a good draft, or the other one."""
    return {
        "recall": {"text": "we keep every home warm and dry" if good else "something"},
        "meaning": {"text": "Warm homes first." if good else "No idea."},
        "swap": {"just_as_true": not good},
        "observation": {"lived": good, "contact": f"call {number}"},
        "ratings": {"today": 2, "future": 4, "role": ""},
    }[kind]


class TestInShort:
    """What stands beside the result of a vote."""

    def tell(self, room, texts=None, *, graded=True):
        texts = texts or dict(zip(room.drafts, (HOME, OTHER), strict=True))
        names = dict(zip(room.drafts, ("Draft A", "Draft B"), strict=True))
        return tell_tests(DraftTests(room.store, Seat()), texts, names, room.explain if graded else None)

    def run(self, room, kind, count=20):
        lead = DraftTests(room.store, Seat(id="trainer", trainer=True), clock=room.clock)
        drafts = [Draft(id=one, text=text) for one, text in zip(room.drafts, (HOME, OTHER), strict=True)]
        test = lead.start(kind, drafts, vision=VISION, rival="Northwell", scenarios=[])
        for number in range(count):
            room.answer(test.id, number, lambda arm, at=number: answer_of(kind, arm == room.drafts[0], at))
        lead.close(test.id)

    @pytest.mark.parametrize(
        ("kind", "one", "other"),
        [
            (
                "recall",
                "Remembered at once: 100% of its words by 10 people; more than Draft B.",
                "Remembered at once: 0% of its words by 10 people; less than Draft A.",
            ),
            ("swap", "Ours alone: 0 of 10 say that Northwell could", "Ours alone: 10 of 10 say that Northwell could"),
            ("observation", "Seen: 10 of 10 things", "Seen: 0 of 10 things"),
            ("ratings", "True of us today: 2.0 of 5; who we are going to be: 4.0 of 5, by 10 people.", "True of us"),
        ],
    )
    def test_each_kind_in_a_line(self, room, kind, one, other):
        self.run(room, kind)
        told = self.tell(room)
        assert told[room.drafts[0]][0].startswith(one)
        assert told[room.drafts[1]][0].startswith(other)

    def test_explanations_name_the_point_that_comes_across_and_the_one_that_does_not(self, room):
        self.run(room, "meaning")
        most, share = self.tell(room)[room.drafts[0]]
        assert f"most (10) said “{VISION.meaning[0].text}”" in most
        assert "more than Draft B" in share

    def test_only_the_trainers_kernel_grades_explanations(self, room):
        self.run(room, "meaning")
        told = self.tell(room, graded=False)
        assert room.graded == []
        assert all(lines == ["Understood: your trainer's page tells which meaning points people reached."]
                   for lines in told.values())  # fmt: skip

    def test_an_open_test_and_few_people_say_nothing(self, room):
        self.run(room, "swap", count=4)
        lead = DraftTests(room.store, Seat(id="trainer", trainer=True), clock=room.clock)
        lead.start("ratings", [Draft(id=room.drafts[0], text=HOME)], vision=VISION, rival="", scenarios=[])
        assert [lines[0][:40] for lines in self.tell(room).values()] == ["Tested with people, and nothing can be s"] * 2

    def test_without_a_test_it_says_so(self, room):
        assert list(self.tell(room).values()) == [["No test with people."]] * 2

    def test_other_wording_is_told(self, room):
        self.run(room, "swap")
        told = self.tell(room, {room.drafts[0]: HOME + " Always."})
        assert list(told) == [room.drafts[0]]
        assert told[room.drafts[0]][0].endswith("This was asked of an earlier wording.")
