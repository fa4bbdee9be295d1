import datetime as dt
import json
import stat
from dataclasses import replace

import pytest

from visionquiz.counted import Counted, Figure, digest
from visionquiz.errors import CourseError
from visionquiz.ledger import counted_in, forget, read_ledger, write_ledger

NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
KEY = "k" * 32
ALL, NORTH = ("all", "all"), ("team", "North/Repair")
MIA, TOM = digest(KEY, "mia"), digest(KEY, "tom")
LEDGER = Counted(
    key=KEY,
    minimum=5,
    figures={ALL: {"answered": Figure(value=(9.0, 8.0), as_of=NOW), "state": Figure(value=(0.5,), as_of=NOW)}},
    people={"state": {MIA: {"one": frozenset(), "two": frozenset({ALL, NORTH})}, TOM: {"one": frozenset({ALL})}}},
)


@pytest.fixture
def folder(tmp_path):
    write_ledger(LEDGER, tmp_path / "counted", "q")
    return tmp_path / "counted"


def test_what_is_written_is_read_back_by_its_owner_alone(folder, tmp_path):
    assert read_ledger(folder, "q", tmp_path / "q.json") == LEDGER
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "q.json").stat().st_mode) == 0o600


def test_a_check_that_was_never_published_counts_nobody_under_a_key_of_its_own(tmp_path):
    one, other = (read_ledger(tmp_path / "counted", "q", tmp_path / "q.json") for _ in range(2))
    assert (one.minimum, one.figures, one.people) == (0, {}, {})
    assert one.key != other.key


@pytest.mark.parametrize(
    "text", [None, "", "[]", "{}", '{"format": 2}', "3", '{"format": 1, "groups": [[1]]}', "\udcff"]
)
def test_a_summary_without_its_ledger_is_not_published_again(tmp_path, text):
    (tmp_path / "q.json").write_text("{}")
    if text is not None:
        (tmp_path / "counted").mkdir()
        (tmp_path / "counted" / "q.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(CourseError, match=r"is (missing|damaged)\. .* delete both files"):
        read_ledger(tmp_path / "counted", "q", tmp_path / "q.json")


def test_who_is_counted_where_can_be_told(folder):
    assert counted_in(folder, "mia") == {"q": ["all all", "team North/Repair"]}
    assert counted_in(folder, "eve") == {}
    assert counted_in(folder.parent / "none", "mia") == {}


def test_who_is_erased_leaves_an_entry_that_is_nobodys(folder, tmp_path):
    forget(folder, person="mia")
    kept = read_ledger(folder, "q", tmp_path / "q.json")
    assert replace(kept, people=LEDGER.people) == LEDGER
    text = (folder / "q.json").read_text()
    assert MIA not in text
    assert '"two"' not in text
    entries = dict(kept.people["state"])
    assert entries.pop(TOM) == LEDGER.people["state"][TOM]
    assert [list(versions.values()) for versions in entries.values()] == [[frozenset({ALL, NORTH})]]
    assert counted_in(folder, "mia") == {}
    forget(folder, person="mia")
    assert (folder / "q.json").read_text() == text


def test_everybody_in_a_check_is_made_nameless(folder, tmp_path):
    write_ledger(LEDGER, folder, "other")
    forget(folder, quiz="q")
    text = (folder / "q.json").read_text()
    assert MIA not in text
    assert TOM not in text
    assert len(json.loads(text)["people"]["state"]) == 2
    assert read_ledger(folder, "other", tmp_path / "q.json") == LEDGER
