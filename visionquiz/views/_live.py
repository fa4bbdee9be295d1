"""What others do in the room comes up by itself."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Protocol

from visionquiz.errors import StoreError

__all__ = ["EVERY", "Live"]

LOG = logging.getLogger(__name__)

EVERY = 0.7
"""Seconds between two looks: two looks and the drawing are done within two seconds."""


class Watched(Protocol):
    """What has changes that come up by themselves: a lesson's room, a trainer's desk."""

    @property
    def alone(self) -> bool:
        """Whether nobody else could change anything."""

    def revision(self) -> int:
        """Grows with every change."""


class Live:
    """Asks the room every `EVERY` seconds whether anything has changed, and tells whoever watches.

    It asks once the page is drawn (`begin`). Of what a kernel sends while the browser still puts a page together from
    what it was told first, some gets lost, and a page where nothing changes afterwards would stay wrong. For somebody
    alone it asks nothing: there is nobody else whose doing could come up.
    """

    def __init__(self, room: Watched) -> None:
        self._room = room
        self._watching: dict[str, Callable[[], None]] = {}
        self._task: asyncio.Task[None] | None = None

    def watch(self, name: str, refresh: Callable[[], None]) -> None:
        """Call `refresh` after changes, in place of what watched under this name before."""
        self._watching[name] = refresh

    def begin(self) -> None:
        """Ask from now on; a page does this when it is drawn. The first look draws what came in meanwhile."""
        if self._task is None and not self._room.alone:
            self._task = asyncio.get_running_loop().create_task(self._ask())

    def tell(self) -> None:
        """Draw everything anew now, without waiting for the next look: this person has just shared something."""
        with contextlib.suppress(StoreError):  # the next look may succeed
            for refresh in list(self._watching.values()):
                refresh()

    def stop(self) -> None:
        """Ask no more."""
        if self._task:
            self._task.cancel()
            self._task = None

    async def _ask(self) -> None:
        seen = -1
        while True:
            try:
                now = self._room.revision()
                if now != seen:
                    for refresh in list(self._watching.values()):
                        self._refresh(refresh)
                seen = now
            except StoreError:
                pass  # the disk may be full or the server away; the next look may succeed, and sharing says so
            await asyncio.sleep(EVERY)

    @staticmethod
    def _refresh(refresh: Callable[[], None]) -> None:
        try:
            refresh()
        except StoreError:
            raise
        except Exception:
            # One odd contribution must not end what comes up by itself for the rest of the workshop.
            LOG.exception("an activity could not be drawn anew")
