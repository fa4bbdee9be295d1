"""A team at the workbench in three browsers: from a survey to the vision that their company adopts."""

import shutil

import pytest

from visionquiz.cli import main
from visionquiz.course import new_course
from visionquiz.kit import kit_path
from visionquiz.serve import start_session

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]

VISION = kit_path("assessments") / "hollowmere" / "vision.toml"
ANSWERS = (
    "They ring back",
    "They call me back",
    "They tell the truth",
    "Honest people",
    "Quick help",
    "Somebody as patient as Maria Schmidt was",
)
SURVEY = "Name,What do you want our customers to think of?\n" + "".join(f"Somebody,{text}\n" for text in ANSWERS)
HEADS = {7: "Test the drafts"}
"""What a step says above itself, where that is not its name."""

DRAFTS = {"ada": "Ring back before they have to.", "bea": "Tell every customer the truth <b>today</b>."}


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "team.db"


@pytest.fixture
def room(kept, tmp_path):
    # Of an invented company that comes with the program, the workbench takes over no roles.
    own = shutil.copy(VISION, tmp_path / "vision.toml")
    with start_session(own, keep=kept) as session:
        yield session


def join(visit, room, name, **options):
    page = visit.open(room.join, **options)
    page.get_by_label("The code that your trainer shows").fill(room.code)
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Join").press("Enter")
    page.get_by_role("link", name="The workbench").click()
    page.get_by_text("The room is at step 1 of 9: Collect ideas").wait_for()
    return page


def lead_to(trainer, others, step, label):
    """The trainer takes the room to a step, and everybody goes along."""
    trainer.get_by_label("Step", exact=True).select_option(label=label)
    trainer.get_by_role("button", name="Take the room to").click()
    for page in (trainer, *others):
        page.get_by_text(f"The room is at step {step} of 9").wait_for()
        page.get_by_role("heading", name=HEADS.get(step, label.partition(". ")[2])).first.wait_for()


def test_from_a_survey_to_the_vision_of_the_company(room, kept, tmp_path, visit, axe, screenshot, capsys):
    trainer = visit.open(room.trainer.url)
    trainer.get_by_role("link", name="The workbench").click()
    trainer.get_by_text("The room is at step 1 of 9: Collect ideas").wait_for()
    ada = join(visit, room, "Ada", width=390)
    bea = join(visit, room, "Bea")

    # Ideas: from a survey, in which a name is blanked out, and from the room once they were looked at.
    with trainer.expect_file_chooser() as choosing:
        trainer.get_by_role("button", name="Take in a survey").click()
    choosing.value.set_files({"name": "answers.csv", "mimeType": "text/csv", "buffer": SURVEY.encode()})
    trainer.get_by_text("answers.csv holds 6 answers").wait_for()
    assert trainer.get_by_label("Blank out:").is_checked()
    trainer.get_by_role("button", name="Take them in").click()
    ada.get_by_text("Somebody as patient as [name] was").wait_for()
    ada.get_by_label("Your idea").fill("They know my street")
    ada.get_by_role("button", name="Share it").click()
    ada.get_by_text("Others see it once your trainer has looked at it").wait_for()
    trainer.get_by_text("1 idea waits").wait_for()
    desk = visit.open(room.desk)
    desk.get_by_text("They know my street").wait_for()
    assert desk.get_by_text("Ada, Ideas for the vision").count() == 0, "ideas come without a name"
    desk.get_by_role("button", name="Show", exact=True).click()
    bea.get_by_text("They know my street").wait_for()
    screenshot(ada, "workbench-ideas-390", full_page=True)
    axe(ada, ".vqw")
    axe(trainer, ".vqw")

    # Themes: grouped by the trainer, renamed by Bea, seen by all.
    lead_to(trainer, (ada, bea), 2, "2. Find themes")
    trainer.get_by_role("button", name="Group the ideas").click()
    trainer.get_by_text("7 ideas are grouped").wait_for()
    bea.get_by_text("They know my street").first.wait_for()
    trainer.get_by_role("button", name="Show how large and how close they are").click()
    trainer.locator(".vqbubbles circle").first.wait_for()
    screenshot(trainer, "workbench-themes", full_page=True)
    axe(trainer, ".vqw")

    # Drafts: each writes alone, and hangs it on the wall.
    lead_to(trainer, (ada, bea), 3, "3. Draft alone")
    for name, page in (("ada", ada), ("bea", bea)):
        page.get_by_label("Your draft").fill(DRAFTS[name])
        page.get_by_text("Saved").first.wait_for()
    screenshot(ada, "workbench-alone-390", full_page=True)

    # Pairs: Ada begins, Bea types in the same draft; what each wrote alone goes to the wall as well.
    lead_to(trainer, (ada, bea), 4, "4. Draft in pairs")
    ada.get_by_label("With whom do you write?").select_option("Bea")
    ada.get_by_role("button", name="Write together").click()
    ada.get_by_label("Draft 3, which you write together").fill("Ring back before they have to")
    both = bea.get_by_label("Draft 3, which you write together")
    bea.wait_for_function("box => box.value === 'Ring back before they have to'", arg=both.element_handle())
    both.press("End")
    both.press_sequentially(", and tell the truth")
    pair = "Ring back before they have to, and tell the truth"
    ada.wait_for_function(
        "([box, text]) => box.value === text",
        arg=[ada.get_by_label("Draft 3, which you write together").element_handle(), pair],
    )
    screenshot(ada, "workbench-pairs-390", full_page=True)
    bea.get_by_role("button", name="Hang it on the wall").click()
    for page in (ada, bea):
        page.get_by_role("button", name="Hang up what I wrote alone").click()
    lead_to(trainer, (ada, bea), 5, "5. Read the wall")
    trainer.get_by_text(DRAFTS["bea"]).first.wait_for()
    ada.get_by_label("I could live with draft 1").check()
    trainer.get_by_text("One person has ticked it.").wait_for()
    screenshot(trainer, "workbench-wall", full_page=True)
    axe(ada, ".vqw")

    # Merge: the trainer ticks two, Bea writes what comes of them.
    lead_to(trainer, (ada, bea), 6, "6. Merge")
    for number in (2, 3):
        trainer.get_by_label(f"Draft {number}:").check()
    trainer.get_by_role("button", name="Begin a merged draft").click()
    merged = "Ring back before they have to, and tell every customer the truth."
    bea.get_by_label("Draft 4, which you write together").fill(merged)
    trainer.get_by_text("such as “the”) kept").wait_for()
    trainer.get_by_role("button", name="Hang it on the wall").click()
    screenshot(trainer, "workbench-merge", full_page=True)

    # A test with people: does another company say the same? Two answer, the trainer closes it.
    lead_to(trainer, (ada, bea), 7, "7. Test with people")
    trainer.get_by_label("What do you want to know?").select_option(label="Whether it is ours alone")
    trainer.get_by_label("Another company that serves the same customers").fill("Northwell")
    trainer.get_by_label(merged).locator("visible=true").check()
    trainer.get_by_role("button", name="Begin the test").click()
    for page in (ada, bea):
        page.get_by_role("button", name="Take part").click()
        page.get_by_label("No", exact=True).locator("visible=true").check()
        page.get_by_role("button", name="Hand in").click()
        page.get_by_text("Thank you.").wait_for()
    trainer.get_by_text("2 people have begun, 2 people have handed in.").wait_for()

    # The vote: three papers, a quorum of two, the result for all.
    lead_to(trainer, (ada, bea), 8, "8. Vote")
    for draft in (DRAFTS["ada"], merged):
        trainer.get_by_label(draft).locator("visible=true").check()
    trainer.get_by_label("I vote, too").check()
    trainer.get_by_role("button", name="Open the vote").click()
    for page in (ada, bea, trainer):
        page.get_by_label(merged).locator("visible=true").check()
        page.get_by_role("button", name="Cast my vote").click()
        page.get_by_text("Your vote was taken").wait_for()
    trainer.get_by_text("3 of 3 people have voted").wait_for()
    trainer.get_by_role("button", name="Close the vote").click()
    for page in (trainer, ada, bea):
        page.get_by_text("is chosen.").wait_for()
        page.get_by_text("Tested with people, and nothing can be said yet").wait_for()
    for page in (ada, bea):
        summary = page.get_by_text("Where the words of Draft B come from")
        summary.press("Enter")
        page.get_by_text("telling words").first.wait_for()
        page.locator(".origin summary").first.press("Enter")
        page.get_by_text("typed by one of you").first.wait_for()
    assert ada.evaluate("document.documentElement.scrollWidth") <= 390
    axe(bea, ".vqw")
    screenshot(bea, "workbench-origin", full_page=True)
    screenshot(ada, "workbench-result-390", full_page=True)
    axe(ada, ".vqw")

    # What it means: Ada writes a point, Bea ties it to the statement and to a theme, all see it.
    lead_to(trainer, (ada, bea), 9, "9. Say what it means")
    ada.get_by_role("button", name="Add a meaning point").click()
    ada.get_by_label("Meaning point 1").fill("Nobody has to chase us: we call first.")
    bea.get_by_role("checkbox", name="ring").check()
    bea.get_by_role("checkbox", name="back", exact=True).check()
    ada.locator(".vqm-said .told", has_text="Ring").wait_for()
    bea.get_by_label("The core idea").fill("People hear from us in time, and what they hear is true.")
    bea.get_by_label("Contact centre adviser").fill("I ring before noon with what I know.")
    trainer.get_by_text("visionquiz adopt chosen").wait_for()
    trainer.get_by_text("is in no meaning point").first.wait_for()
    screenshot(ada, "workbench-meaning-390", full_page=True)
    screenshot(trainer, "workbench-meaning", full_page=True)
    for page in (ada, trainer):
        axe(page, ".vqw")
    assert visit.errors == []
    assert visit.foreign == []

    # What was chosen becomes the company's vision.
    course = new_course(tmp_path / "course")
    shutil.copy(VISION, course.vision_file)
    assert main(["adopt", "chosen", "--workshop", str(kept), "--course", str(course.root), "--yes"]) == 0
    assert f'+statement = "{merged}"' in capsys.readouterr().out
    vision = course.load_vision()
    assert vision.statement == merged
    assert [point.text for point in vision.meaning] == ["Nobody has to chase us: we call first."]
    assert vision.role("adviser").contributions == ("I ring before noon with what I know.",)
