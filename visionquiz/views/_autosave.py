"""When to save: at every pause in typing, and every few seconds where there is none."""

import asyncio
from collections.abc import Callable

__all__ = ["Autosave"]

PAUSE = 0.7
"""Seconds after the last change."""

LATEST = 3.0
"""Seconds after the first change that is not saved: the most that is lost if the machine fails."""

RETRY = 5.0
"""Seconds until saving is tried again after it failed."""


class Autosave:
    """Calls `save` in time. Without a running event loop it saves at once."""

    def __init__(self, save: Callable[[], bool]) -> None:
        self._save = save
        self._timer: asyncio.TimerHandle | None = None
        self._latest: float | None = None

    def changed(self) -> None:
        """Something was typed."""
        loop = _running_loop()
        if loop is None:
            self.now()
            return
        if self._latest is None:
            self._latest = loop.time() + LATEST
        self._call_at(loop, min(loop.time() + PAUSE, self._latest))

    def now(self) -> bool:
        """Save at once. Returns whether that worked; if not, it is tried again by itself."""
        self.stop()
        saved = self._save()
        loop = _running_loop()
        if not saved and loop:
            self._call_at(loop, loop.time() + RETRY)
        return saved

    def stop(self) -> None:
        """Save nothing more until the next change."""
        if self._timer:
            self._timer.cancel()
        self._timer = self._latest = None

    def _call_at(self, loop: asyncio.AbstractEventLoop, moment: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = loop.call_at(moment, self.now)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
