"""Formgrader on a course that visionquiz graded: over HTTP and in Chromium."""

import datetime as dt
import json
import sqlite3
import urllib.parse
import urllib.request

import pytest

from visionquiz import jobs
from visionquiz.cli import main
from visionquiz.gradebook import HandScore, SecondLook, answer_looks, read_trail, write_looks, write_scores
from visionquiz.serve import start_lab

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.nbgrader, pytest.mark.xdist_group("browser")]

QUIZ = "vision-check"


class Formgrader:
    """Talks to the running formgrader as its own pages do."""

    def __init__(self, server) -> None:
        parts = urllib.parse.urlsplit(server.url)
        self.base = f"{parts.scheme}://{parts.netloc}"
        self.token = urllib.parse.parse_qs(parts.query)["token"][0]

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            f"{self.base}/formgrader/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read().decode()

    def get(self, path):
        return json.loads(self.call("GET", f"api/{path}"))

    def page(self, path):
        after = urllib.parse.quote(f"/formgrader/{path}", safe="")
        return f"{self.base}/login?next={after}&token={self.token}"


@pytest.fixture(scope="module")
def opened(demos, tmp_path_factory):
    import shutil

    from visionquiz.course import open_course

    root = tmp_path_factory.mktemp("formgrader") / "course"
    shutil.copytree(demos("graded").root, root)
    course = open_course(root)
    with start_lab(course) as server:
        yield course, Formgrader(server)


def of_answer(course, person, question):
    """Ids of notebook, grade and comment, then score, manual score and mark of one answer."""
    database = sqlite3.connect(course.gradebook)
    found = database.execute(
        """select sn.id, g.id, c.id, g.auto_score, g.manual_score, g.needs_manual_grade,
            c.auto_comment, c.manual_comment
        from grade g join submitted_notebook sn on sn.id = g.notebook_id
        join submitted_assignment sa on sa.id = sn.assignment_id join base_cell b on b.id = g.cell_id
        join base_cell s on s.name = b.name and s.type = 'SolutionCell' and s.notebook_id = b.notebook_id
        join comment c on c.cell_id = s.id and c.notebook_id = sn.id
        where sa.student_id = ? and b.name = ?""",
        (person, question),
    ).fetchone()
    database.close()
    return dict(zip("notebook grade comment auto manual review reason said".split(), found, strict=True))


def test_formgrader_lists_what_was_graded(opened):
    course, formgrader = opened
    (assignment,) = formgrader.get("assignments")
    assert (assignment["name"], assignment["num_submissions"]) == (QUIZ, 35)
    submissions = formgrader.get(f"submissions/{QUIZ}")
    handed_in = [one for one in submissions if one["autograded"]]
    assert {one["student"] for one in handed_in} == set(course.submissions(QUIZ))
    notebooks = formgrader.get(f"submitted_notebooks/{QUIZ}/{QUIZ}")
    assert len(notebooks) == 35
    assert any(one["needs_manual_grade"] for one in notebooks)


def test_an_override_in_formgrader_survives_grading_again(opened):
    course, formgrader = opened
    person = course.submissions(QUIZ)[2]
    before = of_answer(course, person, "explain")
    wanted = 1.5 if before["auto"] != 1.5 else 2.5
    formgrader.call("PUT", f"api/grade/{before['grade']}", {"manual_score": wanted, "extra_credit": 0.5})
    formgrader.call("PUT", f"api/comment/{before['comment']}", {"manual_comment": "Seen with Mia."})
    for _ in range(2):
        jobs.grade_quiz(course, QUIZ)
        after = of_answer(course, person, "explain")
        assert (after["manual"], after["said"]) == (wanted, "Seen with Mia.")
        assert (after["auto"], after["reason"]) == (before["auto"], before["reason"])
        assert not after["review"], "a person has decided"
    result = formgrader.get(f"submission/{QUIZ}/{person}")
    assert result["needs_manual_grade"] in (True, False)
    # And through formgrader's own button.
    answer = json.loads(formgrader.call("POST", f"api/submission/{QUIZ}/{person}/autograde", {}))
    assert answer["success"], answer
    assert of_answer(course, person, "explain") == after


def test_an_override_is_looked_at_again_when_the_answer_changes(opened):
    course, formgrader = opened
    person = course.submissions(QUIZ)[3]
    before = of_answer(course, person, "state")
    formgrader.call("PUT", f"api/grade/{before['grade']}", {"manual_score": 2.0})
    path = course.notebook("submitted", QUIZ, person)
    notebook = json.loads(path.read_text())
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "state")
    cell["source"] = "Something quite different about water"
    path.write_text(json.dumps(notebook))
    for _ in range(2):
        jobs.grade_quiz(course, QUIZ)
        after = of_answer(course, person, "state")
        assert after["manual"] is None, "it was given to another answer, and is in the trail"
        assert after["review"], "until somebody has looked"
    (archived,) = [
        one for one in read_trail(course.database, person, QUIZ)[QUIZ] if one.why.startswith("other answers")
    ]
    assert (archived.who, archived.old, archived.new) == ("visionquiz", "2.0", "")
    formgrader.call("PUT", f"api/grade/{before['grade']}", {"manual_score": 1.0})
    jobs.grade_quiz(course, QUIZ)
    after = of_answer(course, person, "state")
    assert (after["manual"], bool(after["review"])) == (1.0, False)


def test_the_trainer_sees_answer_score_and_reason(opened, visit, screenshot):
    course, formgrader = opened
    person = course.submissions(QUIZ)[0]
    answer = of_answer(course, person, "explain")
    page = visit.open(formgrader.page(f"submissions/{answer['notebook']}/"))
    page.wait_for_selector("#explain-comment")
    page.wait_for_function("document.querySelectorAll('.score').length >= 6")
    # Formgrader fetches scores and comments after it has drawn the page.
    page.wait_for_function("document.querySelector('#explain-comment').placeholder")
    assert page.input_value("#explain") == "" or float(page.input_value("#explain")) == answer["auto"]
    assert page.get_attribute("#explain-comment", "placeholder") == answer["reason"]
    screenshot(page, "formgrader-submission", full_page=True)
    assert visit.errors == []


def test_the_list_of_submissions_can_be_shown_to_a_customer(opened, visit, screenshot):
    _course, formgrader = opened
    page = visit.open(formgrader.page(f"manage_submissions/{QUIZ}"))
    page.wait_for_selector("table tbody tr td")
    page.wait_for_function("document.querySelectorAll('table tbody tr').length >= 10")
    screenshot(page, "formgrader-submissions")
    assert visit.errors == []


ATTACKS = [
    "<script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 2'>",
    "<svg onload='window.pwned = 3'></svg>",
    "[a](javascript:window.pwned=4) [b](JaVaScRiPt&colon;window.pwned=4) <javascript:window.pwned=4>",
    "$\\href{javascript:window.pwned=5}{x}$",
    "<iframe srcdoc='<script>parent.pwned = 6</script>'></iframe>",
    "<details open ontoggle='window.pwned = 7'>x</details>",
    "<input autofocus onfocus='window.pwned = 8'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror=window.pwned=9>'>",
    "<noscript><p title='</noscript><img src=x onerror=window.pwned=10>'></p></noscript>",
    "<object data='http://attack.test/a.swf'></object><embed src='http://attack.test/b'>",
    "![picture](http://attack.test/c.png) <img src='//attack.test/d.png'>",
    "<link rel=stylesheet href='http://attack.test/e.css'><style>@import 'http://attack.test/f.css';</style>",
    "<div style='background: url(http://attack.test/g.png)'>x</div>",
    "<meta http-equiv=refresh content='0; url=http://attack.test/h'><base href='http://attack.test/'>",
    "<form action='http://attack.test/i'><button autofocus>x</button></form>",
    "<video autoplay src='http://attack.test/j.mp4' onloadstart='window.pwned = 11'></video>",
    "<a ping='http://attack.test/k' href='http://attack.test/l'>x</a>",
    "<template shadowrootmode=open><slot onslotchange='window.pwned = 12'></slot></template>",
    "</textarea></title></style><script>window.pwned = 13</script>",
]
"""What people might type to reach the browser of whoever reads it: scripts, and requests to another machine."""


def test_nothing_that_people_type_runs_or_asks_another_machine(opened, visit):
    course, formgrader = opened
    person = course.submissions(QUIZ)[4]
    path = course.notebook("submitted", QUIZ, person)
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["id"] in ("state", "explain", "contribute", "decide-1"):
            cell["source"] = "Hello there.\n\n" + "\n\n".join(ATTACKS)
    path.write_text(json.dumps(notebook))
    jobs.grade_quiz(course, QUIZ)
    attack = " ".join(ATTACKS)
    given = HandScore(person=person, question="explain", score=1.0, comment=attack)
    write_scores(course.database, QUIZ, [given], who=attack[:100], why=attack)
    moment = dt.datetime(2026, 12, 19, 10)
    look = SecondLook(person=person, question="state", asked=moment, reason=attack)
    write_looks(course.database, QUIZ, [look], moment)
    answer_looks(course.database, QUIZ, {(person, "state"): attack}, who="trainer", now=moment)

    answer = of_answer(course, person, "explain")
    page = visit.open(formgrader.page(f"submissions/{answer['notebook']}/"))
    page.wait_for_selector("#explain-comment")
    page.wait_for_function("document.querySelectorAll('.score').length >= 6")
    check_harmless(page, visit)
    assert main(["feedback", QUIZ, "--course", str(course.root)]) == 0
    returned = course.root / "feedback" / person / QUIZ / f"{QUIZ}.html"
    page = visit.open(returned.as_uri())
    assert page.inner_text("body").count("<script>window.pwned = 1</script>") >= 6, "shown as it was typed"
    check_harmless(page, visit)


def check_harmless(page, visit):
    page.wait_for_load_state("networkidle")
    assert "Hello there." in page.inner_text("body")
    for link in page.query_selector_all("a"):
        assert not (link.get_attribute("href") or "").lower().startswith(("javascript", "data"))
        assert link.get_attribute("ping") is None
    assert page.evaluate("window.pwned") is None
    assert "attack.test" not in urllib.parse.urlsplit(page.url).netloc
    assert visit.foreign == []


def test_jupyterlab_opens_the_released_check(opened, visit, screenshot):
    _course, formgrader = opened
    page = visit.open(f"{formgrader.base}/lab/tree/release/{QUIZ}/{QUIZ}.ipynb?token={formgrader.token}&reset")
    page.wait_for_selector(".jp-MarkdownOutput >> text=What is our customer service vision?")
    screenshot(page, "jupyterlab-check")
    assert visit.foreign == []
