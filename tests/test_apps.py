"""The managers' server from outside: who comes in, and what a viewer cannot do."""

import json
import re
import time
import uuid

import pytest

pytest.importorskip("voila")

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
    """Two managers in browsers of their own, each with their page open: (client, kernel id, page)."""
    import httpx

    course, server = served
    managers = two_managers(course)
    clients = [httpx.Client(base_url=server.base, timeout=120, follow_redirects=True) for _ in managers]
    found = []
    for client, manager in zip(clients, managers, strict=True):
        page = client.get(server.link(manager))
        assert page.status_code == 200
        found.append((client, re.search(r'"kernelId": "([0-9a-f-]{36})"', page.text).group(1), page))
    yield found
    for client, kernel, _ in found:
        client.post(f"voila/api/shutdown/{kernel}", data={"_xsrf": client.cookies["_xsrf"]})
        client.close()


def connect(server, client, kernel, **more):
    import websocket

    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    address = server.base.replace("http", "ws") + f"api/kernels/{kernel}/channels?session_id=x"
    return websocket.create_connection(address, timeout=20, cookie=cookies, **more)


def message(kind, channel="shell", metadata=None, **content):
    header = {"msg_id": uuid.uuid4().hex, "username": "", "session": "x", "msg_type": kind, "version": "5.3"}
    rest = {"parent_header": {}, "metadata": metadata or {}, "content": content, "channel": channel}
    return json.dumps({"header": header, **rest})


@pytest.mark.parametrize(
    "path",
    ["", "voila/render/scores.ipynb", "voila/tree/", "voila/api/contents", f"api/kernels/{uuid.UUID(int=0)}", "?key=x"],
)
def test_nothing_is_had_without_a_link(served, path):
    import httpx

    answer = httpx.get(served[1].base + path)
    assert answer.status_code in (302, 403, 404)
    assert "kernelId" not in answer.text
    door = httpx.get(served[1].base + "login", follow_redirects=True)
    assert (door.status_code, "Your own link is needed" in door.text) == (401, True)


def shown_in(server, client, kernel):
    """The state of a kernel's widgets, as a browser gets it."""
    line = connect(server, client, kernel)
    control = {"comm_id": uuid.uuid4().hex}
    version = {"version": "1.0.0"}
    line.send(message("comm_open", **control, metadata=version, target_name="jupyter.widget.control", data={}))
    line.send(message("comm_msg", **control, data={"method": "request_states"}))
    while True:
        raw = line.recv()
        if isinstance(raw, bytes):  # with what is binary in it behind: the message comes first
            count = int.from_bytes(raw[:4], "big")
            offsets = [int.from_bytes(raw[4 * (place + 1) : 4 * (place + 2)], "big") for place in range(count)]
            raw = raw[offsets[0] : offsets[1] if count > 1 else None].decode()
        told = json.loads(raw)
        if told["content"].get("data", {}).get("method") == "update_states":
            line.close()
            return json.dumps(told["content"]["data"]["states"])


def test_who_somebody_is_stands_in_the_signed_cookie_alone(served, viewers):
    """Not in an address, and not in what a client says of itself."""
    course, server = served
    (client, kernel, _), (other, its, _) = viewers
    headers = {"X-Forwarded-User": "chief", "Remote-User": "chief", "Authorization": "token chief"}
    page = client.get("?VISIONQUIZ_SUMMARIES=/etc&audience=&user=of", headers=headers)
    forged = re.search(r'"kernelId": "([0-9a-f-]{36})"', page.text).group(1)
    mine, found, theirs = (
        set(re.findall(r"data-group=.{2}([^\\]+)", shown_in(server, *one)))
        for one in ((client, kernel), (client, forged), (other, its))
    )
    assert mine == found
    assert mine != theirs, "they see different teams"
    (summary,) = load_summaries(audience_folder(course.summaries, two_managers(course)[0]))
    assert mine == {f"{one.kind}:{one.id}" for one in summary.groups if one.kind != "all"}
    assert mine


def test_no_code_of_a_viewer_runs(served, viewers, refuse_code):
    client, kernel, _ = viewers[0]
    refuse_code(connect(served[1], client, kernel), message)


def test_nobody_joins_or_ends_the_kernel_of_another(served, viewers):
    import httpx
    import websocket

    (client, kernel, _), (other, _, _) = viewers
    with httpx.Client(base_url=served[1].base) as stranger:
        for one in (other, stranger):
            with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
                connect(served[1], one, kernel)
            for answer in (one.get(f"api/kernels/{kernel}"), one.delete(f"api/kernels/{kernel}")):
                assert answer.status_code in (302, 403) or "Your own link is needed" in answer.text
    answer = other.post(f"voila/api/shutdown/{kernel}", data={"_xsrf": other.cookies["_xsrf"]})
    assert answer.status_code == 403
    connect(served[1], client, kernel).close()


def test_another_page_in_the_browser_cannot_use_a_viewers_cookie(served, viewers):
    import websocket

    client, kernel, _ = viewers[0]
    with pytest.raises(websocket.WebSocketBadStatusException, match="403"):
        connect(served[1], client, kernel, origin="http://evil.example")


@pytest.mark.parametrize(
    "path",
    [
        "gradebook.db", "roster.csv", "../gradebook.db", "%2e%2e/gradebook.db", "./gradebook.db", "links.key",
        "summaries/vision-check.json", "scores.ipynb",
    ],
)  # fmt: skip
def test_no_file_is_had(served, viewers, path):
    client, _, _ = viewers[0]
    assert client.get(f"voila/files/{path}").status_code >= 400


def test_a_viewer_has_few_kernels_and_a_closed_tab_has_none(viewers):
    client, kernel, _ = viewers[0]
    gone = client.post(f"voila/api/shutdown/{kernel}", data={"_xsrf": client.cookies["_xsrf"]})
    assert gone.status_code == 204
    assert client.get(f"api/kernels/{kernel}").status_code == 404
    opened = [re.search(r'"kernelId": "([0-9a-f-]{36})"', client.get("").text).group(1) for _ in range(4)]
    assert client.get(f"api/kernels/{opened[0]}").status_code == 404
    assert client.get(f"api/kernels/{opened[-1]}").status_code == 200


def test_no_secret_is_seen_in_a_kernels_environment_or_on_a_command_line(served, viewers):
    import psutil

    server = served[1]
    processes = psutil.Process(server.process.pid).children(recursive=True)
    assert len(processes) >= 3, "what kernels are forked off, and two of them"
    for process in processes:
        assert server.secret not in str(process.environ())
        assert server.secret not in str(process.cmdline())


def test_kernels_end_when_the_server_is_killed(demos):
    import httpx
    import psutil

    with start_apps(demos("published")) as server:
        with httpx.Client(follow_redirects=True, timeout=120) as client:
            assert "kernelId" in client.get(server.url).text
        processes = psutil.Process(server.process.pid).children(recursive=True)
        assert len(processes) >= 2
        server.process.kill()
        end = time.monotonic() + 30
        while alive := [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]:
            if time.monotonic() > end:
                for process in alive:
                    process.kill()
                pytest.fail("kernels went on without their server")
            time.sleep(0.1)
