"""The managers' server from outside: who comes in, and what a viewer cannot do."""

import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from visionquiz.audiences import audience_folder
from visionquiz.serve import start_apps
from visionquiz.summaries import load_summaries

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def served(demos):
    course = demos("published")
    with start_apps(course) as server:
        yield course, server


def two_managers(course):
    """Those who see most groups and, of the others, most again."""
    names = sorted(path.name for path in (course.summaries / "managers").iterdir())
    seen = {name: load_summaries(audience_folder(course.summaries, name))[0].groups for name in names}
    first = max(names, key=lambda name: len(seen[name]))
    return first, max((name for name in names if seen[name] != seen[first]), key=lambda name: len(seen[name]))


@pytest.fixture
def viewers(served):
    """Two managers in browsers of their own, who have opened their links: (client, page)."""
    import httpx

    course, server = served
    clients = [httpx.Client(base_url=server.base, timeout=120, follow_redirects=True) for _ in range(2)]
    found = [(client, client.get(server.link(who))) for client, who in zip(clients, two_managers(course), strict=True)]
    assert [page.status_code for _, page in found] == [200, 200]
    yield found
    for client in clients:
        client.close()


def groups_on(page):
    return set(re.findall(r'data-group="([^"]+)"', page.text))


def kernels_of(server):
    """The processes that were forked off, without what they are forked off."""
    warm = [one for one in psutil.Process(server.process.pid).children() if "forkserver" in " ".join(one.cmdline())]
    assert len(warm) == 1
    return warm[0].children()


def until(found, seconds=60):
    """What `found` gives as soon as it gives something."""
    end = time.monotonic() + seconds
    while not (it := found()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.005)
    return it


class HeldPage:
    """A page that is opened while its kernel is not allowed to go on."""

    def __init__(self, server, client):
        self.server = server
        before = {one.pid for one in kernels_of(server)}
        self.pool = ThreadPoolExecutor(1)
        self.answer = self.pool.submit(client.get, "voila/render/scores.ipynb")
        (self.process,) = until(lambda: [one for one in kernels_of(server) if one.pid not in before])
        self.process.suspend()

    @property
    def kernel(self):
        """The kernel's id, as nobody but the server's own account can learn it."""
        home = Path(psutil.Process(self.server.process.pid).environ()["TMPDIR"])
        files = sorted(home.glob("voila_*/kernel-*.json"), key=lambda path: path.stat().st_mtime)
        return files[-1].stem.removeprefix("kernel-")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.is_running():
            self.process.resume()
        self.pool.shutdown()


def connect(server, client, kernel, **more):
    import websocket

    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    address = server.base.replace("http", "ws") + f"api/kernels/{kernel}/channels?session_id=x"
    return websocket.create_connection(address, timeout=20, cookie=cookies, **more)


@pytest.mark.parametrize(
    "path",
    ["", "voila/render/scores.ipynb", "voila/tree/", "voila/api/contents", f"api/kernels/{uuid.UUID(int=0)}", "?key=x"],
)
def test_nothing_is_had_without_a_link(served, path):
    import httpx

    answer = httpx.get(served[1].base + path)
    assert answer.status_code in (302, 403, 404)
    assert "people answered" not in answer.text
    door = httpx.get(served[1].base + "login", follow_redirects=True)
    assert (door.status_code, "Your own link is needed" in door.text) == (401, True)


def test_who_somebody_is_stands_in_the_signed_cookie_alone(served, viewers):
    """Not in an address, and not in what a client says of itself."""
    course, _ = served
    (client, page), (_, its) = viewers
    headers = {"X-Forwarded-User": "chief", "Remote-User": "chief", "Authorization": "token chief"}
    forged = client.get("?VISIONQUIZ_SUMMARIES=/etc&SUMMARIES=/etc&audience=&user=of", headers=headers)
    mine, found, theirs = map(groups_on, (page, forged, its))
    assert mine == found
    assert mine != theirs, "they see different teams"
    (summary,) = load_summaries(audience_folder(course.summaries, two_managers(course)[0]))
    assert mine == {f"{one.kind}:{one.id}" for one in summary.groups if one.kind != "all"}
    assert mine


def test_a_cookie_that_was_changed_is_none(served, viewers):
    import httpx

    client, _ = viewers[0]
    (name, value), *_ = [(n, v) for n, v in client.cookies.items() if n.startswith("username")]
    with httpx.Client(base_url=served[1].base, cookies={name: value[:-3] + "000"}) as forger:
        assert forger.get("voila/render/scores.ipynb").status_code == 302


def test_a_group_is_chosen_in_the_address_and_only_an_own_one(served, viewers):
    (_, others), (client, page) = viewers
    mine, theirs = groups_on(page), groups_on(others)
    other = client.get("voila/render/scores.ipynb", params={"people": min(theirs - mine)})
    assert other.text == page.text
    shown = min(set(re.findall(r'<option value="([^"]+)"', others.text)) & theirs)
    (first, _), _ = viewers
    assert f'value="{shown}" selected' in first.get("voila/render/scores.ipynb", params={"people": shown}).text


def test_how_well_a_check_measures_is_for_the_trainer_alone(served, viewers):
    import httpx

    course, server = served
    with httpx.Client(base_url=server.base, timeout=120, follow_redirects=True) as trainer:
        assert "How well the check measures" in trainer.get(server.trainer).text
        page = trainer.get("voila/render/quality.ipynb")
        assert "What to mend first" in page.text
        everything = trainer.get("voila/render/scores.ipynb")
    for client, _ in viewers:
        answer = client.get("voila/render/quality.ipynb")
        assert answer.status_code == 404
        assert "There is no such page" in answer.text
        assert "quality" not in client.get("voila/render/vision.ipynb").text
    whole = {f"{one.kind}:{one.id}" for one in load_summaries(course.summaries)[0].groups if one.kind != "all"}
    assert groups_on(everything) == whole


def test_no_way_leads_to_a_kernel_not_even_to_ones_own(served, viewers):
    """Nothing asks a kernel anything but the server, so no code of a viewer runs and nobody joins another's."""
    import httpx
    import websocket

    _, server = served
    (client, _), (other, _) = viewers
    with httpx.Client(base_url=server.base) as stranger, HeldPage(server, client) as held:
        for one in (client, other, stranger):
            with pytest.raises(websocket.WebSocketException, match=r"404|403|Invalid redirect target '/login"):
                connect(server, one, held.kernel)
            token = {"_xsrf": one.cookies.get("_xsrf", "")}
            for answer in (
                one.get(f"api/kernels/{held.kernel}"),
                one.delete(f"api/kernels/{held.kernel}"),
                one.post(f"voila/api/shutdown/{held.kernel}", data=token),
                one.post(f"api/kernels/{held.kernel}/restart", data=token),
                one.get("api/kernels"),
            ):
                assert answer.status_code in (302, 403, 404, 405) or "Your own link is needed" in answer.text
        assert held.process.is_running()
        held.process.resume()
        assert "people answered" in held.answer.result(60).text
    assert held.kernel not in held.answer.result().text


@pytest.mark.parametrize(
    "path",
    [
        "gradebook.db", "roster.csv", "../gradebook.db", "%2e%2e/gradebook.db", "./gradebook.db", "links.key",
        "summaries/vision-check.json", "scores.ipynb",
    ],
)  # fmt: skip
def test_no_file_is_had(served, viewers, path):
    client, _ = viewers[0]
    for place in ("voila/files", "voila/render", "voila/static", "voila/api/contents", "voila/templates"):
        answer = client.get(f"{place}/{path}")
        assert answer.status_code >= 400 or (place, path) == ("voila/render", "scores.ipynb")


def test_a_page_that_was_drawn_leaves_no_kernel(served, viewers):
    assert until(lambda: not kernels_of(served[1]))
    client, _ = viewers[0]
    with HeldPage(served[1], client) as held:
        held.process.resume()
        assert held.answer.result(60).status_code == 200
        until(lambda: not held.process.is_running() or held.process.status() == psutil.STATUS_ZOMBIE)


def test_whoever_comes_when_many_wait_is_asked_to_wait(served, viewers):
    """Pages wait for their turn; nobody gets an error because of the others, and the server goes on."""
    from visionquiz.session.pages import AT_ONCE, LINE

    _, server = served
    client, _ = viewers[0]
    with ExitStack() as stack:
        held = [stack.enter_context(HeldPage(server, client)) for _ in range(AT_ONCE)]
        pool = stack.enter_context(ThreadPoolExecutor(LINE + 2))
        asked = [pool.submit(client.get, "voila/render/vision.ipynb") for _ in range(LINE + 2)]
        sent_away = until(lambda: [one for one in asked if one.done()])[0].result()
        assert sent_away.status_code == 503
        assert "One moment, please" in sent_away.text
        assert 'http-equiv="refresh"' in sent_away.text
        assert sent_away.headers["Retry-After"]
        for page in held:
            page.process.resume()
        codes = [one.result(120).status_code for one in asked]
    assert codes.count(200) >= LINE


def test_a_page_may_load_nothing_from_elsewhere_and_run_nothing_but_our_script(viewers):
    _, page = viewers[0]
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert re.findall(r"<script[^>]*>([^<]*)</script>", page.text) == [""], "none stands in the page"
    assert "frame-ancestors 'none'" in policy


def test_no_secret_is_seen_in_a_kernels_environment_or_on_a_command_line(served, viewers):
    server = served[1]
    with HeldPage(server, viewers[0][0]):
        processes = psutil.Process(server.process.pid).children(recursive=True)
        assert len(processes) >= 2, "what kernels are forked off, and one of them"
        for process in processes:
            assert server.secret not in str(process.environ())
            assert server.secret not in str(process.cmdline())


def test_kernels_end_when_the_server_is_killed(demos):
    import httpx

    with start_apps(demos("published")) as server, httpx.Client(follow_redirects=True, timeout=120) as client:
        assert "people answered" in client.get(server.url).text
        client.base_url = server.base
        with HeldPage(server, client) as held:
            processes = psutil.Process(server.process.pid).children(recursive=True)
            assert len(processes) >= 2
            server.process.kill()
            held.process.resume()
            until(lambda: not [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE], 30)
