"""Lesson 4 in a real JupyterLab: answer, group by keyboard and by pointer, name themes, spot leading questions."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]

QUESTION = "What do you want our customers to think of"


def answer(page, text):
    page.get_by_role("textbox", name=QUESTION).fill(text)
    box = page.locator(".vql .widget-vbox", has=page.get_by_role("textbox", name=QUESTION)).last
    box.get_by_role("button", name="Share it").click()
    page.get_by_role("button", name="Group them for me").wait_for()


def wait_said(page, text):
    page.locator(".vqt .vqt-said").filter(has_text=text).wait_for()


def rename(page, old, new, *, type_it=False):
    """By keyboard alone: letter by letter where `type_it` says so."""
    page.get_by_role("button", name=f"Rename '{old}'", exact=True).press("Enter")
    page.wait_for_function("document.activeElement.matches('.vqt-naming input')")
    box = page.locator(".vqt-naming input")
    if type_it:
        page.keyboard.press("Control+a")
        page.keyboard.type(new)
        assert box.input_value() == new
    else:
        box.fill(new)
    box.press("Enter")
    wait_said(page, f"Renamed to '{new}'")


def names(page):
    return page.locator(".vqt section h4").all_inner_texts()


def test_a_learner_goes_through_it(open_lesson, choose, visit, axe, screenshot):
    page = open_lesson("04-ask-everyone")
    cells = page.locator(".jp-Cell").count()
    assert page.get_by_text("above first. Then everybody's answers come here.").is_visible()
    answer(page, "They ring back, <img src=x onerror=document.title='ran'> always")
    page.get_by_text("2 places may name somebody").wait_for()
    page.get_by_label("Blank out: 'Help Desk'").uncheck()
    page.get_by_role("button", name="Group them for me").click()
    page.get_by_text("Read every card, move what lies wrong").wait_for()
    assert page.locator(".vqt li p", has_text="Sandra").count() == 0
    assert page.locator(".vqt li p", has_text="The Help Desk had written").count() == 1
    axe(page, ".vql")
    screenshot(page, "lesson-4-wall", full_page=True)

    # Done wrongly: names that the program gave say too little.
    page.get_by_role("button", name="Share my themes").click()
    page.get_by_text("no name of yours yet").wait_for()
    assert page.get_by_text("How invented groups named").count() == 0

    # A card is moved by keyboard alone; letters are not JupyterLab's commands.
    first, second = names(page)[:2]
    card = page.locator(f".vqt section[aria-label='{first}'] li").first.get_attribute("data-idea")
    menu = page.locator(f".vqt li[data-idea='{card}'] select")
    menu.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    wait_said(page, f"Moved to '{second}'")
    page.wait_for_function("id => document.activeElement.closest('li')?.dataset.idea === id", arg=card)
    for key in "ddxaa":
        page.keyboard.press(key)
    assert page.locator(".jp-Cell").count() == cells
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    wait_said(page, "Undone")
    page.wait_for_function("document.activeElement.textContent === 'Undo'")
    assert page.locator(f".vqt section[aria-label='{first}'] li[data-idea='{card}']").count() == 1

    # By pointer: dragged, split off, merged.
    target = page.locator(f".vqt section[aria-label='{second}'] h4")
    page.locator(f".vqt li[data-idea='{card}'] p").drag_to(target)
    wait_said(page, f"Moved to '{second}'")
    page.locator(f".vqt li[data-idea='{card}'] input").check()
    page.locator(f".vqt section[aria-label='{second}'] .vqt-split").click()
    page.keyboard.type("Odd ones")
    page.keyboard.press("Enter")
    wait_said(page, "Split off as 'Odd ones'")
    page.locator(".vqt section[aria-label='Odd ones'] select[aria-label^=Merge]").select_option(label=first)
    page.get_by_role("button", name="Merge 'Odd ones' into: go").click()
    wait_said(page, f"'Odd ones' is now part of '{first}'")

    # Done rightly: every theme has a name of the learner's own.
    for number, name in enumerate(names(page)):
        rename(page, name, f"We do what was said on card {number}", type_it=not number)
    page.get_by_role("button", name="Share my themes").click()
    page.get_by_text("You can change names and share them again").wait_for()
    page.get_by_text("How invented groups named the same answers").wait_for()
    page.get_by_text("How many answers speak of each of your themes").first.wait_for()
    page.locator(".vql >> text=Others read the same answers and found other names").wait_for()

    choose(page, "award-winning team?”", 0).get_by_text("Not this one. It says first").wait_for()
    choose(page, "award-winning team?”", 1).get_by_text("Right. Two hints").wait_for()
    choose(page, "They said Tuesday and came on Tuesday.”", 0).get_by_text("Poor. Read again").wait_for()
    choose(page, "They said Tuesday and came on Tuesday.”", 1).get_by_text("Best. Both halves").wait_for()
    for question, wrong, right in (
        ("You may send one question", 0, 1),
        ("Twelve people wrote", 0, 2),
        ("The largest theme holds 40", 1, 0),
    ):
        choose(page, question, wrong).get_by_text("Not this one.").wait_for()
        choose(page, question, right).get_by_text("Right.").wait_for()
    page.get_by_text("3 of 3 right. You are through this lesson.").wait_for()
    axe(page, ".vql")
    screenshot(page, "lesson-4-done", full_page=True)
    page.get_by_text("How invented groups named the same answers").scroll_into_view_if_needed()
    screenshot(page, "lesson-4-named")
    assert page.title() != "ran"
    assert visit.foreign == []
    assert visit.errors == []


@pytest.mark.parametrize(("name", "width", "dark"), [("phone", 390, False), ("dark", 1200, True)])
def test_it_fits_the_screen(open_lesson, axe, screenshot, name, width, dark):
    page = open_lesson("04-ask-everyone", width=width, dark=dark)
    answer(page, "They ring back")
    page.get_by_role("button", name="I group them by hand").click()
    page.get_by_text("Choose cards that say the same").wait_for()
    page.locator(".vqt section li").first.wait_for()
    assert page.evaluate(
        "() => [...document.querySelectorAll('.vql, .vqt')].every(view => view.scrollWidth <= view.clientWidth + 1)"
    )
    for button in page.locator(".vqt button:visible").all()[:12]:
        assert button.bounding_box()["height"] >= 40
    axe(page, ".vql")
    page.locator(".vqt .vqt-said").scroll_into_view_if_needed()
    screenshot(page, f"lesson-4-{name}")
