"""A course folder: made where it should be, whole or not at all, whenever Ctrl-C comes."""

import shutil
import signal
from pathlib import Path

import pytest

from visionquiz import course as course_module
from visionquiz.cli import main
from visionquiz.course import Course, new_course, new_folder, open_course, uninterrupted
from visionquiz.errors import CourseError


def ctrl_c():
    signal.raise_signal(signal.SIGINT)


@pytest.fixture
def interrupted_cleaning(monkeypatch):
    """Ctrl-C in the middle of whatever folder is removed."""
    real = shutil.rmtree

    def rmtree(path, *arguments, **options):
        ctrl_c()
        real(path, *arguments, **options)

    monkeypatch.setattr(course_module.shutil, "rmtree", rmtree)


def test_an_empty_folder_becomes_a_course_and_stays_the_same_folder(tmp_path, monkeypatch):
    folder = tmp_path / "acme"
    folder.mkdir()
    same = folder.stat().st_ino
    monkeypatch.chdir(folder)
    assert main(["new", "."]) == 0
    assert folder.stat().st_ino == same
    assert Path.cwd().samefile(folder), "the shell still stands in it"
    assert main(["check"]) == 0
    assert not list(tmp_path.rglob(".visionquiz-*"))


def test_an_empty_folder_may_lie_where_nothing_else_can_be_written(tmp_path, monkeypatch):
    folder = tmp_path / "acme"
    folder.mkdir()
    seen = []
    with new_folder(folder) as draft:
        seen.append(draft.parent)
    assert seen == [folder]


def test_replacing_keeps_the_folder_and_nothing_that_was_in_it(tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "file").write_text("old")
    (tmp_path / "same").write_text("old")
    same = tmp_path.stat().st_ino
    with new_folder(tmp_path, replace=True) as draft:
        (draft / "same").write_text("new")
    assert [path.name for path in tmp_path.iterdir()] == ["same"]
    assert (tmp_path / "same").read_text() == "new"
    assert tmp_path.stat().st_ino == same


def test_what_cannot_be_put_in_its_place_leaves_everything_as_it_was(tmp_path, monkeypatch):
    (tmp_path / "mine").write_text("old")
    real = type(tmp_path).rename

    def rename(source, target):
        if source.name == "b":
            raise OSError("no")
        return real(source, target)

    monkeypatch.setattr(type(tmp_path), "rename", rename)

    def replace():
        with new_folder(tmp_path, replace=True) as draft:
            (draft / "a").write_text("new")
            (draft / "b").write_text("new")

    with pytest.raises(OSError, match="no"):
        replace()
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_ctrl_c_is_too_late_once_the_work_is_done():
    with uninterrupted():
        ctrl_c()
        done = True
    assert done


def test_ctrl_c_while_a_step_of_a_new_folder_is_put_in_its_place_stops_the_rest(tmp_path):
    reached = []

    def make():
        with new_folder(tmp_path / "new"):
            with uninterrupted():
                ctrl_c()
                reached.append("end of the step")
            reached.append("next step")

    with pytest.raises(KeyboardInterrupt):
        make()
    assert reached == ["end of the step"]
    assert not list(tmp_path.iterdir())


def test_ctrl_c_does_not_stop_the_cleaning(tmp_path, interrupted_cleaning):
    with Course(tmp_path).staging() as stage:
        (stage / "answers").write_text("private")
    assert not list(tmp_path.iterdir())

    def fail():
        with new_folder(tmp_path / "new") as draft:
            (draft / "answers").write_text("private")
            raise CourseError("no")

    with pytest.raises(CourseError):
        fail()
    assert not list(tmp_path.iterdir())


def test_ctrl_c_right_after_the_staging_folder_was_made_leaves_none(tmp_path, monkeypatch):
    real = type(tmp_path).mkdir

    def mkdir(path, *arguments, **options):
        real(path, *arguments, **options)
        ctrl_c()

    monkeypatch.setattr(type(tmp_path), "mkdir", mkdir)
    with pytest.raises(KeyboardInterrupt), Course(tmp_path).staging():
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("sign", "[]?*$")
def test_a_path_that_nbgrader_misreads_is_refused(tmp_path, sign):
    folder = tmp_path / f"a{sign}b" / "course"
    with pytest.raises(CourseError, match="rename that folder or choose another"):
        new_course(folder)
    assert not list(tmp_path.iterdir())
    moved = tmp_path / f"c{sign}d"
    new_course(tmp_path / "acme").root.rename(moved)
    with pytest.raises(CourseError, match="rename that folder or choose another"):
        open_course(moved)


def test_other_signs_in_a_path_are_fine(tmp_path):
    folder = tmp_path / "Zoë's 100 % #1 (für alle)"
    assert open_course(new_course(folder).root).root == folder
