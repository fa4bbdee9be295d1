"""Pages that are read: drawn once, by a kernel of their own that ends with that, so that no viewer ever reaches one.

Only what such pages need is served. There is no way to a kernel, a file or a list of files.
"""

import asyncio
import os
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import JupyterHandler
from tornado import web
from voila.app import Voila
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler

__all__ = ["FIRST", "POLICY", "OncePage", "Pages"]

FIRST = "scores"
"""The page that the address without a path leads to."""

AT_ONCE = 2 * (os.cpu_count() or 1)
"""Pages that are drawn at the same time; more would only be slower together."""

LINE = 60
"""Viewers who wait for their turn, which takes seconds. Whoever comes then is asked to wait with a page."""

AGAIN = 5
"""Seconds after which that page tries again."""

PATIENCE = 60.0
"""Seconds that a page may take."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a browser may do for a page: nothing from elsewhere, and no script but ours, whatever stands in a name."""


class OncePage(TornadoVoilaHandler):  # type: ignore[misc]  # Voila has no types
    """Draws a page, and ends its kernel."""

    turns = asyncio.Semaphore(AT_ONCE)
    waiting = 0
    kernel_id = ""
    """Of the page's kernel, once there is one."""

    @web.authenticated
    async def get(self, path: str | None = None) -> None:
        if OncePage.waiting >= LINE:
            self.set_status(503)
            self.set_header("Retry-After", str(AGAIN))
            await self.finish(self.render_template("wait.html", seconds=AGAIN))
            return
        OncePage.waiting += 1
        try:
            await self.turns.acquire()
        finally:
            OncePage.waiting -= 1
        try:
            # Voila waits for ever for a page that it cannot draw.
            await asyncio.wait_for(super().get(path), PATIENCE)
            if not self._finished:
                await self.finish()
        finally:
            try:
                if self.kernel_id:
                    await ensure_async(self.kernel_manager.shutdown_kernel(self.kernel_id, now=True))
            finally:
                self.turns.release()


class FirstPage(JupyterHandler):
    """Leads to the first page."""

    @web.authenticated
    def get(self) -> None:
        query = f"?{self.request.query}" if self.request.query else ""
        self.redirect(f"{self.base_url}voila/render/{FIRST}.ipynb{query}")


class Pages(Voila):  # type: ignore[misc]
    """A Voila that serves pages to read and nothing else."""

    def init_handlers(self) -> list[Any]:
        found: list[Any] = [(self.server_url, FirstPage), *self.identity_provider.get_handlers()]
        for pattern, handler, *more in super().init_handlers():
            if handler is TornadoVoilaHandler:
                found.append((pattern, OncePage, *more))
            elif handler is TemplateStaticFileHandler:
                found.append((pattern, handler, *more))
        return found
