"""The managers' server from outside: who comes in, and what a viewer cannot do."""

import json
import re
import uuid

import pytest

pytest.importorskip("voila")

from visionquiz.serve import start_apps

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def served(demos):
    course = demos("published")
    with start_apps(course) as server:
        yield course, server


@pytest.fixture
def viewers(served):
    """Two managers in browsers of their own, each with their page open: (client, kernel id, page)."""
    import httpx

    course, server = served
    managers = sorted(path.name for path in (course.summaries / "managers").iterdir())[:2]
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


def message(kind, channel="shell", **content):
    header = {"msg_id": uuid.uuid4().hex, "username": "", "session": "x", "msg_type": kind, "version": "5.3"}
    return json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": channel})


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


def test_who_somebody_is_stands_in_the_signed_cookie_alone(served, viewers):
    """Not in an address, and not in what a client says of itself."""
    import psutil

    course, server = served
    client, _, _ = viewers[0]
    headers = {"X-Forwarded-User": "chief", "Remote-User": "chief", "Authorization": "token chief"}
    page = client.get("?VISIONQUIZ_SUMMARIES=/etc&audience=&user=of", headers=headers)
    kernel = re.search(r'"kernelId": "([0-9a-f-]{36})"', page.text).group(1)
    (process,) = [one for one in psutil.Process(server.process.pid).children() if kernel in " ".join(one.cmdline())]
    manager = sorted(path.name for path in (course.summaries / "managers").iterdir())[0]
    assert process.environ()["VISIONQUIZ_SUMMARIES"] == str(course.summaries.absolute() / "managers" / manager)


def test_no_code_of_a_viewer_runs(served, viewers, tmp_path):
    client, kernel, _ = viewers[0]
    ran = tmp_path / "ran"
    line = connect(served[1], client, kernel)
    for kind in ("execute_request", "inspect_request", "complete_request", "debug_request"):
        for channel in ("shell", "control"):
            code = f"open({str(ran)!r}, 'w').close()"
            line.send(message(kind, channel, code=code, silent=False, store_history=False, cursor_pos=3))
    line.send(message("kernel_info_request"))
    heard = []
    while not any(one["msg_type"] == "kernel_info_reply" for one in heard):
        heard.append(json.loads(line.recv()))
    assert not {one["msg_type"] for one in heard} & {"execute_reply", "execute_result", "complete_reply"}
    assert not ran.exists()
    line.close()


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


def test_the_servers_environment_hands_no_secret_to_a_kernel(served, viewers):
    import psutil

    course, server = served
    kernels = psutil.Process(server.process.pid).children(recursive=True)
    told = [kernel.environ() for kernel in kernels]
    assert told
    assert not any(server.secret in str(env) for env in told)
    assert {env.get("VISIONQUIZ_SUMMARIES", "") for env in told} <= {
        str(path) for path in (course.summaries.absolute() / "managers").iterdir()
    }
