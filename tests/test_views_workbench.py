"""The workbench, view by view, on a store of its own."""

import datetime as dt
import shutil

import pytest

from visionquiz.classroom import Seat
from visionquiz.errors import VisionQuizError
from visionquiz.ideas import QUESTIONS, make_ideas
from visionquiz.kit import kit_path
from visionquiz.proposal import begin_proposal
from visionquiz.store import Store, store_url
from visionquiz.views.workbench import Workbench, _steps, show_workbench
from visionquiz.views.workbench._ideas import IdeasView
from visionquiz.views.workbench._meaning import MeaningView
from visionquiz.views.workbench._themes import RoomThemesView
from visionquiz.views.workbench._vote import VoteView
from visionquiz.workshop import FILE, STAGES, Workshop

EVIL = "<script>alert(1)</script>"
NOW = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)
TEXTS = ["Ring back", "Be honest", "Be quick", "Say what is next", "Tell the truth", "Call me back"]


def fake_embed(texts, *, question):
    return [[float("back" in text), float("tr" in text or "honest" in text), 1.0] for text in texts]


@pytest.fixture
def enter(tmp_path):
    stores = []

    def come(who, *, trainer=False):
        stores.append(Store(store_url(tmp_path / "room.db")))
        return Workshop(stores[-1], Seat(id=who, trainer=trainer))

    yield come
    for store in stores:
        store.close()


@pytest.fixture
def trainer(enter):
    return enter("trainer", trainer=True)


def upload(view, name, content):
    view.file.value = (
        {"name": name, "type": "", "size": len(content), "content": memoryview(content), "last_modified": NOW},
    )


class TestIdeas:
    def view(self, workshop, samples=None):
        return IdeasView(workshop, known=["Hollowmere Water"], samples=samples or {})

    def test_what_is_written_waits_and_is_shown_to_all(self, enter, trainer):
        ada, lead = self.view(enter("ada")), self.view(trainer)
        ada.share()
        assert "nothing in the box" in ada.sent.value
        ada.text.value = EVIL
        ada.share()
        assert "once your trainer" in ada.sent.value
        assert ada.text.value == ""
        assert "No ideas are here yet" in ada.listed.value
        lead.refresh()
        assert "1 idea waits" in lead.waiting.value
        trainer.store.moderate([trainer.waiting_ideas()[0].id], "shown")
        ada.refresh()
        assert "&lt;script&gt;" in ada.listed.value
        assert EVIL not in ada.listed.value
        assert QUESTIONS[0] in ada.listed.value

    def test_a_long_idea_stays_in_the_box(self, enter):
        view = self.view(enter("ada"))
        view.text.value = "x" * 20_000
        view.share()
        assert "20,000 characters" in view.sent.value
        assert len(view.text.value) == 20_000

    def test_a_survey_is_looked_at_before_it_is_taken_in(self, trainer):
        lead = self.view(trainer)
        rows = "Name,What do you want?\nAda,Ring back as Maria Schmidt does\nBea,=1+1 honest\n"
        upload(lead.survey, "answers.csv", rows.encode())
        assert "2 answers" in lead.survey.told.value
        assert "Left out" in lead.survey.told.value
        assert trainer.ideas() == ()
        (box,) = lead.survey.blanks.children
        assert "Maria Schmidt" in box.description
        lead.survey.yes.click()
        assert "2 ideas were taken in" in lead.survey.done.value
        assert [one.text for one in trainer.ideas()] == ["Ring back as [name] does", "=1+1 honest"]
        upload(lead.survey, "answers.csv", rows.encode())
        lead.survey.yes.click()
        assert "0 ideas were taken in. 2 were here already" in lead.survey.done.value

    def test_a_file_that_is_no_survey_is_refused_in_words(self, trainer):
        lead = self.view(trainer)
        upload(lead.survey, "../../etc/<b>x.xlsx", b"PK not a spreadsheet")
        assert "was not taken in" in lead.survey.done.value
        assert "<b>" not in lead.survey.done.value
        assert trainer.ideas() == ()
        upload(lead.survey, "answers.csv", b"Name,What?\nAda,Ring back\n")
        lead.survey.no.click()
        assert "Nothing was taken in" in lead.survey.done.value
        assert trainer.ideas() == ()

    def test_invented_ideas_to_try_it_with(self, trainer):
        lead = self.view(trainer, {QUESTIONS[0]: ("Ring back", "Be honest")})
        assert lead._empty.layout.display is None
        lead.sample.click()
        assert len(trainer.ideas()) == 2
        assert lead._empty.layout.display == "none"

    def test_who_does_not_lead_takes_no_survey_in(self, enter):
        view = self.view(enter("ada"))
        assert view.survey not in view.children


class TestThemes:
    def test_grouped_moved_by_two_and_grouped_anew_only_on_purpose(self, enter, trainer):
        trainer.import_ideas(make_ideas(TEXTS))
        lead, ada = (RoomThemesView(one, embed=fake_embed) for one in (trainer, enter("ada")))
        assert "Your trainer groups" in ada.told.value
        lead.group.click()
        ada.refresh()
        assert ada.board is not None
        themes = lead.board.history.now.themes
        assert sorted(idea for theme in themes for idea in theme.ideas) == [f"survey-{n}" for n in range(1, 7)]
        ada.board._hear(None, {"kind": "rename", "theme": themes[0].id, "name": "Calls"}, [])
        lead.refresh()
        assert lead.board.history.now.theme(themes[0].id).name == "Calls"
        assert lead.board.history.steps[0].who == "ada"
        lead.group.click()
        assert "1 changes" in lead.told.value
        assert trainer.themes().steps
        lead.anew.value = True
        lead.group.click()
        assert trainer.themes().steps == ()
        assert not lead.anew.value

    def test_ideas_that_come_later_and_a_picture(self, trainer):
        trainer.import_ideas(make_ideas(TEXTS))
        lead = RoomThemesView(trainer, embed=fake_embed)
        lead.group.click()
        assert lead.new.layout.display == "none"
        trainer.import_ideas(make_ideas(["Smile <b>"]))
        lead.refresh()
        assert lead.new.layout.display is None
        lead.new.click()
        assert trainer.themes().now.themes[0].ideas == ("survey-7",)
        lead.near.click()
        assert lead.picture.value.count("<circle") == len(trainer.themes().now.themes)
        assert "New ideas: 1" in lead.picture.value

    def test_few_ideas_are_grouped_by_hand(self, trainer):
        lead = RoomThemesView(trainer, embed=fake_embed)
        lead.by_hand.click()
        assert "no ideas yet" in lead.told.value
        trainer.import_ideas(make_ideas(TEXTS[:2]))
        lead.group.click()
        assert "With fewer than 6" in lead.told.value
        lead.by_hand.click()
        assert [theme.name for theme in trainer.themes().now.themes] == ["All ideas"]

    def test_without_a_model_it_says_so(self, trainer):
        def broken(texts, *, question):
            raise VisionQuizError("the model is damaged")

        trainer.import_ideas(make_ideas(TEXTS))
        lead = RoomThemesView(trainer, embed=broken)
        lead.group.click()
        assert "the model is damaged" in lead.told.value
        assert not lead.group.disabled


class TestVote:
    @pytest.fixture
    def drafts(self, trainer):
        made = [trainer.start_draft(text).id for text in ("Keep every home running.", f"Tell the truth. {EVIL}")]
        for one in made:
            trainer.hang_up(one)
        return made

    def view(self, workshop):
        return VoteView(workshop, people=lambda: {f"person-{number}": "" for number in range(5)})

    def test_opened_cast_closed(self, enter, trainer, drafts):
        lead = self.view(trainer)
        lead.start.click()
        assert "Choose 2 to 12 drafts; 0 are ticked" in lead.told.value
        for box in lead.drafts.values():
            box.value = True
        lead.start.click()
        assert "0 of 5 people have voted; a result takes 3" in lead.status.value
        rooms = [self.view(enter(f"person-{number}")) for number in range(5)]
        for view in rooms[:2]:
            view.form.boxes[drafts[0]].value = True
            view.form.vote.click()
        assert "Your vote was taken" in rooms[0].form.status.value
        lead.close.click()
        assert "Fewer people have voted" in lead.told.value
        assert not trainer.vote().box.closed
        for view in rooms[2:]:
            view.form.boxes[drafts[0]].value = True
            view.form.vote.click()
        lead.refresh()
        assert "5 of 5" in lead.status.value
        lead.close.click()
        rooms[0].refresh()
        assert "Draft A is chosen" in rooms[0].place.children[0].page.value
        assert EVIL not in rooms[0].place.children[0].page.value

    def test_the_words_of_the_winner_are_traced_once_the_vote_is_closed(self, enter, trainer):
        people = {f"seat-{name.lower()}-7f3a": name for name in ("Adalind", "Beatrix", "Cemile", "Dagobert", "Eulalia")}
        rooms = [enter(ident) for ident in people]
        trainer.import_ideas(make_ideas([f"A home {EVIL}", "Honest people"]))
        parents = [
            room.start_draft(text) for room, text in zip(rooms, ["Keep homes warm", "Tell the truth"], strict=False)
        ]
        merged = rooms[2].start_draft("Keep homes warm and bright.", made="merged", parents=[parents[0].id])
        for one in (merged, parents[1]):
            trainer.hang_up(one.id)
        trainer.open_vote([parents[1].id, merged.id], voters=sorted(people))
        view = VoteView(rooms[4], people=lambda: people)
        for room in rooms:
            room.cast([merged.id])
        view.refresh()
        assert view.origin not in view.place.children
        assert view.origin.page.value == ""
        trainer.close_vote()
        trainer.edit_draft(merged.id, base="Keep homes warm and bright.", text="Something else.")
        view.refresh()
        result, origin = view.place.children
        assert "Draft B is chosen" in result.page.value
        assert "Where the words of Draft B come from" in origin.page.value
        assert "Of its 4 telling words came 3 from draft 1 and 1 from draft 3." in origin.page.value
        assert "&lt;script&gt;" in origin.page.value
        assert EVIL not in origin.page.value

        def shown():
            return [name for ident, name in people.items() if name in origin.page.value or ident in origin.page.value]

        assert shown() == []
        trainer.name_authors(True)
        view.refresh()
        assert shown() == ["Adalind", "Cemile"]
        trainer.name_authors(False)
        view.refresh()
        assert shown() == []

    def test_a_tie_traces_each_and_no_result_nothing(self, enter, trainer, drafts):
        for voters, heads in ((["ada", "bea"], ["Draft A", "Draft B"]), (["ada", "bea", "cem", "dan"], [])):
            trainer.open_vote(drafts, voters=voters)
            enter("ada").cast([drafts[0]])
            if heads:
                enter("bea").cast([drafts[1]])
            trainer.close_vote()
            view = self.view(trainer)
            assert [one for one in ("Draft A", "Draft B") if f"words of {one} come" in view.origin.page.value] == heads

    @pytest.mark.usefixtures("drafts")
    def test_who_came_later_is_told(self, enter, trainer):
        lead = self.view(trainer)
        for box in lead.drafts.values():
            box.value = True
        lead.me.value = True
        lead.start.click()
        assert lead.form is not None
        late = self.view(enter("late"))
        assert "before you joined" in late.place.children[0].value

    def test_nothing_on_the_wall_and_nobody_here(self, trainer):
        lead = VoteView(trainer, people=dict)
        assert "No draft hangs" in lead._drafts.children[0].value
        for text in ("One.", "Two."):
            trainer.hang_up(trainer.start_draft(text).id)
        lead.refresh()
        for box in lead.drafts.values():
            box.value = True
        lead.start.click()
        assert "Nobody has joined" in lead.told.value


class TestMeaning:
    @pytest.fixture
    def draft(self, trainer):
        made = trainer.start_draft(f"Tell the truth, and ring back. {EVIL}")
        trainer.hang_up(made.id)
        return made.id

    @pytest.fixture
    def view(self, vision):
        return lambda workshop: MeaningView(workshop, start=begin_proposal(vision))

    def write(self, box, text):
        box._hear(box, {"base": box.text, "text": text, "number": "1"}, [])

    def test_nothing_to_explain_yet(self, trainer, view):
        assert "No draft hangs on the wall yet" in view(trainer).told.value

    def test_two_explain_one_statement(self, enter, trainer, draft, view):
        trainer.import_ideas(make_ideas(TEXTS))
        RoomThemesView(trainer, embed=fake_embed).group.click()
        ada, bea = view(enter("ada")), view(enter("bea"))
        assert EVIL not in ada.sheet.statement.value
        assert 'class="open">ring</span>' in ada.sheet.statement.value
        ada.sheet.add.click()
        bea.refresh()
        (card,) = bea.sheet.points.values()
        self.write(card.text, "Say how it is, also when it is bad news.")
        card.words.boxes["truth"].value = True
        theme = trainer.themes().now.themes[0]
        card.themes.boxes[theme.id].value = True
        self.write(ada.sheet.core, "Nobody is left guessing.")
        ada.refresh()
        assert ada.sheet.points["point-1"].text.text == "Say how it is, also when it is bad news."
        assert ada.sheet.points["point-1"].words.boxes["truth"].value
        assert 'class="told">truth</span>' in ada.sheet.statement.value
        assert f"The theme “{theme.name}”" not in ada.sheet.gaps.value
        kept = trainer.meaning(draft)
        assert kept.core_idea == "Nobody is left guessing."
        assert kept.points[0].themes == (theme.id,)

    def test_what_holds_words_is_dropped_by_two_presses(self, trainer, draft, view):
        lead = view(trainer)
        lead.sheet.add.click()
        self.write(lead.sheet.points["point-1"].text, "Say how it is.")
        lead.refresh()
        drop = lead.sheet.points["point-1"].drop
        drop.click()
        assert drop.description == "Yes, drop this point and its words"
        assert len(trainer.meaning(draft).points) == 1
        drop.click()
        assert trainer.meaning(draft).points == ()
        lead.sheet.add.click()
        lead.sheet.points["point-2"].drop.click()
        assert lead.sheet.points == {}

    def test_a_role_and_what_cannot_be_done(self, trainer, draft, view, vision):
        lead = view(trainer)
        lead.sheet.new_role.click()
        assert "1 to 80 characters" in lead.sheet.told.value
        lead.sheet.title.value = "Night porter"
        lead.sheet.new_role.click()
        assert (lead.sheet.told.value, lead.sheet.title.value) == ("", "")
        *known, new = lead.sheet.roles.values()
        assert len(known) == len(vision.roles)
        self.write(new.text, "I leave the light on.")
        assert trainer.meaning(draft).roles[-1].contributions == ("I leave the light on.",)

    def test_the_trainer_is_told_how_to_adopt_what_lacks_nothing(self, enter, trainer, draft, view):
        lead, ada = view(trainer), view(enter("ada"))
        assert "visionquiz adopt" not in lead.sheet.gaps.value
        self.write(lead.sheet.core, "Nobody is left guessing.")
        lead.sheet.add.click()
        self.write(lead.sheet.points["point-1"].text, "Say how it is.")
        for one in (lead, ada):
            one.refresh()
        assert f"visionquiz adopt {draft}." in lead.sheet.gaps.value
        assert "visionquiz adopt" not in ada.sheet.gaps.value

    def test_the_chosen_draft_comes_up_by_itself_as_it_was_voted_on(self, trainer, draft, view):
        other = trainer.start_draft("Keep every home warm.").id
        trainer.hang_up(other)
        lead = view(trainer)
        assert lead.menu.value == draft
        lead.sheet.add.click()
        trainer.open_vote([draft, other], voters=["trainer"])
        trainer.cast([other])
        trainer.close_vote()
        trainer.edit_draft(other, base="Keep every home warm.", text="Keep every office warm.")
        lead.refresh()
        assert lead.menu.value == other
        assert "home" in lead.sheet.statement.value
        assert lead.sheet.points == {}
        lead.menu.value = draft
        assert list(lead.sheet.points) == ["point-1"]
        lead.refresh()
        assert lead.menu.value == draft, "whoever picks another draft stays there"


class TestWorkbench:
    @pytest.fixture
    def bench(self, vision):
        return lambda workshop: Workbench(workshop, _steps(workshop, vision, fake_embed))

    def test_who_is_where_the_room_is_goes_along_and_who_is_elsewhere_stays(self, enter, trainer, bench):
        lead, ada, bea = bench(trainer), bench(enter("ada")), bench(enter("bea"))
        assert "step 1 of 9: Collect ideas" in ada.here.value
        bea.steps.value = "vote"
        lead.steps.value = "themes"
        assert "step 1 of 9" in lead.here.value
        assert lead.lead.description == "Take the room to “Find themes”"
        lead.lead.click()
        assert "step 2 of 9: Find themes, until about" in lead.here.value
        for one in (ada, bea):
            one.refresh()
        assert (ada.shown, bea.shown) == ("themes", "vote")
        bea.follow.click()
        assert bea.shown == "themes"

    def test_every_step_has_a_view(self, trainer, vision, bench):
        assert set(STAGES) == set(_steps(trainer, vision, fake_embed))
        view = bench(trainer)
        for name in STAGES:
            view.show(name)
            assert view.message.value == ""
            assert view.place.children == (view.views[name],)
            view.refresh()

    def test_who_does_not_lead_has_no_buttons_to_lead(self, enter, bench):
        view = bench(enter("ada"))
        assert view.lead not in [part for box in view.children[2].children for part in getattr(box, "children", ())]
        assert view.named not in view.children[2].children

    def test_roles_of_an_invented_company_are_not_taken_over(self, trainer, tmp_path, monkeypatch):
        trainer.hang_up(trainer.start_draft("Tell the truth.").id)
        for name in ("VISIONQUIZ_ROOM", "VISIONQUIZ_FOLDER", "VISIONQUIZ_VISION"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("VISIONQUIZ_ROOM", trainer.store.url)
        monkeypatch.chdir(tmp_path)
        counts = []
        for _ in range(2):
            view = show_workbench()
            view.show("meaning")
            counts.append(len(view.views["meaning"].sheet.roles))
            view.workshop.store.close()
            shutil.copy(kit_path("assessments") / "hollowmere" / "vision.toml", tmp_path)
        assert counts == [0, 6]

    def test_alone_it_is_kept_beside_the_notebook(self, tmp_path, monkeypatch):
        for name in ("VISIONQUIZ_ROOM", "VISIONQUIZ_FOLDER", "VISIONQUIZ_VISION"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.chdir(tmp_path)
        view = show_workbench()
        assert view.workshop.seat.trainer
        assert (tmp_path / FILE).exists()
        assert repr(view) == "Press Run to open the workbench."
        view.workshop.store.close()

    def test_what_cannot_be_opened_says_why(self, tmp_path, monkeypatch):
        monkeypatch.setenv("VISIONQUIZ_ROOM", "nonsense://x")
        monkeypatch.chdir(tmp_path)
        assert "cannot be opened" in show_workbench().children[1].value
