"""Lessons as files: every one of the kit can be read, and a trainer's mistakes are told all at once."""

import itertools
import re

import pytest

from visionquiz.classroom import list_lessons
from visionquiz.curriculum import BREAK, KINDS, WORKSHOP, load_lesson, plan_workshop, read_lesson
from visionquiz.errors import InputError
from visionquiz.kit import kit_path

FILES = sorted((kit_path("notebooks") / "lessons").glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_lesson_of_the_kit_is_whole(path):
    lesson = load_lesson(path)
    assert lesson.id == path.stem
    assert len(lesson.check) >= 3
    assert lesson.activities
    assert any(note.minutes for note in lesson.notes)
    assert all(any(getattr(note, part) for note in lesson.notes) for part in ("ask", "usual", "pitfalls"))
    # Whoever looks for the longest option must not be right most of the time.
    longest = sum(max(one.options, key=lambda option: len(option.text)).points == one.best for one in lesson.check)
    assert longest <= max(1, len(lesson.check) * 2 // 3)


READING, QUESTION = 150, 0.75
"""Words a minute of somebody who reads with care, perhaps not in their first language; minutes for a question of the
check, with the reason.
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_lesson_takes_as_long_as_its_parts_and_ten_to_twenty_minutes(path):
    import jupytext

    (file,) = kit_path("notebooks").glob(f"[0-9][0-9]-{path.stem}.md")
    lesson = load_lesson(path)
    texts = [cell.source for cell in jupytext.read(file).cells if cell.cell_type == "markdown"]
    words = len(re.sub(r"\]\([^)]*\)", "]", " ".join(texts)).split())
    assert all(one.minutes for one in lesson.activities), "each activity says how long it takes alone"
    doing = sum(one.minutes for one in lesson.activities if not one.optional)
    assert abs(lesson.minutes - (words / READING + doing + QUESTION * len(lesson.check))) <= 1
    assert 10 <= lesson.minutes <= 20
    assert 10 <= lesson.minutes_in_room <= 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_part_of_a_lesson_is_on_its_page_once(path):
    (text,) = [one.read_text(encoding="utf-8") for one in kit_path("notebooks").glob(f"[0-9][0-9]-{path.stem}.md")]
    lesson = load_lesson(path)
    for activity in lesson.activities:
        assert text.count(f'lesson.do("{activity.id}")') == 1
    for note in lesson.notes:
        assert text.count(f'lesson.note("{note.id}")') == 1
    assert text.count(f'lesson.begin("{path.stem}")') == 1
    assert text.count("lesson.check()") == text.count("lesson.end()") == 1
    assert lesson.title in text


BROKEN = """
id = "broken one"
title = ""
minutes = 500
summary = ["only one"]
colour = "blue"

[[notes]]
id = "a"
text = "x"

[[activities]]
id = "sort"
kind = "sort"
title = "Sort"
prompt = "Sort them"

[[activities.bins]]
id = "mission"
label = "Mission"

[[activities.cards]]
id = "c"
text = "We"
bins = ["misson"]

[[activities]]
id = "sort"
kind = "dance"
title = "Dance"
prompt = "Dance"

[[check]]
id = "q"
text = "Which?"

[[check.options]]
text = "This"
points = 1
why = "So"

[[check.options]]
text = "That"
points = 1
why = "So"
"""


def test_all_mistakes_are_told_at_once_each_with_its_place(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text(BROKEN)
    _, problems = read_lesson(path)
    told = [str(problem) for problem in problems]
    for expected in (
        "id: 'broken one' contains a space",
        "title: is empty",
        "minutes: is 500",
        "summary: has 1 lines; expected two",
        "activities[1].cards[1].bins: there is no bin 'misson'; did you mean 'mission'?",
        "activities[2].id: 'sort' is used twice",
        "activities[2].kind: there is no kind 'dance'",
        "check[1].options: expected two or more options, exactly one of them with the most points",
        "colour: unknown key",
    ):
        assert any(expected in one for one in told), (expected, told)
    with pytest.raises(InputError):
        load_lesson(path)


@pytest.mark.parametrize("kind", [kind for kind, parts in KINDS.items() if parts])
def test_an_activity_without_what_its_kind_needs_is_told(tmp_path, kind):
    path = tmp_path / "one.toml"
    path.write_text(f'[[activities]]\nid = "a"\nkind = "{kind}"\ntitle = "A"\nprompt = "Do"\n')
    told = [str(problem) for problem in read_lesson(path)[1]]
    for part in KINDS[kind]:
        assert any(f"activities[1].{part}: is missing" in one for one in told)


def test_an_activity_takes_words_from_an_earlier_one_only(tmp_path):
    path = tmp_path / "one.toml"
    path.write_text(
        '[[activities]]\nid = "a"\nkind = "say"\ntitle = "A"\nprompt = "Do"\ntakes = "b"\n'
        '[[activities]]\nid = "b"\nkind = "merge"\ntitle = "B"\nprompt = "Do"\ntakes = "b"\n'
        '[[activities]]\nid = "c"\nkind = "merge"\ntitle = "C"\nprompt = "Do"\ntakes = "a"\n'
        '[[activities]]\nid = "d"\nkind = "merge"\ntitle = "D"\nprompt = "Do"\n'
    )
    told = [str(problem) for problem in read_lesson(path)[1]]
    assert any("activities[1].takes: there is no earlier activity 'b'" in one for one in told)
    assert any("activities[2].takes: there is no earlier activity 'b'" in one for one in told)
    assert not any("activities[3].takes" in one for one in told)
    assert any("activities[4].takes: is missing" in one for one in told)


def test_a_lesson_speaks_of_the_company_in_every_text(vision):
    from dataclasses import replace

    from visionquiz.curriculum import Activity, Card, Note, fill_lesson

    lesson = load_lesson(FILES[0])
    card = Card(id="{company}", text="{company}: {statement} {other}")
    lesson = replace(
        lesson,
        activities=(Activity(id="a", kind="sort", title="At {company}", prompt="Do", cards=(card,)),),
        notes=(Note(id="n", text="x", ask=("Who is {company}?",)),),
    )
    filled = fill_lesson(lesson, replace(vision, company="{statement} Ltd", statement="Help."))
    assert filled.activities[0].title == "At {statement} Ltd"
    assert filled.activities[0].cards[0].text == "{statement} Ltd: Help. {other}"
    assert filled.notes[0].ask == ("Who is {statement} Ltd?",)
    assert filled.check == lesson.check


def test_a_workshop_is_planned_from_the_trainers_notes():
    lessons = [load_lesson(path) for path in list_lessons()]
    plan = plan_workshop(lessons)
    assert plan[0].start == 0
    assert all(after.start == before.start + before.minutes for before, after in itertools.pairwise(plan))
    (pause,) = [part for part in plan if part.lesson is None]
    assert (pause.start, pause.minutes) == (sum(one.minutes_in_room for one in lessons[: BREAK[0]]), BREAK[1])
    taught = [part for part in plan if part.lesson]
    assert list(dict.fromkeys(part.lesson.id for part in taught)) == [lesson.id for lesson in lessons[:WORKSHOP]]
    assert sum(part.minutes for part in plan) == 120, "lessons 1 to 6 are one workshop of two hours"
    assert not any(part.note.optional for part in taught)
    assert any(note.optional for lesson in lessons[:WORKSHOP] for note in lesson.notes)
    assert all(part.lesson for part in plan_workshop(lessons[: BREAK[0]])), "no break at the end"


@pytest.mark.parametrize(
    ("takes", "told"),
    [("", "activities[2].takes: is missing"), ("themes", "no earlier activity"), ("nobody", "no earlier activity")],
)
def test_an_activity_takes_words_from_an_earlier_one(tmp_path, takes, told):
    path = tmp_path / "one.toml"
    line = f'takes = "{takes}"' if takes else ""
    path.write_text(
        '[[activities]]\nid = "say"\nkind = "say"\ntitle = "A"\nprompt = "Do"\n'
        f'[[activities]]\nid = "themes"\nkind = "themes"\ntitle = "A"\nprompt = "Do"\n{line}\n'
    )
    assert any(told in str(problem) for problem in read_lesson(path)[1])
    path.write_text(path.read_text().replace(line, 'takes = "say"') if line else "")
    assert not any("takes" in str(problem) for problem in read_lesson(path)[1])
