"""A real Chromium that cannot reach anything but this machine, and real servers on free loopback ports."""

import json
import os
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")

# Where the pictures go that a person looks at; not kept by default.
SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", Path(__file__).parent.parent.parent / "screenshots"))


@pytest.fixture(scope="session")
def browser(lack):
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        lack("no Chromium was found (Debian, Ubuntu: apt-get install chromium; or name one: CHROMIUM=/path make test)")
    from playwright.sync_api import sync_playwright

    options = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=options)
        yield chromium
        chromium.close()


class Visit:
    """Opens pages and notes every request to another machine, which is refused, and every error of a script."""

    def __init__(self, browser) -> None:
        self.browser = browser
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.contexts = []

    def open(
        self,
        url: str,
        *,
        width: int = 1200,
        height: int = 900,
        dark: bool = False,
        script: bool = True,
        before: Callable[[object], None] = lambda _: None,
    ):
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        context.set_default_timeout(60_000)
        context.route("**/*", self._only_here)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        before(page)
        page.goto(url)
        return page

    def _only_here(self, route) -> None:
        if urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost", None):
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


@pytest.fixture
def visit(browser, request) -> Iterator[Visit]:
    one = Visit(browser)
    yield one
    if getattr(request.node, "failed", False):
        # What the pages looked like when it failed.
        SCREENSHOTS.mkdir(exist_ok=True)
        for number, page in enumerate(page for context in one.contexts for page in context.pages):
            page.screenshot(path=SCREENSHOTS / f"failed-{request.node.name}-{number}.png")
    for context in one.contexts:
        context.close()


@pytest.fixture
def screenshot():
    """Save a picture of a page for a person to look at."""

    def save(page, name: str, **options) -> Path:
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        page.screenshot(path=path, **options)
        return path

    return save


@pytest.fixture
def axe():
    """Fails where axe-core finds what keeps people out of a part of a page, and says what, where and how to mend it.

    That is what it calls serious or critical. JupyterLab's own bars and menus are not ours: name what is.
    """
    from axe_playwright_python.sync_playwright import Axe

    def check(page, within: str = ".vqf") -> None:
        assert page.locator(within).count(), f"nothing on the page is {within}"
        # ipywidgets gives every box a placeholder that nobody can see, and axe-core would take it for a label.
        page.locator(f"{within} [placeholder]").evaluate_all(
            """all => all.filter(one => !one.placeholder.replace(/[\\s\u200b]/g, ""))
                .forEach(one => one.removeAttribute("placeholder"))"""
        )
        found = Axe().run(page, context=within).response
        assert found["passes"], f"axe-core had nothing to look at within {within}"
        wrong = [
            f"{rule['impact']}: {rule['help']} ({rule['id']})\n    {node['html']}\n    {node['failureSummary']}"
            for rule in found["violations"]
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]
        assert not wrong, f"{len(wrong)} things keep people out of {within}:\n" + "\n".join(wrong)

    return check


@pytest.fixture(scope="session")
def lesson_folder(tmp_path_factory):
    """The folder where the lessons lie that `lesson_lab` shows."""
    return tmp_path_factory.mktemp("lessons")


@pytest.fixture(scope="session")
def lesson_lab(lesson_folder, tmp_path_factory, adapt_theme):
    """JupyterLab with the lessons, as `visionquiz lessons --lab` starts it; one for all tests of this process. It is
    light or dark as the browser asks for.
    """
    from visionquiz.serve import start_lesson_lab

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTERLAB_SETTINGS_DIR", str(tmp_path_factory.mktemp("settings")))
        with start_lesson_lab(lesson_folder) as server:
            adapt_theme(server)
            yield server


@pytest.fixture
def open_lesson(visit, lesson_lab):
    """Opens a lesson by its file name in JupyterLab and runs all of it, as a trainer does; gives the page."""
    from playwright.sync_api import TimeoutError as TooLate

    def start(name: str, **options):
        parts = urlsplit(lesson_lab.url)
        page = visit.open(f"{parts.scheme}://{parts.netloc}/doc/tree/{name}.ipynb?{parts.query}&reset", **options)
        for number in range(6):
            page.wait_for_function(
                """() => document.querySelector('.jp-Toolbar-kernelName')?.textContent.includes('Python')
                    && document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'"""
            )
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_text("Run All Cells", exact=True).click()
            try:
                page.locator(".vql .take").wait_for(timeout=20_000)
                return page
            except TooLate:
                if number == 5:
                    raise
        return page

    yield start
    _end_kernels(lesson_lab)


@pytest.fixture
def choose():
    """Takes an option of a question in a lesson, by its place; gives the question's box, where the reason stands."""

    def take(page, question: str, number: int):
        box = page.locator(".vql .widget-vbox", has=page.get_by_text(question)).last
        box.get_by_role("radio").nth(number).check()
        box.get_by_role("button", name="That is my choice").click()
        return box

    return take


@pytest.fixture
def bring():
    """Brings a part of a lesson to the top of the screen, and waits until it is there: JupyterLab draws late what was
    out of sight, and moves it meanwhile.
    """

    def move(page, part) -> None:
        part.evaluate(
            """async one => {
                let last = NaN;
                for (let still = 0; still < 5; ) {
                    one.scrollIntoView({ block: "start" });
                    await new Promise(requestAnimationFrame);
                    const now = one.getBoundingClientRect().top;
                    still = now === last ? still + 1 : 0;
                    last = now;
                }
            }"""
        )
        assert 0 <= part.bounding_box()["y"] < page.viewport_size["height"]

    return move


@pytest.fixture(scope="session")
def adapt_theme():
    """Has a JupyterLab be light or dark as the browser asks for."""
    import json
    import urllib.parse
    import urllib.request

    def change(server) -> None:
        parts = urlsplit(server.url)
        token = urllib.parse.parse_qs(parts.query)["token"][0]
        request = urllib.request.Request(
            f"{parts.scheme}://{parts.netloc}/lab/api/settings/@jupyterlab/apputils-extension:themes",
            method="PUT",
            data=json.dumps({"raw": json.dumps({"adaptive-theme": True})}).encode(),
            headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=60).close()

    return change


def _end_kernels(server) -> None:
    """A test leaves no kernel behind for the next one."""
    import json
    import urllib.request

    parts = urlsplit(server.url)
    token = parts.query.partition("=")[2]

    def ask(path: str, method: str = "GET"):
        request = urllib.request.Request(
            f"{parts.scheme}://{parts.netloc}{path}", headers={"Authorization": f"token {token}"}, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    for one in json.loads(ask("/api/sessions")):
        ask(f"/api/sessions/{one['id']}", "DELETE")


@pytest.fixture
def kernels_of():
    """The processes that run the notebooks of a server: its children that run ipykernel on the kernels it lists."""

    def find(server) -> list[psutil.Process]:
        parts = urlsplit(server.url)
        request = urllib.request.Request(
            f"{parts.scheme}://{parts.netloc}/api/kernels",
            headers={"Authorization": f"token {parse_qs(parts.query)['token'][0]}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            names = [kernel["id"] for kernel in json.load(answer)]
        below = psutil.Process(server.process.pid).children(recursive=True)
        return [one for one in below if any(name in part for name in names for part in one.cmdline())]

    return find


@pytest.fixture
def run_until():
    """Press Run on the first cell, as a person does who has just opened the notebook; again where nothing comes of it.

    JupyterLab drops what is run in the seconds before it is connected, and the page does not say when that is.
    """
    from playwright.sync_api import TimeoutError as TooLate

    def run(page, selector: str, tries: int = 6) -> None:
        for number in range(tries):
            page.wait_for_function(
                """() => document.querySelector('.jp-Toolbar-kernelName')?.textContent.includes('Python')
                    && document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'"""
            )
            if number:  # what was dropped has moved the selection on all the same
                page.locator(".jp-CodeCell .jp-InputArea, .jp-CodeCell .jp-Placeholder").first.click()
            page.locator("[data-command='notebook:run-cell-and-select-next']").first.click()
            try:
                page.locator(selector).first.wait_for(timeout=20_000)
                return
            except TooLate:
                if number == tries - 1:
                    raise

    return run
