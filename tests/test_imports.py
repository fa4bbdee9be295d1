"""The rules of the house, read from the source: arrows point down, heavy parts come late."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "visionquiz"
if not PACKAGE.is_dir():  # the tests run against an installed wheel
    import visionquiz

    PACKAGE = Path(visionquiz.__file__).parent

EDGES = {"cli", "nbgrader_plugin", "serve", "session", "views"}
DATA = {
    "audiences", "choices", "classroom", "course", "demo", "desk", "export", "feedback", "gradebook", "handover",
    "inbound", "jobs", "learner", "learning", "ledger", "links", "next_steps", "notebook", "piloting", "publishing",
    "quality", "receipt", "rehearsal", "released", "results", "reviewing", "rights", "role_map", "situation_figures",
    "store", "submission", "summaries", "summary_files", "taking", "trail", "vision_card", "wall", "warm", "watching",
    "workshop", "workshop_file", "writing",
}  # fmt: skip
CORE = {
    "adoption",
    "ballot",
    "cells",
    "counted",
    "curriculum",
    "draft_tests",
    "drafts",
    "errors",
    "grading",
    "ideas",
    "invented",
    "items",
    "kit",
    "line_of_sight",
    "merging",
    "moderation",
    "naming",
    "opinions",
    "ordering",
    "orphans",
    "own_words",
    "paper",
    "parts",
    "practice",
    "privacy",
    "proposal",
    "provenance",
    "quiz",
    "reading",
    "rewriting",
    "roster",
    "service_goals",
    "situations",
    "spread",
    "staffing",
    "statement",
    "stats",
    "text",
    "themes",
    "trials",
    "upkeep",
    "vision",
}

HEAVY = {
    "pandas",
    "nbgrader",
    "sqlalchemy",
    "ipywidgets",
    "onnxruntime",
    "numpy",
    "nbformat",
    "nbconvert",
    "rapidfuzz",
    "tokenizers",
    "py3langid",
    "fsrs",
    "tqdm",
    "openpyxl",
    "msgspec",
    "tomlkit",
}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path, *, top_only: bool = False) -> set[str]:
    """The modules that a file imports, as dotted names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_only else list(ast.walk(tree))
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def ours(path: Path, *, top_only: bool = False) -> set[str]:
    names = {name.split(".")[1] for name in imports(path, top_only=top_only) if name.startswith("visionquiz.")}
    return {name for name in names if name in EDGES | DATA | CORE} - {room(path)}


FILES = sorted(PACKAGE.rglob("*.py"))


def test_every_module_has_a_floor():
    assert {room(path) for path in FILES} - {"__init__", "__main__"} == EDGES | DATA | CORE


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_point_down(path):
    floor = room(path)
    used = ours(path)
    if floor in CORE:
        assert not used & (EDGES | DATA)
    elif floor in DATA:
        assert not used & EDGES
    elif floor in EDGES - {"cli"}:
        assert not used & EDGES, "edges know nothing of each other"


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("cli/*.py")), ids=lambda path: path.stem)
def test_the_command_line_imports_edges_only_inside_the_handler_that_needs_them(path):
    assert not ours(path, top_only=True) & (EDGES | DATA)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_outside_systems_are_known_to_one_module_each(path):
    roots = {name.split(".")[0] for name in imports(path)}
    if "nbgrader" in roots:
        assert room(path) == "nbgrader_plugin"
    if "sqlalchemy" in roots:
        assert room(path) in {"gradebook", "store"}
    if roots & {"onnxruntime", "tokenizers"}:
        assert path.name == "encoder.py"
    if "py3langid" in roots:
        assert path.name == "language.py"
    if "ipywidgets" in roots:
        assert room(path) == "views"
    if "fsrs" in roots:
        assert room(path) == "practice"
    if "openpyxl" in roots:
        assert room(path) in {"ideas", "export", "summary_files"}
        roots -= {"openpyxl"}
    if "tomlkit" in roots:
        assert room(path) == "rewriting"
        roots -= {"tomlkit"}
    if room(path) in {"themes", "trials"}:
        roots -= {"numpy"}
    if room(path) in CORE - {"grading", "text"}:
        assert roots - {"fsrs"} <= sys.stdlib_module_names | {"visionquiz"}


def test_views_do_no_input_or_output():
    for path in (PACKAGE / "views").glob("*.py"):
        assert not imports(path) & {"pathlib", "os", "io", "sqlite3", "subprocess", "socket", "urllib.request"}


@pytest.mark.parametrize("what", ["visionquiz", "visionquiz.cli", "visionquiz.summaries"])
def test_importing_loads_nothing_heavy(what):
    code = f"import sys, {what}; print(*{{name.split('.')[0] for name in sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not HEAVY & set(loaded)


@pytest.mark.parametrize("page", ["scores", "quality"])
def test_pages_of_published_figures_need_no_pandas_and_no_nbgrader(page):
    code = f"import sys, visionquiz.views.{page}; print(*{{name.split('.')[0] for name in sys.modules}})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"pandas", "nbgrader", "sqlalchemy", "numpy"} & set(loaded)
