"""What others do in the room comes up by itself."""

import asyncio
from collections.abc import Callable

from visionquiz.classroom import Room
from visionquiz.errors import StoreError

__all__ = ["EVERY", "Live"]

EVERY = 0.7
"""Seconds between two looks: two looks and the drawing are done within two seconds."""


class Live:
    """Asks the room every `EVERY` seconds whether anything has changed, and tells whoever watches.

    Without an event loop, and for somebody alone, it asks nothing: there is nobody else whose doing could come up.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._watching: dict[str, Callable[[], None]] = {}
        self._task: asyncio.Task[None] | None = None

    def watch(self, name: str, refresh: Callable[[], None]) -> None:
        """Call `refresh` after changes, in place of what watched under this name before."""
        self._watching[name] = refresh
        if self._task is None and not self._room.alone:
            try:
                loop = asyncio.get_running_loop()
            except RuntimeError:
                return
            self._task = loop.create_task(self._ask())

    def tell(self) -> None:
        """Draw everything anew now, without waiting for the next look: this person has just shared something."""
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
                        refresh()
                seen = now
            except StoreError:
                pass  # the disk may be full or the server away; the next look may succeed, and sharing says so
            await asyncio.sleep(EVERY)
