"""The vision as everybody may see it: the card, the poster, and nothing that would help in a check."""

import datetime as dt
from dataclasses import replace

import pytest

from visionquiz.cli import main
from visionquiz.course import new_course
from visionquiz.views.vision_card import draw_vision, show_vision
from visionquiz.vision_card import card_html, pick_scenario, poster_html

EVIL = "<script>alert(1)</script>"
DAY = dt.date(2026, 11, 29)


def test_every_fitting_situation_has_its_day_in_turn(vision):
    role = vision.roles[0].id
    fitting = [one for one in vision.scenarios if one.fits(role)]
    seen = [pick_scenario(vision, DAY + dt.timedelta(days=day), role) for day in range(len(fitting))]
    assert {one.id for one in seen} == {one.id for one in fitting}
    assert pick_scenario(replace(vision, scenarios=()), DAY) is None


def test_without_a_role_the_situations_are_for_everybody_if_there_are_any(vision):
    for_all = [replace(one, roles=()) for one in vision.scenarios[:1]]
    mixed = replace(vision, scenarios=(*for_all, *(one for one in vision.scenarios[1:] if one.roles)))
    assert pick_scenario(mixed, DAY) == for_all[0]
    assert pick_scenario(replace(vision, scenarios=tuple(one for one in vision.scenarios if one.roles)), DAY)


def test_the_card_tells_what_the_vision_says_and_nothing_of_the_key(vision):
    for day in range(len(vision.scenarios)):
        scenario = pick_scenario(vision, DAY + dt.timedelta(days=day))
        html = card_html(vision, scenario=scenario)
        assert vision.statement in html
        assert vision.core_idea not in html
        assert all(option.why not in html for option in scenario.options)
        order = sorted(scenario.options, key=lambda option: option.text)
        places = [html.index(option.text[:20].replace("'", "&#x27;")) for option in order]
        assert places == sorted(places), "by the alphabet, whatever the file has first"


def test_one_role_sees_its_own_part(vision):
    one, other = vision.roles[:2]
    html = card_html(vision, role=one.id)
    assert one.title in html
    assert other.title not in html


def test_what_a_trainer_wrote_runs_nothing(vision):
    nasty = replace(vision, statement=EVIL, company=EVIL, roles=(replace(vision.roles[0], title=EVIL),))
    assert EVIL not in poster_html(nasty)
    assert "&lt;script&gt;" in poster_html(nasty)


def test_the_poster_loads_nothing_and_is_small(vision):
    html = poster_html(vision, scenario=pick_scenario(vision, DAY))
    assert "default-src 'none'" in html
    assert "http" not in html.replace('http-equiv="', "")
    assert len(html) < 30_000


def test_the_view_shows_the_part_of_the_role_that_is_chosen(vision):
    def jobs(html):
        return [role.title for role in vision.roles if f"<h3>{role.title}</h3>" in html]

    everybody = draw_vision(vision, DAY, {})
    assert jobs(everybody) == [role.title for role in vision.roles if role.contributions]
    assert jobs(draw_vision(vision, DAY, {"role": vision.roles[0].id})) == [vision.roles[0].title]
    for nobody in ("pilot", "<b>", ""):
        assert draw_vision(vision, DAY, {"role": nobody}) == everybody


def test_a_broken_vision_is_told(tmp_path, monkeypatch):
    (tmp_path / "vision.toml").write_text("nonsense = [")
    monkeypatch.setenv("VISIONQUIZ_VISION", str(tmp_path / "vision.toml"))
    assert "cannot be shown" in show_vision({}).html


class TestPoster:
    @pytest.fixture
    def course(self, tmp_path):
        return new_course(tmp_path / "acme")

    def test_it_is_written_once(self, course, tmp_path, capsys):
        out = tmp_path / "poster.html"
        call = ["poster", "--course", str(course.root), "--out", str(out)]
        assert main(call) == 0
        assert course.load_vision().statement in out.read_text()
        assert main(call) == 2
        assert "add --replace" in capsys.readouterr().err
        assert main([*call, "--replace", "--role", "sales"]) == 0
        assert "Nursery gardener" not in out.read_text()
        assert main([*call, "--replace", "--role", "pilot"]) == 2
        assert "there are sales, nursery" in capsys.readouterr().err
