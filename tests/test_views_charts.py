"""Drawings, read as a screen reader and a printer do; how they look is in tests/e2e."""

import math
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.views._chart_parts import MOST
from visionquiz.views.chart_view import ChartView
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
    plain,
    timeline,
    trend,
)

EVIL = '"><img src=x onerror="alert(1)">'


def line(*values, name="", key=""):
    return Line(name=name, points=[Point(at=at, label=f"Day {at}", value=v, key=key) for at, v in enumerate(values)])


def each(label="Label", value=0.5, key=""):
    """One of each drawing, with one mark."""
    return {
        "bars": bars("Title", [Bar(label=label, value=value, key=key)], number=percent, top=1),
        "heat": heat("Title", ["Column"], [HeatRow(label=label, values=[value], key=key)]),
        "dots": dots("Title", [Dot(label=label, x=value, key=key)], across="Share", number=percent),
        "trend": trend("Title", [Line(points=[Point(at=1, label=label, value=value, key=key)])]),
        "timeline": timeline("Title", [Step(label=label, first=3, last=9, key=key)]),
    }


KINDS = sorted(each())


@pytest.fixture
def read(read_page):
    def read_text(html):
        page = read_page(html)
        assert page.open == [], "every tag is closed"
        return page, " ".join(" ".join(page.text).split())

    return read_text


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_has_a_title_its_label_and_its_figure_in_words(read, kind):
    page, text = read(each()[kind])
    assert page.attributes[0] == ("figure", {"class": "vqc"})
    assert "Title" in text
    assert "Label" in text
    assert ("day 3 to 9" if kind == "timeline" else "50%") in text
    assert sum(tag == "table" and bool(given["aria-label"]) for tag, given in page.attributes) == 1


@pytest.mark.parametrize(
    "html",
    [
        bars("Title", []),
        heat("Title", ["Column"], []),
        heat("Title", [], [HeatRow(label="Row", values=[])]),
        dots("Title", []),
        trend("Title", []),
        trend("Title", [line()]),
        trend("Title", [line(None, math.nan)]),
        timeline("Title", []),
    ],
)
def test_nothing_to_draw_is_said_in_words(read, html):
    _, text = read(html)
    assert text == "Title There is nothing to show yet."


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("label", "shown"),
    [
        (EVIL, "&quot;&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"),
        ("a\x00b\u202ec\ud800d", "a b c d"),
        ("w" * 400, "w" * 299 + "…"),
        ("Ärger 👩‍🚒 نعم", "Ärger 👩‍🚒 نعم"),
    ],
)
def test_whatever_people_typed_is_shown_and_does_nothing(kind, label, shown):
    html = each(label, key=label)[kind]
    assert shown in html
    assert "<img" not in html
    html.replace("\ud800", "").encode()  # a key goes back as it came; nothing else may break the page


ANY = st.one_of(st.none(), st.floats(), st.sampled_from([0.0, 0.5, 1.0]))


@given(st.lists(st.tuples(st.text(max_size=8), ANY, ANY, ANY), max_size=12))
def test_any_figures_at_all_give_a_page_that_holds_together(read_page, rows):
    figures = [
        bars("T", [Bar(label=a, value=v, low=lo, high=hi, key=a) for a, v, lo, hi in rows]),
        heat("T", ["a", "b", "c"], [HeatRow(label=a, values=more, key=a) for a, *more in rows]),
        dots("T", [Dot(label=a, x=x if x is not None else 0.0, y=y, group=a) for a, x, y, _ in rows]),
        trend("T", [Line(name="L", points=[Point(at=at or 0.0, label=a, value=v, low=lo) for a, at, v, lo in rows])]),
    ]
    for html in figures:
        assert read_page(html).open == []
        styles = "".join(re.findall(r'(?:style|points)="([^"]*)"', html))
        assert "nan" not in styles
        assert "inf" not in styles
        for share in re.findall(r"(?:left|width|bottom):(-?[\d.]+)%", styles):
            assert 0 <= float(share) <= 100


def test_missing_is_not_zero(read):
    html = bars("T", [Bar(label="None", value=0.0), Bar(label="Unknown", value=math.nan)], number=percent, top=1)
    none, unknown = (read(row)[1] for row in re.findall(r"<tr>.*?</tr>", html))
    assert none == "None 0%"
    assert unknown == "Unknown – missing"
    _, text = read(heat("T", ["a", "b"], [HeatRow(label="Row", values=[0.0])]))
    assert text.endswith("Row 0% a – missing b")
    assert html.count("fill") == 0, "no bar for nothing"


def test_bars_begin_at_zero_and_keep_their_order():
    html = bars("T", [Bar(label="b", value=20), Bar(label="a", value=40), Bar(label="c", value=-3)])
    assert re.findall(r'class="fill" style="left:([\d.]+)%;width:([\d.]+)%"', html) == [
        ("0.00", "50.00"),
        ("0.00", "100.00"),
    ]
    assert re.findall(r'scope="row"><span class="label">(\w)', html) == ["b", "a", "c"]
    assert "Highest: a, 40. Lowest: c, -3." in html


def test_an_interval_is_drawn_and_said():
    html = bars("T", [Bar(label="a", value=0.5, low=0.4, high=0.7, note="9 people")], number=percent, top=1)
    assert 'class="whisker" style="left:40.00%;width:30.00%"' in html
    assert "9 people, probably 40% to 70%" in html


def test_the_higher_the_figure_the_stronger_the_colour():
    html = heat("T", ["a", "b", "c"], [HeatRow(label="Row", values=[0.0, 0.25, 7.0])])
    assert re.findall(r"--heat:([\d.]+)", html) == ["0.000", "0.250", "1.000"]
    assert "Highest: Row, c, 700%. Lowest: Row, a, 0%." in html


def test_dots_of_the_same_figure_are_piled_up():
    html = dots("T", [Dot(label=str(n), x=x) for n, x in enumerate([4, 9, 4, 4])], across="Words")
    places = re.findall(r"left:([\d.]+)%;bottom:(\d+)px", html)
    assert places == [("3.8", "14"), ("96.2", "14"), ("3.8", "40"), ("3.8", "66")]
    assert "4 dots. Words: from 4 to 9." in html


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=7, max_size=30))
def test_dots_without_axes_never_cover_each_other_on_a_phone(places):
    html = dots("T", [Dot(label="a", x=x, y=y) for x, y in places])
    spots = [(float(x) * 3.4, float(y)) for x, y in re.findall(r"left:([\d.]+)%;bottom:(\d+)px", html)]
    assert all(math.dist(a, b) >= 20 for place, a in enumerate(spots) for b in spots[:place])


def test_dots_with_axes_stay_where_their_figures_are():
    html = dots("T", [Dot(label="a", x=1, y=1), Dot(label="b", x=1, y=1), Dot(label="c", x=3, y=3)], across="Words")
    assert len(set(re.findall(r"left:[\d.]+%;bottom:\d+px", html))) == 2


def test_groups_differ_in_more_than_colour(read):
    html = dots("T", [Dot(label=g, x=0, group=g) for g in "abcdef"], across="Words")
    assert [int(n) for n in re.findall(r'<li class="look(\d)', html)] == [1, 2, 3, 4, 4, 4]
    for look in "234":
        assert re.search(rf"\.dot\.look{look} {{ border-", CSS)
        assert f"polyline.look{look} {{ stroke-dasharray" in CSS
    page, _ = read(html)
    assert sum(given.get("class") == "keys" for _, given in page.attributes) == 1


def test_a_line_is_broken_where_figures_are_missing():
    html = trend("T", [line(0.1, 0.2, None, 0.4)])
    assert re.findall(r'<polyline class="look1" points="([^"]*)"', html) == ["0.00,90.00 33.33,80.00", "100.00,60.00"]
    assert "<td>missing</td>" in html


def test_time_has_its_true_distances():
    days = [Point(at=day, label=f"Day {day}", value=0.5) for day in (90, 0, 9)]
    assert re.findall(r'style="left:([\d.]+)%;bottom', trend("T", [Line(points=days)])) == ["0.0", "10.0", "100.0"]


def test_the_band_goes_from_low_to_high():
    points = [Point(at=n, label=str(n), value=0.5, low=0.4, high=0.7) for n in range(2)]
    html = trend("T", [Line(points=points)])
    assert 'points="0.00,30.00 100.00,30.00 100.00,60.00 0.00,60.00"' in html
    assert "<td>40% to 70%</td>" in html
    assert "1, 50%, probably 40% to 70%" in html


@pytest.mark.parametrize("count", [1, 2, 8])
def test_few_points_have_all_their_numbers_in_print(count):
    values = [n / 10 for n in range(count)]
    assert trend("T", [line(*values)]).count('class="printed') == count


def test_of_many_points_ends_highest_and_lowest_are_in_print():
    values = [0.5] * 30
    values[10], values[20] = 0.9, 0.1
    found = re.findall(r'class="printed[^>]*>([^<]+)<', trend("T", [line(*values)]))
    assert found == ["50%", "90%", "10%", "50%"]


def test_of_two_lines_the_lower_number_stands_below():
    html = trend("T", [line(0.5, name="A"), line(0.52, name="B")])
    assert re.findall(r'class="(printed[^"]*)"[^>]*>([^<]+)<', html) == [("printed below", "50%"), ("printed", "52%")]


@pytest.mark.parametrize("kind", ["bars", "heat", "dots", "timeline"])
def test_too_many_marks_are_cut_and_it_is_said(kind):
    many = range(MOST + 7)
    html = {
        "bars": bars("T", [Bar(label="mark", value=n) for n in many]),
        "heat": heat("T", ["a"], [HeatRow(label="mark", values=[0.1]) for n in many]),
        "dots": dots("T", [Dot(label="mark", x=n) for n in many]),
        "timeline": timeline("T", [Step(label="mark", first=1, last=2) for n in many]),
    }[kind]
    assert f"Of {MOST + 7} the first {MOST} are shown." in html
    assert html.count("<tr") - html.count("<thead") == MOST


@pytest.mark.parametrize("kind", KINDS)
def test_only_marks_with_a_key_can_be_picked(kind):
    assert "<button" not in each()[kind]
    html = each(key="it & that")[kind]
    assert '<button type="button"' in html
    assert 'data-pick="it &amp; that" aria-pressed="false"' in html


def test_what_is_picked_can_be_seen_and_heard():
    marks = [Bar(label=key, value=1, key=key) for key in ("a", "b")]
    assert re.findall(r'data-pick="(\w)" aria-pressed="(\w+)"', bars("T", marks, chosen="b")) == [
        ("a", "false"),
        ("b", "true"),
    ]


@pytest.mark.parametrize(
    "content",
    [{"pick": "gone"}, {"pick": 3}, {"pick": None}, {"pick": ["a"]}, {}, [], "a", None, {"pick": ""}],
)
def test_a_browser_can_name_no_key_that_is_not_drawn(content):
    picked = []
    view = ChartView(
        bars("T", [Bar(label="a", value=1, key="it & that"), Bar(label="b", value=1)]), on_pick=picked.append
    )
    view._picked(view, content, [])
    assert picked == []
    view._picked(view, {"pick": "it & that"}, [])
    assert picked == ["it & that"]
    view.markup = bars("T", [Bar(label="a", value=1, key="other")])
    view._picked(view, {"pick": "it & that"}, [])
    assert picked == ["it & that"]


@pytest.mark.parametrize(("value", "shown"), [(3.0, "3"), (3.14, "3.1"), (1234.5, "1,234"), (0, "0"), (-0.5, "-0.5")])
def test_numbers_are_written_as_people_write_them(value, shown):
    assert plain(value) == shown


def test_a_page_of_drawings_is_small_and_asks_for_nothing():
    page = chart_page(EVIL, *each().values())
    assert not re.search(r"https?:|url\(|@import|<script|<link|<img", page)
    assert len(page.encode()) < 300_000


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """WCAG 2.2, "contrast ratio"."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("place", "page", "ink"), [(0, "#ffffff", "#1d2733"), (1, "#111111", "#e8eef4")])
def test_colours_stand_out_from_the_page_and_words_from_the_strongest_colour(place, page, ink):
    for look in "1234":
        colour = re.findall(rf"--vqc-{look}: (#\w{{6}})", CSS)[place]
        assert contrast(colour, page) >= 3, (look, contrast(colour, page))
    colour = re.findall(r"--vqc-1: (#\w{6})", CSS)[place]
    mixed = "#" + "".join(f"{(int(colour[n : n + 2], 16) + int(page[n : n + 2], 16)) // 2:02x}" for n in (1, 3, 5))
    assert contrast(ink, mixed) >= 4.5


def test_drawing_imports_nothing_heavy():
    code = "import sys, visionquiz.views.charts; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert not {"ipywidgets", "anywidget", "numpy", "pandas", "traitlets", "IPython"} & loaded
