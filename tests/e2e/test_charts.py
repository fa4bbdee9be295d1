"""Drawings in a real Chromium: a phone and a desk, light, dark and print, by keyboard, and to axe-core."""

import json
from importlib.resources import files

import pytest

from visionquiz.views._parts import CSS as FORM_CSS
from visionquiz.views.charts import (
    CSS,
    Bar,
    Dot,
    HeatRow,
    Line,
    Point,
    Step,
    bars,
    chart_page,
    dots,
    heat,
    percent,
    timeline,
    trend,
)

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LONG = "Repair, emergency call-out and everything else that happens in the street"


def recall(name, *values):
    days = (0, 7, 30, 60, 90)
    points = [
        Point(at=day, label=f"Day {day}", value=value, low=value - 0.06, high=value + 0.06, key=f"{name}{day}")
        for day, value in zip(days, values, strict=True)
    ]
    return Line(name=name, points=points)


def figures():
    teams = ("North", f"North / {LONG}", "South")
    values = ([0.84, 0.52, 0.61, 0.7], [1.0, 0.0, None, 0.33], [0.4, 0.45, 0.5, 0.55])
    columns = ["State it", "Explain it", "Contribute to it", "Decide"]
    words = (3, 7, 9, 9, 9, 10, 12, 14, 14, 15, 19, 31)
    table = [HeatRow(label=team, values=row, key=team) for team, row in zip(teams, values, strict=True)]
    drafts = [recall("Draft A", 0.9, 0.8, 0.6, 0.5, 0.5), recall("Draft B", 0.9, 0.7, 0.7, 0.7, 0.6)]
    return (
        bars(
            "How far people can state, explain and live the vision",
            [
                Bar(label="State it", value=0.84, low=0.78, high=0.89, key="state"),
                Bar(label=LONG, value=0.52, note="24 of 30 people", key="explain"),
                Bar(label="Decide", value=None),
            ],
            number=percent,
            top=1,
            chosen="explain",
        ),
        bars("One figure", [Bar(label="State it", value=12.5)]),
        bars("Nothing yet", []),
        heat("Results by team", columns, table),
        dots(
            "Definitions by how close their words are",
            [Dot(label=f"Definition {n}", x=n % 5, y=n % 3, group="ABCD"[n % 4], key=str(n)) for n in range(15)],
            chosen="3",
        ),
        dots("Statements by length", [Dot(label=f"Company {n}", x=n) for n in words], across="Words"),
        trend("Recall of two drafts", drafts),
        trend("One point", [Line(points=[Point(at=1, label="Day 1", value=0.3)])], across="Days"),
        timeline("The first 90 days", [Step(label=LONG, first=1, last=30), Step(label="Re-check", first=90, last=90)]),
    )


@pytest.fixture
def open_charts(visit, tmp_path):
    def start(**options):
        path = tmp_path / "charts.html"
        path.write_text(chart_page("Drawings", *figures()), encoding="utf-8")
        return visit.open(path.as_uri(), **options)

    return start


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1200])
def test_they_fit_the_screen_and_keep_nobody_out(visit, open_charts, screenshot, axe, width, dark):
    page = open_charts(width=width, dark=dark)
    screenshot(page, f"charts-{width}-{'dark' if dark else 'light'}", full_page=True)
    axe(page, "main")
    page.locator("summary").evaluate_all("all => all.forEach(one => one.click())")
    axe(page, "main")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing to scroll sideways"
    paper, ink = page.locator("body").evaluate(
        """body => [getComputedStyle(body).backgroundColor, getComputedStyle(body.querySelector('figcaption')).color]
            .map(colour => colour.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0))"""
    )
    assert (ink > paper) is dark
    assert visit.foreign == []
    assert visit.errors == []


@pytest.mark.parametrize("width", [390, 1200])
def test_no_number_in_print_covers_anything_and_none_is_cut_off(open_charts, width):
    page = open_charts(width=width)
    covered = page.locator(".trend").evaluate_all(
        """charts => charts.flatMap(chart => {
            const boxes = selector => [...chart.querySelectorAll(selector)].map(one => one.getBoundingClientRect());
            const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
            const numbers = boxes('.printed');
            return numbers.flatMap((a, place) =>
                [...numbers.slice(0, place), ...boxes('.dot')].filter(b => meet(a, b)));
        })"""
    )
    assert covered == []
    cut = page.locator(".printed, .ticks span, .up span, .dot").evaluate_all(
        """(all, width) => all.map(one => [one.textContent, one.getBoundingClientRect()])
            .filter(([, box]) => box.left < 0 || box.right > width).map(([text]) => text)""",
        width,
    )
    assert cut == []


def test_what_can_be_picked_is_as_large_as_a_finger_needs(open_charts):
    """WCAG 2.2, 2.5.8: 24 by 24 pixels."""
    sizes = (
        open_charts(width=390)
        .locator("button")
        .evaluate_all("all => all.map(one => [one.offsetWidth, one.offsetHeight])")
    )
    assert len(sizes) == 2 + 3 + 15 + 10
    assert all(width >= 24 and height >= 24 for width, height in sizes)


def test_a_table_stays_a_table_on_a_phone(open_charts):
    heard = open_charts(width=390).locator(".heat").aria_snapshot()
    assert '- table "Results by team"' in heard
    assert '- cell "84%"' in heard
    assert "- rowheader" in heard


def test_a_mark_that_has_the_keyboard_tells_what_it_is(open_charts):
    page = open_charts()
    page.locator(".plot button").first.focus()
    assert page.locator(".tip").first.is_visible()
    assert page.locator(".tip").first.inner_text().startswith("Definition 0")


def test_print_is_dark_on_white_and_has_the_tables(open_charts):
    page = open_charts(dark=True)
    assert not page.get_by_role("cell", name="Definition 14").first.is_visible()
    page.emulate_media(media="print")
    assert page.get_by_role("cell", name="Definition 14").first.is_visible()
    for look in (".vqc figcaption", ".vqc .number", ".vqc .heat tbody th"):
        assert page.locator(look).first.evaluate("one => getComputedStyle(one).color") == "rgb(0, 0, 0)"
    assert page.locator(".vqc").first.evaluate("one => getComputedStyle(one).printColorAdjust") == "exact"
    assert page.pdf(format="A4").count(b"/Type /Page\n") <= 5, "nine drawings with their tables"


@pytest.mark.parametrize(("light", "dark"), [("true", True), ("false", False)])
def test_in_jupyterlab_its_theme_counts_and_not_the_machines(visit, tmp_path, light, dark):
    path = tmp_path / "lab.html"
    path.write_text(
        f'<style>{FORM_CSS}{CSS}</style><body data-jp-theme-light="{light}"><div class="vqf">{figures()[0]}</div>',
        encoding="utf-8",
    )
    page = visit.open(path.as_uri(), dark=dark)
    colour = page.locator(".fill").first.evaluate("one => getComputedStyle(one).backgroundColor")
    assert colour == ("rgb(0, 114, 178)" if light == "true" else "rgb(86, 180, 233)")


def test_a_pick_is_told_by_mouse_and_keyboard_and_the_keyboard_stays(open_charts):
    page = open_charts()
    module = files("visionquiz.views").joinpath("chart_view.js").read_text(encoding="utf-8")
    page.evaluate(
        """async ([module, markup]) => {
            const { default: widget } = await import("data:text/javascript," + encodeURIComponent(module));
            const listeners = [];
            window.sent = [];
            window.model = {
                markup, get: name => model[name], send: message => sent.push(message), off: () => {},
                on: (name, act) => listeners.push(act),
                set: markup => { model.markup = markup; listeners.forEach(act => act()); },
            };
            document.body.innerHTML = "<div id=widget></div>";
            widget.render({ model, el: document.querySelector("#widget") });
        }""",
        [module, "".join(figures())],
    )
    page.get_by_role("button", name="State it").click()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("text=24 of 30 people").click()
    assert page.evaluate("sent") == [{"pick": "state"}, {"pick": "explain"}]
    page.locator("details").first.locator("summary").click()
    page.get_by_role("button", name=LONG).first.focus()
    page.evaluate(f"model.set({json.dumps(''.join(reversed(figures())))})")
    assert page.evaluate("document.activeElement.dataset.pick") == "explain"
    assert page.locator("details").first.evaluate("one => one.open")
