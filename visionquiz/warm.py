"""Kernels that are forked off a process in which everything heavy is imported: they start in a fraction of the time and
share the memory of what was imported.

The process has seen nobody's data, and every kernel is a process of its own, so viewers are as far apart as ever.
Python's own fork server does the forking; it starts with `warm_up` and ends with the server.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from multiprocessing import forkserver, get_context
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from visionquiz.orphans import end_with_parent

__all__ = ["WARM", "PromptClient", "WarmProvisioner", "warm_up"]

WARM = "visionquiz-warm"
"""The provisioner's name among jupyter_client's (an entry point)."""

_KERNEL = ("ipykernel.kernelapp", "ipykernel.ipkernel", "debugpy.server.api", "ipywidgets")


def warm_up(modules: Sequence[str]) -> None:
    """Start the process that kernels are forked off, with these modules imported besides what every kernel needs."""
    # Else the debugger, which nobody uses, warns of modules that are a part of Python itself.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    get_context("forkserver").set_forkserver_preload([*_KERNEL, *modules])
    forkserver.ensure_running()


class Forked:
    """A forked process as `subprocess.Popen` would show it, as far as a provisioner asks."""

    stdin = stdout = stderr = None

    def __init__(self, argv: Sequence[str], env: dict[str, str], cwd: str | None) -> None:
        self._process = get_context("forkserver").Process(target=_be_kernel, args=(argv, env, cwd), daemon=True)
        self._process.start()
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int:
        self._process.join()
        return self._process.exitcode or 0

    def send_signal(self, number: int) -> None:
        if self.poll() is None and self.pid:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class WarmProvisioner(LocalProvisioner):
    """Starts kernels from the warm process."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        # Of the command, what stands behind `python -m ipykernel_launcher`.
        argv = cmd[cmd.index("ipykernel_launcher") + 1 :]
        env = kwargs.get("env") or os.environ
        # Voila's own names are an enumeration, which would take all of Voila into the kernel.
        plain = {os.fsdecode(os.fsencode(name)): os.fsdecode(os.fsencode(value)) for name, value in env.items()}
        process = Forked(argv, plain, kwargs.get("cwd"))
        self.process = process  # type: ignore[assignment]  # has what is asked of a Popen
        # No process group: before the kernel has one of its own, it would be that of all kernels.
        self.pid, self.pgid, self.cwd = process.pid, None, kwargs.get("cwd")
        return self.connection_info


class PromptClient(AsyncKernelClient):
    """A client that goes on as soon as its kernel is ready. The stock one then waits 0.2 s for what does not come."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Until the kernel has answered a question and says that it is idle again. Raises `RuntimeError`."""
        end = time.monotonic() + (timeout or float("inf"))
        while True:
            asked = self.kernel_info()
            try:
                reply = await self.shell_channel.get_msg(timeout=1)
                # What is published before somebody listens is lost, so the question may have to be asked again.
                while reply["parent_header"].get("msg_id") == asked:
                    told = await self.iopub_channel.get_msg(timeout=0.2)
                    if told["content"].get("execution_state") == "idle" and told["parent_header"]["msg_id"] == asked:
                        self._handle_kernel_info_reply(reply)
                        return
            except Empty:
                pass
            if not await self.is_alive():
                raise RuntimeError("the kernel ended before it was ready")
            if time.monotonic() > end:
                raise RuntimeError(f"the kernel was not ready within {timeout:.0f} seconds")


def _be_kernel(argv: Sequence[str], env: dict[str, str], cwd: str | None) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    # Says to ipykernel that there is a parent; what forked it lives as long as its kernels, so we look at the server.
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    end_with_parent()
    if cwd:
        os.chdir(cwd)
    sys.argv = ["ipykernel_launcher", *argv]
    from ipykernel.kernelapp import launch_new_instance

    # It registers with the kernel when it is imported; that was before there was a kernel.
    launch_new_instance(argv=[*argv, "--ext", "ipywidgets"])
