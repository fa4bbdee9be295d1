import asyncio
import datetime as dt
import errno
import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from visionquiz import taking
from visionquiz.errors import DeskError
from visionquiz.notebook import dump_notebook, fill_answers, write_choice, write_quiz
from visionquiz.paper import read_paper
from visionquiz.receipt import Receipt, dump_receipt, moment_text, parse_receipt, receipt_html
from visionquiz.submission import ANSWER_LIMIT, FEEDBACK_KEY, feedback_name
from visionquiz.taking import (
    DRAFT_LIMIT,
    Counter,
    Draft,
    Taker,
    ask_second_look,
    choose_answers,
    fill_paper,
    list_receipts,
    load_draft,
    merge_cells,
    open_desk,
    read_cells,
    read_feedback,
    save_draft,
    write_counter,
)

NOW = dt.datetime(2026, 11, 30, 10, 42, 31, tzinfo=dt.UTC)
AT = NOW.replace(tzinfo=None)
"""As nbgrader keeps it."""

MIA = {"VISIONQUIZ_PERSON": "mia.okoro", "VISIONQUIZ_NAME": "Mia Okoro", "VISIONQUIZ_ROLE": "adviser"}


@pytest.fixture
def release(quiz, vision):
    return write_quiz(quiz, vision)


@pytest.fixture
def desk(tmp_path, release):
    folder = tmp_path / "vision-check"
    folder.mkdir()
    (folder / "vision-check.ipynb").write_text(dump_notebook(release), encoding="utf-8")
    return open_desk("vision-check", folder, MIA)


def type_into_notebook(desk, release, **typed):
    (desk.folder / "vision-check.ipynb").write_text(dump_notebook(fill_answers(release, typed)), encoding="utf-8")


class TestWhoAnswers:
    @pytest.mark.parametrize(
        ("env", "expected"),
        [
            (MIA, Taker(person="mia.okoro", name="Mia Okoro", role="adviser")),
            ({**MIA, "JUPYTERHUB_USER": "x"}, Taker(person="mia.okoro", name="Mia Okoro", role="adviser")),
            ({"JUPYTERHUB_USER": "ben"}, Taker(person="ben", name="ben", role="")),
            ({}, Taker(person="me", name="me", role="")),
            ({**MIA, "VISIONQUIZ_ROLE": "astronaut"}, Taker(person="mia.okoro", name="Mia Okoro", role="")),
        ],
    )
    def test_by_environment_then_by_login(self, desk, env, expected, monkeypatch):
        monkeypatch.setattr(taking.getpass, "getuser", lambda: "me")
        assert open_desk("vision-check", desk.folder, env).taker == expected

    def test_a_name_that_is_no_persons_is_refused(self, desk):
        with pytest.raises(DeskError, match="that name has characters"):
            open_desk("vision-check", desk.folder, {"JUPYTERHUB_USER": "../../x"})


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_text("{"),
        lambda path: path.write_text("[]"),
        lambda path: path.write_text('{"metadata": {"visionquiz": {"format": 1}}}'),
        lambda path: (path.unlink(), path.symlink_to("/etc/passwd")),
        lambda path: (path.unlink(), os.mkfifo(path)),
    ],
)
def test_a_notebook_that_cannot_be_read_is_an_error_that_says_what_to_do(desk, damage):
    damage(desk.folder / "vision-check.ipynb")
    with pytest.raises(DeskError, match="sk your trainer"):
        open_desk("vision-check", desk.folder, MIA)


class TestDraft:
    def test_what_is_saved_is_loaded(self, desk):
        draft = Draft(
            answers={"state": 'Water first\n"quoted" 💧', "gone": "an answer to another release"},
            role="adviser",
            saved=NOW,
            cells={"state": "x"},
        )
        save_draft(desk, draft)
        assert load_draft(desk) == (draft, "")
        assert sorted(path.name for path in desk.folder.iterdir()) == ["answers.json", "vision-check.ipynb"]

    def test_only_its_owner_can_read_it(self, desk):
        save_draft(desk, Draft(saved=NOW))
        save_draft(desk, Draft(saved=NOW))
        assert stat.S_IMODE((desk.folder / "answers.json").stat().st_mode) == 0o600

    def test_nothing_saved_yet_is_an_empty_draft(self, desk):
        assert load_draft(desk) == (Draft(), "")

    @pytest.mark.parametrize(("left", "words"), [(0, "the disk is full"), (None, "this folder cannot be written to")])
    def test_a_folder_that_takes_no_more_leaves_the_former_draft(self, desk, ordinary, left, words):
        former = Draft(answers={"state": "what I had"}, saved=NOW)
        save_draft(desk, former)
        if left is None:
            desk.folder.chmod(0o555)
        program = (
            "import pathlib, sys; from visionquiz.taking import *; desk = pathlib.Path(sys.argv[1]); "
            "save_draft(open_desk('vision-check', desk), Draft(answers={'state': 'what I wanted'}))"
        )
        command = [*ordinary(desk.folder, left), sys.executable, "-c", program, str(desk.folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stderr.splitlines()[-1] == f"visionquiz.errors.DeskError: {words}"
        assert load_draft(desk) == (former, "")
        assert sorted(path.name for path in desk.folder.iterdir()) == ["answers.json", "vision-check.ipynb"]

    @pytest.mark.parametrize(
        ("where", "name", "number", "words"),
        [
            (os, "fsync", errno.EDQUOT, "your share of the disk is full"),
            (Path, "replace", errno.EROFS, "cannot be written to"),
        ],
    )
    def test_a_disk_that_fails_late_leaves_the_former_draft(self, desk, monkeypatch, where, name, number, words):
        former = Draft(answers={"state": "what I had"}, saved=NOW)
        save_draft(desk, former)

        def fail(*args, **options):
            raise OSError(number, os.strerror(number))

        with monkeypatch.context() as patch:
            patch.setattr(where, name, fail)
            with pytest.raises(DeskError, match=words):
                save_draft(desk, Draft(answers={"state": "what I wanted"}, saved=NOW))
        assert load_draft(desk) == (former, "")
        assert sorted(path.name for path in desk.folder.iterdir()) == ["answers.json", "vision-check.ipynb"]

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            "[]",
            "null",
            '"x"',
            "[" * 100_000,
            "\x00\xff",
            '{"format": 2, "answers": {}, "cells": {}, "role": "", "saved": "2026-11-30T10:42:31+00:00"}',
            '{"format": 1, "answers": [], "cells": {}, "role": "", "saved": "2026-11-30T10:42:31+00:00"}',
            '{"format": 1, "answers": {"state": 3}, "cells": {}, "role": "", "saved": "2026-11-30T10:42:31+00:00"}',
            '{"format": 1, "answers": {}, "cells": {}, "role": "", "saved": "yesterday"}',
            '{"format": 1, "answers": {}, "cells": {}, "role": 5, "saved": "2026-11-30T10:42:31+00:00"}',
        ],
    )
    def test_a_damaged_draft_is_set_aside_and_told(self, desk, text):
        (desk.folder / "answers.json").write_text(text, encoding="latin-1")
        draft, message = load_draft(desk)
        assert draft == Draft()
        (aside,) = desk.folder.glob("answers-damaged-*.json")
        assert aside.name in message
        assert aside.read_text(encoding="latin-1") == text
        save_draft(desk, Draft(saved=NOW))
        assert load_draft(desk) == (Draft(saved=NOW), "")

    @pytest.mark.parametrize("kind", ["link", "pipe", "folder", "huge"])
    def test_what_is_no_plain_file_is_set_aside(self, desk, kind, tmp_path, monkeypatch):
        path = desk.folder / "answers.json"
        match kind:
            case "link":
                (tmp_path / "other.json").write_text("somebody else's")
                path.symlink_to(tmp_path / "other.json")
            case "pipe":
                os.mkfifo(path)
            case "folder":
                path.mkdir()
            case "huge":
                monkeypatch.setattr(taking, "DRAFT_FILE_LIMIT", 10)
                path.write_text("1" * 11)
        assert load_draft(desk)[1]
        assert not os.path.lexists(path)

    def test_half_characters_and_nul_are_replaced(self, desk):
        (desk.folder / "answers.json").write_text(
            '{"format": 1, "answers": {"state": "a\\ud83d\\u0000b"}, "cells": {}, "role": "", '
            '"saved": "2026-11-30T10:42:31+00:00"}'
        )
        assert load_draft(desk)[0].answers == {"state": "a?b"}

    def test_an_answer_is_kept_up_to_a_limit(self, desk):
        save_draft(desk, Draft(answers={"state": "x" * (DRAFT_LIMIT + 5)}, saved=NOW))
        assert len(load_draft(desk)[0].answers["state"]) == DRAFT_LIMIT


class TestCells:
    """Answers typed into the notebook's own boxes count."""

    def merge(self, desk, draft):
        return merge_cells(draft, read_cells(desk), desk.paper, "adviser")

    def test_they_fill_what_the_form_has_not(self, desk, release):
        type_into_notebook(desk, release, state="typed below")
        merged, differing = self.merge(desk, Draft())
        assert merged.answers == {"state": "typed below"}
        assert not differing

    def test_both_and_different_is_for_the_person_to_choose(self, desk, release):
        type_into_notebook(desk, release, state="typed below")
        merged, differing = self.merge(desk, Draft(answers={"state": "typed in the form"}))
        assert merged.answers == {"state": "typed in the form"}
        assert differing == {"state": "typed below"}

    @pytest.mark.parametrize("mine", ["typed below", " typed below\n"])
    def test_the_same_twice_is_no_question(self, desk, release, mine):
        type_into_notebook(desk, release, state="typed below")
        merged, differing = self.merge(desk, Draft(answers={"state": mine}))
        assert (merged.answers, differing) == ({"state": mine}, {})

    def test_who_has_chosen_is_not_asked_again_until_the_box_changes(self, desk, release):
        type_into_notebook(desk, release, state="typed below")
        chosen = Draft(answers={"state": "typed in the form"}, cells={"state": "typed below"})
        assert self.merge(desk, chosen) == (chosen, {})
        type_into_notebook(desk, release, state="typed below anew")
        assert self.merge(desk, chosen)[1] == {"state": "typed below anew"}

    def test_what_was_taken_over_and_cleared_does_not_come_back(self, desk, release):
        type_into_notebook(desk, release, state="typed below")
        taken, _ = self.merge(desk, Draft())
        cleared = replace(taken, answers={"state": ""})
        assert self.merge(desk, cleared) == (cleared, {})

    def test_a_letter_and_the_same_choice_do_not_differ(self, desk, release):
        asked = next(one for one in desk.paper.questions if one.kind == "scenario")
        situation = asked.situation_for("adviser")
        type_into_notebook(desk, release, **{asked.id: "b"})
        assert not self.merge(desk, Draft(answers={asked.id: write_choice(situation, "B")}))[1]
        assert self.merge(desk, Draft(answers={asked.id: write_choice(situation, "A")}))[1]

    def test_a_damaged_notebook_has_none(self, desk):
        (desk.folder / "vision-check.ipynb").write_text("{")
        assert read_cells(desk) == {}


class TestHandingIn:
    def test_the_draft_and_the_boxes_are_sent(self, desk, release):
        type_into_notebook(desk, release, explain="typed below", state="not this one")
        save_draft(desk, Draft(answers={"state": "typed in the form", "unknown": "x"}, saved=NOW))
        assert choose_answers(desk) == {"state": "typed in the form", "explain": "typed below"}

    def test_a_damaged_draft_is_not_sent_as_nothing(self, desk):
        (desk.folder / "answers.json").write_text("{")
        with pytest.raises(DeskError, match="damaged"):
            choose_answers(desk)

    def test_too_long_an_answer_is_refused(self, desk):
        save_draft(desk, Draft(answers={"state": "x" * (ANSWER_LIMIT + 1)}, saved=NOW))
        with pytest.raises(DeskError, match="at most 20,000"):
            choose_answers(desk)

    def test_a_fresh_copy_of_the_release_is_filled(self, desk, release, tmp_path):
        type_into_notebook(desk, release, explain="typed below")
        released = tmp_path / "outbound" / "vision-check" / "vision-check.ipynb"
        released.parent.mkdir(parents=True)
        released.write_text(dump_notebook(release), encoding="utf-8")
        assert fill_paper(desk, {"state": "mine"}, released) == fill_answers(release, {"state": "mine"})

    def test_without_the_release_the_own_copy_is_and_nothing_else_of_it(self, desk, release, tmp_path):
        type_into_notebook(desk, release, explain="typed below, and not chosen")
        filled = fill_paper(desk, {"state": "mine"}, tmp_path / "nowhere" / "vision-check.ipynb")
        sources = {cell["id"]: cell["source"] for cell in filled["cells"]}
        assert (sources["state"], sources["explain"]) == ("mine", "")

    def test_another_release_is_not_filled_with_these_answers(self, desk, quiz, vision, tmp_path):
        other = write_quiz(replace(quiz, seed=quiz.seed + 1), vision)
        released = tmp_path / "outbound" / "vision-check" / "vision-check.ipynb"
        released.parent.mkdir(parents=True)
        released.write_text(dump_notebook(other), encoding="utf-8")
        with pytest.raises(DeskError, match="was changed after you got it"):
            fill_paper(desk, {}, released)

    @pytest.mark.parametrize(
        ("program", "words"),
        [
            ("import sys; sys.exit('visionquiz: there is no inbound')", "^there is no inbound$"),
            ("import sys; sys.exit(5)", "without a message"),
            ("print('hello')", "no receipt came back"),
        ],
    )
    def test_why_it_failed_reaches_the_form(self, desk, monkeypatch, program, words):
        real = taking.subprocess.run

        def run(command, **options):
            assert command[-3:] == ["hand-in", "vision-check", "--json"]
            assert options["cwd"] == desk.folder
            return real([command[0], "-c", program], **options)

        monkeypatch.setattr(taking.subprocess, "run", run)
        with pytest.raises(DeskError, match=words):
            asyncio.run(taking.hand_in_apart(desk))

    def test_a_receipt_goes_through_json(self):
        receipt = Receipt(
            person="mia", quiz="q", submitted=dt.datetime(2026, 1, 2, 3, 4, 5, 6), code="AAAA-BBBB", answers={"a": "💧"}
        )
        assert parse_receipt(dump_receipt(receipt)) == receipt


def hand_in_by_hand(desk, release, tmp_path, answers, stamp, secret="secret"):
    """What nbgrader leaves of an attempt."""
    cache = tmp_path / "cache"
    folder = cache / f"mia.okoro+vision-check+{stamp}"
    folder.mkdir(parents=True)
    (folder / "vision-check.ipynb").write_text(dump_notebook(fill_answers(release, answers)), encoding="utf-8")
    (folder / "timestamp.txt").write_text(stamp)
    (folder / FEEDBACK_KEY).write_text(secret)
    exchange = tmp_path / "exchange"
    (exchange / "inbound").mkdir(parents=True, exist_ok=True)
    (exchange / "feedback").mkdir(exist_ok=True)
    write_counter(desk.folder, Counter(exchange=exchange, cache=cache))
    return exchange


class TestAfterwards:
    def test_attempts_are_listed_the_newest_last(self, desk, release, tmp_path):
        assert list_receipts(desk) == ()
        hand_in_by_hand(desk, release, tmp_path, {"state": "two"}, "2026-11-30 11:00:00.000000 UTC")
        hand_in_by_hand(desk, release, tmp_path, {"state": "one"}, "2026-11-30 10:00:00.000000 UTC")
        (tmp_path / "cache" / "mia.okoro+vision-check+damaged").mkdir()
        (tmp_path / "cache" / "ben+vision-check+2026-11-30 12:00:00.000000 UTC").mkdir()
        assert [receipt.answers["state"] for receipt in list_receipts(desk)] == ["one", "two"]

    def test_feedback_is_found_by_the_secret_of_the_newest_attempt_that_has_some(self, desk, release, tmp_path):
        for hour, secret in ((10, "a"), (11, "b"), (12, "c")):
            exchange = hand_in_by_hand(desk, release, tmp_path, {}, f"2026-11-30 {hour}:00:00.000000 UTC", secret)
        receipts = list_receipts(desk)
        assert read_feedback(desk, receipts) is None
        (exchange / "feedback" / feedback_name("a", "vision-check")).write_text("old")
        (exchange / "feedback" / feedback_name("b", "vision-check")).write_text("<p>yours</p>")
        receipt, page = read_feedback(desk, receipts)
        assert (receipt.submitted.hour, page) == (11, "<p>yours</p>")

    def test_a_second_look_is_asked_for_with_the_modes_of_a_submission(self, desk, release, tmp_path):
        exchange = hand_in_by_hand(desk, release, tmp_path, {}, "2026-11-30 10:00:00.000000 UTC")
        ask_second_look(desk, "explain", "  I did say it. 💧 ", NOW)
        (folder,) = (exchange / "inbound").iterdir()
        person, about, moment, random = folder.name.split("+")
        assert (person, about) == ("mia.okoro", "vision-check.second-look")
        assert moment == "2026-11-30 10:42:31.000000 UTC"
        assert len(random) == 12
        assert stat.S_IMODE(folder.stat().st_mode) == 0o777
        (file,) = folder.iterdir()
        assert file.name == "second-look.json"
        assert stat.S_IMODE(file.stat().st_mode) == 0o644
        assert json.loads(file.read_text()) == {"format": 1, "question": "explain", "reason": "I did say it. 💧"}

    @pytest.mark.parametrize(
        ("question", "reason"), [("explain", " "), ("explain", "x" * 2001), ("nothing", "why"), ("../x", "why")]
    )
    def test_what_cannot_be_asked_leaves_nothing(self, desk, release, tmp_path, question, reason):
        exchange = hand_in_by_hand(desk, release, tmp_path, {}, "2026-11-30 10:00:00.000000 UTC")
        with pytest.raises(DeskError):
            ask_second_look(desk, question, reason, NOW)
        assert list((exchange / "inbound").iterdir()) == []

    def test_an_exchange_that_is_gone_is_told(self, desk, release, tmp_path):
        exchange = hand_in_by_hand(desk, release, tmp_path, {}, "2026-11-30 10:00:00.000000 UTC")
        (exchange / "inbound").rmdir()
        with pytest.raises(DeskError, match="folder is gone"):
            ask_second_look(desk, "explain", "why", NOW)

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"exchange": 3, "cache": 4}', "["])
    def test_a_damaged_note_of_the_exchange_is_none(self, desk, text):
        (desk.folder / ".handing-in.json").write_text(text)
        assert list_receipts(desk) == ()


class TestReceiptPage:
    def test_it_holds_time_code_and_answers_and_runs_nothing(self, desk):
        answers = {"state": "<script>alert(1)</script>"}
        receipt = Receipt(
            person="mia.okoro",
            quiz="vision-check",
            submitted=AT,
            code="K7QF-2M9D",
            answers=answers,
        )
        path = taking.keep_receipt(desk, receipt)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        html = path.read_text(encoding="utf-8")
        assert html == receipt_html(receipt, desk.paper, "Mia Okoro")
        assert "K7QF-2M9D" in html
        assert "10:42:31" in html
        assert "<script" not in html
        assert "&lt;script&gt;" in html
        assert html.count("You left this empty.") == len(desk.paper.questions) - 1

    def test_a_choice_is_written_out(self, desk):
        asked = next(one for one in desk.paper.questions if one.kind == "scenario")
        situation = asked.situation_for("adviser")
        receipt = Receipt(
            person="mia",
            quiz="q",
            submitted=AT,
            code="A",
            answers={asked.id: write_choice(situation, "B")},
        )
        html = receipt_html(receipt, desk.paper, "Mia")
        assert f"B: {situation.options['B']}" in html.replace("&#x27;", "'").replace("&quot;", '"')

    @pytest.mark.parametrize(
        ("hours", "expected"),
        [
            (0, "30 November 2026 at 10:42:31 UTC"),
            (1, "30 November 2026 at 11:42:31 (10:42:31 UTC)"),
            (14, "1 December 2026 at 00:42:31 (30 November, 10:42:31 UTC)"),
        ],
    )
    def test_times_are_told_here_and_in_utc(self, hours, expected):
        zone = dt.timezone(dt.timedelta(hours=hours))
        assert moment_text(AT, zone) == expected


def test_the_paper_is_what_was_released(desk, release):
    assert desk.paper == read_paper(release)
