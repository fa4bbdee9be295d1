"""The command line as a trainer meets it: in process where that says the same, as a program where it does not."""

import contextlib
import csv
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from visionquiz.cli import build_parser, main
from visionquiz.kit import kit_path

VISIONQUIZ = [sys.executable, "-m", "visionquiz"]


def snapshot(root):
    return {
        path.relative_to(root): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != ".visionquiz.lock" and not path.name.endswith(("-wal", "-shm"))
    }


def test_a_new_course_is_in_order(tmp_path, capsys):
    assert main(["new", str(tmp_path / "acme")]) == 0
    assert "visionquiz check" in capsys.readouterr().out
    assert main(["check", "--course", str(tmp_path / "acme")]) == 0
    assert "Everything is in order." in capsys.readouterr().out
    assert 'course_id="acme"' in (tmp_path / "acme" / "nbgrader_config.py").read_text()


@pytest.mark.parametrize("there", ["file", "folder"])
def test_a_new_course_overwrites_nothing(tmp_path, capsys, there):
    target = tmp_path / "acme"
    if there == "file":
        target.write_text("mine")
    else:
        target.mkdir()
        (target / "mine").write_text("mine")
    before = snapshot(tmp_path)
    assert main(["new", str(target)]) == 2
    assert "choose another folder" in capsys.readouterr().err
    assert snapshot(tmp_path) == before


def test_check_tells_every_mistake_in_every_file_at_once(starter, capsys):
    starter.roster_file.write_text(starter.roster_file.read_text().replace("nursery,", "nursry,"))
    quiz = starter.quiz_file("first-check")
    quiz.write_text(quiz.read_text().replace('kind = "state"', 'kind = "stat"'))
    (starter.root / "quizzes" / "other.toml").write_text("title = 3\n")
    assert main(["check", "--course", str(starter.root)]) == 2
    said = capsys.readouterr().err
    assert "error: roster.csv: line 4, role: there is no role 'nursry'" in said
    assert "error: quizzes/first-check.toml: questions[1].kind: 'stat' is not a kind" in said
    assert "error: quizzes/other.toml: title: is 3" in said
    assert "error: quizzes/other.toml: questions: is missing" in said
    assert "4 mistakes to mend." in said


def test_check_passes_with_warnings(starter, capsys):
    text = starter.vision_file.read_text().replace("kindly that we look", "kindly that we always look")
    starter.vision_file.write_text(text)
    assert main(["check", "--course", str(starter.root)]) == 0
    captured = capsys.readouterr()
    assert "warning: vision.toml: scenarios: brown-leaves: options use absolutes (always)" in captured.err
    assert "No mistakes found." in captured.out


def test_check_changes_nothing(starter):
    before = snapshot(starter.root)
    main(["check", "--course", str(starter.root)])
    assert snapshot(starter.root) == before


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "--course", "{tmp}"], "is not a course folder"),
        (["release", "nothing", "--course", "{course}"], "there is no check 'nothing'"),
        (["grade", "first-check", "--course", "{course}"], "has not been released"),
        (["summary", "first-check", "--course", "{course}"], "first: visionquiz release"),
        (["export", "first-check", "--course", "{course}", "--out", "{tmp}/a.csv"], "first: visionquiz release"),
        (["export", "first-check", "--course", "{course}", "--out", "{tmp}/a.txt"], "neither .csv nor .xlsx"),
        (["publish", "--course", "{course}"], "first: visionquiz grade"),
        (["take", "first-check", "--as", "nobody", "--course", "{course}"], "there is no 'nobody' in roster.csv"),
        (["take", "first-check", "--as", "tom.bakr", "--course", "{course}"], "did you mean 'tom.baker'?"),
        (["take", "first-check", "--as", "tom.baker", "--course", "{course}"], "first: visionquiz release first-check"),
        (["take", "none", "--as", "tom.baker", "--course", "{course}"], "there is no check 'none'"),
        (["hand-in", "first-check"], "cannot read first-check.ipynb"),
        (["publish", "first-check", "--course", "{course}"], "first: visionquiz grade first-check"),
        (["feedback", "first-check", "--course", "{course}"], "has not been released"),
        (["score", "{tmp}/none.csv", "--vision", "{course}/vision.toml", "--out", "{tmp}/out.csv"], "no such file"),
        (["score", "{course}/roster.csv", "--vision", "{tmp}/none.toml", "--out", "{tmp}/out.csv"], "no such file"),
        (["demo", "{course}", "--people", "3"], "not empty"),
        (["demo", "{course}", "--people", "3", "--replace"], "is not a demo"),
    ],
)
def test_a_wrong_call_says_what_to_do_and_writes_nothing(starter, tmp_path, capsys, arguments, says):
    before = snapshot(tmp_path)
    assert main([part.format(tmp=tmp_path, course=starter.root) for part in arguments]) == 2
    captured = capsys.readouterr()
    assert says in captured.err
    assert "Traceback" not in captured.err
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["demo", "x", "--people", "0"], ["demo", "x", "--people", "many"]]
)
def test_a_call_that_cannot_be_read_ends_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_every_command_explains_itself(capsys):
    commands = build_parser()._subparsers._group_actions[0].choices
    assert set(commands) == {
        "new", "check", "release", "collect", "grade", "summary", "publish", "serve", "apps", "score", "demo",
        "agreement", "calibrate", "next", "feedback", "person", "expire", "trail", "take", "hand-in", "review",
        "statement", "lessons", "session", "adopt", "poster", "workshop", "export",
    }  # fmt: skip
    for name, command in commands.items():
        with pytest.raises(SystemExit):
            main([name, "--help"])
        said = capsys.readouterr().out
        assert len(command.description) > 20
        for action in command._actions:
            assert action.help, f"{name} {action.dest} has no help"
        assert "usage: visionquiz" in said


def test_readme_mentions_every_command():
    text = (Path(__file__).parent.parent / "README.md").read_text()
    for name in build_parser()._subparsers._group_actions[0].choices:
        assert f"visionquiz {name}" in text


class TestStatement:
    """`visionquiz statement`, the evidence card in a terminal."""

    VISION = str(kit_path("assessments") / "starter" / "vision.toml")

    def test_a_draft_is_printed_with_its_evidence(self, capsys):
        assert main(["statement", "To be the world's best bank.", "--how-good"]) == 0
        said = capsys.readouterr().out
        assert "WORTH ANOTHER LOOK\n* A claim of rank: “world's best”." in said
        assert "Fewer words: right in 72 of 100 pairs" in said
        assert max(map(len, (line for line in said.splitlines() if "http" not in line))) <= 100

    def test_without_a_draft_the_visions_own_statement_is_looked_at(self, capsys):
        assert main(["statement", "--vision", self.VISION]) == 0
        said = capsys.readouterr().out
        assert said.startswith("Send everyone home ready to grow something.")
        assert "of your 3 meaning points" in said

    def test_a_draft_is_held_against_the_vision(self, capsys):
        assert main(["statement", "We water plants.", "--vision", self.VISION]) == 0
        said = capsys.readouterr().out
        assert said.startswith("We water plants.")
        assert "of 100 pairs" not in said, "how good the measures are is said where it is asked for"
        assert "of your 3 meaning points" in said

    def test_what_could_steer_a_terminal_is_not_printed(self, capsys):
        assert main(["statement", "We help\x1b[31m people\x07"]) == 0
        assert not {"\x1b", "\x07"} & set(capsys.readouterr().out)

    def test_neither_draft_nor_vision_is_a_wrong_call(self, capsys):
        assert main(["statement"]) == 2
        assert "give a draft" in capsys.readouterr().err


class TestScore:
    """`visionquiz score`, whose columns other programs rely on."""

    @pytest.fixture
    def score(self, tmp_path):
        vision = kit_path("assessments") / "starter" / "vision.toml"

        def run(text, encoding="utf-8"):
            answers, out = tmp_path / "answers.csv", tmp_path / "graded.csv"
            answers.write_bytes(text.encode(encoding))
            code = main(["score", str(answers), "--vision", str(vision), "--out", str(out)])
            if not out.exists():
                return code, None
            with open(out, newline="", encoding="utf-8") as file:
                return code, list(csv.DictReader(file))

        return run

    def test_one_row_per_answer_in_order_with_the_final_columns(self, score):
        code, rows = score(
            "id,question,role,text\n"
            "b,state,,Send everyone home ready to grow something.\n"
            "a,explain,,\n"
            "c,contribute,sales,I ask where the plant will stand before I recommend one.\n"
            'c,contribute,,"two\nlines, and a comma"\n'
        )
        assert code == 0
        assert [row["id"] for row in rows] == ["b", "a", "c", "c"]
        assert list(rows[0]) == ["id", "level", "confidence", "review", "reason"]
        for row in rows:
            assert row["level"] in {"0", "1", "2", "3"}
            assert 0 <= float(row["confidence"]) <= 1
            assert row["review"] in {"true", "false"}
            assert row["reason"]
        assert rows[0]["level"] == "3"
        assert (rows[1]["level"], rows[1]["reason"], rows[1]["review"]) == ("0", "No response.", "false")

    def test_answers_may_come_through_a_pipe(self, tmp_path):
        import os
        import threading

        pipe = tmp_path / "pipe.csv"
        os.mkfifo(pipe)
        threading.Thread(target=lambda: pipe.write_text("id,question,role,text\n1,state,,\n")).start()
        vision = kit_path("assessments") / "starter" / "vision.toml"
        assert main(["score", str(pipe), "--vision", str(vision), "--out", str(tmp_path / "out.csv")]) == 0
        assert len((tmp_path / "out.csv").read_text().splitlines()) == 2

    def test_no_answers_is_an_empty_table(self, score):
        assert score("id,question,role,text\n") == (0, [])

    def test_the_role_may_be_left_out_or_be_a_title(self, score, capsys):
        code, rows = score("id,question,text\n1,state,x\n")
        assert (code, len(rows)) == (0, 1)
        code, rows = score("id,question,role,text\n1,contribute,Sales adviser,x\n2,contribute,pilot,x\n")
        assert (code, len(rows)) == (0, 2)
        assert "there is no role 'pilot'" in capsys.readouterr().err

    def test_every_line_that_cannot_be_graded_is_named_and_nothing_written(self, score, capsys):
        code, rows = score("id,question,role,text\n1,stat,,x\n2,state,,x\n3,scenario,,x\n")
        assert (code, rows) == (2, None)
        said = capsys.readouterr().err
        assert "line 2: question is 'stat'" in said
        assert "line 4: question is 'scenario'" in said

    def test_the_same_mistake_a_thousand_times_does_not_fill_the_screen(self, score, capsys):
        code, rows = score("id,question,role,text\n" + "1,stat,,x\n" * 1000)
        told = capsys.readouterr().err.splitlines()
        assert (code, rows) == (2, None)
        assert len(told) <= 103
        assert "error: and 900 more like these" in told

    @pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
    def test_a_wrong_encoding_is_named(self, score, capsys, encoding):
        assert score("id,question,role,text\n1,state,,café\n", encoding) == (2, None)
        assert "UTF-8" in capsys.readouterr().err

    def test_an_output_that_cannot_be_written_is_named(self, tmp_path, capsys):
        answers = tmp_path / "a.csv"
        answers.write_text("id,question,role,text\n")
        vision = kit_path("assessments") / "starter" / "vision.toml"
        code = main(["score", str(answers), "--vision", str(vision), "--out", str(tmp_path / "no" / "where.csv")])
        assert code == 2
        assert "where.csv" in capsys.readouterr().err


@pytest.mark.nbgrader
class TestCourse:
    """The jobs of a course, one command each."""

    def test_the_whole_job(self, course_until, capsys):
        course = course_until("released")
        there = ["--course", str(course.root)]
        assert main(["release", "vision-check", *there]) == 0
        assert "to 40 people" in capsys.readouterr().out
        assert main(["collect", "vision-check", *there]) == 0
        assert "0 of 40 people have handed it in" in capsys.readouterr().out
        assert main(["grade", "vision-check", *there]) == 0
        assert "Graded 0 submissions" in capsys.readouterr().out
        assert main(["summary", "vision-check", *there]) == 0
        assert "By team" in capsys.readouterr().out

    def test_a_quiz_may_be_named_by_its_file(self, course_until):
        course = course_until("submitted")
        assert main(["grade", "quizzes/vision-check.toml", "--course", str(course.root)]) == 0

    def test_feedback_says_what_was_returned_and_what_is_left_to_do(self, course_until, capsys):
        course = course_until("graded")
        first = course.submissions("vision-check")[0]
        course.notebook("submitted", "vision-check", first).with_name("submission_secret.txt").unlink()
        assert main(["feedback", "quizzes/vision-check.toml", "--course", str(course.root)]) == 0
        captured = capsys.readouterr()
        assert f"Wrote 35 pages into {course.root / 'feedback'}." in captured.out
        assert "34 of them were returned" in captured.out
        assert "with answers left for you to look at" in captured.out
        assert f"pass the page on yourself: {first}\n" in captured.err
        assert main(["feedback", "vision-check", "--finished", "--course", str(course.root)]) == 0
        assert "people not yet" in capsys.readouterr().out

    def test_refused_submissions_end_with_3_and_are_named(self, course_until, capsys):
        course = course_until("submitted")
        person = course.submissions("vision-check")[0]
        course.notebook("submitted", "vision-check", person).write_text("{")
        stranger = course.root / "submitted" / "eve" / "vision-check"
        shutil.copytree(
            course.notebook("submitted", "vision-check", course.submissions("vision-check")[1]).parent, stranger
        )
        assert main(["grade", "vision-check", "--course", str(course.root)]) == 3
        captured = capsys.readouterr()
        assert "Graded 35 submissions" in captured.out
        assert f"Refused: {person}: the notebook is damaged" in captured.err
        assert "Not in roster.csv, graded without a role: eve" in captured.err

    def test_what_cannot_be_collected_ends_with_3_and_is_named(self, course_until, capsys):
        course = course_until("released")
        (course.exchange / "hollowmere" / "inbound" / "eve+vision-check+soon\x1b[2J").mkdir()
        assert main(["collect", "vision-check", "--course", str(course.root)]) == 3
        captured = capsys.readouterr()
        assert "0 of 40 people have handed it in" in captured.out
        assert "Refused: 'eve+vision-check+soon\\x1b[2J': its name is not person+check+time" in captured.err

    def test_an_account_that_is_not_the_persons_is_named(self, course_until, capsys, monkeypatch):
        from visionquiz import inbound

        course = course_until("submitted")
        person = course.submissions("vision-check")[0]
        (folder,) = (course.exchange / "hollowmere" / "inbound").glob(f"{person}+*")
        real = os.fstat
        where = folder.stat().st_ino

        class Elsewhere:
            st_uid = 4_000_000
            st_ctime = 4_000_000_000

        monkeypatch.setattr(inbound.os, "fstat", lambda file: Elsewhere if real(file).st_ino == where else real(file))
        assert main(["collect", "vision-check", "--course", str(course.root)]) == 0
        said = capsys.readouterr().err
        assert f"from somebody else's account: {person} (by user 4000000). Ask them." in said
        assert f"What {person} handed in is dated 20" in said, "its files are younger"
        with open(course.root / "nbgrader_config.py", "a", encoding="utf-8") as file:
            file.write("\nc.ExchangeCollect.check_owner = False\n")
        assert main(["collect", "vision-check", "--course", str(course.root)]) == 0
        assert capsys.readouterr().err == ""

    def test_ctrl_c_inside_of_nbgrader_is_ctrl_c(self, course_until, capsys, monkeypatch):
        from nbgrader.preprocessors import ComputeChecksums

        course = course_until("released")
        before = snapshot(course.root)
        monkeypatch.setattr(ComputeChecksums, "preprocess", lambda *a: signal.raise_signal(signal.SIGINT))
        assert main(["release", "vision-check", "--course", str(course.root)]) == 130
        assert (
            capsys.readouterr().err
            == "\nvisionquiz: stopped. Nothing is half done; the same command goes on from here.\n"
        )
        assert snapshot(course.root) == before

    def test_what_nbgrader_fails_at_is_said_without_noise(self, course_until, capsys, monkeypatch):
        from nbgrader.converters import GenerateAssignment

        course = course_until("released")
        monkeypatch.setattr(GenerateAssignment, "start", lambda self: 1 / 0)
        assert main(["release", "vision-check", "--course", str(course.root)]) == 2
        said = capsys.readouterr().err
        assert said == "visionquiz: nbgrader could not build the check: ZeroDivisionError: division by zero\n"

    def test_one_writing_command_at_a_time(self, course_until, capsys):
        course = course_until("submitted")
        with course.lock():
            assert main(["grade", "vision-check", "--course", str(course.root)]) == 2
        assert "another visionquiz command is at work" in capsys.readouterr().err
        assert main(["grade", "vision-check", "--course", str(course.root)]) == 0

    @pytest.mark.parametrize("command", ["grade", "release", "collect"])
    def test_ctrl_c_leaves_nothing_half_done(self, course_until, command):
        """A real process gets a real signal as soon as its staging folder is seen."""
        course = course_until("submitted")
        # Enough to do that the signal comes in the middle.
        first = course.submissions("vision-check")[0]
        if command == "grade":
            for number in range(1500):
                shutil.copytree(course.root / "submitted" / first, course.root / "submitted" / f"extra{number}")
        before = snapshot(course.root)
        process = subprocess.Popen(
            [*VISIONQUIZ, command, "vision-check", "--course", str(course.root)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while process.poll() is None and not list(course.root.glob(".visionquiz-*")):
            pass
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130, said
        assert "Nothing is half done" in said
        assert "Traceback" not in said
        assert not list(course.root.glob(".visionquiz-*"))
        if command == "grade":
            # The batch that was in the making is in its place, or is not; half of it is never.
            shown = {path.parent.name for path in (course.root / "autograded").glob("*/vision-check")}
            with contextlib.closing(sqlite3.connect(course.gradebook)) as database:
                graded = {row[0] for row in database.execute("select student_id from submitted_assignment")}
            assert shown == graded
            assert len(graded) in (0, 50)
        else:
            assert snapshot(course.root) == before

    def test_ctrl_c_while_the_work_is_put_in_its_place_comes_too_late(self, course_until, monkeypatch, capsys):
        from visionquiz import jobs

        course = course_until("submitted")
        real = jobs.replace_folder
        put = []

        def interrupted(new, old):
            put.append(old)
            if len(put) == 3:
                signal.raise_signal(signal.SIGINT)
            real(new, old)

        monkeypatch.setattr(jobs, "replace_folder", interrupted)
        assert main(["grade", "vision-check", "--course", str(course.root)]) == 0
        captured = capsys.readouterr()
        assert "Graded 35 submissions" in captured.out
        assert "as it was" not in captured.err
        assert len(put) == 35
        database = sqlite3.connect(course.gradebook)
        assert database.execute("select count(*) from grade").fetchone() == (35 * 6,)
        database.close()
        assert all(
            course.notebook("autograded", "vision-check", name).exists() for name in course.submissions("vision-check")
        )

    def test_a_gradebook_that_somebody_writes_to_is_said_so(self, course_until, capsys, monkeypatch):
        course = course_until("submitted")
        monkeypatch.setattr("visionquiz.gradebook.tables.BUSY", 100)
        other = sqlite3.connect(course.gradebook, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        before = snapshot(course.root)
        assert main(["grade", "vision-check", "--course", str(course.root)]) == 2
        other.rollback()
        other.close()
        assert "is another program writing to it?" in capsys.readouterr().err
        assert {path: data for path, data in snapshot(course.root).items() if path.suffix != ".db"} == {
            path: data for path, data in before.items() if path.suffix != ".db"
        }

    def test_people_who_handed_in_nothing_have_no_row_and_blank_answers_have_0(self, course_until):
        course = course_until("graded")
        database = sqlite3.connect(course.gradebook)
        have = {row[0] for row in database.execute("select student_id from submitted_assignment")}
        listed = {row[0] for row in database.execute("select id from student")}
        database.close()
        assert len(listed - have) == 5


def test_the_output_may_be_cut_off_by_a_pipe(demos):
    command = f"{sys.executable} -m visionquiz summary vision-check --course {demos('graded').root} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_no_network_is_used(tmp_path):
    """Every Python process of a demo, nbgrader and alembic too, runs with all addresses but this machine's cut off."""
    (tmp_path / "sitecustomize.py").write_text(
        "import socket, os\n"
        "def refuse(*a, **k):\n"
        "    open(os.environ['TRIED'], 'a').write(repr(a)); raise OSError('no network')\n"
        "socket.getaddrinfo = refuse\n"
        "real = socket.socket.connect\n"
        "def connect(self, address):\n"
        "    host = address[0] if isinstance(address, tuple) else ''\n"
        "    return real(self, address) if host in ('', '127.0.0.1', '::1') else refuse(address)\n"
        "socket.socket.connect = connect\n"
    )
    tried = tmp_path / "tried"
    env = {**os.environ, "PYTHONPATH": str(tmp_path), "TRIED": str(tried)}
    check = [
        sys.executable,
        "-c",
        "import socket\ntry: socket.create_connection(('192.0.2.1', 80))\nexcept OSError as e: print(e)",
    ]
    assert "no network" in subprocess.run(check, env=env, capture_output=True, text=True, check=True).stdout
    tried.unlink()
    done = subprocess.run(
        [*VISIONQUIZ, "demo", str(tmp_path / "demo"), "--people", "12"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not tried.exists()
    assert re.search(r"5/5 .*Published", done.stdout)
