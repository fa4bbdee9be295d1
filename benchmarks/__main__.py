"""How fast, how light and how right: `make bench`. Every figure stands beside a peer or a baseline of the same run.

These machines are noisy: read ratios, and medians of several runs taken in turn.
"""

import csv
import itertools
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable


def run(*command: str, cwd: Path | None = None) -> float:
    """Seconds of wall clock that a command took. Raises where it fails."""
    env = {**os.environ, "PATH": f"{Path(PYTHON).parent}{os.pathsep}{os.environ['PATH']}"}
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def in_turn(commands: dict[str, list[str]], runs: int = 7) -> dict[str, float]:
    """Median seconds of each command, the commands taken in turn, after one warm-up each."""
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            seconds = run(*command)
            if number:
                taken[name].append(seconds)
    return {name: statistics.median(values) for name, values in taken.items()}


def show(what: str, figure: str, beside: str = "") -> None:
    print(f"{what:<52} {figure:>14}   {beside}", flush=True)


def measure_starts() -> None:
    """What a user waits for before anything happens."""
    found = in_turn(
        {
            "nothing": [PYTHON, "-c", "pass"],
            "visionquiz": [PYTHON, "-c", "import visionquiz"],
            "pandas": [PYTHON, "-c", "import pandas"],
            "nbgrader": [PYTHON, "-c", "import nbgrader.apps.api"],
            "help": [PYTHON, "-m", "visionquiz", "--help"],
            "nbgrader help": [PYTHON, "-m", "nbgrader", "--help"],
        }
    )
    bare = found["nothing"]
    own = (found["visionquiz"] - bare) * 1000
    peers = ", ".join(f"{name} {(found[name] - bare) * 1000:.0f} ms" for name in ("pandas", "nbgrader"))
    show("import visionquiz (asked: under 150 ms)", f"{own:.0f} ms", peers)
    code = "import sys, visionquiz; print(*{n.split('.')[0] for n in sys.modules})"
    loaded = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"pandas", "nbgrader", "sqlalchemy", "ipywidgets", "onnxruntime"} & set(loaded)
    show("  of pandas, nbgrader, sqlalchemy ... it loads", ", ".join(sorted(heavy)) or "none")
    peer = f"nbgrader --help {found['nbgrader help'] * 1000:.0f} ms"
    show("visionquiz --help (asked: under 300 ms)", f"{found['help'] * 1000:.0f} ms", peer)


def measure_demo(folder: Path) -> None:
    """The whole job, and the part of it that nbgrader would do otherwise."""
    visionquiz = [PYTHON, "-m", "visionquiz"]
    times = [run(*visionquiz, "demo", str(folder / "demo"), "--people", "200", "--replace") for _ in range(3)]
    cores = len(os.sched_getaffinity(0))
    show(f"demo of 200 people on {cores} cores (asked: under 90 s)", f"{statistics.median(times):.1f} s")
    seconds = run(*visionquiz, "demo", str(folder / "large"), "--people", "5000")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    show("demo of 5,000 people (asked: minutes)", f"{seconds:.0f} s", f"peak {peak:.0f} MB")

    demo = folder / "demo"
    pages = len(list((demo / "submitted").iterdir()))
    ours, theirs = [], []
    for _ in range(2):
        ours.append(pages / run(*visionquiz, "feedback", "vision-check", "--course", str(demo)))
        theirs.append(pages / run(PYTHON, "-m", "nbgrader", "generate_feedback", "vision-check", "--force", cwd=demo))
    peer = f"nbgrader generate_feedback: {statistics.median(theirs):.1f}"
    show(f"feedback, pages a second of {pages} (asked: 20)", f"{statistics.median(ours):.0f}", peer)

    small = folder / "small"
    run(*visionquiz, "demo", str(small), "--people", "35", "--until", "submitted")
    ours, theirs = [], []
    for _ in range(3):
        ours.append(run(*visionquiz, "grade", "vision-check", "--course", str(small)))
        theirs.append(run(PYTHON, "-m", "nbgrader", "autograde", "vision-check", "--force", cwd=small))
    ratio = statistics.median(b / a for a, b in zip(ours, theirs, strict=True))
    peer = f"nbgrader autograde, same grader: {statistics.median(theirs):.1f} s, {ratio:.1f} times"
    count = len(list((small / "submitted").iterdir()))
    show(f"visionquiz grade, {count} submissions of 6 answers", f"{statistics.median(ours):.2f} s", peer)


FIRST_GRADE = """
from visionquiz.grading import Answer, grade_answers
from visionquiz.vision import MeaningPoint, Vision
vision = Vision(company="a", statement="Keep every home running.", core_idea="Water first.", roles=(),
                meaning=(MeaningPoint(id="water", text="Water comes before paperwork."),))
print(grade_answers([Answer(id="1", kind="explain", text="nobody is left without water")], vision)[0].level)
"""

PEAK = """
import resource, sys
from visionquiz.cli import main
code = main(sys.argv[1:])
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
sys.exit(code)
"""


def measure_grader(folder: Path) -> None:
    """How long the first grade takes, and how much memory many answers."""
    peers = {
        "first grade": [PYTHON, "-c", FIRST_GRADE],
        "onnxruntime": [PYTHON, "-c", "import onnxruntime, tokenizers"],
        "pandas": [PYTHON, "-c", "import pandas"],
    }
    found = in_turn(peers, runs=5)
    peer = f"import onnxruntime {found['onnxruntime']:.2f} s, import pandas {found['pandas']:.2f} s"
    show("first grade, from a cold start (asked: 2 s)", f"{found['first grade']:.2f} s", peer)

    vision = ROOT / "training" / "corpus" / "kestrel-cars"
    with open(vision / "answers.csv", encoding="utf-8", newline="") as file:
        rows = [(row["id"], row["question"], row["role"], row["text"]) for row in csv.DictReader(file)]
    peaks = {}
    for count in (2_000, 100_000):
        # The same answers again and again, so that it takes minutes and not an hour: memory is what is measured.
        table = folder / f"{count}.csv"
        with open(table, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("id", "question", "role", "text"))
            writer.writerows(itertools.islice(itertools.cycle(rows), count))
        command = [PYTHON, "-c", PEAK, "score", str(table), "--vision", str(vision / "vision.toml")]
        done = subprocess.run(
            [*command, "--out", str(folder / "graded.csv")], capture_output=True, text=True, check=True
        )
        peaks[count] = int(done.stdout.rpartition("peak ")[2]) / 1024
    peer = f"2,000 answers {peaks[2_000]:.0f} MB"
    show("memory for 100,000 answers (asked: under 600 MB)", f"{peaks[100_000]:.0f} MB", peer)


def measure_autosave(folder: Path) -> None:
    """What it takes to keep a draft with six long answers, down to the disk."""
    from visionquiz.taking import Draft, load_draft, open_desk, save_draft

    released = folder / "demo" / "release" / "vision-check"
    desk = open_desk("vision-check", released)
    answers = {asked.id: "We tell callers what happens next. " * 30 for asked in desk.paper.questions}
    taken, plain = [], []
    for _ in range(200):
        start = time.perf_counter()
        save_draft(desk, Draft(answers=answers))
        between = time.perf_counter()
        # The same bytes to the disk without anything else.
        with open(released / "plain", "wb") as file:
            file.write((released / "answers.json").read_bytes())
            os.fsync(file.fileno())
        taken.append(between - start)
        plain.append(time.perf_counter() - between)
    if load_draft(desk)[0].answers != answers:
        sys.exit("the draft that was kept is not the one that was typed")
    worst = sorted(taken)[197] * 1000
    peer = f"99 of 100 under {worst:.0f} ms; writing a file and nothing else {statistics.median(plain) * 1000:.1f} ms"
    show("form: one autosave (asked: under 50 ms)", f"{statistics.median(taken) * 1000:.1f} ms", peer)


OTHERS = {
    "Grading": "grading",
    "The evidence card's measures": "statements",
    "Themes": "themes",
    "Ten people drafting at once": "drafting",
    "Where words come from": "provenance",
    "Trials of drafts": "trials",
    "The wall of a room of two hundred": "wall",
    "The managers' page in a browser": "apps",
}
"""Benchmarks of their own: what they are about, and the module."""


def main() -> None:
    """Print everything."""
    print("Speed and size\n")
    measure_starts()
    with tempfile.TemporaryDirectory() as folder:
        measure_demo(Path(folder))
        measure_grader(Path(folder))
        measure_autosave(Path(folder))
    for title, module in OTHERS.items():
        print(f"\n{title}\n", flush=True)
        subprocess.run([PYTHON, "-m", f"benchmarks.{module}"], cwd=ROOT, check=True)
    print("\nAgreement with people\n", flush=True)
    subprocess.run([PYTHON, str(ROOT / "benchmarks" / "agreement.py")], check=True)


if __name__ == "__main__":
    main()
