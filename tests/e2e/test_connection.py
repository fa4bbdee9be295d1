"""What a page and its kernel tell each other over a slow line: nothing gets lost, and nothing overtakes."""

import datetime as dt
from importlib.resources import files

import pytest

from visionquiz.kit import kit_path
from visionquiz.serve import start_session
from visionquiz.store import Store
from visionquiz.views._live import EVERY

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("lessons")]

VISION = kit_path("assessments") / "hollowmere" / "vision.toml"
RIGHT = ("purpose", "voices", "alone", "pairs", "wall", "top-two", "tests", "words", "stakeholders")


class SlowLine:
    """Stands between a page and its kernel, and can hold back what the kernel says: from the first message that holds
    `word`, or from `close` on.
    """

    def __init__(self, word: bytes | None = None) -> None:
        self.word = word
        self.is_open = True
        self.held: list[str | bytes] = []

    def lay(self, page) -> None:
        """For a page that is not loaded yet."""
        page.route_web_socket("**/channels*", self._connect)

    def close(self) -> None:
        self.is_open = False

    def let_through(self) -> None:
        """All that was held back, in one go, and whatever comes after it."""
        self.is_open, self.word = True, None
        for message in self.held:
            self._page.send(message)
        self.held.clear()

    def _connect(self, page) -> None:
        self._page = page
        kernel = page.connect_to_server()
        page.on_message(kernel.send)
        kernel.on_message(self._hear)

    def _hear(self, message: str | bytes) -> None:
        raw = message if isinstance(message, bytes) else message.encode()
        if self.word is not None and self.word in raw:
            self.close()
        if self.is_open:
            self._page.send(message)
        else:
            self.held.append(message)


def test_what_comes_in_while_a_page_is_put_together_shows_on_it(visit):
    line = SlowLine(b"update_states")  # what the browser puts the page together from
    with start_session(VISION) as room:
        desk = visit.open(room.desk, before=line.lay)
        while not line.held:
            desk.wait_for_timeout(20)
        store = Store(room.store)
        store.join("ada", name="Ada", team="North", place="why-a-vision", now=dt.datetime.now(dt.UTC))
        store.contribute("define", "ada", {"ask": "great-service", "text": "They ring"}, slot="a", state="waiting")
        store.close()
        # A kernel that did not wait for the page would have told it by now, once and for all.
        desk.wait_for_timeout(2_000 * EVERY)
        line.let_through()
        desk.get_by_text("1 waiting").wait_for()
        desk.get_by_text("They ring").wait_for()
    assert visit.errors == []


def test_a_press_does_not_overtake_the_cards_that_were_moved_before_it(open_lesson, visit):
    line = SlowLine()
    page = open_lesson("05-write-it-in-two-hours", before=line.lay)
    place = "one => [...document.querySelectorAll('.vqb-card[data-card]')].findIndex(card => card.dataset.card === one)"
    line.close()
    for at, step in enumerate(RIGHT):
        while page.evaluate(place, step) > at:
            page.locator(f".vqb-card[data-card='{step}'] button[aria-label^='Move up']").press("Enter")
    page.get_by_role("button", name="That is my order").press("Enter")
    line.let_through()
    page.get_by_text("All 9 steps come in time.").wait_for()
    assert visit.errors == []


LINE = """async (code) => {
  const { default: { render } } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const form = document.body.appendChild(document.createElement("div"));
  form.className = "vqf";
  form.innerHTML = '<input><div class="line"></div>';
  let hear;
  // Each answer takes five seconds: when it comes, more has been typed.
  const send = ({ asked }) => asked && setTimeout(() => window.dead || hear({ asked }), 5_000);
  render({
    model: { get: () => "Nobody keeps this", on: (_, act) => (hear = act), send },
    el: form.querySelector(".line"),
  });
}"""
"""Draws a connection whose kernel answers late, or not at all once `dead` is set."""


def test_a_line_is_slow_and_not_lost_as_long_as_answers_come(visit):
    page = visit.open("about:blank")
    page.clock.install()
    code = files("visionquiz.views").joinpath("connection.js").read_text(encoding="utf-8")
    page.evaluate(LINE, code)
    box, wrong = page.locator("input"), page.get_by_role("alert")
    for _ in range(40):
        box.press("x")
        page.clock.run_for(1_000)
        assert wrong.count() == 0
    assert box.input_value() == "x" * 40
    page.evaluate("window.dead = true")
    box.press("x")
    page.clock.run_for(13_000)
    assert wrong.inner_text() == "Nobody keeps this"
    assert box.is_disabled()
    assert visit.errors == []
