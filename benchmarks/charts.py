"""What a picture of four figures costs and gives, drawn by us and by others: `python -m benchmarks.charts`.

Each is shown by Voila in a Chromium that can reach this machine only. The others are no dependencies of ours: which of
them is not installed is said and left out. Import and memory are what comes on top of ipykernel and ipywidgets.
"""

import contextlib
import importlib.util
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from visionquiz.serve import free_port

FIGURES = {"State it": 84, "Explain it": 52, "Contribute to it": 61, "Decide": 37}

START = f"""
import ipywidgets as widgets
names, figures = {list(FIGURES)}, {list(FIGURES.values())}
said = widgets.HTML("waiting")
def pick(*_):
    said.value = "picked"
"""

VEGA = """
spec = {"data": {"values": [{"what": n, "figure": f} for n, f in zip(names, figures)]}, "mark": {"type": "bar",
        "tooltip": True}, "encoding": {"y": {"field": "what", "type": "nominal"},
        "x": {"field": "figure", "type": "quantitative"}}}
"""

# What is imported, the extension of the front end that it needs, and the cell that ends in what is shown.
CANDIDATES = {
    "nothing": ("ipywidgets", (), "shown = widgets.HTML('')"),
    "visionquiz, as HTML": (
        "visionquiz.views.charts",
        (),
        "from visionquiz.views.charts import Bar, bars, CSS\n"
        "html = bars('Four', [Bar(label=n, value=f) for n, f in zip(names, figures)], top=100)\n"
        "shown = widgets.HTML('<style>' + CSS + '</style>' + html)",
    ),
    "visionquiz, to pick": (
        "visionquiz.views.chart_view",
        ("anywidget",),
        "from visionquiz.views.charts import Bar, bars\nfrom visionquiz.views.chart_view import ChartView\n"
        "html = bars('Four', [Bar(label=n, value=f, key=n) for n, f in zip(names, figures)], top=100)\n"
        "shown = ChartView(html, on_pick=pick)",
    ),
    "ipecharts": (
        "ipecharts",
        ("ipecharts",),
        "from ipecharts import EChartsRawWidget\n"
        "shown = EChartsRawWidget(option={'aria': {'enabled': True}, 'tooltip': {}, 'xAxis': {},\n"
        "    'yAxis': {'data': names}, 'series': [{'type': 'bar', 'data': figures}]})\nshown.on('click', None, pick)",
    ),
    "Vega-Lite by vl-convert": (
        "vl_convert",
        (),
        f"import vl_convert\n{VEGA}\nshown = widgets.HTML(vl_convert.vegalite_to_svg(spec))",
    ),
    "Vega-Lite in anywidget": (
        "anywidget, vl_convert",
        ("anywidget",),
        "import anywidget, traitlets, vl_convert\n"
        f"{VEGA}\nclass Vega(anywidget.AnyWidget):\n"
        "    _esm = vl_convert.javascript_bundle('''async function render({model, el}) {\n"
        "        const {view} = await vegaEmbed(el, model.get('spec'), {renderer: 'svg', actions: false});\n"
        "        view.addEventListener('click', () => model.send({}));}\nexport default {render};''')\n"
        "    spec = traitlets.Dict().tag(sync=True)\nshown = Vega(spec=spec)\nshown.on_msg(pick)",
    ),
    "Observable Plot (pyobsplot)": (
        "pyobsplot",
        ("anywidget",),
        "from pyobsplot import Obsplot, Plot\n"
        "data = [{'what': n, 'figure': f} for n, f in zip(names, figures)]\n"
        "shown = Obsplot('widget')({'marginLeft': 120, 'marks': [Plot.barX(data, {'x': 'figure', 'y': 'what',\n"
        "    'ariaLabel': 'what', 'tip': True})]})",
    ),
    "bqplot": (
        "bqplot",
        ("bqplot", "bqscales"),
        "import bqplot\nx, y = bqplot.OrdinalScale(), bqplot.LinearScale()\n"
        "bar = bqplot.Bars(x=names, y=figures, scales={'x': x, 'y': y})\nbar.on_element_click(pick)\n"
        "shown = bqplot.Figure(marks=[bar], axes=[bqplot.Axis(scale=x), bqplot.Axis(scale=y)])",
    ),
    "matplotlib, as SVG": (
        "matplotlib.pyplot",
        (),
        "import io, matplotlib\nmatplotlib.use('agg')\nimport matplotlib.pyplot as plt\n"
        "plt.rcParams['svg.fonttype'] = 'none'\nplot, axes = plt.subplots()\n"
        "axes.bar_label(axes.barh(names, figures))\n"
        "file = io.StringIO()\nplot.savefig(file, format='svg')\nshown = widgets.HTML(file.getvalue())",
    ),
}

IMPORT = """
import time, ipykernel.ipkernel, ipywidgets
def memory():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096
before, start = memory(), time.perf_counter()
import {what}
print(time.perf_counter() - start, memory() - before)
"""


def measure_import(what: str, runs: int = 3) -> tuple[float, float]:
    """Milliseconds and MB: the median of some runs after one to warm up."""
    found = []
    for _ in range(runs + 1):
        command = [sys.executable, "-c", IMPORT.format(what=what)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append([float(part) for part in done.stdout.split()])
    seconds, size = (statistics.median(column) for column in zip(*found[1:], strict=True))
    return seconds * 1000, size / 1e6


@contextlib.contextmanager
def voila(folder: Path, code: str, extensions: tuple[str, ...]):
    """The address of a page that shows one candidate and loads no other's front end."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": code, "outputs": [], "execution_count": None}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = folder / "chart.ipynb"
    notebook.write_text(json.dumps({"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))
    allowed = ["@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", *extensions]
    port = free_port()
    options = [f"--port={port}", "--no-browser", f"--VoilaConfiguration.extension_allowlist={allowed}"]
    command = [sys.executable, "-m", "voila", str(notebook), *options]
    with open(folder / "log", "w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait()


def look(chromium, address: str) -> dict[str, int]:
    """Bytes that came, other hosts that were asked, figures that a screen reader hears with their names, and clicks."""
    context = chromium.new_context(viewport={"width": 1000, "height": 900})
    foreign: list[str] = []

    def only_here(route) -> None:
        here = urlsplit(route.request.url).hostname in ("127.0.0.1", "localhost", None)
        foreign.extend([] if here else [urlsplit(route.request.url).hostname])
        route.continue_() if here else route.abort()

    context.route("**/*", only_here)
    page = context.new_page()
    page.set_default_timeout(60_000)
    counted = {"socket": 0, "files": 0}
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    # A message to and fro is text, with what is binary in it as base64.
    wire.on("Network.webSocketFrameReceived", lambda e: _add(counted, "socket", len(e["response"]["payloadData"])))
    wire.on("Network.dataReceived", lambda e: _add(counted, "files", e["dataLength"]))
    page.goto(address)
    page.locator("text=waiting").wait_for()
    page.wait_for_load_state("networkidle")
    # Names of rows as Playwright works them out, and names of marks in a drawing, which it passes over.
    lines = page.locator("body").aria_snapshot().splitlines()
    nodes = wire.send("Accessibility.getFullAXTree")["nodes"]
    lines += [str(node.get("name", {}).get("value", "")) for node in nodes if not node.get("ignored")]
    heard = sum(any(name in line and str(figure) in line for line in lines) for name, figure in FIGURES.items())
    box = page.locator("text=waiting").evaluate(
        """one => { const box = one.closest('.widget-vbox').firstElementChild.getBoundingClientRect();
            return [box.left, box.top, box.width, box.height]; }"""
    )
    clicks = 0
    for place in range(144):
        page.mouse.click(box[0] + box[2] * (place % 12 + 0.5) / 12, box[1] + box[3] * (place // 12 + 0.5) / 12)
        if place % 12 == 11 and page.locator("text=picked").count():
            clicks = 1
            break
    context.close()
    return counted | {"foreign": len(set(foreign)), "heard": heard, "clicks": clicks}


def _add(counted: dict[str, int], what: str, size: int) -> None:
    counted[what] += size


def main() -> None:
    """Print one line a candidate, beside a page without a chart."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or sys.exit("no Chromium was found")
    heads = ("ms", "MB", "socket kB", "files kB", "hosts asked", "heard of 4", "clicks reach Python")
    print(f"{'':<30}" + "".join(f"{head:>{max(9, len(head) + 2)}}" for head in heads))
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        bare: dict[str, int] = {}
        for name, (what, extensions, code) in CANDIDATES.items():
            if not all(importlib.util.find_spec(part.partition(".")[0]) for part in what.split(", ")):
                print(f"{name:<30} is not installed")
                continue
            milliseconds, size = measure_import(what)
            with voila(Path(folder), f"{START}\n{code}\nwidgets.VBox([shown, said])", extensions) as address:
                seen = look(chromium, address)
            bare = bare or seen
            cells = (
                f"{milliseconds:.0f}",
                f"{size:.1f}",
                f"{(seen['socket'] - bare['socket']) / 1000:.1f}",
                f"{(seen['files'] - bare['files']) / 1000:.0f}",
                str(seen["foreign"] - bare["foreign"]),
                str(seen["heard"]),
                "yes" if seen["clicks"] else "no",
            )
            row = "".join(f"{cell:>{max(9, len(head) + 2)}}" for cell, head in zip(cells, heads, strict=True))
            print(f"{name:<30}{row}", flush=True)


if __name__ == "__main__":
    main()
