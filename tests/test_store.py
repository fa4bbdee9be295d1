"""What a workshop keeps: several processes at once, on a file and on a server."""

import contextlib
import datetime as dt
import json
import subprocess
import sys

import pytest

from visionquiz.errors import StoreError
from visionquiz.store import BODY_LIMIT, SLOT_LIMIT, Store, hide_password, read_address, store_url

NOW = dt.datetime(2026, 11, 29, 10, tzinfo=dt.UTC)


@pytest.fixture
def url(tmp_path):
    return store_url(tmp_path / "workshop.db")


@pytest.fixture
def store(url):
    one = Store(url)
    yield one
    one.close()


def test_what_is_contributed_is_read_elsewhere(url, store):
    other = Store(url)
    before = other.revision()
    store.contribute("define", "ada", {"text": "Ring back 💧 <b>when</b> you said"})
    assert other.revision() == before + 1
    (found,) = other.read("define")
    assert (found.author, found.state, dict(found.body)) == (
        "ada",
        "shown",
        {"text": "Ring back 💧 <b>when</b> you said"},
    )
    assert other.read("sort") == []
    assert other.read(since=found.revision) == []
    other.close()


def test_a_second_contribution_takes_the_place_of_the_first_one_in_its_slot(store):
    store.contribute("define", "ada", {"text": "one"}, state="waiting")
    store.contribute("define", "ada", {"text": "two"}, state="waiting")
    store.contribute("define", "ada", {"text": "other"}, slot="b")
    store.contribute("define", "bea", {"text": "hers"})
    assert [(one.author, one.slot, one.body["text"]) for one in store.read("define")] == [
        ("ada", "", "two"),
        ("ada", "b", "other"),
        ("bea", "", "hers"),
    ]


def test_a_changed_text_waits_again(store):
    store.contribute("define", "ada", {"text": "nice"}, state="waiting")
    store.moderate([store.read()[0].id], "shown")
    assert store.read()[0].state == "shown"
    store.contribute("define", "ada", {"text": "rude"}, state="waiting")
    assert store.read()[0].state == "waiting"


@pytest.mark.parametrize("text", ["", "\0 nul", "half \ud83d", "‮ right to left", "=cmd()", "x" * 10_000])
def test_any_text_can_be_kept(store, text):
    store.contribute("define", "ada", {"text": text})
    json.dumps(store.read()[0].body["text"])


def test_too_much_is_refused_and_nothing_else_is_lost(store):
    store.contribute("define", "ada", {"text": "kept"})
    with pytest.raises(StoreError, match="too long"):
        store.contribute("define", "ada", {"text": "x" * BODY_LIMIT})
    for number in range(SLOT_LIMIT - 1):
        store.contribute("define", "ada", {"text": "more"}, slot=str(number))
    with pytest.raises(StoreError, match="more are not taken"):
        store.contribute("define", "ada", {"text": "more"}, slot="last")
    store.contribute("define", "bea", {"text": "hers"})
    assert [one.body["text"] for one in store.read("define") if not one.slot] == ["kept", "hers"]


def test_who_leaves_and_comes_back_is_the_same_person(store):
    store.join("p1", name="Ada", place="why-a-vision", now=NOW)
    store.join("p2", name="Bea <i>", now=NOW)
    store.join("p1", name="Ada", place="my-part", now=NOW + dt.timedelta(minutes=5))
    found = store.participants()
    assert [(one.id, one.place) for one in found] == [("p1", "my-part"), ("p2", "")]
    assert found[0].seen == NOW + dt.timedelta(minutes=5)


def test_workshops_in_one_database_do_not_see_each_other(url, store):
    other = Store(url, "other")
    other.contribute("define", "ada", {"text": "there"})
    assert store.read() == []
    store.erase()
    assert len(other.read()) == 1
    other.erase()
    assert other.read() == []
    other.close()


def test_an_address_that_is_none_is_refused():
    with pytest.raises(StoreError, match="no address of a database"):
        Store("nonsense://")


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(StoreError, match="cannot be reached"):
        Store(store_url(tmp_path / "missing" / "workshop.db"))


WRITER = """
import sys
from visionquiz.store import Store
store = Store(sys.argv[1])
for number in range(25):
    store.contribute("ideas", sys.argv[2], {"text": f"{sys.argv[2]} {number}"}, slot=str(number))
"""


def test_ten_processes_at_once_lose_nothing(url, store):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, url, f"p{number}"]) for number in range(10)]
    assert [writer.wait(120) for writer in writers] == [0] * 10
    found = store.read("ideas")
    assert len(found) == 250
    assert store.revision() == 250
    assert len({one.revision for one in found}) == 250


CHANGES = [
    lambda store: store.contribute("define", "ada", {"text": "two"}),
    lambda store: store.moderate([1], "hidden"),
    lambda store: store.join("ada", name="Ada", now=NOW),
    lambda store: store.change("draft", "1", lambda _: {"text": "x"}),
    lambda store: store.erase(),
]


def test_whoever_may_only_read_sees_every_change_and_makes_none(store_address):
    with contextlib.closing(Store(store_address)) as store:
        store.contribute("define", "ada", {"text": "one"})
        with contextlib.closing(Store(store_address, read_only=True)) as reader:
            for change in CHANGES:
                with pytest.raises(StoreError, match=r"read-?only"):
                    change(reader)
            store.contribute("define", "bea", {"text": "hers"})
            assert [one.body["text"] for one in reader.read()] == ["one", "hers"]
            assert reader.revision() == store.revision() == 2
            assert reader.participants() == []
    # Also where nobody has it open for writing.
    with contextlib.closing(Store(store_address, read_only=True)) as reader:
        assert len(reader.read()) == 2


def test_reading_makes_no_store(store_address, tmp_path):
    with pytest.raises(StoreError, match="there is no workshop"):
        Store(store_address, read_only=True)
    assert not list(tmp_path.glob("workshop.db*"))


def test_a_store_in_a_folder_with_an_odd_name_is_read(tmp_path):
    folder = tmp_path / "50% of # rooms"
    folder.mkdir()
    with contextlib.closing(Store(store_url(folder / "room.db"))) as store:
        store.contribute("define", "ada", {"text": "one"})
    with contextlib.closing(Store(store_url(folder / "room.db"), read_only=True)) as reader:
        assert len(reader.read()) == 1


def test_a_store_that_must_be_there_is_not_made(store_address, tmp_path):
    with pytest.raises(StoreError, match="there is no workshop"):
        Store(store_address, start=False)
    assert not list(tmp_path.glob("workshop.db*"))
    with contextlib.closing(Store(store_address)) as store:
        store.change("draft", "1", lambda _: {"text": "Keep every home running."})
    with contextlib.closing(Store(store_address, start=False)) as store:
        assert store.document("draft", "1") == {"text": "Keep every home running."}


def test_all_of_a_workshop_is_dumped_and_loaded_with_ids_of_its_own(store_address):
    store, other = Store(store_address), Store(store_address, "other")
    assert store.is_empty()
    store.contribute("define", "ada", {"text": "one"})
    store.change("draft", "a", lambda _: {"of": store_address})
    store.join("p1", name="Ada", team="North", place="my-part", now=NOW)
    kept = store.dump()
    with pytest.raises(StoreError, match="kept there already"):
        store.load(kept)
    seen = []
    other.load(kept, settle=lambda document, ids: seen.append(ids) or document)
    found = other.dump()
    assert [(one.activity, one.author, one.body) for one in found.contributions] == [("define", "ada", {"text": "one"})]
    assert seen == [{kept.contributions[0].id: found.contributions[0].id}]
    assert found.contributions[0].id != kept.contributions[0].id
    assert [one.body for one in found.documents] == [one.body for one in kept.documents]
    assert found.participants == kept.participants
    assert store.dump() == kept
    assert other.read(since=0) == list(found.contributions), "who watches hears of it"
    store.close()
    other.close()


@pytest.mark.parametrize(
    ("where", "url"),
    [
        ("postgresql://ada@host/name", "postgresql+psycopg://ada@host/name"),
        ("postgres://host:5432/name?sslmode=require", "postgresql+psycopg://host:5432/name?sslmode=require"),
        ("postgresql+psycopg://host/name", "postgresql+psycopg://host/name"),
    ],
)
def test_a_servers_address_is_read_as_people_write_it(tmp_path, where, url):
    assert read_address(where) == url
    file = tmp_path / "room.url"
    file.write_text(f"{where}\n")
    assert read_address(str(file)) == url
    assert read_address("room.db").name == "room.db"


@pytest.mark.parametrize(
    "url",
    ["postgresql://ada:se@cret@host/name", "postgresql://host/name?password=secret", "postgresql://:secret@host/n"],
)
def test_a_password_is_taken_from_a_file_of_ones_own_alone_and_never_shown(tmp_path, url):
    with pytest.raises(StoreError, match="other people of this machine") as caught:
        read_address(url)
    assert "cret" not in str(caught.value)
    assert "cret" not in hide_password(url)
    file = tmp_path / "room.url"
    file.write_text(url)
    file.chmod(0o644)
    with pytest.raises(StoreError, match="chmod 600") as caught:
        read_address(str(file))
    assert "cret" not in str(caught.value)
    file.chmod(0o600)
    assert read_address(str(file)).endswith(url.partition("://")[2])


@pytest.mark.parametrize(
    "text", ["", "room", "mysql://host/name", "postgresql://", "postgresql://host/a b", "\0", "x" * 9_999]
)
def test_a_file_that_holds_no_address_is_refused(tmp_path, text):
    file = tmp_path / "room.url"
    file.write_text(text)
    with pytest.raises(StoreError, match="is no address of a database server"):
        read_address(str(file))
