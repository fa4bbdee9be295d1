import datetime as dt
import json
import shutil
import sqlite3

import pytest

from visionquiz import gradebook, jobs
from visionquiz.cli import main
from visionquiz.errors import CourseError
from visionquiz.learner import save_practice
from visionquiz.ledger import counted_in
from visionquiz.nbgrader_plugin import hand_in, make_desk, return_feedback
from visionquiz.notebook import dump_notebook, fill_answers
from visionquiz.practice import Practice, Recall
from visionquiz.rights import erase_check, erase_person, export_person
from visionquiz.taking import Draft, open_desk, save_draft

pytestmark = [pytest.mark.nbgrader, pytest.mark.xdist_group("nbgrader")]

NOW = dt.datetime(2026, 12, 20, 9, 30, tzinfo=dt.UTC)
MARK = "Xylophone-under-the-stairs"
"""A word that nobody else types."""


@pytest.fixture
def course(course_until):
    """A course in which the first person typed, got a comment, was graded twice and got a page back."""
    found = course_until("graded")
    person = found.submissions("vision-check")[0]
    (attempt,) = found.exchange.glob(f"hollowmere/inbound/{person}+*")
    path = found.notebook("submitted", "vision-check", person)
    typed = dump_notebook(fill_answers(json.loads(path.read_text()), {"explain": f"{MARK}, that is what I say."}))
    for where in (path, attempt / path.name):
        where.write_text(typed)
    jobs.grade_quiz(found, "vision-check")
    for comment in (f"Once more about {MARK}", f"Lovely, {MARK}"):
        with sqlite3.connect(found.gradebook) as database:
            database.execute(
                """update comment set manual_comment = ? where id in
                   (select c.id from comment c join submitted_notebook n on n.id = c.notebook_id
                    join submitted_assignment s on s.id = n.assignment_id
                    join base_cell b on b.id = c.cell_id where s.student_id = ? and b.name = 'explain')""",
                (comment, person),
            )
        database.close()
    return_feedback(found, "vision-check", finished=False)
    return found


def dump(course, without):
    """Every row of the gradebook that is not about this person."""
    with sqlite3.connect(course.gradebook) as database:
        rows = database.execute(
            """select s.student_id, st.first_name, b.name, g.auto_score, g.manual_score, g.needs_manual_grade,
                      a.answer_sha256, a.confidence
               from grade g join submitted_notebook n on n.id = g.notebook_id
               join submitted_assignment s on s.id = n.assignment_id join student st on st.id = s.student_id
               join base_cell b on b.id = g.cell_id join visionquiz_answer_graded a on a.grade_id = g.id
               where s.student_id != ? order by 1, 3""",
            (without,),
        ).fetchall()
        comments = database.execute("select count(*) from comment").fetchone()
    database.close()
    return rows, comments


def holding(course, *words):
    """The files of the course in whose names or bytes one of these words is, but for the trainer's own list."""
    found = set()
    for path in course.root.rglob("*"):
        where = str(path.relative_to(course.root))
        inside = path.read_bytes() if path.is_file() else b""
        if where != "roster.csv" and any(word in where or word.encode() in inside for word in words):
            found.add(where)
    return found


def test_everything_about_a_person_is_in_one_file(course, tmp_path):
    person = course.submissions("vision-check")[0]
    out = tmp_path / "all.json"
    assert main(["person", "export", person, "--course", str(course.root), "--out", str(out)]) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    told = json.loads(out.read_text())
    entry = next(one for one in course.load_roster(course.load_vision()) if one.person == person)
    assert told["roster.csv"]["name"] == entry.name
    explain = next(row for row in told["grades"] if row["question"] == "explain")
    assert explain["trainer's comment"] == f"Lovely, {MARK}"
    assert explain["grader's reason"]
    assert len(told["grades"]) == 6
    where = [one["folder"].partition("/")[0] for one in told["handed in"]]
    assert where == ["submitted", "autograded", "feedback", "exchange"]
    typed = [one["answers"]["explain"] for one in told["handed in"] if one["answers"]]
    assert typed == [f"{MARK}, that is what I say."] * 3
    (page,) = told["pages in the exchange"]
    assert MARK in (course.root / page).read_text()
    assert main(["person", "export", person, "--course", str(course.root), "--out", str(out)]) == 2, "never overwritten"


def test_nothing_about_an_erased_person_is_left_and_nobody_else_loses_anything(course):
    person, other, *_ = course.submissions("vision-check")
    entry = next(one for one in course.load_roster(course.load_vision()) if one.person == person)
    words = [person, MARK, *filter(None, [entry.email])]
    before, (comments,) = dump(course, person)
    secret = course.notebook("submitted", "vision-check", person).with_name("submission_secret.txt").read_text()
    assert len(holding(course, *words, secret)) > 8
    # Somebody has the gradebook open, as formgrader has: SQLite keeps its log then.
    watching = sqlite3.connect(course.gradebook)
    watching.execute("select count(*) from grade").fetchone()
    erased = erase_person(course, person)
    assert (erased.checks, erased.answers, erased.left) == (("vision-check",), 6, ())
    assert holding(course, *words, secret) == set()
    watching.close()
    assert dump(course, person) == (before, (comments - 6,))
    assert holding(course, other)
    with pytest.raises(CourseError, match="nothing is stored"):
        erase_person(course, person)
    assert jobs.grade_quiz(course, "vision-check").graded == 34, "the course goes on"


def test_what_lies_at_a_desk_is_exported_and_erased(course):
    vision = course.load_vision()
    one, other = course.load_roster(vision)[:2]
    for person in (one, other):
        folder = make_desk(course, "vision-check", person)
        desk = open_desk("vision-check", folder, {"VISIONQUIZ_PERSON": person.person})
        save_draft(desk, Draft(answers={"state": f"{MARK} of {person.person}"}, saved=NOW))
        hand_in(desk)
    told = json.dumps(export_person(course, one.person, NOW))
    assert f"{MARK} of {one.person}" in told
    assert f"desks/{one.person}/.handed-in/hollowmere/{one.person}+vision-check" in told
    erase_person(course, one.person)
    assert holding(course, f"{MARK} of {one.person}") == set()
    assert not (course.root / "desks" / one.person).exists()
    assert holding(course, f"{MARK} of {other.person}")
    erase_check(course, "vision-check")
    assert holding(course, MARK) == set()
    assert (course.root / "desks" / other.person / "nbgrader_config.py").exists(), "that is no answer"


def test_practice_at_the_desk_belongs_to_what_is_stored(course):
    person = course.submissions("vision-check")[0]
    lessons = course.root / "desks" / person / "lessons"
    lessons.mkdir(parents=True)
    recall = Recall(item="state-of-practice", level=2, moment=NOW)
    save_practice(Practice(recalls=(recall,)), lessons)
    told = json.dumps(export_person(course, person, NOW)["handed in"])
    assert "state-of-practice" in told
    erase_person(course, person)
    assert holding(course, "state-of-practice") == set()


def test_an_erasure_that_was_stopped_ends_with_the_same_command(course, monkeypatch, capsys):
    person = course.submissions("vision-check")[0]
    jobs.publish(course, None, minimum=5, now=NOW)
    erase = ["person", "erase", person, "--yes", "--course", str(course.root)]
    monkeypatch.setattr("visionquiz.gradebook.tables.BUSY", 1)
    reader = sqlite3.connect(course.gradebook, isolation_level=None)
    tidy = gradebook.persons.vacuum

    def vacuum(url):
        reader.execute("begin immediate")  # another program begins to write, after the rows are gone
        tidy(url)

    with monkeypatch.context() as patch:
        patch.setattr(gradebook.persons, "vacuum", vacuum)
        assert main(erase) == 2
    assert "still holds traces of what was erased" in capsys.readouterr().err
    assert counted_in(course.counted, person) == {}
    reader.rollback()
    reader.close()
    assert main(erase) == 2
    assert "nothing is stored" in capsys.readouterr().err
    assert holding(course, person, MARK) == set()


def test_half_of_a_pair_of_characters_stops_no_export(course, tmp_path):
    person = course.submissions("vision-check")[0]
    path = course.notebook("submitted", "vision-check", person)
    path.write_text(path.read_text().replace(MARK, "cut \\ud83d"))
    out = tmp_path / "all.json"
    assert main(["person", "export", person, "--course", str(course.root), "--out", str(out)]) == 0
    assert "cut ?" in out.read_text(encoding="utf-8")


def test_erasing_asks_first(course, capsys):
    person = course.submissions("vision-check")[0]
    there = ["person", "erase", person, "--course", str(course.root)]
    assert main(there) == 2
    assert "Nothing was erased" in capsys.readouterr().err
    assert course.notebook("submitted", "vision-check", person).exists()
    assert main([*there, "--yes"]) == 0
    said = capsys.readouterr().out
    assert "Erased 6 graded answers" in said
    assert "roster.csv is yours" in said
    assert not course.notebook("submitted", "vision-check", person).exists()


@pytest.mark.parametrize("name", ["nobody", "../submitted", "*", "a b", "", "x" * 70])
def test_a_name_that_is_nobodys_touches_nothing(course, name):
    before = {path for path in course.root.rglob("*") if path.suffix not in (".db-wal", ".db-shm")}
    for job in (lambda: export_person(course, name, NOW), lambda: erase_person(course, name)):
        with pytest.raises(CourseError):
            job()
    assert {path for path in course.root.rglob("*") if path.suffix not in (".db-wal", ".db-shm")} == before


def test_a_damaged_or_linked_submission_is_exported_as_what_it_is_and_erased(course, tmp_path):
    one, other, *_ = course.submissions("vision-check")
    course.notebook("submitted", "vision-check", one).write_text("[1, 2")
    kept = tmp_path / "kept"
    shutil.move(course.notebook("submitted", "vision-check", other).parent, kept)
    course.notebook("submitted", "vision-check", other).parent.symlink_to(kept)
    told = export_person(course, one, NOW)
    assert told["handed in"][0]["answers"] is None
    assert export_person(course, other, NOW)["handed in"][0] == {
        "folder": f"submitted/{other}/vision-check",
        "files": [],
        "answers": None,
    }
    for person in (one, other):
        erase_person(course, person)
        assert not (course.root / "submitted" / person).exists()
    assert list(kept.iterdir()), "a link is removed, not what it points to"


def test_a_check_that_has_been_kept_long_enough_is_named_and_erased(course, capsys):
    toml = course.quiz_file("vision-check")
    toml.write_text("keep_until = 2026-12-31\n" + toml.read_text())
    late = dt.datetime(2027, 1, 2, tzinfo=dt.UTC)
    assert not [one for one in jobs.check_course(course, NOW) if one.place == "keep_until"]
    (told,) = [one for one in jobs.check_course(course, late) if one.place == "keep_until"]
    assert "visionquiz expire vision-check" in told.message
    words = [MARK, *course.submissions("vision-check")]
    assert main(["expire", "vision-check", "--course", str(course.root)]) == 2
    assert main(["expire", "vision-check", "--yes", "--course", str(course.root)]) == 0
    assert "Erased 210 graded answers" in capsys.readouterr().out
    # People stay on the class list: they may take the next check.
    assert holding(course, *words) == {"gradebook.db"}
    assert holding(course, MARK) == set()
    assert jobs.check_course(course, late) == jobs.check_course(course)
    with pytest.raises(CourseError, match="nobody's answers"):
        erase_check(course, "vision-check")
    assert course.notebook("release", "vision-check").is_file()


def test_what_a_persons_folder_links_to_is_not_erased(course, tmp_path):
    kept = tmp_path / "kept" / "vision-check"
    kept.mkdir(parents=True)
    (course.root / "submitted" / "eve").symlink_to(kept.parent)
    for job in (lambda: erase_person(course, "eve"), lambda: erase_check(course, "vision-check")):
        with pytest.raises(CourseError, match="is a link"):
            job()
    assert kept.is_dir()
    assert len(course.submissions("vision-check")) == 36


def test_who_is_counted_in_published_figures_is_told_and_leaves_no_name(course_until):
    course = course_until("published")
    person, other = course.submissions("vision-check")[:2]
    ledger = course.counted / "vision-check.json"
    groups = export_person(course, person, NOW)["counted in published figures"]["vision-check"]
    assert "all all" in groups
    before = (course.summaries / "vision-check.json").read_bytes()
    assert (course.quality / "vision-check.json").is_file()
    erase_person(course, person)
    assert not (course.quality / "vision-check.json").exists(), "it may tell of one person's answer"
    told = counted_in(course.counted, person)
    assert told == {}
    assert "gone-" in ledger.read_text()
    assert counted_in(course.counted, other)
    assert (course.summaries / "vision-check.json").read_bytes() == before
    assert jobs.publish(course, None, minimum=5, now=NOW)
    assert (course.quality / "vision-check.json").is_file()
    erase_check(course, "vision-check")
    assert counted_in(course.counted, other) == {}
    assert not (course.quality / "vision-check.json").exists()
