"""The manager's page as a manager meets it: Voila, Chromium, no network."""

import contextlib
import csv
import json
import re
import sqlite3
from collections import Counter, defaultdict

import pytest

from visionquiz.cli import main
from visionquiz.quiz import pick_scenarios
from visionquiz.serve import start_apps

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def served(demos):
    course = demos("published")
    with start_apps(course) as server:
        yield course, server


def recomputed(course):
    """Mean shares by group straight from nbgrader's tables and the roster: no code of ours."""
    with open(course.roster_file, newline="", encoding="utf-8") as file:
        people = {row["person"]: row for row in csv.DictReader(file)}
    database = sqlite3.connect(course.gradebook)
    query = """
        select sa.student_id, b.name, coalesce(g.manual_score, g.auto_score) / gc.max_score
        from grade g join grade_cells gc on gc.id = g.cell_id join base_cell b on b.id = gc.id
        join submitted_notebook sn on sn.id = g.notebook_id join submitted_assignment sa on sa.id = sn.assignment_id
    """
    shares = database.execute(query).fetchall()
    database.close()
    groups = defaultdict(lambda: defaultdict(list))
    answered = defaultdict(set)
    asked = defaultdict(set)
    for name, row in people.items():
        division = row["team"].partition("/")[0]
        for group in {"all:all", f"team:{row['team']}", f"team:{division}", f"role:{row['role']}"}:
            asked[group].add(name)
    for person, question, share in shares:
        for group, members in asked.items():
            if person in members:
                groups[group][re.sub(r"-\d+$", "", question)].append(share)
                answered[group].add(person)
    return {
        group: (
            f"{len(answered[group])} of {len(asked[group])}",
            {column: f"{sum(values) / len(values):.0%}" for column, values in columns.items()},
        )
        for group, columns in groups.items()
    }, answered


def shown_on(page):
    page.wait_for_selector("[data-group]")
    rows = {}
    for row in page.query_selector_all("[data-group]"):
        cells = {
            cell.get_attribute("data-column"): cell.inner_text().strip()
            for cell in row.query_selector_all("[data-column]")
        }
        count = row.query_selector("td.n")
        rows[row.get_attribute("data-group")] = (count.inner_text().strip() if count else None, cells)
    return rows


def test_the_numbers_on_the_page_equal_a_plain_recomputation_from_the_gradebook(served, visit):
    course, server = served
    expected, answered = recomputed(course)
    rows = shown_on(visit.open(server.url))
    visible = {group: row for group, row in rows.items() if row[1]}
    assert len(visible) >= 4
    for group, row in visible.items():
        assert row == expected[group], group
    for group in rows:
        if len(answered[group]) < 5:
            assert group not in visible
    assert {group for group in rows if group.startswith("role:")}, "there is a table by role"


def test_the_page_works_with_the_network_cut_and_without_script_errors(served, visit):
    page = visit.open(served[1].url)
    shown_on(page)
    assert visit.foreign == []
    assert visit.errors == []


def test_managers_see_their_own_people_and_not_the_others(served, visit, screenshot, axe):
    course, server = served
    expected, _ = recomputed(course)
    with open(course.roster_file, newline="", encoding="utf-8") as file:
        people = {row["person"]: row for row in csv.DictReader(file)}
    team = "Operations/Field repair"
    ((lead, _),) = Counter(row["manager"] for row in people.values() if row["team"] == team).most_common(1)
    page = visit.open(server.link(lead))
    rows = shown_on(page)
    assert page.get_by_role("link", name="The vision").is_visible()
    assert rows[f"team:{team}"] == expected[f"team:{team}"]
    below = {lead}
    while new := {name for name, row in people.items() if row["manager"] in below} - below:
        below |= new
    for group in rows:
        kind, _, ident = group.partition(":")
        mine = {n for n, row in people.items() if (row["role"] if kind == "role" else row["team"]) == ident}
        assert mine <= below, group
    text = page.inner_text("body")
    assert "Contact centre" not in text
    assert "?" not in page.url, "the key does not stay in the address"
    axe(page, ".vq")
    screenshot(page, "scores-manager", full_page=True)


def test_a_link_that_does_not_hold_is_explained(served, visit, axe, screenshot):
    page = visit.open(f"{served[1].base}login?key=old", width=390)
    assert page.get_by_role("heading", name="Your own link is needed").is_visible()
    assert page.get_by_role("alert").is_visible()
    axe(page, "main")
    screenshot(page, "link-phone")


def test_a_manager_looks_at_one_team_and_prints_the_card(served, visit, screenshot, tmp_path):
    course, server = served
    page = visit.open(server.url)
    shown_on(page)
    everyone = page.locator(".vq .lead").inner_text()
    menu = page.get_by_role("combobox", name="People")
    assert menu.input_value() == "all:all"
    menu.focus()
    menu.select_option("Role: Field repair technician")
    page.locator("section[data-said^='Role: Field repair technician:']").wait_for()
    assert page.evaluate("document.activeElement.id") == "choose-people", "whoever works by keyboard keeps their place"
    expected, _ = recomputed(course)
    (technician,) = [key for key in expected if key == "role:technician"]
    assert page.get_by_text(f"{expected[technician][0]} people answered. Published").is_visible()
    big = page.locator(".vq .cards .big").all_inner_texts()
    assert big == list(expected[technician][1].values())
    assert page.locator(".vq .lead").inner_text() != everyone
    assert page.get_by_role("heading", name="A card for five minutes together").is_visible()
    screenshot(page, "scores-role", full_page=True)
    page.emulate_media(media="print")
    assert not page.get_by_role("combobox", name="People").is_visible()
    assert page.pdf(path=tmp_path / "page.pdf", format="A4")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_a_team_in_a_table_leads_to_its_page_and_back(served, visit):
    page = visit.open(served[1].url)
    shown_on(page)
    page.get_by_role("link", name="Operations", exact=True).click()
    page.locator("section[data-said^='Team: Operations:']").wait_for()
    assert page.get_by_role("combobox", name="People").input_value() == "team:Operations"
    assert page.locator("#told").inner_text().startswith("Team: Operations:"), "it is told to whoever does not see it"
    page.reload()
    assert page.get_by_role("combobox", name="People").input_value() == "team:Operations"
    page.go_back()
    page.locator("section[data-said^='Everyone:']").wait_for()
    assert (visit.errors, visit.foreign) == ([], [])


def test_the_page_works_without_a_script(served, visit):
    page = visit.open(served[1].url, script=False)
    page.get_by_role("combobox", name="People").select_option("Team: Operations")
    page.get_by_role("button", name="Show").click()
    page.locator("section[data-said^='Team: Operations:']").wait_for()


def test_the_keyboard_alone_is_enough(served, visit):
    page = visit.open(served[1].url)
    shown_on(page)
    page.get_by_role("combobox", name="People").focus()
    page.keyboard.press("ArrowDown")
    page.locator("section[data-said^='Everyone:']").wait_for(state="detached")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="This page, to read and to mail").wait_for()


def test_files_to_keep_are_made_on_the_spot(served, visit, axe, tmp_path):
    course, server = served
    page = visit.open(server.url)
    shown_on(page)
    page.get_by_role("button", name="Make files to keep or to mail").click()
    page.get_by_role("link", name="This page, to read and to mail").wait_for()
    kept = {}
    for link in page.locator(".files").get_by_role("link").all():
        with page.expect_download() as download:
            link.click()
        kept[download.value.suggested_filename] = tmp_path / download.value.suggested_filename
        download.value.save_as(kept[download.value.suggested_filename])
    assert kept.keys() == {f"vision-check.{ending}" for ending in ("html", "xlsx", "csv")}
    expected, _ = recomputed(course)
    with open(kept["vision-check.csv"], newline="", encoding="utf-8-sig") as file:
        rows = {f"{row['kind']}:{row['group']}": row for row in csv.DictReader(file)}
    team = rows["team:Operations"]
    assert f"{team['answered']} of {team['asked']}" == expected["team:Operations"][0]
    assert f"{float(team['Explain it']):.0%}" == expected["team:Operations"][1]["explain"]
    axe(page, ".vq")
    alone = visit.open(kept["vision-check.html"].as_uri())
    assert alone.get_by_role("heading", name="By team").is_visible()
    assert "Operations" in alone.inner_text("body")
    assert visit.foreign == []


def test_the_figures_about_points_equal_a_plain_recomputation(served, visit):
    """From the verdicts in the gradebook, by hand: what share of those who answered said each point."""
    course, server = served
    with contextlib.closing(sqlite3.connect(course.gradebook)) as database:
        rows = database.execute(
            """
            select a.parts from visionquiz_answer_graded a join grade g on g.id = a.grade_id
            join base_cell b on b.id = g.cell_id where b.name = 'explain'
            """
        ).fetchall()
    told = [dict(json.loads(parts)) if parts else {} for (parts,) in rows]
    said = {
        point.text: f"{sum(one.get(point.id) == 'covered' for one in told) / len(told):.0%}"
        for point in course.load_vision().meaning
    }
    page = visit.open(server.url)
    shown_on(page)
    lanes = page.locator("table[aria-label='What people say it means'] tr")
    found = {
        lane.locator("th").inner_text().strip(): lane.locator(".number").inner_text().split()[0] for lane in lanes.all()
    }
    assert found == said


def test_the_figures_about_words_and_contributions_equal_a_plain_recomputation(served, visit):
    course, server = served
    told = {}
    with contextlib.closing(sqlite3.connect(course.gradebook)) as database:
        for question in ("state", "contribute"):
            rows = database.execute(
                """
                select a.parts from visionquiz_answer_graded a join grade g on g.id = a.grade_id
                join base_cell b on b.id = g.cell_id where b.name = ?
                """,
                (question,),
            )
            told[question] = [json.loads(parts) if parts else [] for (parts,) in rows]
    page = visit.open(server.url)
    shown_on(page)
    words = [
        (item.locator(".word").inner_text().strip(".,"), item.locator(".share").inner_text())
        for item in page.locator(".words li").all()
    ]
    statement = re.findall(r"\w+", course.load_vision().statement)
    people = told["state"]
    assert words == [
        (word, f"{sum(bool(one) and one[place][1] in ('recalled', 'paraphrased') for one in people) / len(people):.0%}")
        for place, word in enumerate(statement)
    ]
    contributions = [dict(one) for one in told["contribute"]]
    wanted = {
        "Says what they do themselves": ("personal", "I"),
        "Names something that others could see": ("concrete", "yes"),
        "Fits their job": ("fits_role", "yes"),
        "Clearly serves the vision": ("linked", "clear"),
    }
    rows = page.locator("table[aria-label='What people say they do'] tr").all()
    assert {row.locator("th").inner_text().strip(): row.locator(".number").inner_text().split()[0] for row in rows} == {
        label: f"{sum(one.get(part) == verdict for one in contributions) / len(contributions):.0%}"
        for label, (part, verdict) in wanted.items()
    }


def test_the_map_and_the_situations_equal_a_plain_recomputation(served, visit):
    """From nbgrader's tables and the verdicts in the gradebook: whose contribution serves what, who chose the best."""
    course, server = served
    vision = course.load_vision()
    with contextlib.closing(sqlite3.connect(course.gradebook)) as database:
        kept = database.execute(
            """
            select a.parts from visionquiz_answer_graded a join grade g on g.id = a.grade_id
            join base_cell b on b.id = g.cell_id where b.name = 'contribute'
            """
        ).fetchall()
        chosen = database.execute(
            """
            select sa.student_id, b.name, coalesce(g.manual_score, g.auto_score) / gc.max_score
            from grade g join grade_cells gc on gc.id = g.cell_id join base_cell b on b.id = gc.id
            join submitted_notebook sn on sn.id = g.notebook_id
            join submitted_assignment sa on sa.id = sn.assignment_id where b.name like 'decide-%'
            """
        ).fetchall()
    told = [dict(json.loads(parts)) if parts else {} for (parts,) in kept]
    page = visit.open(server.url)
    shown_on(page)
    cells = page.locator("[data-map=all] [data-point]").all()
    assert {cell.get_attribute("data-point"): cell.inner_text().strip() for cell in cells} == {
        point.id: f"{sum(one.get(f'serves:{point.id}') == 'yes' for one in told) / len(told):.0%}"
        for point in vision.meaning
    }
    with open(course.roster_file, newline="", encoding="utf-8") as file:
        roles = {row["person"]: row["role"] for row in csv.DictReader(file)}
    met = pick_scenarios(course.load_quiz("vision-check", vision), vision)
    best = defaultdict(list)
    for person, question, share in chosen:
        best[met[question][roles[person]].title].append(share == 1)
    rows = page.locator("table[aria-label='What people chose in situations'] tr").all()
    assert len(rows) >= 3
    for row in rows:
        of = best[row.locator("th").inner_text().strip()]
        assert len(of) >= 5
        assert row.locator(".number").inner_text().split()[0] == f"{sum(of) / len(of):.0%}"


@pytest.mark.parametrize(
    ("name", "width", "dark"),
    [("scores-desktop", 1200, False), ("scores-phone", 390, False), ("scores-dark", 1200, True)],
)
def test_the_page_fits_the_screen(served, visit, screenshot, axe, name, width, dark):
    page = visit.open(served[1].url, width=width, dark=dark)
    shown_on(page)
    screenshot(page, name, full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "nothing to scroll sideways"
    assert page.locator("h1").first.is_visible()
    assert page.evaluate("document.documentElement.scrollHeight > innerHeight"), "the page itself scrolls, so it prints"
    axe(page, ".vq")


def test_no_name_and_no_answer_reaches_the_browser(served, visit):
    course, server = served
    page = visit.open(server.url)
    shown_on(page)
    html = page.content()
    with open(course.roster_file, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert row["person"] not in html
            assert row["name"] not in html


def test_nothing_published_yet_is_said_in_words(demos, visit, tmp_path):
    from visionquiz.course import Course

    with start_apps(Course(tmp_path)) as server:
        page = visit.open(server.url)
        page.wait_for_selector(".vq h2, .vq h1")
        assert "Nothing has been published yet" in page.inner_text("body")


def test_a_figure_that_was_held_back_tells_its_date(course_until, visit, axe, screenshot):
    course = course_until("published")
    with contextlib.closing(sqlite3.connect(course.gradebook)) as database, database:
        # One person's grade changes: too few for a new figure.
        one = "select min(id) from grade where auto_score > 0"
        database.execute(f"update grade set manual_score = 0 where id = ({one})")
    assert main(["publish", "--course", str(course.root)]) == 0
    with start_apps(course) as server:
        page = visit.open(server.url, width=390)
        page.get_by_text("as of").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        axe(page, ".vq")
        screenshot(page, "scores-held-390", full_page=True)
        wide = visit.open(server.url)
        wide.get_by_text("as of").first.wait_for()
        screenshot(wide, "scores-held", full_page=True)


@pytest.mark.parametrize(("width", "dark"), [(1200, False), (390, True)])
def test_the_trainers_page_says_how_well_the_check_measures(served, visit, screenshot, axe, width, dark):
    page = visit.open(served[1].trainer, width=width, dark=dark)
    page.get_by_role("link", name="How well the check measures").click()
    page.get_by_role("heading", name="What to mend first").wait_for()
    assert page.get_by_role("table", name="Questions").get_by_role("row").count() == 4
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    axe(page, "main")
    screenshot(page, f"quality-{width}", full_page=True)
    assert (visit.errors, visit.foreign) == ([], [])


def test_a_filter_reacts_at_once(served, visit):
    """No figure is asked here, `benchmarks.apps` has it: only that nothing is loaded anew but the page's own text."""
    page = visit.open(served[1].url)
    shown_on(page)
    asked = []
    page.on("request", lambda request: asked.append(request.resource_type))
    page.get_by_role("combobox", name="People").select_option("Team: Operations")
    page.locator("section[data-said^='Team: Operations:']").wait_for()
    assert asked == ["fetch"]
