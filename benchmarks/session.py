"""A room of thirty: `python -m benchmarks.session [--learners N]`.

Every learner is a client of its own that joins by the code, opens a lesson and holds its websocket, as a browser does,
so that as many kernels run. It writes through its kernel's widgets. In lesson 1, where the room's words are shown, what
is measured is when they reach the websocket of the trainer's desk, and of the lesson on the wall once they are let
through; in lesson 7, where answers are graded at once, when the verdict reaches the learner's own. A browser's drawing
is not in it.
"""

import argparse
import csv
import json
import os
import re
import statistics
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil
import websocket

from benchmarks.__main__ import show
from visionquiz.kit import kit_path
from visionquiz.serve import Session, start_session

LESSON, GRADED = (f"voila/render/{name}.ipynb" for name in ("01-why-a-vision", "07-say-what-it-means"))
ANSWERS = Path(__file__).parent.parent / "tests" / "data" / "rated_answers.csv"


class Browser:
    """What a browser does with one page, without the drawing."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.client = httpx.Client(base_url=base, timeout=600, follow_redirects=True)
        self.models: dict[str, dict[str, Any]] = {}
        self.heard: list[tuple[float, str]] = []
        self.changed = threading.Condition()

    def join(self, code: str, name: str) -> None:
        self.client.get("login")
        form = {"_xsrf": self.client.cookies["_xsrf"], "code": code, "name": name}
        self.client.post("login", data=form).raise_for_status()

    def open(self, path: str) -> float:
        """Open a page. Returns the seconds until all its widgets are there."""
        start = time.perf_counter()
        page = self.client.get(path)
        page.raise_for_status()
        kernel = re.search(r'"kernelId": "([0-9a-f-]{36})"', page.text)
        if kernel is None:
            raise RuntimeError(f"no kernel was started: {page.text[-500:]}")
        cookies = "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())
        address = f"{self.base.replace('http', 'ws')}api/kernels/{kernel[1]}/channels?session_id={uuid.uuid4().hex}"
        self.line = websocket.create_connection(address, timeout=600, cookie=cookies)
        threading.Thread(target=self._listen, daemon=True).start()
        control = uuid.uuid4().hex
        self._send("comm_open", comm_id=control, target_name="jupyter.widget.control", data={}, version="1.0.0")
        self._send("comm_msg", comm_id=control, data={"method": "request_states"})
        self.wait_for(lambda: bool(self.models), "the widgets")
        return time.perf_counter() - start

    def _send(self, kind: str, *, version: str = "", **content: Any) -> None:
        header = {"msg_id": uuid.uuid4().hex, "username": "", "session": "x", "msg_type": kind, "version": "5.3"}
        metadata = {"version": version} if version else {}
        message = {"header": header, "parent_header": {}, "metadata": metadata, "content": content, "channel": "shell"}
        self.line.send(json.dumps(message))

    def _listen(self) -> None:
        while True:
            try:
                raw = self.line.recv()
            except (websocket.WebSocketException, OSError):
                return
            now = time.perf_counter()
            if isinstance(raw, bytes):  # with what is binary in it behind: the message comes first
                count = int.from_bytes(raw[:4], "big")
                offsets = [int.from_bytes(raw[4 * (i + 1) : 4 * (i + 2)], "big") for i in range(count)]
                raw = raw[offsets[0] : offsets[1] if count > 1 else None].decode()
            message = json.loads(raw)
            if message["msg_type"] not in ("comm_msg", "comm_open"):
                continue
            data = message["content"].get("data", {})
            with self.changed:
                if data.get("method") == "update_states":
                    self.models = data["states"]
                else:
                    self.heard.append((now, json.dumps(data, ensure_ascii=False)))
                self.changed.notify_all()

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        with self.changed:
            if not self.changed.wait_for(condition, 300):
                raise TimeoutError(f"nothing came of {what}")

    def find(self, kind: str, **traits: str) -> str:
        """The id of the widget of a kind, and with these beginnings of its traits."""
        for ident, model in self.models.items():
            state = model["state"]
            if state.get("_model_name") == kind and all(state.get(key, "").startswith(traits[key]) for key in traits):
                return ident
        raise LookupError(f"{kind} {traits}")

    def set(self, ident: str, value: Any) -> None:
        self._send("comm_msg", comm_id=ident, data={"method": "update", "state": {"value": value}, "buffer_paths": []})

    def click(self, ident: str) -> None:
        self._send("comm_msg", comm_id=ident, data={"method": "custom", "content": {"event": "click"}})

    def heard_at(self, text: str, after: float = 0.0) -> float:
        """When a text first came in."""

        def there() -> bool:
            return any(text in one for at, one in self.heard if at > after)

        self.wait_for(there, text)
        return next(at for at, one in self.heard if text in one and at > after)


def say(learner: Browser, text: str) -> float:
    """Write something as a learner. Returns when."""
    learner.set(learner.find("TextareaModel", description="Great service"), text)
    learner.click(learner.find("ButtonModel", description="Share it"))
    return time.perf_counter()


def explain(learner: Browser, text: str) -> float:
    """Have an explanation graded as a learner. Returns the seconds until it is said what came across."""
    learner.set(learner.find("TextareaModel", description="What does it ask of us?"), text)
    start = time.perf_counter()
    learner.click(learner.find("ButtonModel", description="See what"))
    return learner.heard_at('role=\\"status\\"><strong>', start) - start


def count_memory() -> tuple[int, float]:
    """Processes of the session, and their memory in MB (PSS: their own and their share of what is common)."""
    found = psutil.Process().children(recursive=True)
    return len(found), sum(one.memory_full_info().pss for one in found) / 1e6


def figures(taken: list[float]) -> str:
    return f"{statistics.median(taken):.2f} / {max(taken):.2f} s"


def load() -> str:
    return "load average " + " ".join(f"{one:.1f}" for one in os.getloadavg())


def seat(session: Session, learners: int, lesson: str) -> list[Browser]:
    """As many learners, each with the lesson open."""
    room = [Browser(session.join) for _ in range(learners)]
    for number, one in enumerate(room, 1):
        one.join(session.code, f"Learner {number}")
    start = time.perf_counter()
    with ThreadPoolExecutor(learners) as pool:
        opened = list(pool.map(lambda one: one.open(lesson), room))
    show(f"{learners} learners open it at once: all there", f"{time.perf_counter() - start:.0f} s", load())
    show("    median / longest for one", figures(opened))
    processes, memory = count_memory()
    show("memory of all servers and kernels (asked: 8 GB)", f"{memory / 1000:.2f} GB", f"{processes} processes")
    return room


def run_shared(learners: int) -> None:
    """Lesson 1: what learners say shows on the trainer's screen."""
    print("\nLesson 1")
    with start_session(kit_path("assessments") / "hollowmere" / "vision.toml") as session:
        desk, wall = (Browser(session.trainer.url.split("?")[0]) for _ in range(2))
        token = session.trainer.url.partition("?")[2]
        desk.open(f"voila/render/desk.ipynb?{token}")
        wall.open(f"{LESSON}?{token}")
        room = seat(session, learners, LESSON)

        # One after the other, at a time of their own between two looks of the desk.
        taken = []
        for number, one in enumerate(room):
            time.sleep(0.05 * (number * 7 % 11))
            text = f"one by one {uuid.uuid4().hex}"
            said = say(one, text)
            taken.append(desk.heard_at(text) - said)
        show("one writes: on the desk, median / worst (asked: 2 s)", figures(taken), load())

        texts = [f"all at once {uuid.uuid4().hex}" for _ in room]
        with ThreadPoolExecutor(learners) as pool:
            said_at = list(pool.map(say, room, texts))
        taken = [desk.heard_at(text) - said for text, said in zip(texts, said_at, strict=True)]
        show(f"{learners} write in the same second: on the desk", figures(taken), load())

        desk.models = {}
        control = uuid.uuid4().hex
        desk._send("comm_open", comm_id=control, target_name="jupyter.widget.control", data={}, version="1.0.0")
        desk._send("comm_msg", comm_id=control, data={"method": "request_states"})
        desk.wait_for(lambda: bool(desk.models), "the desk's buttons")
        desk.click(desk.find("ButtonModel", description="Show all"))
        shown = time.perf_counter()
        # The wall lists the last sixty.
        taken = [wall.heard_at(text) - shown for text in texts]
        show(f"the desk shows {learners}: on the wall", figures(taken), load())
        processes, memory = count_memory()
        show("memory then", f"{memory / 1000:.2f} GB", f"{processes} processes")


def run_graded(learners: int) -> None:
    """Lesson 7: what learners explain is graded at once."""
    print("\nLesson 7")
    with open(ANSWERS, newline="", encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file) if row["question"] == "explain"]
    texts = [f"{text} ({number})" for number, text in enumerate(texts)]  # none is remembered from before
    with start_session(kit_path("assessments") / "hollowmere" / "vision.toml") as session:
        room = seat(session, learners, GRADED)
        show("the first explanation, the model's start included", f"{explain(room[0], texts.pop()):.2f} s", load())
        taken = [explain(one, texts.pop()) for one in room]
        show("one after the other, until the verdict", figures(taken), load())
        with ThreadPoolExecutor(learners) as pool:
            taken = list(pool.map(explain, room, [texts.pop() for _ in room]))
        show(f"{learners} in the same second", figures(taken), load())
        processes, memory = count_memory()
        show("memory then (asked: 8 GB)", f"{memory / 1000:.2f} GB", f"{processes} processes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=30)
    learners = parser.parse_args().learners
    show("cores, memory of this machine", f"{os.cpu_count()}, {psutil.virtual_memory().total / 1e9:.0f} GB", load())
    run_shared(learners)
    run_graded(learners)


if __name__ == "__main__":
    main()
