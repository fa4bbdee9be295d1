import datetime as dt
import re
from dataclasses import replace

from visionquiz.feedback import Outcome, feedback_html
from visionquiz.notebook import write_choice
from visionquiz.quiz import Question, Quiz, letter_options
from visionquiz.vision import MeaningPoint, Option, Role, Scenario, Vision

SCENARIO = Scenario(
    id="no-estimate",
    title="No estimate yet",
    situation="A caller asks when the water is back.",
    options=(
        Option(text="Say when you ring back", points=2, why="It is clear."),
        Option(text="Guess", points=0, why=""),
    ),
)
VISION = Vision(
    company="Salt & Sons",
    statement="Keep every home running.",
    core_idea="Water first.",
    meaning=(MeaningPoint(id="water", text="Water before paperwork."),),
    roles=(Role(id="adviser", title="Adviser", contributions=()),),
    scenarios=(SCENARIO,),
)
QUIZ = Quiz(
    id="check",
    title="Do we know it?",
    seed=1,
    questions=(
        Question(id="explain", kind="explain", points=3, prompt="What does it mean?", column="explain"),
        Question(id="decide", kind="scenario", points=3, prompt="What would you do?", column="decide"),
    ),
)
OUTCOME = Outcome(
    typed="Water first, <b>forms</b> later",
    score=2,
    points=3,
    reason="Nearly there. A person will look at this.",
    comment="",
    review=True,
    manual=False,
)


def page(outcomes, quiz=QUIZ, submitted=dt.datetime(2026, 12, 3, 14, 5)):
    html = feedback_html(quiz, VISION, "Ana <Lee>", "adviser", submitted, outcomes)
    return html, re.sub(r"\s+", " ", re.sub(r"<style.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))


def test_the_page_says_what_was_asked_typed_reached_and_why():
    html, text = page({"explain": OUTCOME})
    for part in (
        "Do we know it?",
        "Salt &amp; Sons. Answers of Ana &lt;Lee&gt;, handed in on 3 December 2026 at 14:05 (UTC).",
        "You have 2 of 3 points so far. A person will look at one answer, so this may change.",
        "1. What does it mean?",
        "Water first, &lt;b&gt;forms&lt;/b&gt; later",
        "Mostly (2 of 3 points)",
        "Nearly there. A person will look at this.",
    ):
        assert part in text, text
    assert html.startswith("<!DOCTYPE html>")
    assert "Keep every home running" not in html, "the vision is given away only where the trainer allows it"


def test_once_a_person_has_looked_the_reason_does_not_promise_it():
    _, text = page({"explain": replace(OUTCOME, review=False, manual=True)})
    assert "Nearly there." in text
    assert "will look" not in text
    assert "given by your trainer" in text
    assert "so far" not in text


def test_a_trainers_comment_takes_the_place_of_the_graders_reason():
    _, text = page({"explain": replace(OUTCOME, score=3, review=False, manual=True, comment="Lovely <i>example</i>")})
    assert "Your trainer says: Lovely &lt;i&gt;example&lt;/i&gt;" in text
    assert "Nearly there" not in text


def test_a_choice_is_told_with_its_situation_and_its_letter():
    letter = next(letter for letter, (place, _) in letter_options(QUIZ, SCENARIO).items() if place == 0)
    outcome = replace(OUTCOME, typed=write_choice(SCENARIO, letter), score=3, reason="It is clear.", review=False)
    _, text = page({"decide": outcome})
    assert "A caller asks when the water is back." in text
    assert f"You chose: {letter}: Say when you ring back" in text
    assert "3 of 3 points" in text
    unread = replace(outcome, typed="both of them", reason="It is not clear which.")
    assert "You wrote: both of them" in page({"decide": unread})[1]


def test_an_empty_answer_is_told_so():
    _, text = page({"explain": replace(OUTCOME, typed="", score=0, reason="No response.", review=False)})
    assert "You left this empty." in text
    assert "Not yet (0 of 3 points)" in text


def test_a_score_between_the_levels_is_told_in_points_alone():
    assert "2.5 of 3 points, given by your trainer" in page({"explain": replace(OUTCOME, score=2.5, manual=True)})[1]


def test_the_meaning_is_shown_where_the_trainer_allows_it():
    _, text = page({"explain": OUTCOME}, quiz=replace(QUIZ, show_meaning=True))
    assert "Keep every home running. Water first. Water before paperwork." in text


def test_the_page_loads_and_runs_nothing():
    html, _ = page(
        {"explain": replace(OUTCOME, typed="<script src=//x.test></script>", comment="<img src=x onerror=y>")}
    )
    assert not re.search(r"<(script|img|link|iframe|a|form)\b", html)
    assert "default-src 'none'" in html
