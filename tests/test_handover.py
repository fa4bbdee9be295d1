"""`visionquiz adopt`: from a workshop's store into a course, asked first, and whole or not at all."""

import contextlib
import io
import json
import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys

import pytest

from visionquiz.classroom import Seat
from visionquiz.cli import main
from visionquiz.course import Course
from visionquiz.errors import CourseError
from visionquiz.handover import write_vision
from visionquiz.notebook import dump_notebook, fill_answers
from visionquiz.proposal import (
    add_point,
    add_role,
    begin_proposal,
    drop_role,
    explain_point,
    list_tasks,
    say_core_idea,
)  # fmt: skip
from visionquiz.store import Store, store_url
from visionquiz.vision import load_vision
from visionquiz.workshop import Workshop

SCORES = """
    select b.name, g.auto_score from grade g join base_cell b on b.id = g.cell_id
    join notebook n on n.id = b.notebook_id where n.name = 'second-check'
"""

FIRST = "Send everyone home sure of their plant."
SECOND = "Nobody leaves with a plant that will die."
POINTS = ("Beginners get as much time as experts.", "We ask about light and soil.", "We tell when to water.")


def finish(room, ident, vision, *, points=POINTS, core="Plants live.", drop=(), add=()):
    """The room says what a draft means."""

    def make(proposal):
        proposal = say_core_idea(proposal, base=proposal.core_idea, text=core)
        for text in points:
            proposal = add_point(proposal)
            proposal = explain_point(proposal, proposal.points[-1].id, base="", text=text)
        for role in drop:
            proposal = drop_role(proposal, role)
        for title in add:
            proposal = add_role(proposal, title)
        for role in proposal.roles:
            proposal = list_tasks(proposal, role.id, base="", text=f"I do what helps as {role.title.lower()}.")
        return proposal

    room.change_meaning(ident, make, start=begin_proposal(vision))


def vote(room, *papers, voters=None):
    """A vote on the first two drafts, one paper each."""
    people = [f"person-{number}" for number in range(voters or len(papers))]
    room.open_vote(["draft-001", "draft-002"], voters=people)
    for person, paper in zip(people, papers, strict=False):
        Workshop(room.store, Seat(id=person)).cast([paper] if paper else [])
    room.close_vote()


@pytest.fixture
def room(starter):
    """A workshop beside the starter's vision with two drafts; the room has said what both mean."""
    with contextlib.closing(Store(store_url(starter.root / "workshop.db"))) as store:
        room = Workshop(store, Seat(id="trainer", trainer=True))
        for text in (FIRST, SECOND):
            draft = room.start_draft(text)
            room.hang_up(draft.id)
            finish(room, draft.id, starter.load_vision())
        yield room


@pytest.fixture
def adopt(starter, capsys):
    """Runs `visionquiz adopt` in the starter's folder; gives the exit code and all that was said."""

    def run(*arguments, course=starter):
        code = main(["adopt", *arguments, "--course", str(course.root)])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out + said.err

    return run


@pytest.fixture
def answers(monkeypatch):
    """Somebody sits at a terminal and answers."""

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    return lambda text: monkeypatch.setattr("sys.stdin", Terminal(text))


def kept(course):
    return sorted(path.name for path in course.root.glob("vision-*.toml"))


def test_the_winner_is_shown_asked_for_and_written(room, starter, adopt, answers):
    vote(room, "draft-002", "draft-002", "draft-001")
    before = starter.vision_file.read_bytes()
    starter.vision_file.chmod(0o640)
    answers("y\n")
    code, said = adopt("chosen")
    assert code == 0, said
    assert said.startswith(f"draft-002  “{SECOND}”\n")
    assert f'+statement = "{SECOND}"' in said
    assert '-statement = "Send everyone home ready to grow something."' in said
    assert "Write this to vision.toml? [y/N]" in said
    assert "\x1b" not in said, "no colours where the output is no terminal"
    assert starter.load_vision().statement == SECOND
    assert starter.vision_file.stat().st_mode & 0o777 == 0o640

    (name,) = kept(starter)
    assert re.fullmatch(r"vision-\d{4}-\d\d-\d\d\.toml", name)
    assert (starter.root / name).read_bytes() == before
    assert (starter.root / name).stat().st_mode & 0o777 == 0o640
    code, said = adopt("chosen", "--yes")
    assert (code, kept(starter)) == (0, [name])
    assert "vision.toml says all of this already. Nothing changes." in said


def test_the_way_back_that_is_printed_works_in_a_folder_with_a_space(room, starter, adopt):
    folder = starter.root.with_name("it's mine")
    shutil.copytree(starter.root, folder)
    before = (folder / "vision.toml").read_bytes()
    _, said = adopt("1", "--yes", course=Course(folder))
    assert (folder / "vision.toml").read_bytes() != before
    subprocess.run(said.split("To go back: ")[1], shell=True, check=True)
    assert (folder / "vision.toml").read_bytes() == before


@pytest.mark.parametrize("typed", ["n\n", "\n", "", "yes please\n"])
def test_without_a_yes_nothing_is_written(room, starter, adopt, answers, typed):
    before = starter.vision_file.read_bytes()
    answers(typed)
    code, said = adopt("draft-001")
    assert code == 2
    assert "Nothing was written." in said
    assert (starter.vision_file.read_bytes(), kept(starter)) == (before, [])


def test_without_a_keyboard_it_shows_all_and_asks_for_yes(room, starter, adopt):
    before = starter.vision_file.read_bytes()
    code, said = adopt("draft-001")
    assert code == 2
    assert f'+statement = "{FIRST}"' in said
    assert said.endswith("Nothing was written. Without a keyboard: add --yes.\n")
    assert (starter.vision_file.read_bytes(), kept(starter)) == (before, [])


def test_on_a_terminal_the_difference_is_in_colour(room, starter):
    leader, follower = pty.openpty()
    done = subprocess.Popen(
        [sys.executable, "-m", "visionquiz", "adopt", "1", "--course", starter.root],
        stdin=follower, stdout=follower, stderr=follower,
        env={key: value for key, value in os.environ.items() if key != "NO_COLOR"},
    )  # fmt: skip
    os.close(follower)
    os.write(leader, b"y\n")
    said = b""
    with contextlib.suppress(OSError):  # what Linux says at the end
        while part := os.read(leader, 10_000):
            said += part
    os.close(leader)
    assert done.wait() == 0
    assert f'\x1b[32m+statement = "{FIRST}"\x1b[0m'.encode() in said
    assert b"\x1b[31m-statement" in said
    assert starter.load_vision().statement == FIRST


@pytest.mark.parametrize("name", ["draft-002", "2", "002", "DRAFT-2"])
def test_a_draft_may_be_named_and_that_is_a_decision(room, adopt, starter, name):
    code, said = adopt(name, "--yes")
    assert code == 0
    assert "Nobody has voted yet. Adopting a draft by name is your decision, and should be the" in said
    assert starter.load_vision().statement == SECOND


def test_what_was_voted_on_is_taken_and_not_what_came_later(room, adopt, starter):
    vote(room, "draft-001", "draft-001")
    room.edit_draft("draft-001", base=FIRST, text="Send nobody home.")
    code, said = adopt("1", "--yes")
    assert code == 0
    assert "draft-001 was changed after the vote. It is taken as it was voted on" in said
    assert "“Send nobody home.”" in said.replace("\n    ", " ")
    assert starter.load_vision().statement == FIRST
    code, said = adopt("2", "--yes")
    assert "The room chose draft-001, and not draft-002." in said
    assert starter.load_vision().statement == SECOND
    assert len(kept(starter)) == 2
    assert kept(starter)[0].endswith("-2.toml")


@pytest.mark.parametrize(
    ("papers", "voters", "says"),
    [
        (None, None, "nobody has voted yet, so there is no chosen draft"),
        (["draft-001", "draft-002"], None, "the vote is a tie between draft-001 and draft-002, so"),
        (["draft-001"], 9, "only 1 voted and 5 votes were needed, so"),
        (["", ""], None, "all votes were blank, so"),
    ],
)
def test_where_nothing_was_chosen_the_drafts_are_named(room, adopt, starter, papers, voters, says):
    if papers:
        vote(room, *papers, voters=voters)
    before = starter.vision_file.read_bytes()
    code, said = adopt("chosen", "--yes")
    assert code == 2
    assert says in said
    assert f"\n  draft-001  “{FIRST}”\n  draft-002  “{SECOND}”\nAdopting a draft by name is your decision" in said
    assert starter.vision_file.read_bytes() == before


def test_a_vote_that_is_open_has_chosen_nothing(room, adopt):
    room.open_vote(["draft-001", "draft-002"], voters=["a", "b"])
    assert "the vote is still open" in adopt("chosen", "--yes")[1]


def test_an_unfinished_meaning_is_refused_with_what_it_lacks(room, adopt, starter):
    ident = room.start_draft("Grow.").id
    before = starter.vision_file.read_bytes()
    code, said = adopt(ident, "--yes")
    assert code == 2
    assert f"nobody has said yet what {ident} means" in said
    room.change_meaning(ident, add_point, start=begin_proposal(starter.load_vision()))
    code, said = adopt(ident, "--yes")
    assert code == 2
    assert "\n  - The core idea is not written yet" in said
    assert "\n  - There is no meaning point yet." in said
    assert "Mend it at the workbench, in the step “Say what it means”" in said
    code, said = adopt(room.start_draft().id, "--yes")
    assert (code, "there is nothing in draft-004 yet" in said) == (2, True)
    assert starter.vision_file.read_bytes() == before


def test_what_the_team_may_still_want_to_mend_is_told(room, adopt):
    said = adopt("1")[1]
    assert "What the team may still want to mend at the workbench\n  - Words of the statement that no" in said


@pytest.mark.parametrize("name", ["draft-009", "9", "nonsense", "../draft-001", "-", "\x1b[2J", "٣", "9" * 50])
def test_an_unknown_draft_is_told_which_there_are(room, capsys, starter, name):
    assert main(["adopt", "--course", str(starter.root), "--", name]) == 2
    said = capsys.readouterr().err
    assert "there is no draft" in said
    assert "\x1b" not in said
    assert f"\n  draft-001  “{FIRST}”" in said


def test_a_workshop_may_lie_elsewhere_and_is_only_read(room, adopt, starter, tmp_path):
    room.store.close()
    shutil.move(starter.root / "workshop.db", tmp_path / "kept.db")
    before = room_content(tmp_path / "kept.db")
    assert adopt("1", "--yes", "--workshop", str(tmp_path / "kept.db"))[0] == 0
    assert adopt("2", "--yes", "--workshop", str(tmp_path / "kept.db"))[0] == 0
    assert room_content(tmp_path / "kept.db") == before
    assert starter.load_vision().statement == SECOND


def room_content(path):
    with contextlib.closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


@pytest.mark.database
@pytest.mark.xdist_group("database")
def test_a_workshop_may_be_kept_on_a_server(postgres, adopt, starter):
    import sqlalchemy as sa

    engine = sa.create_engine(f"{postgres}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("drop database if exists adopt")
        connection.exec_driver_sql("create database adopt")
    engine.dispose()
    address = f"{postgres}/adopt"
    code, said = adopt("1", "--yes", "--workshop", address)
    assert (code, "there is no workshop in adopt" in said) == (2, True)
    with contextlib.closing(Store(address)) as store:
        room = Workshop(store, Seat(id="trainer"))
        finish(room, room.start_draft(FIRST).id, starter.load_vision())
    assert adopt("1", "--yes", "--workshop", address)[0] == 0
    assert starter.load_vision().statement == FIRST


@pytest.mark.parametrize(
    ("where", "says"),
    [
        (None, "there is no workshop.db in"),
        ("{tmp}/none.db", "none.db is no file"),
        ("{tmp}/other.db", "there is no workshop in other.db"),
        ("{tmp}/text.db", "the workshop's data cannot be reached: file is not a database"),
        ("{tmp}", "is no file"),
        ("nonsense://x", "is no address of a database"),
        ("postgresql://trainer@127.0.0.1:1/none", "the workshop's data cannot be reached"),
        ("postgresql://trainer:secret@127.0.0.1:1/none", "other people of this machine can read a password"),
    ],
)
def test_a_store_that_is_no_workshop_or_out_of_reach_is_told_and_not_made(starter, adopt, tmp_path, where, says):
    with contextlib.closing(sqlite3.connect(tmp_path / "other.db")) as database:
        database.execute("create table x (y)")
    (tmp_path / "text.db").write_text("no database " * 100)
    other = (tmp_path / "other.db").read_bytes()
    before = sorted(path.name for path in tmp_path.iterdir())
    code, said = adopt("1", "--yes", *(["--workshop", where.format(tmp=tmp_path)] if where else []))
    assert code == 2
    assert says in said
    assert "secret" not in said
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert (tmp_path / "other.db").read_bytes() == other


def test_a_folder_without_a_vision_is_told_how_to_get_one(tmp_path, capsys):
    assert main(["adopt", "1", "--course", str(tmp_path)]) == 2
    assert "it has no vision.toml" in (said := capsys.readouterr().err)
    assert "visionquiz new" in said


def test_mistakes_in_the_vision_come_first(room, starter, adopt):
    starter.vision_file.write_text(starter.vision_file.read_text().replace("core_idea", "core_ida"))
    code, said = adopt("1", "--yes")
    assert code == 2
    assert "error: vision.toml: vision.core_idea: is missing" in said


def test_what_changes_for_the_course_is_told(room, starter, adopt):
    finish(room, room.start_draft("Grow.").id, starter.load_vision(), drop=["nursery"], add=["Van driver"])
    text = starter.vision_file.read_text().replace('title = "Sales adviser"', 'title = "Shop adviser"')
    roster = starter.roster_file.read_text().replace("tom.baker,Tom Baker,,sales", "tom.baker,Tom Baker,,Shop adviser")
    starter.vision_file.write_text(text)
    starter.roster_file.write_text(roster)
    _, said = adopt("3")
    said = " ".join(said.split())
    assert "1 person has the role 'nursery' in roster.csv, which goes." in said
    assert (
        "'visionquiz check' will say roster.csv: line 3, role: there is no role 'Shop adviser' in vision.toml" in said
    )
    assert "there is no role 'nursery'" not in said, "that was told"
    assert "will say quizzes/first-check.toml: questions: ask for 2 scenarios, but only 1 in vision.toml fit" in said
    assert "These situations go: late-frost." in said
    assert "Read these situations again: dark-corner, brown-leaves." in said
    assert "written for the former statement" in said
    assert "released" not in said


def test_roles_that_nobody_spoke_for_are_named(room, starter, adopt):
    ident = room.start_draft("Grow.").id
    finish(room, ident, starter.load_vision())
    room.change_meaning(ident, lambda now: list_tasks(now, "sales", base=now.roles[0].text, text=""), start=None)
    said = " ".join(adopt("3")[1].split())
    assert "These roles have no contribution now: Sales adviser." in said


def test_text_that_could_steer_a_terminal_is_not_printed(room, starter, adopt):
    ident = room.start_draft("Grow\x1b[31m.").id
    finish(room, ident, starter.load_vision(), points=("Look\x07.", "Go.", "Ask."))
    code, said = adopt(ident, "--yes")
    assert code == 2
    assert "the statement has a character that nobody sees (U+001B)" in said
    assert not {"\x1b", "\x07"} & set(said)


def test_line_ends_and_the_mark_at_the_start_stay(room, starter, adopt):
    text = starter.vision_file.read_text()
    starter.vision_file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert adopt("1", "--yes")[0] == 0
    data = starter.vision_file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf#")
    assert data.count(b"\n") == data.count(b"\r\n") > 50
    assert starter.load_vision().statement == FIRST


def test_a_link_to_the_vision_stays_one(room, starter, adopt, tmp_path):
    shared = tmp_path / "shared.toml"
    starter.vision_file.rename(shared)
    starter.vision_file.symlink_to(shared)
    assert adopt("1", "--yes")[0] == 0
    assert starter.vision_file.is_symlink()
    assert load_vision(shared).statement == FIRST
    assert len(kept(starter)) == 1


def test_what_somebody_changed_meanwhile_is_not_written_over(starter):
    import datetime as dt

    before = starter.vision_file.read_bytes()
    with pytest.raises(CourseError, match="was changed meanwhile, so nothing was written"):
        write_vision(starter, "new", former=before + b"# mine\n", today=dt.date(2026, 11, 29))
    assert (starter.vision_file.read_bytes(), kept(starter)) == (before, [])


def test_no_former_vision_is_ever_written_over(starter):
    import datetime as dt

    names = []
    for number in range(3):
        former = starter.vision_file.read_bytes()
        names.append(write_vision(starter, f"# {number}\n", former=former, today=dt.date(2026, 11, 29)).name)
        assert (starter.root / names[-1]).read_bytes() == former
    assert names == ["vision-2026-11-29.toml", "vision-2026-11-29-2.toml", "vision-2026-11-29-3.toml"]


@pytest.fixture
def run(room, starter, ordinary):
    """Runs `visionquiz adopt 1 --yes` as an ordinary user, with `left` bytes on the disk that the course lies on."""
    room.store.close()

    def run(left=None):
        return subprocess.run(
            [*ordinary(starter.root, left), sys.executable, "-m", "visionquiz", "adopt", "1", "--yes", "--course",
             starter.root],
            capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip

    return run


def files(course):
    return {path.name: path.read_bytes() for path in course.root.iterdir() if path.suffix in (".toml", ".csv")}


@pytest.mark.parametrize("closed", [".", "vision.toml"])
def test_what_may_not_be_written_to_is_named(starter, run, closed):
    before = files(starter)
    with contextlib.closing(sqlite3.connect(starter.root / "workshop.db")) as database:
        database.execute("pragma journal_mode=delete")  # a folder that is closed has no room for a log
    path = starter.root / closed
    mode = path.stat().st_mode
    path.chmod(mode & 0o555)
    done = run()
    path.chmod(mode)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "so nothing was changed; ask its owner for the right to" in done.stderr
    assert files(starter) == before


@pytest.mark.parametrize("left", [300_000, 700_000], ids=["for the former one", "for the new one"])
def test_a_full_disk_leaves_everything_as_it_was(starter, run, left):
    with open(starter.vision_file, "a") as file:
        file.write("# long\n" * 70_000)
    before = files(starter)
    done = run(left)
    assert done.returncode == 2, done.stderr
    assert done.stderr.endswith("is the disk full? Make room, then try again\n")
    assert files(starter) == before
    assert not list(starter.root.glob(".vision*-*"))


@pytest.mark.nbgrader
def test_a_new_check_asks_the_roles_of_the_adopted_vision(room, starter, adopt):
    finish(room, room.start_draft("Grow.").id, starter.load_vision(), drop=["nursery"], add=["Van driver"])
    quiz = starter.quiz_file("first-check")
    quiz.write_text(quiz.read_text().replace("count = 2", "count = 1"))
    assert adopt("3", "--yes")[0] == 0
    assert main(["check", "--course", str(starter.root)]) == 2, "as was told: somebody's role has gone"
    starter.roster_file.write_text(starter.roster_file.read_text().replace(",nursery,", ",van-driver,"))
    assert main(["check", "--course", str(starter.root)]) == 0
    assert main(["release", "first-check", "--course", str(starter.root)]) == 0
    released = starter.notebook("release", "first-check").read_text()
    assert '"Van driver"' in released, "the form puts it to them"
    assert "Nursery gardener" not in released


@pytest.mark.nbgrader
def test_a_released_check_keeps_its_grades_and_a_new_one_asks_for_the_new_vision(course_until, adopt, capsys):
    course = course_until("graded")
    former = course.load_vision()
    with contextlib.closing(Store(store_url(course.root / "workshop.db"))) as store:
        room = Workshop(store, Seat(id="trainer", trainer=True))
        texts = ("Water for all, and a word with it.", "Water flows and nobody waits in the dark.")
        for text in texts:
            room.hang_up(room.start_draft(text).id)
        vote(room, "draft-001", "draft-001", "draft-002")
        points = [former.meaning[0].text, "We tell people what we know.", "Nobody waits without a word."]
        finish(room, "draft-001", former, points=points, core="Water first, then a word.")

    with contextlib.closing(sqlite3.connect(course.gradebook)) as database:
        grades = list(database.execute("select * from grade order by id"))
    code, said = adopt("chosen", "--yes", course=course)
    assert code == 0
    told = " ".join(said.split())
    assert "'vision-check' was released with the former vision." in told
    assert "'visionquiz grade vision-check' refuses to grade, so that nobody is judged by a statement" in told
    assert "copy quizzes/vision-check.toml to a new name and release that check" in told
    with contextlib.closing(sqlite3.connect(course.gradebook)) as database:
        assert list(database.execute("select * from grade order by id")) == grades

    assert main(["grade", "vision-check", "--course", str(course.root)]) == 2
    assert "kept as vision-DATE.toml" in " ".join(capsys.readouterr().err.split())
    with contextlib.closing(sqlite3.connect(course.gradebook)) as database:
        assert list(database.execute("select * from grade order by id")) == grades

    assert main(["check", "--course", str(course.root)]) == 0
    vision = course.load_vision()
    assert vision.statement == texts[0]
    assert vision.meaning[0] == former.meaning[0]
    shutil.copy(course.quiz_file("vision-check"), course.quiz_file("second-check"))
    assert main(["release", "second-check", "--course", str(course.root)]) == 0
    released = course.notebook("release", "second-check").read_text()
    assert all(role.title in released for role in vision.roles)
    assert texts[0] not in released

    person = course.load_roster(vision)[0].person
    paper = json.loads(released)
    answers = {"state": texts[0], "explain": " ".join(points), "contribute": "I help."}
    path = course.notebook("submitted", "second-check", person)
    path.parent.mkdir(parents=True)
    path.write_text(dump_notebook(fill_answers(paper, answers)))
    assert main(["grade", "second-check", "--course", str(course.root)]) == 0
    with contextlib.closing(sqlite3.connect(course.gradebook)) as database:
        scores = dict(database.execute(SCORES))
    assert scores["state"] == 3
