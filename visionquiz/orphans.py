"""Processes that do not outlive the one that started them, however that one ended."""

import os
import threading
from multiprocessing import parent_process

__all__ = ["end_with_parent"]


def end_with_parent() -> None:
    """End this process as soon as the one that started it by `multiprocessing` has gone."""
    parent = parent_process()

    def wait() -> None:
        if parent:
            parent.join()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()
