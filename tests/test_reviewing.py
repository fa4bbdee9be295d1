"""What a person has yet to look at, and what is in the gradebook after a decision and after it was taken back."""

import datetime as dt
import json
import os
import sqlite3
from dataclasses import replace

import pytest

from visionquiz import gradebook, jobs, reviewing
from visionquiz.errors import CourseError
from visionquiz.gradebook import HandScore, SecondLook
from visionquiz.quiz import Question
from visionquiz.reviewing import Case, Decision, choices, decide, group_cases, open_review, read_cases, take_back

pytestmark = pytest.mark.nbgrader

QUIZ = "vision-check"
NOW = dt.datetime(2024, 1, 1, 9)
"""Before the clock of the machine, by which answers are noted."""
EXPLAIN = Question(id="explain", kind="explain", points=3, prompt="What does it mean?", column="explain")


@pytest.fixture
def course(course_until):
    return course_until("graded")


@pytest.fixture
def quiz_of(course):
    return course.load_quiz(QUIZ, course.load_vision())


def rows(course, table):
    with sqlite3.connect(course.gradebook) as book:
        book.row_factory = sqlite3.Row
        found = {row["id"]: dict(row) for row in book.execute(f"select * from {table}")}
    book.close()
    return found


def graded(course):
    """Scores, marks and comments of everybody, as nbgrader's tables hold them."""
    return rows(course, "grade"), rows(course, "comment")


def ask(course, person, question, reason="I said that in other words.", minute=0):
    look = SecondLook(person=person, question=question, asked=NOW + dt.timedelta(minutes=minute), reason=reason)
    gradebook.write_looks(course.database, QUIZ, [look], NOW + dt.timedelta(minutes=minute))


def case(text, person="ann", **values):
    shown = {"question": EXPLAIN, "role": "", "score": 1.0, "given": None, "review": True, "reason": "", "comment": ""}
    return Case(person=person, text=text, **(shown | values))


def test_everything_that_is_marked_is_there_once_the_most_doubtful_first(course):
    cases = read_cases(course, QUIZ)
    marked = [score for score in gradebook.read_scores(course.database, QUIZ) if score.review]
    assert {(one.person, one.question.id) for one in cases} == {(score.person, score.question) for score in marked}
    assert len(cases) == len(marked) > 5
    doubts = [one.doubt for one in cases]
    assert doubts == sorted(doubts, reverse=True)
    assert doubts[0] > 0.5
    for one in cases:
        assert one.text
        assert " of 3, " in one.full_reason
        assert all(0 <= mark.start < mark.end <= len(one.text) and mark.label for mark in one.marks)
    assert any(one.marks for one in cases)


def test_second_looks_come_first_in_the_order_in_which_they_were_asked(course):
    first, second = course.submissions(QUIZ)[:2]
    ask(course, first, "state", minute=5)
    ask(course, second, "decide-1", minute=1)
    cases = read_cases(course, QUIZ)
    assert [(one.person, one.question.id) for one in cases[:2]] == [(second, "decide-1"), (first, "state")]
    assert not any(one.looks for one in cases[2:])
    assert cases[1].looks[0].reason == "I said that in other words."
    assert all(len(group.cases) == 1 for group in group_cases(cases)[:2])


def test_a_second_look_that_was_graded_in_formgrader_and_not_answered_is_still_there(course):
    person = course.submissions(QUIZ)[0]
    ask(course, person, "state")
    gradebook.write_scores(course.database, QUIZ, [HandScore(person=person, question="state", score=1.0)], who="mia")
    first = read_cases(course, QUIZ)[0]
    assert (first.person, first.question.id, first.review) == (person, "state", False)
    assert first.proposal == 1.0


def test_a_situation_is_shown_with_its_options_and_what_was_chosen(course, quiz_of):
    person = course.submissions(QUIZ)[0]
    ask(course, person, "decide-1")
    one = read_cases(course, QUIZ)[0]
    chosen = [way for way in one.situation.ways if way.chosen]
    assert len(chosen) == 1
    assert one.text.endswith(chosen[0].letter)
    assert chosen[0].score == one.score
    assert [choice.score for choice in choices(one)] == sorted({0.0, 3.0, *(way.score for way in one.situation.ways)})
    assert any(chosen[0].letter in choice.label for choice in choices(one) if choice.score == one.score)


def test_a_choice_that_cannot_be_read_is_shown_with_the_situation_of_the_role(course):
    person = course.submissions(QUIZ)[0]
    path = course.notebook("submitted", QUIZ, person)
    notebook = json.loads(path.read_text())
    next(cell for cell in notebook["cells"] if cell["id"] == "decide-2")["source"] = "both A and B"
    path.write_text(json.dumps(notebook))
    jobs.grade_quiz(course, QUIZ)
    (one,) = [one for one in read_cases(course, QUIZ) if one.question.id == "decide-2"]
    assert one.text == "both A and B"
    assert one.situation.title
    assert not any(way.chosen for way in one.situation.ways)
    assert one.doubt == reviewing.NOBODY_KNOWS


def test_where_the_role_is_not_known_nothing_to_all_can_be_given():
    unread = case("B", question=Question(id="d", kind="scenario", points=4, prompt="?", column="d"))
    assert [(choice.key, choice.score) for choice in choices(unread)] == [("0", 0.0), ("1", 4.0)]


def test_an_answer_that_cannot_be_read_any_more_is_named_and_stays_alone(course):
    first = read_cases(course, QUIZ)[0]
    course.notebook("autograded", QUIZ, first.person).write_text("{")
    broken = [one for one in read_cases(course, QUIZ) if one.person == first.person]
    assert broken
    assert all("damaged" in one.problem and not one.text for one in broken)
    assert all(len(group.cases) == 1 for group in group_cases(broken * 2))


def test_the_same_words_are_one_decision_and_near_ones_too():
    same = [case("We ring every customer back.", "a"), case("we ring evrey customer back", "b")]
    never = case("We never ring every customer back.", "c")
    assert [len(group.cases) for group in group_cases([same[0], never, same[1]])] == [2, 1]
    assert group_cases([same[1], never, same[0]])[0].first is same[1], "the first is shown"


def test_other_questions_other_jobs_and_second_looks_stay_apart():
    text = "I ring every customer back."
    other = replace(EXPLAIN, id="explain-2")
    assert len(group_cases([case(text), case(text, question=other)])) == 2
    job = replace(EXPLAIN, kind="contribute")
    assert len(group_cases([case(text, role="Adviser"), case(text, role="Driver")])) == 1
    assert len(group_cases([case(text, role="Adviser", question=job), case(text, role="Driver", question=job)])) == 2
    look = SecondLook(person="b", question="explain", asked=NOW, reason="Please")
    assert len(group_cases([case(text), case(text, "b", looks=(look,))])) == 2


def big_group(course):
    return max(group_cases(read_cases(course, QUIZ)), key=lambda group: len(group.cases))


def test_a_decision_writes_what_formgrader_writes(course, quiz_of, tmp_path):
    """Every row but those of the trail is as after formgrader's PUT of api/grade and api/comment."""
    import shutil

    from nbgrader.api import Gradebook

    from visionquiz.course import open_course

    group = big_group(course)
    assert len(group.cases) > 1
    shutil.copytree(course.root, tmp_path / "by-hand")
    by_hand = open_course(tmp_path / "by-hand")
    with Gradebook(by_hand.database) as book:
        for one in group.cases:
            # What nbgrader's GradeHandler and CommentHandler do.
            found = book.find_grade(one.question.id, QUIZ, QUIZ, one.person)
            found.manual_score, found.needs_manual_grade = 1.0, False
            book.find_comment(one.question.id, QUIZ, QUIZ, one.person).manual_comment = "Nearly."
            book.db.commit()
    before = graded(course)
    decide(course, quiz_of, Decision(cases=group.cases, score=1.0, comment="Nearly."), who="mia")
    assert graded(course) == graded(by_hand)
    changed = [key for key, row in graded(course)[0].items() if row != before[0][key]]
    assert len(changed) == len(group.cases)
    for one in group.cases:
        (event,) = [
            event
            for event in gradebook.read_trail(course.database, one.person, QUIZ)[QUIZ]
            if event.kind == "score" and event.question == one.question.id
        ]
        assert (event.who, event.new, event.why) == ("mia", "1.0", "review")


def test_taking_back_restores_every_row(course, quiz_of):
    group = big_group(course)
    before = graded(course)
    decision = Decision(cases=group.cases, score=3.0, comment="Well said.")
    decide(course, quiz_of, decision, who="mia")
    assert graded(course) != before
    take_back(course, quiz_of, decision, who="mia")
    assert graded(course) == before
    assert group_cases(read_cases(course, QUIZ))[0].cases
    assert big_group(course) == group


def test_taking_back_restores_a_former_score_comment_and_extra_credit(course, quiz_of):
    person = course.submissions(QUIZ)[0]
    given = HandScore(person=person, question="state", score=1.25, comment="Seen.")
    gradebook.write_scores(course.database, QUIZ, [given], who="mia")
    with sqlite3.connect(course.gradebook) as book:
        book.execute("update grade set extra_credit = 0.1 where manual_score = 1.25")
    book.close()
    ask(course, person, "state")
    before = graded(course)
    one = read_cases(course, QUIZ)[0]
    assert (one.given, one.proposal, one.comment) == (1.25, 1.25, "Seen.")
    for comment in (None, "", "Other words"):
        decision = Decision(cases=(one,), score=3.0, comment=comment, answer="You are right.")
        decide(course, quiz_of, decision, who="mia")
        take_back(course, quiz_of, decision, who="mia")
        assert graded(course) == before
    assert read_cases(course, QUIZ)[0] == one


def test_a_second_look_is_answered_with_its_score_and_opened_again(course, quiz_of):
    person = course.submissions(QUIZ)[0]
    ask(course, person, "state")
    one = read_cases(course, QUIZ)[0]
    decision = Decision(cases=(one,), score=3.0, answer="You are right.")
    decide(course, quiz_of, decision, who="mia")
    (look,) = gradebook.read_looks(course.database, QUIZ)
    assert (look.answer, look.who, look.answered is not None) == ("You are right.", "mia", True)
    take_back(course, quiz_of, decision, who="mia")
    (look,) = gradebook.read_looks(course.database, QUIZ)
    assert (look.answer, look.who, look.answered) == ("", "", None)
    # Open means: also after everything was graded again.
    jobs.grade_quiz(course, QUIZ)
    again = read_cases(course, QUIZ)[0]
    assert (again.person, again.question.id, again.review) == (person, "state", True)
    decide(course, quiz_of, replace(decision, cases=(again,), answer="It stays."), who="mia")
    (look,) = gradebook.read_looks(course.database, QUIZ)
    assert look.answer == "It stays."
    jobs.grade_quiz(course, QUIZ)
    assert person not in {one.person for one in read_cases(course, QUIZ) if one.looks}


def test_an_answer_given_long_ago_is_not_taken_back_with_a_newer_one(course, quiz_of):
    person = course.submissions(QUIZ)[0]
    for minute, text in ((0, "First answer."), (5, "Second answer.")):
        ask(course, person, "state", minute=minute)
        one = read_cases(course, QUIZ)[0]
        decision = Decision(cases=(one,), score=3.0, answer=text)
        decide(course, quiz_of, decision, who="mia")
    take_back(course, quiz_of, decision, who="mia")
    assert [look.answer for look in gradebook.read_looks(course.database, QUIZ)] == ["First answer.", ""]


def test_nothing_is_written_where_one_answer_of_many_was_changed_elsewhere(course, quiz_of):
    group = big_group(course)
    other = group.cases[-1]
    gradebook.write_scores(
        course.database, QUIZ, [HandScore(person=other.person, question=other.question.id, score=2.0)], who="ben"
    )
    before = graded(course)
    with pytest.raises(CourseError, match="changed elsewhere"):
        decide(course, quiz_of, Decision(cases=group.cases, score=0.0), who="mia")
    assert graded(course) == before


def test_nothing_is_written_where_another_answer_was_handed_in_since(course, quiz_of):
    one = read_cases(course, QUIZ)[0]
    path = course.notebook("autograded", QUIZ, one.person)
    notebook = json.loads(path.read_text())
    next(cell for cell in notebook["cells"] if cell["id"] == one.question.id)["source"] = "Something else"
    path.write_text(json.dumps(notebook))
    with pytest.raises(CourseError, match="changed elsewhere"):
        decide(course, quiz_of, Decision(cases=(one,), score=0.0), who="mia")


def test_a_score_that_somebody_changed_since_is_not_taken_back(course, quiz_of):
    one = read_cases(course, QUIZ)[0]
    decision = Decision(cases=(one,), score=0.0)
    decide(course, quiz_of, decision, who="mia")
    given = HandScore(person=one.person, question=one.question.id, score=2.5)
    gradebook.write_scores(course.database, QUIZ, [given], who="ben")
    before = graded(course)
    with pytest.raises(CourseError, match="changed elsewhere"):
        take_back(course, quiz_of, decision, who="mia")
    assert graded(course) == before


def test_while_another_command_is_at_work_nothing_is_written_and_that_is_said(course, quiz_of):
    one = read_cases(course, QUIZ)[0]
    before = graded(course)
    with course.lock(), pytest.raises(CourseError, match="another visionquiz command is at work"):
        decide(course, quiz_of, Decision(cases=(one,), score=0.0), who="mia")
    assert graded(course) == before
    decide(course, quiz_of, Decision(cases=(one,), score=0.0), who="mia")


def test_the_review_is_opened_from_the_course_and_from_folders_in_it(course, monkeypatch):
    folder = course.root / "release" / QUIZ
    for here in (course.root, folder):
        monkeypatch.chdir(here)
        review = open_review()
        assert review.quiz.id == QUIZ
        assert sum(len(group.cases) for group in review.groups) == reviewing.count_open(course, QUIZ)


def test_without_grades_or_with_several_checks_it_says_what_to_do(course_until, monkeypatch, tmp_path):
    course = course_until("submitted")
    monkeypatch.chdir(course.root)
    for ask_for in (lambda: open_review(), lambda: open_review(QUIZ), lambda: reviewing.count_open(course, QUIZ)):
        with pytest.raises(CourseError, match="first: visionquiz grade"):
            ask_for()
    monkeypatch.setattr(reviewing, "_graded", lambda course: iter(["one", "two"]))
    with pytest.raises(CourseError, match=r'show_review\("one"\) or show_review\("two"\)'):
        open_review()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match="not a course folder"):
        open_review()


def test_the_notebook_is_written_once_and_for_the_check_that_is_asked_for(course):
    path = reviewing.write_notebook(course, QUIZ)
    notebook = json.loads(path.read_text())
    (code,) = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert code["source"].endswith(f'show_review("{QUIZ}")')
    assert code["metadata"]["jupyter"]["source_hidden"]
    os.utime(path, (1, 1))
    reviewing.write_notebook(course, QUIZ)
    assert path.stat().st_mtime == 1
    assert 'show_review("other")' in reviewing.write_notebook(course, "other").read_text().replace("\\", "")


def test_somebody_elses_notebook_of_this_name_is_left_alone(course):
    for theirs in ("{}", "", "[]", '{"metadata": {"visionquiz": 3}}'):
        (course.root / "review.ipynb").write_text(theirs)
        with pytest.raises(CourseError, match="rename it"):
            reviewing.write_notebook(course, QUIZ)
        assert (course.root / "review.ipynb").read_text() == theirs


def test_other_jobs_do_not_mind_the_notebook(course, capsys):
    from visionquiz.cli import main

    reviewing.write_notebook(course, QUIZ)
    assert main(["check", "--course", str(course.root)]) == 0
    assert main(["grade", QUIZ, "--course", str(course.root)]) == 0
    assert main(["feedback", QUIZ, "--course", str(course.root)]) == 0


def test_the_login_names_who_is_at_work(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "mia")
    assert reviewing.trainer_login() == "mia"
    monkeypatch.delenv("JUPYTERHUB_USER")
    monkeypatch.setattr("getpass.getuser", lambda: "ben")
    assert reviewing.trainer_login() == "ben"

    def nobody():
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert reviewing.trainer_login().startswith("user ")


class TestCommand:
    """`visionquiz review`."""

    @pytest.fixture
    def started(self, monkeypatch):
        """What JupyterLab would have been started with; none is."""
        import contextlib

        from visionquiz import serve

        calls = []

        class Lab:
            url = "http://127.0.0.1:1/doc/tree/review.ipynb?token=x"

            def wait(self):
                raise KeyboardInterrupt

        @contextlib.contextmanager
        def start_lab(course, port, notebook):
            calls.append((course.root, port, notebook))
            yield Lab()

        monkeypatch.setattr(serve, "start_lab", start_lab)
        return calls

    def run(self, course, *more):
        from visionquiz.cli import main

        return main(["review", QUIZ, "--course", str(course.root), *more])

    def test_it_writes_the_notebook_and_prints_the_address_and_how_many_are_left(self, course, started, capsys):
        assert self.run(course, "--port", "8123") == 0
        assert started == [(course.root, 8123, "review.ipynb")]
        said = capsys.readouterr().out
        assert f"{reviewing.count_open(course, QUIZ)} answers left to look at." in said
        assert "http://127.0.0.1:1/doc/tree/review.ipynb" in said
        assert (course.root / "review.ipynb").is_file()

    def test_with_nothing_left_it_says_so_and_starts_nothing(self, course, started, capsys):
        with sqlite3.connect(course.gradebook) as book:
            book.execute("update grade set needs_manual_grade = 0")
        book.close()
        assert self.run(course) == 0
        assert "Nothing is left to look at." in capsys.readouterr().out
        assert started == []

    def test_before_grading_it_says_what_comes_first(self, course_until, started, capsys):
        assert self.run(course_until("submitted")) == 2
        assert "first: visionquiz grade" in capsys.readouterr().err
        assert started == []
