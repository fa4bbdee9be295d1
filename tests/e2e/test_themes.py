"""A trainer sorts ideas into themes by keyboard and by pointer, in a real JupyterLab."""

import nbformat
import pytest

from visionquiz.course import new_course
from visionquiz.serve import start_lab

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]

CELL = """
from visionquiz.ideas import Idea
from visionquiz.themes import History, Theme, Themes
from visionquiz.views.themes import show_board
texts = [
    "a smile <img src=x onerror='window.pwned = 1'>", "friendly at four in the morning", "short queues", "no waiting"
]
ideas = [Idea(id=f"idea-{n}", text=text, count=n) for n, text in enumerate(texts, 1)]
first = Themes(made=2, themes=(
    Theme(id="theme-1", name="kind", ideas=("idea-1", "idea-2", "idea-3")),
    Theme(id="theme-2", name="quick", ideas=("idea-4",))))
show_board(ideas, History(first=first))
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    root = tmp_path_factory.mktemp("themes")
    course = new_course(root / "acme")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, course.root / "themes.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTERLAB_SETTINGS_DIR", str(root / "settings"))
        with start_lab(course, notebook="themes.ipynb") as server:
            yield server


@pytest.fixture
def open_board(served, visit, run_until):
    def start(**options):
        page = visit.open(served.url + "&reset", **options)
        run_until(page, ".vqt .vqt-wall section")
        return page

    return start


def cards(page, name):
    return page.locator(f".vqt section[aria-label='{name}'] li p").all_inner_texts()


def wait_said(page, text):
    page.locator(".vqt .vqt-said").filter(has_text=text).wait_for(timeout=20_000)


def test_a_card_is_moved_by_keyboard_alone_and_keeps_the_focus(open_board, visit, screenshot):
    page = open_board()
    page.locator("li[data-idea='idea-3'] select").focus()
    page.keyboard.press("q")  # "quick"; in JupyterLab's hands a letter is a command
    page.keyboard.press("Enter")
    wait_said(page, "Moved to 'quick'")
    assert cards(page, "quick") == ["no waiting", "short queues"]
    page.wait_for_function("document.activeElement.closest('li')?.dataset.idea === 'idea-3'")
    for key in "ddxaa":
        page.keyboard.press(key)
    assert page.locator(".jp-Cell").count() == 1
    page.locator(".vqt section[aria-label='quick'] .vqt-rename").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('.vqt-naming input')")
    page.keyboard.press("Control+a")
    page.keyboard.type("no queue")
    page.keyboard.press("Enter")
    wait_said(page, "Renamed to 'no queue'")
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    wait_said(page, "Undone")
    page.wait_for_function(
        "document.querySelector(\".vqt section[aria-label='kind']\")?.querySelectorAll('li').length === 3"
    )
    page.wait_for_function("document.activeElement.textContent === 'Undo'")
    assert page.evaluate("window.pwned") is None
    screenshot(page, "themes-desktop")
    assert visit.errors == []
    assert visit.foreign == []


def test_a_card_is_dragged_a_card_split_off_and_themes_merged(open_board, visit):
    page = open_board()
    page.locator("li[data-idea='idea-2'] p").drag_to(page.locator(".vqt section[aria-label='quick']"))
    wait_said(page, "Moved to 'quick'")
    page.locator("li[data-idea='idea-1'] input").check()
    page.locator(".vqt section[aria-label='kind'] .vqt-split").click()
    page.keyboard.type("warm")
    page.keyboard.press("Enter")
    wait_said(page, "Split off as 'warm'")
    assert len(cards(page, "warm")) == 1
    page.locator(".vqt section[aria-label='warm'] select[aria-label^=Merge]").select_option(label="quick")
    page.get_by_role("button", name="Merge 'warm' into: go").click()
    wait_said(page, "'warm' is now part of 'quick'")
    assert len(cards(page, "quick")) == 3
    assert visit.errors == []


@pytest.mark.parametrize(("name", "width", "dark"), [("themes-phone", 390, False), ("themes-dark", 1200, True)])
def test_it_fits_the_screen(open_board, screenshot, name, width, dark):
    page = open_board(width=width, dark=dark)
    view = page.locator(".vqt").first
    screenshot(page, name)
    assert view.evaluate("view => view.scrollWidth <= view.clientWidth + 1"), "nothing to scroll sideways"
    for button in page.locator(".vqt button:visible").all():
        assert button.bounding_box()["height"] >= 40
