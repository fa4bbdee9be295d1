"""The manager's page beside stock Voila that serves the same notebook: `python -m benchmarks.apps [--viewers N]`.

Both are opened in the same Chromium, which has seen them before, in turn; drawn is a page when its tables are there.
Then many viewers open it at once, each with cookies and a cache of their own. Memory is PSS: a kernel's own, and its
share of what it has in common with others; ours end when a page is drawn, so it is read while they are there. Chromium
works on the same cores, so its part is in all times.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
from playwright.async_api import async_playwright

from benchmarks.__main__ import show
from visionquiz.cli import main as visionquiz
from visionquiz.course import Course, open_course
from visionquiz.kit import kit_path
from visionquiz.serve import free_port, start_apps

OPENED = 9
DRAWN = "[data-group]"
LEFT = 30.0
"""Seconds after which no kernel should be left."""


@contextmanager
def start_stock(course: Course, folder: Path) -> Iterator[tuple[str, int]]:
    """Voila as it comes, with the page's notebook and Voila's own template. Yields (address, process id)."""
    notebook = json.loads((kit_path("voila_apps") / "scores.ipynb").read_text(encoding="utf-8"))
    del notebook["metadata"]["voila"]
    (folder / "scores.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    port = free_port()
    command = [sys.executable, "-m", "voila", "scores.ipynb", "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]
    env = {**os.environ, "VISIONQUIZ_SUMMARIES": str(course.summaries.absolute())}
    with subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        address = f"http://127.0.0.1:{port}/"
        while True:
            try:
                httpx.get(f"{address}voila/static/voila.js")
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        yield address, process.pid
        process.terminate()


def count(server: int) -> list[psutil.Process]:
    return psutil.Process(server).children(recursive=True)


async def draw(context: Any, url: str) -> float:
    """Seconds until the page is drawn."""
    page = await context.new_page()
    start = time.perf_counter()
    await page.goto(url, wait_until="commit", timeout=300_000)
    await page.wait_for_selector(DRAWN, timeout=300_000)
    return time.perf_counter() - start


async def one_by_one(browser: Any, places: dict[str, tuple[str, int]]) -> None:
    contexts = {name: await browser.new_context() for name in places}
    taken: dict[str, list[float]] = {name: [] for name in places}
    for number in range(OPENED + 1):
        for name, (url, _) in places.items():
            seconds = await draw(contexts[name], url)
            if number:
                taken[name].append(seconds)
            await contexts[name].pages[-1].close()
    ours, stock = taken["visionquiz"], taken["Voila"]
    show(
        "drawn in a warm browser, median of 9 (asked: 1.3 s)",
        f"{statistics.median(ours):.2f} s",
        f"{min(ours):.2f} to {max(ours):.2f}; stock Voila {statistics.median(stock):.2f} s "
        f"({min(stock):.2f} to {max(stock):.2f}), {statistics.median(stock) / statistics.median(ours):.1f} times",
    )
    for context in contexts.values():
        await context.close()


async def filters(browser: Any, url: str) -> None:
    """Choosing another group in the menu, until its figures stand there."""
    context = await browser.new_context()
    await draw(context, url)
    page = context.pages[-1]
    menu = page.get_by_role("combobox", name="People")
    values = await menu.locator("option").evaluate_all("all => all.map(one => one.value)")
    taken = []
    for number in range(2 * OPENED):
        value = values[(number + 1) % len(values)]
        before = await page.locator("section[data-said]").get_attribute("data-said")
        start = time.perf_counter()
        await menu.select_option(value)
        await page.wait_for_function(
            "was => document.querySelector('section[data-said]').dataset.said !== was", arg=before
        )
        taken.append(time.perf_counter() - start)
    show(
        f"another group in the menu, median of {len(taken)} (asked: 0.3 s)",
        f"{statistics.median(taken):.2f} s",
        f"{min(taken):.2f} to {max(taken):.2f}",
    )
    await context.close()


@asynccontextmanager
async def viewers(browser: Any, number: int) -> AsyncIterator[list[Any]]:
    contexts = [await browser.new_context() for _ in range(number)]
    yield contexts
    for context in contexts:
        await context.close()


async def watch(server: int, before: set[int], seen: dict[psutil.Process, float]) -> None:
    """Note the memory (MB) of each kernel whenever it is there, and how many there are at once, until cancelled."""
    while True:
        for process in count(server):
            with contextlib.suppress(psutil.Error):
                if process.pid not in before and process.status() != psutil.STATUS_ZOMBIE:
                    seen[process] = max(seen.get(process, 0.0), process.memory_full_info().pss / 1e6)
        await asyncio.sleep(0.1)


async def all_at_once(browser: Any, name: str, url: str, server: int, number: int) -> None:
    before = {process.pid for process in count(server)}
    async with viewers(browser, number) as contexts:
        seen: dict[psutil.Process, float] = {}
        watching = asyncio.create_task(watch(server, before, seen))
        start = time.perf_counter()
        taken = await asyncio.gather(*(draw(context, url) for context in contexts))
        whole = time.perf_counter() - start
        await asyncio.sleep(0.2)  # whoever stays is seen once more
        watching.cancel()
        kernels = list(seen)
        show(
            f"{name}: {number} viewers at once, all drawn",
            f"{whole:.1f} s",
            f"median {statistics.median(taken):.1f} s; {len(kernels)} kernels seen, PSS each at most "
            f"{max(seen.values()):.0f} MB, median {statistics.median(seen.values()):.0f} MB",
        )
        for context in contexts:
            for page in context.pages:
                await page.close(run_before_unload=True)
        closed = time.perf_counter()
        left = [one for one in kernels if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        while left and time.perf_counter() - closed < LEFT:
            await asyncio.sleep(0.2)
            left = [one for one in kernels if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
        show(
            "    kernels left 30 s after the tabs were closed", f"{len(left)}", f"{time.perf_counter() - closed:.1f} s"
        )


async def run(number: int) -> None:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        print("no Chromium was found (Debian, Ubuntu: apt-get install chromium)")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        visionquiz(["demo", str(folder / "course"), "--people", "200"])
        course = open_course(folder / "course")
        (folder / "stock").mkdir()
        with start_apps(course) as apps, start_stock(course, folder / "stock") as (stock, process):
            places = {"visionquiz": (apps.url, apps.process.pid), "Voila": (stock, process)}
            async with async_playwright() as playwright:
                options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
                browser = await playwright.chromium.launch(executable_path=path, args=options)
                await one_by_one(browser, places)
                await filters(browser, apps.url)
                for name_, (url, server) in places.items():
                    await all_at_once(browser, name_, url, server, number)
                await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--viewers", type=int, default=20)
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    show("cores, load average", str(os.cpu_count()), load)
    asyncio.run(run(parser.parse_args().viewers))


if __name__ == "__main__":
    main()
