"""Tests of drafts in a real JupyterLab: two people take a recall trial, and the trainer sees what came of it."""

import shutil

import nbformat
import pytest

from visionquiz.classroom import Seat
from visionquiz.course import new_course
from visionquiz.kit import kit_path
from visionquiz.piloting import KINDS, DraftTests
from visionquiz.serve import start_lab
from visionquiz.store import Store, store_url
from visionquiz.trials import Draft
from visionquiz.vision import load_vision
from visionquiz.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]

VISION = kit_path("assessments") / "hollowmere" / "vision.toml"
HOME = "Keep every home running, and leave everyone clear about what happens next."
OTHER = "Excellence in everything we do, for every stakeholder. <img src=x onerror='window.pwned = 1'>"

CELL = """\
from pathlib import Path
from types import SimpleNamespace
from ipywidgets import VBox
from visionquiz import load_vision
from visionquiz.classroom import Seat
from visionquiz.store import Store, store_url
from visionquiz.views._live import Live
from visionquiz.views.trials import draw_tests
from visionquiz.workshop import Workshop
views = []
for name in {names}:
    room = Workshop(Store(store_url("workshop.db"), name), Seat(id="{who}", trainer={trainer}))
    views.append(draw_tests(room, vision=load_vision(Path("vision.toml"))))
    live = Live(SimpleNamespace(alone=False, revision=room.revision))
    live.watch("tests", views[-1].refresh)
    live.begin()
VBox(views)
"""


def write_seat(folder, file, who, *, names=("workshop",), trainer=False):
    cell = nbformat.v4.new_code_cell(CELL.format(who=who, names=list(names), trainer=trainer))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel}), folder / file)


@pytest.fixture(scope="module")
def served(tmp_path_factory, adapt_theme):
    course = new_course(tmp_path_factory.mktemp("trials") / "acme")
    shutil.copy(VISION, course.root / "vision.toml")
    for who in ("ada", "bea"):
        write_seat(course.root, f"{who}.ipynb", who)
    write_seat(course.root, "trainer.ipynb", "trainer", trainer=True)
    write_seat(course.root, "results.ipynb", "trainer", names=["results"], trainer=True)
    write_seat(course.root, "forms.ipynb", "ada", names=list(KINDS))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTERLAB_SETTINGS_DIR", str(tmp_path_factory.mktemp("settings")))
        with start_lab(course, notebook="trainer.ipynb") as server:
            adapt_theme(server)
            yield course, server


@pytest.fixture
def room(served):
    """The workshop's store, by name of the workshop."""
    stores = []

    def enter(name="workshop"):
        stores.append(Store(store_url(served[0].root / "workshop.db"), name))
        return stores[-1]

    yield enter
    for one in stores:
        one.close()


@pytest.fixture
def open_seat(served, visit, run_until):
    def start(name, selector, **options):
        page = visit.open(served[1].url.replace("trainer.ipynb", name) + "&reset", **options)
        page.wait_for_selector(".jp-CodeCell")
        run_until(page, selector)
        return page

    return start


def overflows(page):
    """Whether something in the view is wider than the view."""
    return page.evaluate(
        """() => [...document.querySelectorAll('.vqf')].flatMap(form => {
        const edge = form.getBoundingClientRect().right + 1;
        return [...form.querySelectorAll('*')].filter(one => !one.closest('.unseen, .scroll') && one.offsetParent
            && one.getBoundingClientRect().right > edge).map(one => one.outerHTML.slice(0, 100)) })"""
    )


def tab_to(page, name):
    """Press Tab until a button has the keyboard, as who has no mouse does."""
    for _ in range(30):
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"no way to '{name}' by keyboard")


def focused(page, tag):
    page.wait_for_function(f"document.activeElement.tagName === '{tag}'")


def test_two_people_take_a_recall_trial_and_the_trainer_sees_the_result(open_seat, room, visit, axe, screenshot):
    store = room()
    wall = Workshop(store, Seat(id="trainer", trainer=True))
    for text in (HOME, OTHER):
        wall.hang_up(wall.start_draft(text).id)
    trainer = open_seat("trainer.ipynb", ".vqf >> text=Test the drafts with people")
    people = {
        "ada": open_seat("ada.ipynb", ".vqf >> text=No test is open", width=390),
        "bea": open_seat("bea.ipynb", ".vqf >> text=No test is open"),
    }
    axe(trainer)
    trainer.get_by_text("How many people it takes").click()
    screenshot(trainer, "trials-begin", full_page=True)
    for text in (HOME, OTHER):
        trainer.get_by_label(text).check()
    trainer.get_by_role("button", name="Begin the test").press("Enter")
    trainer.get_by_text("0 people have begun").wait_for()

    read = {}
    for who, page in people.items():
        page.get_by_role("button", name="Take part").press("Enter")
        page.get_by_role("button", name="I have read it").wait_for()
        read[who] = page.locator(".draft").inner_text()
        axe(page)
        screenshot(page, f"trials-read-{who}", full_page=True)
    assert set(read.values()) == {HOME, OTHER}, "each gets one of the drafts"
    for page in people.values():
        tab_to(page, "I have read it")
        page.keyboard.press("Space")
        focused(page, "TEXTAREA")
        assert page.locator(".draft").count() == 0, "it is gone"
        page.keyboard.type("a lamp, a door, a cup")
        tab_to(page, "Go on")
        page.keyboard.press("Space")
        page.get_by_text("From memory").wait_for()
        focused(page, "TEXTAREA")
    # Whoever leaves and comes back does not read the draft again.
    people["bea"] = open_seat("bea.ipynb", ".vqf >> text=From memory")
    for who, page in people.items():
        page.get_by_label("What did the statement say?").fill(HOME if read[who] == HOME else "something")
        screenshot(page, f"trials-recall-{who}", full_page=True)
        tab_to(page, "Hand in")
        page.keyboard.press("Space")
        page.get_by_text("Thank you.").wait_for()
    trainer.get_by_text("2 people have begun, 2 people have handed in.").wait_for(timeout=10_000)

    for number in range(10):
        other = DraftTests(store, Seat(id=f"person-{number}"))
        arm = other.join("test-001")
        text = HOME if other.test("test-001").draft(arm).text == HOME else "no idea"
        other.answer("test-001", {"text": text})
    trainer.get_by_text("12 people have begun, 12 people have handed in.").wait_for(timeout=10_000)
    axe(trainer)
    screenshot(trainer, "trials-open", full_page=True)
    trainer.get_by_role("button", name="Close the test").press("Enter")
    trainer.get_by_role("button", name="Close it now").press("Enter")
    trainer.get_by_text("People remember Draft A better than Draft B.").wait_for()
    trainer.get_by_text("How many people it takes").last.wait_for()
    axe(trainer)
    assert overflows(trainer) == []
    assert trainer.evaluate("window.pwned") is None
    assert visit.foreign == []
    assert visit.errors == []


def fill_results(store):
    """Every kind of test with answers of twelve invented people, closed."""
    vision = load_vision(VISION)
    trainer = DraftTests(store, Seat(id="trainer", trainer=True))
    drafts = [Draft(id="draft-001", text=HOME), Draft(id="draft-002", text=OTHER)]
    roles = [role.id for role in vision.roles]
    for kind in reversed(KINDS):
        test = trainer.start(
            kind, drafts[: KINDS[kind].most], vision=vision, rival="Northwell", scenarios=[vision.scenarios[0].id]
        )
        for number in range(14):
            one = DraftTests(store, Seat(id=f"person-{number}"))
            arm = one.join(test.id)
            first = arm in ("draft-001", "with")
            one.answer(
                test.id,
                {
                    "recall": {"text": "keep every home running, clear about what happens" if first else "excellence"},
                    "meaning": {"text": "Get the water back first and ring people before they ring you." if first
                                else "We want to be very good at our work."},
                    "decision": {"choices": {vision.scenarios[0].id: number % 3 if first else 1}},
                    "observation": {"lived": first or number % 5 == 0, "contact": f"{number // 4} {number % 2} {arm}"},
                    "swap": {"just_as_true": not first},
                    "ratings": {"today": 1 + number % 3, "future": 5 - number % 2, "role": roles[number % 2]},
                }[kind],
            )  # fmt: skip
        trainer.close(test.id)


@pytest.mark.parametrize(("width", "dark"), [(1200, False), (390, True), (390, False)])
def test_results_of_every_kind_fit_and_can_be_read(open_seat, room, visit, axe, screenshot, width, dark):
    store = room("results")
    if not DraftTests(store, Seat()).tests():
        fill_results(store)
    page = open_seat("results.ipynb", ".vqf >> text=What came of it", width=width, dark=dark, height=5200)
    for kind, one in KINDS.items():
        options = page.get_by_label("Results of").locator("option")
        options.first.wait_for(state="attached")
        titles = [text.replace("\xa0", " ") for text in options.all_text_contents()]
        (place,) = [number for number, text in enumerate(titles) if one.name.lower() in text]
        page.get_by_label("Results of").select_option(index=place)
        page.locator(
            f".vqf >> h2:text('{one.name if kind != 'recall' else 'What people remember at once'}')"
        ).wait_for()
        assert overflows(page) == []
        axe(page)
        page.get_by_label("Results of").scroll_into_view_if_needed()
        page.locator(".vqf").first.screenshot(
            path=screenshot(page, f"trials-result-{kind}-{width}-{'dark' if dark else 'light'}")
        )
    assert visit.foreign == []
    assert visit.errors == []


@pytest.mark.parametrize(("width", "dark"), [(1200, False), (390, True)])
def test_every_form_fits_and_can_be_filled_in(open_seat, room, visit, axe, screenshot, width, dark):
    vision = load_vision(VISION)
    drafts = [Draft(id="draft-001", text=HOME), Draft(id="draft-002", text=OTHER)]
    for kind in KINDS:
        store = room(kind)
        store.erase()
        trainer = DraftTests(store, Seat(id="trainer", trainer=True))
        trainer.start(
            kind, drafts[: KINDS[kind].most], vision=vision, rival="Northwell",
            scenarios=[one.id for one in vision.scenarios[:2]],
        )  # fmt: skip
    page = open_seat("forms.ipynb", ".vqf >> text=A test of drafts is open", width=width, dark=dark, height=5200)
    axe(page)
    name = f"{width}-{'dark' if dark else 'light'}"
    page.locator(".vqf").first.screenshot(path=screenshot(page, f"trials-invite-{name}"))
    boxes = page.locator(".vqf:not(.vqf .vqf)")
    assert boxes.count() == len(KINDS)
    for number, kind in enumerate(KINDS):
        box = boxes.nth(number)
        box.get_by_role("button", name="Take part").click()
        box.get_by_role("button", name="I have read it").or_(box.get_by_role("button", name="Hand in")).first.wait_for()
        assert overflows(page) == []
        axe(page)
        box.screenshot(path=screenshot(page, f"trials-form-{kind}-{name}"))
        if kind == "recall":
            continue
        read = box.get_by_role("button", name="I have read it")
        if read.is_visible():
            read.click()
        send = box.get_by_role("button", name="Hand in")
        send.wait_for()
        send.click()
        box.get_by_role("alert").first.wait_for()
        for field in box.get_by_role("textbox").all():
            field.fill("call one")
        groups = box.locator(".widget-radio-box")
        for place in range(groups.count()):
            groups.nth(place).get_by_role("radio").first.check()
        box.screenshot(path=screenshot(page, f"trials-filled-{kind}-{name}"))
        send.click()
        box.get_by_text("Thank you.").first.wait_for()
    assert visit.foreign == []
    assert visit.errors == []
