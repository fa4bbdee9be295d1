import datetime as dt
import json
import threading
from dataclasses import replace

import pytest

from visionquiz.summaries import (
    Column,
    Group,
    Summary,
    load_summaries,
    published_summaries,
    read_summaries,
    write_summary,
)

SUMMARY = Summary(
    quiz="vision-2026q4",
    title="Autumn",
    company="Acme",
    published=dt.datetime(2026, 12, 19, 9, tzinfo=dt.UTC),
    minimum=5,
    columns=(Column(id="state", kind="state", label="State it"),),
    groups=(
        Group(
            kind="all", id="all", label="Everyone", hidden=False, asked=9, answered=8, review=1, means={"state": 0.5}
        ),
        Group(kind="team", id="A/B", label="A/B", hidden=True),
    ),
)


def test_what_is_written_is_read_back(tmp_path):
    path = write_summary(SUMMARY, tmp_path / "summaries")
    assert path.name == "vision-2026q4.json"
    assert load_summaries(tmp_path / "summaries") == (SUMMARY,)
    assert [file.name for file in path.parent.iterdir()] == [path.name], "no draft is left behind"


def test_a_hidden_group_is_a_name_in_the_file_and_nothing_else(tmp_path):
    data = json.loads(write_summary(SUMMARY, tmp_path).read_text())
    assert data["groups"][1] == {"kind": "team", "id": "A/B", "label": "A/B", "hidden": True}


def test_the_newest_comes_first(tmp_path):
    older = replace(SUMMARY, quiz="vision-2026q3", published=SUMMARY.published - dt.timedelta(days=90))
    for summary in (older, SUMMARY):
        write_summary(summary, tmp_path)
    assert [summary.quiz for summary in load_summaries(tmp_path)] == ["vision-2026q4", "vision-2026q3"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 2}', '{"format": 1}', "3"])
def test_a_file_that_cannot_be_read_is_left_out(tmp_path, text):
    write_summary(SUMMARY, tmp_path)
    (tmp_path / "broken.json").write_text(text)
    assert load_summaries(tmp_path) == (SUMMARY,)


def test_no_folder_is_no_summaries(tmp_path):
    assert load_summaries(tmp_path / "none") == ()


def test_the_apps_read_the_folder_that_the_server_names(tmp_path, monkeypatch):
    write_summary(SUMMARY, tmp_path)
    monkeypatch.setenv("VISIONQUIZ_SUMMARIES", str(tmp_path))
    assert published_summaries() == ((SUMMARY,), ())


def test_from_when_a_figure_is_that_was_held_back_is_in_the_file(tmp_path):
    everyone = replace(SUMMARY.groups[0], as_of={"state": dt.datetime(2026, 3, 12, 9, tzinfo=dt.UTC)})
    summary = replace(SUMMARY, groups=(everyone, SUMMARY.groups[1]))
    data = json.loads(write_summary(summary, tmp_path).read_text())
    assert data["groups"][0]["as_of"] == {"state": "2026-03-12T09:00:00+00:00"}
    assert load_summaries(tmp_path) == (summary,)


def test_a_file_from_before_there_were_such_dates_is_read(tmp_path):
    path = write_summary(SUMMARY, tmp_path)
    data = json.loads(path.read_text())
    del data["groups"][0]["as_of"]
    path.write_text(json.dumps(data))
    assert load_summaries(tmp_path) == (SUMMARY,)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"format": 4, "anything": "else"}', "by a newer version"),
        ('{"format": 0}', "is damaged; publish again: visionquiz publish autumn"),
        ('{"format": "x"}', "is damaged"),
        ('{"quiz": "half', "is damaged"),
        ("[]", "is damaged"),
        ("7", "is damaged"),
        ("[" * 100_000, "is damaged"),
        ("", "is damaged"),
        ("\udcff", "is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_and_stops_no_other(tmp_path, content, says):
    write_summary(SUMMARY, tmp_path)
    (tmp_path / "autumn.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    found, (problem,) = read_summaries(tmp_path)
    assert found == (SUMMARY,)
    assert problem.file == "autumn.json"
    assert says in problem.message


def test_a_summary_may_be_replaced_and_taken_away_while_it_is_read(tmp_path):
    """Readers see the old one or the new one."""
    other = replace(SUMMARY, title="Another")
    stop = threading.Event()

    def write():
        while not stop.is_set():
            for one in (SUMMARY, other):
                write_summary(one, tmp_path)
            (tmp_path / f"{SUMMARY.quiz}.json").unlink()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        seen = [read_summaries(tmp_path) for _ in range(300)]
        while len({one.title for found, _ in seen for one in found}) < 2:
            seen.append(read_summaries(tmp_path))
    finally:
        stop.set()
        writer.join()
    assert {problems for _, problems in seen} == {()}
    assert all(found in ((), (SUMMARY,), (other,)) for found, _ in seen)
