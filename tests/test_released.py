"""Which check there is to take, seen from a lesson's folder."""

import shutil

import pytest

from visionquiz.kit import kit_path
from visionquiz.released import SERVED, find_checks


@pytest.fixture
def course(tmp_path):
    root = tmp_path / "acme"
    (root / "quizzes").mkdir(parents=True)
    (root / "lessons").mkdir()
    shutil.copyfile(kit_path("assessments") / "hollowmere" / "vision.toml", root / "vision.toml")
    (root / "quizzes" / "first-check.toml").write_text('title = "Our first <b>check</b>"\n', encoding="utf-8")
    return root


def release(course, quiz):
    path = course / "release" / quiz / f"{quiz}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("{}", encoding="utf-8")


def test_without_a_course_there_is_none(tmp_path):
    assert find_checks(tmp_path, {}).course == ""


def test_a_check_that_is_only_written_is_named(course):
    found = find_checks(course / "lessons", {})
    assert found.course == str(course)
    assert found.released == ()
    assert found.written == ("first-check",)


def test_a_released_check_has_its_title_and_a_link_from_the_lesson(course):
    release(course, "first-check")
    release(course, "old check")
    (course / "release" / "empty").mkdir()
    found = find_checks(course / "lessons", {SERVED: str(course)})
    assert [(one.id, one.title, one.link) for one in found.released] == [
        ("first-check", "Our first <b>check</b>", "../release/first-check/first-check.ipynb"),
        ("old check", "old check", "../release/old%20check/old%20check.ipynb"),
    ]
    assert found.written == ()


def test_what_the_server_does_not_show_has_no_link(course):
    release(course, "first-check")
    found = find_checks(course / "lessons", {SERVED: str(course / "lessons")})
    assert [one.link for one in found.released] == [""]


def test_the_course_is_that_of_the_vision_that_was_named(course, tmp_path):
    release(course, "first-check")
    found = find_checks(tmp_path, {"VISIONQUIZ_VISION": str(course / "vision.toml")})
    assert found.released[0].link == "acme/release/first-check/first-check.ipynb"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"title = ", b"title = 5", b'title = "  "', b""])
def test_a_damaged_file_costs_the_title_only(course, content):
    release(course, "first-check")
    (course / "quizzes" / "first-check.toml").write_bytes(content)
    assert find_checks(course, {}).released[0].title == "first-check"
