"""A check on a JupyterHub: everybody logs in to an account of their own, and answers are filed under who gave them."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from visionquiz.course import Course, open_course
from visionquiz.roster import Person
from visionquiz.serve import free_port
from visionquiz.submission import read_submission

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.nbgrader, pytest.mark.xdist_group("browser")]

QUIZ = "vision-check"

PATIENCE = 180
"""Seconds for what takes five where nothing else runs."""

HUB = """
import sys
c.JupyterHub.bind_url, c.JupyterHub.hub_bind_url, c.ConfigurableHTTPProxy.api_url = {urls}
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.Authenticator.allow_all = True
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.environment = {{"JUPYTER_CONFIG_PATH": {settings!r}}}
c.Spawner.start_timeout = c.Spawner.http_timeout = {patience}
"""

SETTINGS = """
c = get_config()
c.Exchange.root = {exchange!r}
c.Exchange.path_includes_course = True
"""


@dataclass(frozen=True)
class Machine:
    """A machine on which a trainer and two employees have accounts; only what runs on it knows them."""

    place: Path
    course: Course
    people: tuple[Person, ...]
    before: list[str]
    """What to put before a command that runs there, as root."""

    @property
    def accounts(self) -> dict[str, int]:
        return {name: 3001 + number for number, name in enumerate(["trainer", *(one.person for one in self.people)])}

    def home(self, name: str) -> Path:
        return self.place / "home" / name

    def run(self, name: str, *command: str) -> subprocess.CompletedProcess:
        """A command as somebody who is logged in."""
        user = ["setpriv", f"--reuid={self.accounts[name]}", "--regid=100", "--clear-groups"]
        login = ["env", f"--chdir={self.home(name)}", f"HOME={self.home(name)}", f"USER={name}", f"LOGNAME={name}"]
        return subprocess.run([*self.before, *user, *login, *command], capture_output=True, text=True, check=False)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        """A command of the trainer's, in the course."""
        return self.run("trainer", sys.executable, "-m", "visionquiz", *arguments, "--course", str(self.course.root))


@pytest.fixture
def machine(demos, tmp_path, reach, lack):
    if os.geteuid():
        lack("only root can start a JupyterHub on which everybody has an account")
    tmp_path.chmod(0o755)
    course = open_course(shutil.copytree(demos("released").root, tmp_path / "course"))
    course.root.chmod(0o700)
    exchange = shutil.move(course.exchange, tmp_path / "exchange")
    exchange.chmod(0o1777)
    with open(course.root / "nbgrader_config.py", "a") as file:
        file.write(f"c.Exchange.root = {str(exchange)!r}\n")
    people = course.load_roster(course.load_vision())[:2]
    etc = [f"mount --bind {shutil.copy(Path('/etc', name), tmp_path)} /etc/{name}" for name in ("passwd", "shadow")]
    steps = [*etc, f"cd {tmp_path}", 'exec "$@"']
    found = Machine(tmp_path, course, people, [*reach(tmp_path), "sh", "-ec", "; ".join(steps), "machine"])
    for name, number in found.accounts.items():
        found.home(name).mkdir(mode=0o700, parents=True)
        os.chown(found.home(name), number, 100)
        secret = subprocess.check_output(["openssl", "passwd", "-6", f"{name}'s"], text=True).strip()
        with open(tmp_path / "passwd", "a") as passwd, open(tmp_path / "shadow", "a") as shadow:
            passwd.write(f"{name}:x:{number}:100::{found.home(name)}:/bin/sh\n")
            shadow.write(f"{name}:{secret}:20000:0:99999:7:::\n")
    subprocess.run(["chown", "-R", str(found.accounts["trainer"]), course.root, exchange], check=True)
    return found


@pytest.fixture
def hub(machine, lack):
    """The address of a JupyterHub on the machine, with which all of its processes end."""
    proxy = shutil.which("configurable-http-proxy", path=f"{sys.prefix}/node_modules/.bin:{os.environ['PATH']}")
    if proxy is None:
        lack("no configurable-http-proxy was found (npm install --global configurable-http-proxy)")
    settings, log = machine.place / "settings", machine.place / "hub.log"
    settings.mkdir()
    (settings / "nbgrader_config.py").write_text(SETTINGS.format(exchange=str(machine.place / "exchange")))
    url, *others = (f"http://127.0.0.1:{free_port()}" for _ in range(3))
    told = HUB.format(urls=[url, *others], proxy=proxy, settings=str(settings), patience=PATIENCE)
    (machine.place / "jupyterhub_config.py").write_text(told)
    with open(log, "w") as out:
        process = psutil.Popen([*machine.before, sys.executable, "-m", "jupyterhub"], stdout=out, stderr=out)
    try:
        end = time.monotonic() + PATIENCE
        while not answers(f"{url}/hub/health"):
            assert process.is_running(), log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        yield url
    finally:
        everything = [process, *process.children(recursive=True)]
        process.terminate()
        _, left = psutil.wait_procs(everything, PATIENCE)
        for one in left:
            one.kill()
        print(log.read_text())
    assert not left
    assert not [one for one in psutil.process_iter(["environ"]) if str(machine.place) in str(one.info["environ"])]


def answers(url):
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=10) as answer:
        return answer.status == 200
    return False


def log_in(page, hub, name, password):
    page.goto(f"{hub}/hub/login")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def fetch(page):
    """In JupyterLab's list of assignments: the course's check, and its notebook."""
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_text("Assignment List").click()
    page.get_by_role("button", name="Fetch").click()
    page.get_by_role("button", name="Submit").wait_for()
    page.locator("a:visible", has_text=QUIZ).click()
    page.locator("a:visible", has_text=QUIZ).nth(1).click()
    page.wait_for_selector(".jp-MarkdownOutput >> text=What is our customer service vision?")


def answer(page, text):
    page.locator(".vqf textarea:visible").first.fill(text)
    page.locator(".vqf >> text=/^Saved at/").wait_for()
    page.get_by_role("button", name="Review and hand in").click()
    page.get_by_role("button", name="Hand in now").click()


def answer_as(page, person):
    """As somebody does who knows how the form knows who is answering."""
    page.locator(".jp-CodeCell .jp-InputPrompt").first.click()
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.keyboard.type(f"import os; os.environ['JUPYTERHUB_USER'] = '{person}'")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    page.get_by_text(f"You answer as {person}.").wait_for()
    answer(page, "Not mine.")
    page.locator(".vqf .code").wait_for()


def test_everybody_answers_as_who_is_logged_in(machine, hub, visit, screenshot, run_until):
    first, second = machine.people
    pages = {one: visit.open(f"{hub}/hub/login") for one in machine.people}
    for page in pages.values():
        page.context.set_default_timeout(PATIENCE * 1000)
    log_in(pages[first], hub, second.person, f"{first.person}'s")
    pages[first].get_by_text("Invalid username or password").wait_for()
    for one, page in pages.items():
        log_in(page, hub, one.person, f"{one.person}'s")
    for page in pages.values():
        fetch(page)
    for one, page in pages.items():
        run_until(page, f".vqf >> text=You answer as {one.person}.")
        answer(page, f"{one.name} keeps the water running.")
    for one, page in pages.items():
        page.locator(".vqf .code").wait_for()
        screenshot(page, f"hub-{'first' if one is first else 'second'}")

    # One of them tries to answer as the other, who has an account too.
    answer_as(pages[first], second.person)
    done = machine.manage("collect", QUIZ)
    assert done.returncode == 3, done.stderr
    assert "2 new" in done.stdout
    (refused,) = done.stderr.splitlines()
    assert refused.startswith(f"Refused: {second.person}+{QUIZ}+")
    assert f"handed in from the account of {first.person}, and {second.person} has one of their own" in refused
    quiz = machine.course.load_quiz(QUIZ, machine.course.load_vision())
    for one in machine.people:
        sent = read_submission(machine.course.notebook("submitted", QUIZ, one.person).parent, quiz, one.person)
        assert sent.answers["state"] == f"{one.name} keeps the water running."

    # Nobody reads what is another's, and the trainer can remove what others' accounts own.
    inbound = machine.place / "exchange" / "hollowmere" / "inbound"
    for folder in (machine.home(second.person), machine.course.root, inbound):
        assert "Permission denied" in machine.run(first.person, "ls", str(folder)).stderr
    assert machine.manage("person", "erase", second.person, "--yes").returncode == 0
    assert {path.name.partition("+")[0] for path in inbound.iterdir()} == {first.person}
    assert visit.foreign == []
    assert visit.errors == []
