import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import AuthenticationError

import numpy as np
import psutil
import pytest

from visionquiz.grading import Answer, encoder, grade_answers, shared
from visionquiz.kit import kit_path
from visionquiz.vision import load_vision

VISION = load_vision(kit_path("assessments") / "hollowmere" / "vision.toml")
ANSWERS = [
    Answer(id="1", kind="explain", text="We tell people what will happen before they have to ask us."),
    Answer(id="2", kind="state", text=VISION.statement),
    Answer(id="3", kind="contribute", text=""),
]


@pytest.fixture(scope="module")
def grader(tmp_path_factory):
    address = tmp_path_factory.mktemp("session") / "grader"
    with shared.share_grader(address):
        yield address


@pytest.fixture
def in_session(grader, monkeypatch):
    monkeypatch.setenv(shared.GRADER, str(grader))
    yield grader
    shared._connect.cache_clear()


def test_a_grade_and_a_place_are_the_same_wherever_they_are_made(in_session, monkeypatch):
    there, place = grade_answers(ANSWERS, VISION), shared.embed(["plain words", ""], question="What matters?")
    monkeypatch.delenv(shared.GRADER)
    assert there == grade_answers(ANSWERS, VISION)
    assert np.array_equal(place, shared.embed(["plain words", ""], question="What matters?"))


def test_what_asks_the_shared_process_loads_nothing_heavy(grader):
    code = """if True:
        import sys
        from visionquiz.grading import Answer, grade_answers
        from visionquiz.kit import kit_path
        from visionquiz.vision import load_vision
        vision = load_vision(kit_path("assessments") / "hollowmere" / "vision.toml")
        (grade,) = grade_answers([Answer(id="1", kind="state", text=vision.statement)], vision)
        assert grade.level == 3, grade
        print(*{"onnxruntime", "numpy", "rapidfuzz", "tokenizers", "py3langid"} & set(sys.modules))
    """
    env = {**os.environ, shared.GRADER: str(grader)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_when_the_shared_process_has_ended_everybody_grades_for_themselves(tmp_path, monkeypatch):
    monkeypatch.setenv(shared.GRADER, str(tmp_path / "grader"))
    with shared.share_grader(tmp_path / "grader"):
        before = grade_answers(ANSWERS, VISION)
    assert grade_answers(ANSWERS, VISION) == before
    assert grade_answers(ANSWERS, VISION) == before, "and goes on doing so"
    assert not (tmp_path / "grader").exists()


def test_where_a_socket_would_lie_too_deep_everybody_grades_for_themselves(tmp_path, monkeypatch):
    deep = tmp_path / ("d" * 100) / "grader"
    deep.parent.mkdir()
    monkeypatch.setenv(shared.GRADER, str(deep))
    with shared.share_grader(deep):
        assert [grade.level for grade in grade_answers(ANSWERS[1:2], VISION)] == [3]
    assert list(deep.parent.iterdir()) == []


def test_who_has_not_the_key_is_not_served(grader):
    stranger = shared._Process(str(grader), b"a guess")
    with pytest.raises(AuthenticationError):
        stranger.connect()
    assert grader.with_suffix(".key").stat().st_mode & 0o077 == 0


def test_the_shared_process_ends_with_the_one_that_started_it(tmp_path):
    code = f"""if True:
        from pathlib import Path
        from multiprocessing import active_children
        from visionquiz.grading.shared import share_grader
        if __name__ == "__main__":
            with share_grader(Path({str(tmp_path / "grader")!r})):
                print(active_children()[0].pid, flush=True)
                input()
    """
    parent = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    child = psutil.Process(int(parent.stdout.readline()))
    parent.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs([child], timeout=20)
    for pipe in (parent.stdin, parent.stdout):
        pipe.close()
    parent.wait()
    for one in alive:
        one.kill()
    assert not alive


def test_thirty_who_come_at_once_load_the_model_once(monkeypatch):
    loaded, begun = [], threading.Barrier(8)

    class Slow(encoder.Encoder):
        def __init__(self, *args, **options):
            loaded.append(1)
            super().__init__(*args, **options)

    def ask(number):
        if number < 8:
            begun.wait(20)
        return grader.grade(ANSWERS, VISION, 0.15, {})

    alone = grade_answers(ANSWERS, VISION)
    monkeypatch.setattr(encoder, "Encoder", Slow)
    encoder.load_encoder.cache_clear()
    grader = shared.Grader()
    with ThreadPoolExecutor(8) as pool:
        assert all(grades == alone for grades in pool.map(ask, range(30)))
    assert len(loaded) == 1
