"""The evidence card in a browser: it fits a phone, folds open by keyboard, and loads nothing."""

import pytest

from visionquiz.statement import check_statement
from visionquiz.views._parts import CSS as PARTS
from visionquiz.views.evidence import CSS, evidence_html

pytestmark = pytest.mark.browser

DRAFT = (
    "To leverage <b>our</b> strengths, so that every customer'sextraordinarilylongunbrokenword" + "x" * 80 + " wins."
)


@pytest.mark.parametrize(("width", "dark"), [(1200, False), (390, True)])
def test_the_card_fits_and_opens_by_keyboard(visit, axe, width, dark):
    page = visit.open("about:blank", width=width, dark=dark)
    # The page that the card stands in gives the ground, as Voila and JupyterLab do.
    ground = "<style>@media (prefers-color-scheme: dark) { body { background: #0f151c; } }</style>"
    page.set_content(
        f'<!doctype html><meta name="viewport" content="width=device-width">{ground}<style>{PARTS}{CSS}</style>'
        f'<body><div class="vqf widget-html-content">{evidence_html(check_statement(DRAFT))}</div>'
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    first = page.locator("summary").first
    first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1
    axe(page, within="section.evidence")
    assert not visit.errors
    assert not visit.foreign
