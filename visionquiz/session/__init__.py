"""What runs inside the servers of lessons and of a session: who may come in, who is at work, which lessons there are.

It is Voila, standalone, which runs no code that a browser sends. `python -m visionquiz.session` starts one; what it
needs to know and nobody else may read on a command line, `serve` puts into the environment.
"""

import contextlib
import contextvars
import hmac
import ipaddress
import json
import os
import resource
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_server import CallContext
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.identity import IdentityProvider, PasswordIdentityProvider, User
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.base.handlers import Template404
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado import web
from traitlets import default
from traitlets.config import Config
from voila.app import Voila
from zmq import MAX_SOCKETS

from visionquiz.audiences import OWNER, audience_folder
from visionquiz.classroom import CODE, FOLDER, JOIN, SEAT, SEAT_NAME, SEAT_TEAM, TRAINER, list_lessons
from visionquiz.curriculum import Part, load_lesson, plan_workshop
from visionquiz.links import DAYS, read_key
from visionquiz.moderation import one_line
from visionquiz.quality import QUALITY
from visionquiz.session.pages import POLICY, OncePage, Pages
from visionquiz.summaries import SUMMARIES
from visionquiz.warm import WARM, warm_up

__all__ = ["CODE", "KIND", "NAME_LIMIT", "PEOPLE", "TOKEN", "Guesses", "main", "same_code", "tidy_name"]

KIND, TOKEN, PEOPLE = "VISIONQUIZ_SERVER", "VISIONQUIZ_TOKEN", "VISIONQUIZ_PEOPLE"
"""Environment variables: ``lessons``, ``learners``, ``trainer`` or ``apps``; the token of lessons and trainer, or what
links to apps are signed with; a JSON file with the room's ``[name, team]``.
"""

NAME_LIMIT = 60
"""Characters of a name on the list."""

SEATS = 600
"""Browsers that may join; a room of two hundred where everybody joins three times."""

PAGES = 3
"""Pages that one browser may have open; the oldest is closed for a newer one. Each is a process of its
own.
"""

FILES, SOCKETS = 65_536, 20_000
"""Open files of a server, and ZeroMQ sockets. Each open page takes 17 of the one and 6 of the other, and as most
systems are set up there are 1,024 and 1,023: too few for a room of sixty, and of two hundred.
"""

APPS = {"scores": "The scores", "vision": "The vision"}
"""The pages that viewers with a link may open, and what they are called."""

TRAINERS = {"quality": "How well the check measures"}
"""The pages that are only for the trainer."""

OF = "of "
"""Begins the user's name of whoever came by a link; jupyter_server takes no empty ones."""

FREE, PAUSE = 20, 60.0
"""Wrong codes that are answered at once, and the seconds until an address that sent more may try again. A whole room
may have one address; whoever guesses at this pace for a day has tried one code in 8,000.
"""


# Who comes in


@dataclass
class Guest(User):
    """Somebody in the room. The cookie holds it, signed, so it is what this server wrote."""

    team: str = ""


@dataclass
class Guesses:
    """Slows down whoever guesses codes, by network address."""

    clock: Callable[[], float] = time.monotonic
    _wrong: dict[str, list[float]] = field(default_factory=dict)

    def wait(self, address: str) -> int:
        """Seconds until this address may try again; 0 if it may now."""
        now = self.clock()
        recent = [at for at in self._wrong.get(_network(address), []) if now - at < PAUSE]
        return 0 if len(recent) < FREE else max(1, round(PAUSE - (now - recent[-FREE])))

    def note_wrong(self, address: str) -> None:
        """A wrong code came from this address."""
        now = self.clock()
        key = _network(address)
        self._wrong[key] = [*(at for at in self._wrong.get(key, []) if now - at < PAUSE), now][-FREE:]
        if len(self._wrong) > 10_000:
            self._wrong = {one: times for one, times in self._wrong.items() if now - times[-1] < PAUSE}


def _network(address: str) -> str:
    """An IPv6 machine has more addresses than it can use up: its network counts."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def same_code(typed: str, code: str) -> bool:
    """Whether a code is right, however it is spaced, hyphened or capitalised."""
    plain = "".join(char for char in typed.upper() if char.isalnum())[:40]
    return hmac.compare_digest(plain.encode(), code.replace("-", "").encode())


def tidy_name(typed: str) -> str:
    """A name as the room reads it: one line, at most `NAME_LIMIT` characters, ``""`` for none."""
    return one_line(typed)[:NAME_LIMIT].strip()


class RoomProvider(IdentityProvider):
    """Everybody who typed the join code, each browser as one seat for as long as it keeps its cookie."""

    def __init__(self, **options: Any) -> None:
        options |= {"token": "", "login_handler_class": JoinHandler}
        super().__init__(**options)
        self.code = _SECRETS[CODE]
        self.people: list[tuple[str, str]] = [
            (tidy_name(name), team) for name, team in json.loads(_SECRETS[PEOPLE] or "[]")
        ]
        self.guesses = Guesses()
        self.seats: set[str] = set()
        self.cookie_options = {"samesite": "Lax", "expires_days": 1}

    async def get_user_token(self, handler: web.RequestHandler) -> None:  # noqa: ARG002
        """Nobody comes in by a token in the address."""
        return

    def user_to_cookie(self, user: User) -> str:
        return json.dumps([user.username, user.display_name, getattr(user, "team", "")])

    def user_from_cookie(self, cookie_value: str) -> Guest:
        ident, name, team = json.loads(cookie_value)
        return Guest(username=ident, name=ident, display_name=name, team=team)

    def admit(self, name: str, team: str) -> Guest | None:
        """A new seat; None where the room is full."""
        if len(self.seats) >= SEATS:
            return None
        ident = secrets.token_hex(8)
        self.seats.add(ident)
        # Nobody is "" to jupyter_server, which would put the id in its place.
        return Guest(username=ident, name=ident, display_name=name or "-", team=team)


class JoinHandler(LoginFormHandler):
    """The page that asks for the code, and for a name."""

    def write_error(self, status_code: int, **_: Any) -> None:
        self._ask(wrong="That could not be read. Please try again." if status_code < 500 else "Please try again.")

    def _render(self, message: object = None) -> None:  # noqa: ARG002
        self._ask()

    def _ask(self, *, wrong: str = "", code: str = "", name: str = "", names: bool = False) -> None:
        room = self.identity_provider
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        page = self.settings["voila_jinja2_env"].get_template("join.html")
        self.finish(
            page.render(
                action=f"{self.base_url}login",
                next=self.get_argument("next", self.base_url)[:500],
                xsrf=self.xsrf_token.decode(),
                wrong=wrong,
                code=code[:40],
                name=name,
                limit=NAME_LIMIT,
                # The list of names is for whoever has the code.
                people=[one for one, _ in room.people] if names else [],
                listed=bool(room.people),
            )
        )

    @allow_unauthenticated
    def post(self) -> None:
        room = self.identity_provider
        code, name = self.get_argument("code", ""), tidy_name(self.get_argument("name", ""))
        left = room.guesses.wait(self.request.remote_ip)
        if left:
            self.set_status(429)
            self._ask(wrong=f"The code was wrong too many times. Please try again in {left} seconds.", name=name)
            return
        if not same_code(code, room.code):
            room.guesses.note_wrong(self.request.remote_ip)
            self.set_status(401)
            wrong = "Please type the code that your trainer shows." if not code.strip() else (
                "That is not the code. Look at it once more; capital and small letters are the same."
            )  # fmt: skip
            self._ask(wrong=wrong, name=name)
            return
        if room.people and self.get_argument("step", "") != "name":
            self._ask(code=code, names=True)
            return
        teams = dict(room.people)
        if name and room.people and name not in teams:
            self._ask(code=code, names=True, wrong="Please choose your name from the list, or stay without a name.")
            return
        guest = room.admit(name, teams.get(name, ""))
        if guest is None:
            self.set_status(503)
            self._ask(wrong="The room is full. Please tell your trainer.", name=name)
            return
        room.set_login_cookie(self, guest)
        self._redirect_safe(self.get_argument("next", self.base_url))


class LinkProvider(IdentityProvider):
    """Everybody who came by a link of their own (see `links`); the user's name holds the audience."""

    def __init__(self, **options: Any) -> None:
        options |= {"token": "", "login_handler_class": LinkHandler}
        super().__init__(**options)
        self.cookie_options = {"samesite": "Lax", "expires_days": 1}

    async def get_user_token(self, handler: web.RequestHandler) -> None:  # noqa: ARG002
        """Nobody comes in by a token in the address."""
        return


class LinkHandler(LoginFormHandler):
    """Takes the key of a personal link, and goes on without it in the address."""

    @allow_unauthenticated
    def get(self) -> None:
        key = self.get_argument("key", "")
        audience = read_key(key, _SECRETS[TOKEN])
        if audience is None:
            self.set_status(401)
            self._tell(wrong=bool(key))
            return
        # Every browser is somebody of its own: several people may have the same link.
        user = User(username=f"{OF}{audience} {secrets.token_hex(6)}", name="", display_name="-")
        self.identity_provider.set_login_cookie(self, user)
        self.redirect(self.base_url)

    @allow_unauthenticated
    def post(self) -> None:
        self.set_status(405)
        self._tell(wrong=False)

    def write_error(self, status_code: int, **_: Any) -> None:  # noqa: ARG002
        self._tell(wrong=True)

    def _tell(self, *, wrong: bool) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(self.settings["voila_jinja2_env"].get_template("link.html").render(wrong=wrong, days=DAYS))


class NoPage(Template404):
    """The page for an address where nothing is."""

    def get_template(self, name: str) -> Any:
        return self.settings["voila_jinja2_env"].get_template(name)


# Who is at work in which kernel

_at_work: contextvars.ContextVar[Mapping[str, str] | None] = contextvars.ContextVar("_at_work", default=None)
"""Who opened the page for which a kernel is started, as environment variables; of this request only."""


def seat_of(user: User, kind: str) -> dict[str, str]:
    """The environment variables that say who is at work. They come from the signed cookie, never from an address."""
    if kind == "learners":
        name = "" if user.display_name == "-" else user.display_name or ""
        return {SEAT: user.username, SEAT_NAME: name, SEAT_TEAM: getattr(user, "team", ""), TRAINER: "0"}
    if kind == "trainer":
        # The wall shows the room how to join, as the trainer's first page does.
        door = {JOIN: _SECRETS[JOIN], CODE: _SECRETS[CODE]}
        return {SEAT: f"trainer-{user.username}", SEAT_NAME: "", SEAT_TEAM: "", TRAINER: "1", **door}
    if kind == "apps":
        audience = audience_of(user)
        own = {SUMMARIES: str(audience_folder(Path(_SECRETS[SUMMARIES]), audience))}
        return own | ({QUALITY: _SECRETS[QUALITY]} if audience == OWNER else {QUALITY: os.devnull})
    return {SEAT: "", SEAT_NAME: "", SEAT_TEAM: "", TRAINER: "0"}


def note_seat(handler: web.RequestHandler, notebook: Any, cwd: str) -> None:  # noqa: ARG001
    """Voila's hook before a kernel is launched: remember for whom it is."""
    # Reading the token sets its cookie. Without it, Voila refuses to end a kernel when its tab is closed (issue 1458).
    handler.xsrf_token  # noqa: B018
    _at_work.set(seat_of(handler.current_user, _SECRETS[KIND]) | {"_user": handler.current_user.username})


class SeatKernels(AsyncMappingKernelManager):
    """Kernels that know who is at work. Nobody has more than `PAGES`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.owners: dict[str, str] = {}

    @default("context")
    def _context_default(self) -> Any:
        context = super()._context_default()
        context.set(MAX_SOCKETS, SOCKETS)
        return context

    def initialize_culler(self) -> None:
        """Look for idle kernels on nobody's behalf.

        The first page's request begins this, and a timer keeps the context that it was begun in: it would ask as that
        visitor for as long as the server runs, and may not end anybody else's kernels.
        """
        contextvars.Context().run(super().initialize_culler)

    async def start_kernel(self, **options: Any) -> str:  # type: ignore[override]
        seat = dict(_at_work.get() or {})
        user = seat.pop("_user", "")
        env = {**options.pop("env", {}), **seat}
        if _SECRETS[FOLDER]:
            own = Path(_SECRETS[FOLDER]) / seat.get(SEAT, "")
            own.mkdir(mode=0o700, exist_ok=True)
            env[FOLDER] = str(own)
        kernel: str = await super().start_kernel(env=env, **options)
        self.owners[kernel] = user
        page = CallContext.get(CallContext.JUPYTER_HANDLER)
        if isinstance(page, OncePage):
            page.kernel_id = kernel
        elif _SECRETS[KIND] == "learners":
            mine = [one for one, owner in self.owners.items() if owner == user and one in self]
            for old in mine[:-PAGES]:
                self.owners.pop(old, None)
                await self.shutdown_kernel(old)
        return kernel

    async def shutdown_kernel(self, kernel_id: str, *options: Any, **more: Any) -> None:  # type: ignore[override]
        """Raises 403 where a request asks to end the kernel of somebody else: Voila's own handler asks nobody."""
        asking = CallContext.get(CallContext.JUPYTER_HANDLER)
        if asking is not None and self.owners.get(kernel_id) not in (None, asking.current_user.username):
            raise web.HTTPError(403)
        await super().shutdown_kernel(kernel_id, *options, **more)
        self.owners.pop(kernel_id, None)


class OwnKernels(Authorizer):
    """Everybody reaches the kernels of their own pages and nobody else's, whoever knows their ids."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:  # noqa: ARG002
        kernel = handler.path_kwargs.get("kernel_id") or next(iter(handler.path_args), None)
        owner = handler.kernel_manager.owners.get(kernel)
        return owner is None or owner == user.username


# The list of lessons


def list_page(page_config: dict[str, Any], *, notebook_path: str = "", **_: Any) -> dict[str, Any]:
    """Voila's hook for the configuration of a page: the list of lessons gets its lessons, an app the others."""
    if _SECRETS[KIND] == "apps":
        page_config["visionquiz"] = {"pages": _list_apps(notebook_path)}
    elif not notebook_path.strip("/"):
        page_config["visionquiz"] = _list_lessons()
    return page_config


def _list_apps(here: str) -> list[dict[str, Any]]:
    """The pages of whoever asks, as links. Raises 404 for a page that is not for them."""
    user = CallContext.get(CallContext.JUPYTER_HANDLER).current_user
    pages = APPS | (TRAINERS if audience_of(user) == OWNER else {})
    if here.strip("/").removesuffix(".ipynb") not in pages:
        raise web.HTTPError(404)
    return [
        {"title": title, "href": f"{name}.ipynb", "here": here.strip("/") == f"{name}.ipynb"}
        for name, title in pages.items()
    ]


def audience_of(user: User) -> str:
    """Whose figures somebody with a link sees."""
    return user.username.removeprefix(OF).rpartition(" ")[0]


def _list_lessons() -> dict[str, Any]:
    files = sorted(path.name for path in Path.cwd().glob("[0-9][0-9]-*.ipynb"))
    lessons = [load_lesson(path) for path in list_lessons()]
    kind = _SECRETS[KIND]
    names = {name[3:-6]: name for name in files}
    listed = [
        {"number": int(names[one.id][:2]), "title": one.title, "minutes": one.minutes, "more": one.minutes_more,
         "room": one.minutes_in_room,
         "href": f"voila/render/{names[one.id]}"}
        for one in lessons if one.id in names
    ]  # fmt: skip
    plan = (
        []
        if kind == "learners"
        else [
            {"start": f"{part.start // 60}:{part.start % 60:02}", "minutes": part.minutes, **_name_part(part)}
            for part in plan_workshop(lessons)
        ]
    )
    return {
        "kind": kind, "lessons": listed, "plan": plan, "total": sum(part["minutes"] for part in plan),
        "join": _SECRETS[JOIN], "code": _SECRETS[CODE] if kind == "trainer" else "",
    }  # fmt: skip


def _name_part(part: Part) -> dict[str, Any]:
    if part.lesson is None or part.note is None:
        return {"title": "A break", "first": True, "what": ""}
    what = part.note.text.partition(". ")[0].rstrip(".") + "."
    return {"title": part.lesson.title, "first": part.note is part.lesson.notes[0], "what": what}


# The server

_SECRETS: dict[str, str] = dict.fromkeys((KIND, CODE, TOKEN, PEOPLE, JOIN, FOLDER, SUMMARIES, QUALITY), "")
"""What `main` took out of the environment: kernels inherit what is left there."""


PRELOADED: Mapping[str, tuple[str, ...]] = {
    "apps": ("visionquiz.views.scores", "visionquiz.views.vision_card", "visionquiz.views.quality"),
    "lessons": ("visionquiz.views.lesson", "visionquiz.views.workbench"),
    "learners": ("visionquiz.views.lesson", "visionquiz.views.workbench"),
    "trainer": (
        "visionquiz.views.lesson", "visionquiz.views.workbench", "visionquiz.views.desk", "visionquiz.views.wall",
    ),
}  # fmt: skip
"""What the kernels of a server need."""


def allow_files() -> None:
    """Let this process open as many files as a full room needs, as far as the system lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):  # as many as there are will have to do
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main() -> None:
    """Run one server until it is ended."""
    allow_files()
    for name in _SECRETS:
        _SECRETS[name] = os.environ.pop(name, "")
    if _SECRETS[PEOPLE]:
        _SECRETS[PEOPLE] = Path(_SECRETS[PEOPLE]).read_text(encoding="utf-8")
    warm_up(PRELOADED[_SECRETS[KIND]])
    server = Pages if _SECRETS[KIND] == "apps" else Voila
    server.launch_instance(config=_configure(_SECRETS[KIND]))


def _configure(kind: str) -> Config:
    """What differs from a stock Voila."""
    config = Config()
    # What people have set up for their own Voila does not reach into a session.
    config.Voila.config_file_paths = []
    config.Voila.open_browser = False
    config.Voila.port_retries = 0
    config.Voila.authorizer_class = OwnKernels
    config.VoilaConfiguration.multi_kernel_manager_class = SeatKernels
    config.VoilaConfiguration.prelaunch_hook = note_seat
    config.VoilaConfiguration.page_config_hook = list_page
    config.VoilaConfiguration.template = "visionquiz"
    config.VoilaConfiguration.classic_tree = True
    # A notebook says which of our templates it takes.
    config.VoilaConfiguration.allow_template_override = "NOTEBOOK"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.file_allowlist = [r"(?!)"]
    config.VoilaConfiguration.extension_allowlist = [
        "@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget",
    ]  # fmt: skip
    config.VoilaConfiguration.show_tracebacks = False
    config.KernelProvisionerFactory.default_provisioner_name = WARM
    config.KernelManager.client_class = "visionquiz.warm.PromptClient"
    # When a whole room opens a lesson at once on a small machine, the last one waits longer than Voila thinks is right.
    config.VoilaExecutor.startup_timeout = 300
    # A kernel whose page is gone ends after a while, also where a phone did not say so; one with a page never does.
    config.MappingKernelManager.cull_idle_timeout = 300
    config.MappingKernelManager.cull_interval = 60
    config.MappingKernelManager.untracked_message_types = [
        "comm_info_request", "comm_info_reply", "kernel_info_request", "kernel_info_reply", "shutdown_request",
        "shutdown_reply", "interrupt_request", "interrupt_reply", "debug_request", "debug_reply", "stream",
        "display_data", "update_display_data", "execute_input", "execute_result", "error", "status", "clear_output",
        "debug_event", "input_request", "input_reply", "comm_open", "comm_msg",
    ]  # fmt: skip
    settings: dict[str, Any] = {"default_handler_class": NoPage}
    if kind == "apps":
        settings["headers"] = {"Content-Security-Policy": POLICY}
    if kind == "learners":
        config.Voila.identity_provider_class = RoomProvider
    else:
        settings["allow_remote_access"] = False
        config.Voila.identity_provider_class = LinkProvider if kind == "apps" else PasswordIdentityProvider
        config.Voila.token = "" if kind == "apps" else _SECRETS[TOKEN]
    config.Voila.tornado_settings = settings
    return config
