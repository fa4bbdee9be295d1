"""The check for barriers finds them: what it calls right is worth as much as what it is known to catch."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

GOOD = '<div class="vqf"><label for="a">Your answer</label><input id="a"></div>'


@pytest.fixture
def show(visit, tmp_path):
    def start(html):
        path = tmp_path / "page.html"
        path.write_text(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>A</title>{html}', encoding="utf-8"
        )
        return visit.open(path.as_uri())

    return start


def test_a_part_of_a_page_that_is_right_passes_whatever_is_round_it(show, axe):
    axe(show(f"<input>{GOOD}<button></button>"))


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        (GOOD.replace("Your answer", ""), "label"),
        # As ipywidgets draws a box without a description.
        (GOOD.replace("Your answer", "").replace('id="a"', 'id="a" placeholder="\u200b"'), "label"),
        (GOOD + '<div class="vqf"><button></button></div>', "button-name"),
        ('<div class="vqf"><p style="color: #999; background: #fff">Too pale to read</p></div>', "color-contrast"),
        ('<div class="vqf"><ul><div>No item</div></ul></div>', "list"),
    ],
)
def test_what_keeps_people_out_fails_and_is_named(show, axe, wrong, rule):
    with pytest.raises(AssertionError, match=rf"\({rule}\)"):
        axe(show(wrong))


def test_nothing_to_look_at_is_a_mistake(show, axe):
    with pytest.raises(AssertionError, match="nothing on the page"):
        axe(show(GOOD), ".elsewhere")
