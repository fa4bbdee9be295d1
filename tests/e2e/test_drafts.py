"""Two people write one draft at the same time: in boxes alone, and in a JupyterLab, each with a kernel of their own."""

import datetime as dt
import random
import re
import shutil
import time
from importlib.resources import files

import nbformat
import pytest

from visionquiz.classroom import Seat
from visionquiz.course import new_course
from visionquiz.drafts import Draft, DraftError, edit_draft, merge_texts
from visionquiz.kit import kit_path
from visionquiz.serve import start_lab
from visionquiz.store import Store, store_url
from visionquiz.workshop import Workshop

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("browser")]

PEOPLE = {"ada": "Ada Lovelace", "bea": "Bea <b>Potter</b>", "cem": "Cem"}

CELL = """\
from types import SimpleNamespace
from visionquiz.classroom import Seat
from visionquiz.store import Store, store_url
from visionquiz.views.drafts import draw_drafts
from visionquiz.views._live import Live
from visionquiz.workshop import Workshop
workshop = Workshop(Store(store_url("workshop.db")), Seat(id="{who}"))
view = draw_drafts(workshop, "{step}", lambda: {{one.id: one.name for one in workshop.store.participants()}})
live = Live(SimpleNamespace(alone=False, revision=workshop.revision))
live.watch("drafts", view.refresh)
live.begin()
view
"""

BOX = """async ({ code, text }) => {
  const { default: { render } } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  const heard = {};
  const traits = { text, version: 0, label: "Your draft", hint: "A hint", limit: 600 };
  window.model = {
    get: (name) => traits[name],
    on: (name, act) => (heard[name] = act),
    off: () => {},
    send: async (content) => {
      const answer = await window.keep(content);
      heard["msg:custom"](answer); // as in ipywidgets, before the states that were sent before it
      if (answer.text !== undefined) setTimeout(() => window.push(answer.text, answer.version), 20);
    },
  };
  window.push = (text, version) => {
    if (version <= traits.version) return; // states come in order
    Object.assign(traits, { text, version });
    heard["change:version"]();
  };
  render({ model: window.model, el: document.body.appendChild(document.createElement("div")) });
  document.querySelector("textarea").focus();
}"""
"""Draws a box whose kernel is the test: `keep` is asked, and `push` tells what others did."""

TYPE = """({ words, seed }) => {
  const box = document.querySelector("textarea");
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const pause = (most) => new Promise((done) => setTimeout(done, random() * most));
  const put = (char) => {
    const { selectionStart: start, selectionEnd: end } = box;
    box.setRangeText(char, start, end, "end");
    box.dispatchEvent(new Event("input"));
  };
  window.done = (async () => {
    for (const word of words) {
      if (random() < 0.3) {
        // go to the end of some word, as with a click
        const ends = [...box.value.matchAll(/\\S(?=\\s|$)/g)].map((one) => one.index + 1);
        const place = ends.length ? ends[Math.floor(random() * ends.length)] : 0;
        box.setSelectionRange(place, place);
      }
      for (const char of ` ${word} `) {
        put(char);
        await pause(90);
      }
    }
    window.ready = true;
  })();
}"""
"""Types words letter by letter where the caret is, and goes elsewhere now and then."""


class Kept:
    """One draft and those who look at it."""

    def __init__(self):
        self.draft, self.pages, self.refuse = Draft(id="draft-001", text="Keep every home running"), [], None
        self.version = 0

    def join(self, page):
        def keep(content):
            if self.refuse:
                return {"number": content["number"], **self.refuse}
            try:
                who = str(self.pages.index(page))
                self.draft = edit_draft(
                    self.draft, base=content["base"], text=content["text"], who=who, when=time.time()
                )
            except DraftError as error:
                return {"number": content["number"], "error": str(error), "again": False}
            self.version += 1
            return {"number": content["number"], "text": self.draft.text, "version": self.version}

        page.expose_function("keep", keep)
        code = files("visionquiz.views").joinpath("shared_text.js").read_text(encoding="utf-8")
        page.evaluate(BOX, {"code": code, "text": self.draft.text})
        self.pages.append(page)
        return page

    def change(self, text):
        """Somebody elsewhere makes this of it."""
        self.draft = edit_draft(self.draft, base=self.draft.text, text=text, who="x", when=time.time())
        self.version += 1
        self.tell()

    def tell(self):
        for page in self.pages:
            page.evaluate("now => window.push(...now)", [self.draft.text, self.version])


@pytest.fixture
def kept():
    return Kept()


def value(page):
    return page.input_value("textarea")


@pytest.mark.parametrize("seed", range(1, 7))
def test_letters_typed_at_once_anywhere_in_a_draft_make_whole_words_in_every_box(visit, kept, seed):
    pages = [kept.join(visit.open("about:blank")) for _ in range(2)]
    words = ["amber bold clear deep early fair good".split(), "under vast warm yellow zinc quick plain".split()]
    for page, own in zip(pages, words, strict=True):
        page.evaluate(TYPE, {"words": own, "seed": seed * 1000 + len(own[0])})
    until = time.monotonic() + 60
    while not all(page.evaluate("window.ready === true") for page in pages):
        assert time.monotonic() < until
        kept.tell()
    for page in pages:
        page.wait_for_function("document.querySelector('.vqe-state').textContent === 'Saved'")
    kept.tell()
    expected = sorted([*"Keep every home running".split(), *words[0], *words[1]])
    assert sorted(kept.draft.text.split()) == expected
    assert [value(page) for page in pages] == [kept.draft.text] * 2
    assert visit.errors == []


def test_the_box_and_the_store_make_the_same_of_two_texts(visit):
    chance = random.Random(7)
    pieces = ["ca", "call", "care", " ", "  ", "whil", "e", "💧", "é", "\n", "Bea ", "keep", "s "]

    def vary(text):
        for _ in range(chance.randrange(4)):
            start = chance.randrange(len(text) + 1)
            end = start + chance.choice((0, 0, 0, 1, 4))
            text = text[:start] + chance.choice(pieces) + text[end:]
        return text

    bases = ["".join(chance.choices(pieces, k=chance.randrange(7))) for _ in range(2_000)]
    cases = [(base, vary(base), vary(base)) for base in bases]
    page = visit.open("about:blank")
    code = files("visionquiz.views").joinpath("shared_text.js").read_text(encoding="utf-8")
    made = page.evaluate(
        """async ([code, cases]) => {
            const { rebase } = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
            return cases.map((texts) => rebase(...texts, [texts[1].length]));
        }""",
        [code, cases],
    )
    for case, found in zip(cases, made, strict=True):
        assert found["text"] == merge_texts(*case), case
        assert 0 <= found["places"][0] <= len(found["text"].encode("utf-16-le")) // 2, case


def test_the_caret_stays_at_the_word_that_is_being_typed(visit, kept):
    page = kept.join(visit.open("about:blank"))
    page.evaluate("document.querySelector('textarea').setSelectionRange(5, 10)")
    kept.change("Now keep every home running")
    selected = "(() => { const box = document.querySelector('textarea'); return [box.selectionStart, box.selectionEnd,"
    assert page.evaluate(f"{selected} box.value]; }})()") == [9, 14, "Now keep every home running"]
    page.keyboard.type("all")
    page.wait_for_function("document.querySelector('.vqe-state').textContent === 'Saved'")
    assert kept.draft.text == "Now keep all home running"
    # The word at the caret is taken out by somebody else: the caret goes to where it was.
    kept.change("Now keep home running")
    assert page.evaluate(f"{selected} box.value]; }})()")[:2] == [9, 9]


def test_a_text_that_comes_after_a_later_one_is_nobody_s_change(visit, kept):
    page = kept.join(visit.open("about:blank"))
    late = "Now keep every home running"  # what somebody else has made of it, and the page is not told yet
    kept.draft = edit_draft(kept.draft, base=kept.draft.text, text=late, who="x", when=time.time())
    kept.version = 1
    page.evaluate(
        """late => {
            const push = window.push;
            window.push = (...now) => { push(...late); push(...now); };
        }""",
        [late, 1],
    )
    page.keyboard.press("Control+End")
    page.keyboard.type(" water")
    while not kept.draft.text.endswith("water"):
        page.wait_for_timeout(20)
    page.wait_for_function("now => window.model.get('version') === now", arg=kept.version)
    assert value(page) == kept.draft.text == f"{late} water"
    # Not even for a moment: the caret would be somewhere else afterwards.
    assert page.evaluate("document.querySelector('textarea').selectionStart") == len(kept.draft.text)


@pytest.mark.parametrize("word", ["Keep", "every", "home", "running"])
def test_the_caret_goes_along_where_others_put_its_word(visit, kept, word):
    """Two who type at one spot have their words in another order for a moment."""
    page = kept.join(visit.open("about:blank"))
    caret = "Keep every home running".index(word) + len(word)
    page.evaluate(f"document.querySelector('textarea').setSelectionRange({caret}, {caret})")
    kept.change("home running Keep every")
    before = (
        "(() => { const box = document.querySelector('textarea'); return box.value.slice(0, box.selectionStart); })()"
    )
    assert page.evaluate(before).endswith(word)


def test_it_says_what_is_saved_and_why_not_and_keeps_the_words(visit, kept, axe):
    page = kept.join(visit.open("about:blank"))
    state = page.locator(".vqe-state")
    assert (state.text_content(), page.locator(".vqe-count").text_content()) == ("Saved", "23 of 600 characters")
    page.keyboard.press("Control+End")
    page.keyboard.type("x" * 578)
    wrong = page.locator(".vqe-wrong[role=alert]")
    assert "1 character too long" in wrong.text_content()
    assert state.text_content() == "Not saved"
    page.keyboard.press("Backspace")
    page.wait_for_function("document.querySelector('.vqe-state').textContent === 'Saved'")
    assert kept.draft.text == value(page)
    kept.refuse = {"error": "Not saved: the disk is full.", "again": True}
    page.keyboard.press("Backspace")
    page.get_by_text("Not saved: the disk is full.").wait_for()
    assert len(value(page)) == 599
    kept.refuse = None
    page.wait_for_function("document.querySelector('.vqe-state').textContent === 'Saved'", timeout=20_000)
    assert kept.draft.text == value(page)
    assert not wrong.text_content()
    page.wait_for_function("document.querySelector('[role=status]').textContent === 'Saved'")
    assert page.get_by_label("Your draft").evaluate("box => box.tagName") == "TEXTAREA"
    axe(page, within=".vqe")


# In JupyterLab


@pytest.fixture(scope="module")
def served(tmp_path_factory, adapt_theme):
    course = new_course(tmp_path_factory.mktemp("drafts") / "acme")
    shutil.copy(kit_path("assessments") / "hollowmere" / "vision.toml", course.root / "vision.toml")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for who in ("ada", "bea"):
        for step in ("alone", "pairs", "wall", "merge"):
            cell = nbformat.v4.new_code_cell(CELL.format(who=who, step=step))
            book = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
            nbformat.write(book, course.root / f"{who}-{step}.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTERLAB_SETTINGS_DIR", str(tmp_path_factory.mktemp("settings")))
        with start_lab(course, notebook="ada-alone.ipynb") as server:
            adapt_theme(server)
            yield course, server


@pytest.fixture
def rooms(served):
    """The workshop as each person has it, anew for each test."""
    stores = []

    def come(who):
        stores.append(Store(store_url(served[0].root / "workshop.db")))
        return Workshop(stores[-1], Seat(id=who))

    first = come("ada")
    first.store.erase()
    for who, name in PEOPLE.items():
        first.store.join(who, name=name, now=dt.datetime.now(dt.UTC))
    yield come
    for store in stores:
        store.close()


@pytest.fixture
def open_step(served, visit, run_until):
    def start(who, step, selector=".vqd", **options):
        address = served[1].url.replace("ada-alone.ipynb", f"{who}-{step}.ipynb")
        page = visit.open(address + "&reset", **options)
        page.wait_for_selector(".jp-CodeCell")
        run_until(page, selector)
        return page

    return start


def write(room, text, **options):
    return room.edit_draft(room.start_draft(**options).id, base="", text=text)


def overflows(page):
    return page.evaluate(
        """() => { const form = document.querySelector('.vqf'); const edge = form.getBoundingClientRect().right + 1;
        return [...form.querySelectorAll('*')].filter(one => one.offsetParent
            && one.getBoundingClientRect().right > edge).map(one => one.outerHTML.slice(0, 100)) }"""
    )


def test_two_kernels_one_draft_and_no_word_is_lost(rooms, open_step, visit, axe, screenshot):
    ada, bea = rooms("ada"), rooms("bea")
    write(ada, "Keep every home warm and running")
    write(bea, "We tell people the truth about their homes")
    first, second = open_step("ada", "pairs"), open_step("bea", "pairs")
    first.get_by_label("With whom do you write?").select_option(PEOPLE["bea"])
    first.get_by_role("button", name="Write together").click()
    box, other = (page.locator(".vqe textarea") for page in (first, second))
    box.wait_for()
    other.wait_for()  # it comes up by itself
    (draft,) = (one for one in ada.drafts() if one.made == "pair")
    for one in (box, other):
        one.click()
    hers, his = "Ada keeps the water on ", "while Bea answers every call "
    for letter, reply in zip(hers.ljust(len(his)), his, strict=True):
        first.keyboard.type(letter, delay=15)
        second.keyboard.type(reply, delay=15)
    since = time.monotonic()
    everything = sorted([*hers.split(), *his.split()])
    same = "words => document.querySelector('.vqe textarea').value.match(/\\S+/g).sort().join() === words.join()"
    js_order = sorted(everything)
    for page in (first, second):
        page.wait_for_function(same, arg=js_order, timeout=20_000)
    took = time.monotonic() - since
    assert sorted(ada.draft(draft.id).text.split()) == everything
    assert took < 2, f"{took:.1f} s"
    for page, last in ((first, "on"), (second, "call")):
        before = page.evaluate("(() => { const box = document.activeElement; "
                               "return box.value.slice(0, box.selectionStart); })()")  # fmt: skip
        assert before.split()[-1] == last, "the caret is no longer where this person types"
    assert ada.draft(draft.id).authors == ("ada", "bea")
    first.get_by_role("button", name="What does it say?").click()
    first.locator(".evidence").wait_for()
    screenshot(first, "drafts-pair-ada", full_page=True)
    screenshot(second, "drafts-pair-bea")
    for page in (first, second):
        axe(page)
    first.get_by_role("button", name="Hang it on the wall").click()
    second.get_by_role("button", name="Take it off the wall").wait_for()
    assert second.evaluate("document.activeElement.tagName") == "TEXTAREA", "others' doing took the keyboard away"
    assert visit.errors == []
    assert visit.foreign == []


def fill(rooms):
    ada, bea, cem = map(rooms, PEOPLE)
    one = write(ada, "Keep every home running, and leave everyone clear about what happens next.")
    two = write(bea, "We tell people the truth about their homes <img src=x onerror='window.pwned = 1'>")
    three = write(cem, "Fix it the same day.")
    pair = ada.start_draft(made="pair", authors=["bea"], parents=[one.id, two.id])
    ada.edit_draft(pair.id, base="", text="Keep every home running and tell people the truth.")
    for draft in (one, two, three, pair):
        ada.hang_up(draft.id)
    ada.start_draft("Fix it today, and tell the truth", made="merged", parents=[pair.id, three.id])
    for room in (ada, bea):
        room.put_dot(pair.id, True)


@pytest.mark.parametrize(("width", "dark"), [(1200, False), (390, True)], ids=["desk-light", "phone-dark"])
@pytest.mark.parametrize("step", ["alone", "pairs", "wall", "merge"])
def test_each_step_fits_and_is_open_to_all(rooms, open_step, axe, screenshot, step, width, dark):
    fill(rooms)
    page = open_step("ada", step, width=width, dark=dark, height=1500)
    if step == "alone":
        page.get_by_role("button", name="What does it say?").click()
        page.locator(".evidence").wait_for()
    if step == "wall":
        for summary in page.locator(".vqd-card summary").all():
            summary.click()
        page.get_by_label(re.compile("I could live with draft 1")).check()
        page.get_by_text("One person has ticked it.").wait_for()
        assert rooms("cem").dots() == {"draft-001": 1, "draft-004": 2}
    assert overflows(page) == []
    axe(page)
    screenshot(page, f"drafts-{step}-{width}-{'dark' if dark else 'light'}", full_page=True)
    assert page.evaluate("window.pwned") is None


def test_an_empty_wall_says_so(rooms, open_step, axe):
    page = open_step("bea", "wall")
    page.get_by_text("Nothing hangs here yet").wait_for()
    axe(page)
    write_and_hang = rooms("ada")
    write_and_hang.hang_up(write(write_and_hang, "Keep every home running").id)
    page.locator(".vqd-card").wait_for()
