"""What must hold of every grade in a course, checked on the demo's own course in nbgrader's tables."""

import contextlib
import datetime as dt
import json
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

from visionquiz import gradebook, jobs
from visionquiz.cli import main
from visionquiz.errors import CourseError
from visionquiz.gradebook import HandScore
from visionquiz.summaries import load_summaries

pytestmark = pytest.mark.nbgrader

QUIZ = "vision-check"

QUERY = """
    select sa.student_id, b.name, gc.max_score, g.auto_score, g.needs_manual_grade, c.auto_comment
    from grade g join grade_cells gc on gc.id = g.cell_id join base_cell b on b.id = gc.id
    join submitted_notebook sn on sn.id = g.notebook_id join submitted_assignment sa on sa.id = sn.assignment_id
    join base_cell s on s.name = b.name and s.type = 'SolutionCell' and s.notebook_id = b.notebook_id
    join comment c on c.cell_id = s.id and c.notebook_id = sn.id
    order by 1, 2
"""


def grades(course):
    database = sqlite3.connect(course.gradebook)
    found = database.execute(QUERY).fetchall()
    database.close()
    return found


def test_every_graded_cell_has_a_score_on_the_scale_and_a_reason(demos):
    course = demos("graded")
    vision = course.load_vision()
    best = {option.points / s.best for s in vision.scenarios for option in s.options}
    found = grades(course)
    assert len(found) == 35 * 6
    for _, question, points, score, _, reason in found:
        assert reason
        allowed = best if question.startswith("decide") else {0, 1 / 3, 2 / 3, 1}
        assert any(score == pytest.approx(points * share) for share in allowed)


def test_blank_is_0_without_doubt(demos):
    course = demos("graded")
    for person, question, _, score, review, reason in grades(course):
        notebook = json.loads(course.notebook("submitted", "vision-check", person).read_text())
        cell = next(cell for cell in notebook["cells"] if cell["id"] == question)
        if "".join(cell["source"]).startswith("*Double-click here"):
            assert (score, review, reason) == (0, 0, "No response.")


def test_a_lost_answer_cell_is_0_and_for_a_person_to_look_at(course_until):
    course = course_until("submitted")
    person = course.submissions("vision-check")[0]
    path = course.notebook("submitted", "vision-check", person)
    notebook = json.loads(path.read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "explain"]
    path.write_text(json.dumps(notebook))
    jobs.grade_quiz(course, "vision-check")
    ((score, review, reason),) = [row[3:] for row in grades(course) if row[:2] == (person, "explain")]
    assert (score, review) == (0, 1)
    assert "missing from what was handed in" in reason


def test_an_answer_to_an_earlier_release_is_refused(course_until):
    course = course_until("submitted")
    person = course.submissions("vision-check")[0]
    path = course.notebook("submitted", "vision-check", person)
    notebook = json.loads(path.read_text())
    notebook["metadata"]["visionquiz"]["release"] = "0123456789abcdef"
    path.write_text(json.dumps(notebook))
    report = jobs.grade_quiz(course, "vision-check")
    assert [(error.person, "another release" in error.reason) for error in report.refused] == [(person, True)]


def test_grading_again_gives_the_same_rows(course_until):
    course = course_until("graded")
    before = grades(course)
    jobs.grade_quiz(course, "vision-check")
    assert grades(course) == before


def test_a_grade_does_not_depend_on_who_else_is_graded_or_on_the_process(course_until, demos):
    """Alone, in another process, with another hash seed: the same rows."""
    course = course_until("submitted")
    person = course.submissions("vision-check")[5]
    for other in course.submissions("vision-check"):
        if other != person:
            shutil.rmtree(course.root / "submitted" / other)
    env = {**os.environ, "PYTHONHASHSEED": "12345"}
    subprocess.run(
        [sys.executable, "-m", "visionquiz", "grade", "vision-check"],
        cwd=course.root,
        env=env,
        check=True,
        capture_output=True,
    )
    assert grades(course) == [row for row in grades(demos("graded")) if row[0] == person]


def test_what_formgrader_shows_holds_the_answers_and_nothing_else_that_was_sent(course_until):
    course = course_until("submitted")
    person = course.submissions("vision-check")[0]
    path = course.notebook("submitted", "vision-check", person)
    notebook = json.loads(path.read_text())
    notebook["cells"].insert(
        0, {"cell_type": "code", "id": "x", "metadata": {}, "source": "1/0", "outputs": [], "execution_count": 1}
    )
    notebook["metadata"]["evil"] = "yes"
    path.write_text(json.dumps(notebook))
    (path.parent / "planted.py").write_text("1/0")
    jobs.grade_quiz(course, "vision-check")
    shown = course.notebook("autograded", "vision-check", person)
    assert sorted(file.name for file in shown.parent.iterdir()) == ["timestamp.txt", "vision-check.ipynb"]
    found = json.loads(shown.read_text())
    released = json.loads(course.notebook("release", "vision-check").read_text())
    assert [cell["id"] for cell in found["cells"]] == [cell["id"] for cell in released["cells"]]
    assert found["metadata"] == released["metadata"]


def test_a_damaged_release_says_to_release_again(course_until):
    course = course_until("submitted")
    course.notebook("release", "vision-check").write_text("{")
    with pytest.raises(CourseError, match="release the check again"):
        jobs.grade_quiz(course, "vision-check")


def test_publishing_without_a_name_takes_every_check_that_was_answered(course_until):
    import datetime as dt

    course = course_until("graded")
    (course.root / "quizzes" / "later.toml").write_text(
        'title = "Later"\n[[questions]]\nid = "state"\nkind = "state"\n'
    )
    published = jobs.publish(course, None, minimum=5, now=dt.datetime(2026, 12, 20, tzinfo=dt.UTC))
    assert [summary.quiz for summary in published] == ["vision-check"]


@pytest.mark.parametrize("out", ["answers.csv", "."])
def test_grades_are_never_written_over_the_answers_or_a_folder(tmp_path, vision, out):
    answers = tmp_path / "answers.csv"
    answers.write_text("id,question,role,text\n1,state,,Keep every home running\n")
    before = answers.read_bytes()
    with pytest.raises(CourseError, match=r"e\.g\. graded\.csv"):
        jobs.score_file(answers, vision, tmp_path / out)
    assert answers.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["answers.csv"]


@pytest.mark.parametrize("job", [jobs.summary_tables, jobs.grade_quiz])
def test_a_corrupt_gradebook_is_refused_with_a_remedy(course_until, job):
    course = course_until("graded")
    course.gradebook.write_bytes(b"this is no database" * 1000)
    with pytest.raises(CourseError, match="Put back a copy"):
        job(course, "vision-check")


def test_the_results_of_a_course_are_tidy_and_missing_is_not_zero(demos):
    course = demos("graded")
    frame = jobs.read_results(course, "vision-check")
    people, handed_in = frame["person"].nunique(), set(course.submissions("vision-check"))
    assert len(frame) == people * 6
    assert frame[~frame["person"].isin(handed_in)]["score"].isna().all()
    assert frame[frame["person"].isin(handed_in)]["score"].notna().all()
    assert people > len(handed_in)


def test_a_gradebook_from_before_parts_were_kept_gets_them_when_graded_again(course_until):
    course = course_until("graded")
    kept = gradebook.read_verdicts(course.database, QUIZ)
    handed_in, people = len(course.submissions(QUIZ)), {person for person, _ in kept}
    assert (len(kept), len(people)) == (6 * handed_in, handed_in)
    with contextlib.closing(sqlite3.connect(course.gradebook)) as connection, connection:
        connection.execute("alter table visionquiz_answer_graded drop column parts")
    assert gradebook.read_verdicts(course.database, QUIZ) == {}
    (summary,) = jobs.publish(course, QUIZ, minimum=5, now=dt.datetime.now(dt.UTC))
    assert (summary.groups[0].hidden, summary.groups[0].parts) == (False, {})
    jobs.grade_quiz(course, QUIZ)
    assert gradebook.read_verdicts(course.database, QUIZ) == kept
    (summary,) = jobs.publish(course, QUIZ, minimum=5, now=dt.datetime.now(dt.UTC))
    assert summary.groups[0].parts.keys() == {"state", "explain", "contribute"}


def test_published_again_a_figure_stays_until_enough_people_changed(course_until, capsys):
    course = course_until("published")
    (first,) = load_summaries(course.summaries)
    scores = [one for one in gradebook.read_scores(course.database, QUIZ) if one.question == "state"]
    changed = [one for one in scores if one.score < one.points][:6]
    for number, held in ((4, True), (6, False)):
        given = [HandScore(person=one.person, question="state", score=one.points) for one in changed[:number]]
        gradebook.write_scores(course.database, QUIZ, given, who="trainer")
        assert main(["publish", "--course", str(course.root)]) == 0
        said = capsys.readouterr().out
        assert "figures were not updated" in said
        (again,) = load_summaries(course.summaries)
        everyone = again.groups[0]
        assert (everyone.means["state"] == first.groups[0].means["state"]) is held
        assert everyone.as_of.get("state") == (first.published if held else None)
    assert oct((course.counted / f"{QUIZ}.json").stat().st_mode)[-3:] == "600"


def test_without_the_ledger_nothing_is_published_again(course_until, capsys):
    course = course_until("published")
    before = (course.summaries / f"{QUIZ}.json").read_bytes()
    (course.counted / f"{QUIZ}.json").unlink()
    assert main(["publish", "--course", str(course.root)]) == 2
    assert "Put it back from a copy" in capsys.readouterr().err
    assert (course.summaries / f"{QUIZ}.json").read_bytes() == before
    (course.summaries / f"{QUIZ}.json").unlink()
    assert main(["publish", "--course", str(course.root)]) == 0
