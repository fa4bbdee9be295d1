"""Where a learner's practice is kept."""

import datetime as dt
import os
import stat
from pathlib import Path

import pytest

from visionquiz import writing
from visionquiz.errors import DeskError
from visionquiz.learner import PRACTICE_FILE, PRACTICE_FILE_LIMIT, load_practice, save_practice
from visionquiz.practice import Practice, Recall

PRACTICE = Practice(recalls=(Recall(item="a", level=3, moment=dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)),))


def test_what_is_kept_is_loaded_and_only_its_owner_can_read_it(tmp_path):
    assert load_practice(tmp_path) == (Practice(), "")
    save_practice(PRACTICE, tmp_path)
    assert load_practice(tmp_path) == (PRACTICE, "")
    assert stat.S_IMODE((tmp_path / PRACTICE_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [PRACTICE_FILE]


def test_the_folder_may_be_said_as_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save_practice(PRACTICE)
    assert load_practice(".") == (PRACTICE, "")


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_text("{"),
        lambda path: path.write_bytes(b"\xff\xfe\x00"),
        lambda path: path.write_text('{"format": 1, "recalls": [{"level": 9}]}'),
        lambda path: path.write_bytes(b" " * (PRACTICE_FILE_LIMIT + 1)),
        lambda path: path.mkdir(),
        lambda path: os.mkfifo(path),
        lambda path: path.symlink_to("/etc/passwd"),
        lambda path: path.symlink_to("nowhere"),
    ],
    ids=["not JSON", "not text", "no recall", "huge", "a folder", "a pipe", "a link", "a broken link"],
)
def test_what_cannot_be_read_is_set_aside_and_practice_goes_on(tmp_path, damage):
    damage(tmp_path / PRACTICE_FILE)
    practice, message = load_practice(tmp_path)
    assert practice == Practice()
    (aside,) = tmp_path.iterdir()
    assert aside.name.startswith("practice-damaged-")
    assert aside.name in message
    save_practice(PRACTICE, tmp_path)
    assert load_practice(tmp_path) == (PRACTICE, "")


@pytest.mark.parametrize("where", ["file", "folder"])
def test_nothing_is_written_by_way_of_a_link(tmp_path, where):
    other = tmp_path / "other"
    other.mkdir()
    folder = tmp_path / "mine"
    if where == "file":
        folder.mkdir()
        (folder / PRACTICE_FILE).symlink_to(other / "theirs.json")
    else:
        folder.symlink_to(other)
    with pytest.raises(DeskError, match="is a link"):
        save_practice(PRACTICE, folder)
    assert list(other.iterdir()) == []


@pytest.mark.parametrize("where", ["mkstemp", "fsync", "replace"])
def test_a_full_disk_leaves_the_former_history_whole(tmp_path, monkeypatch, where):
    save_practice(PRACTICE, tmp_path)

    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr({"mkstemp": writing.tempfile, "fsync": os, "replace": Path}[where], where, fail)
        with pytest.raises(DeskError, match="the disk is full"):
            save_practice(Practice(), tmp_path)
    assert load_practice(tmp_path) == (PRACTICE, "")
    assert [path.name for path in tmp_path.iterdir()] == [PRACTICE_FILE]


def test_a_folder_that_is_gone_is_said_so(tmp_path):
    with pytest.raises(DeskError, match="its folder is gone"):
        save_practice(PRACTICE, tmp_path / "gone")
