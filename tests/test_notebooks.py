"""Every notebook is a test case: it agrees with its text, holds no outputs, and runs from a clean kernel."""

import json
from pathlib import Path

import pytest

from visionquiz.kit import kit_path

LESSONS = sorted(kit_path("notebooks").glob("*.md"))
APPS = sorted(kit_path("voila_apps").glob("*.ipynb"))


def named(path):
    return path.stem


@pytest.mark.parametrize("path", LESSONS, ids=named)
def test_the_notebook_agrees_with_its_text(path):
    import jupytext

    text = jupytext.read(path)
    notebook = jupytext.read(path.with_suffix(".ipynb"))
    assert [(c.cell_type, c.source) for c in text.cells] == [(c.cell_type, c.source) for c in notebook.cells], (
        f"run: .venv/bin/jupytext --to ipynb {path}"
    )


@pytest.mark.parametrize("path", [*(lesson.with_suffix(".ipynb") for lesson in LESSONS), *APPS], ids=named)
def test_it_is_kept_without_outputs_and_stays_small(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in cells)
    assert path.stat().st_size < 50_000


@pytest.mark.parametrize("path", [*(lesson.with_suffix(".ipynb") for lesson in LESSONS), *APPS], ids=named)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_it_runs_from_a_clean_kernel(path, tmp_path):
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert any(cell.get("outputs") for cell in notebook.cells)


@pytest.mark.parametrize("path", [*(lesson.with_suffix(".ipynb") for lesson in LESSONS), *APPS], ids=named)
def test_cells_call_the_package_and_define_nothing(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            assert "def " not in source
            assert "class " not in source


@pytest.mark.parametrize("path", LESSONS, ids=named)
def test_a_lesson_begins_in_its_first_cell_and_every_call_is_in_a_cell(path):
    import jupytext

    cells = jupytext.read(path).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert path.stem.startswith("00") or path.stem == "workbench" or "lesson.begin(" in code[0]
    assert not any("lesson." in cell.source for cell in cells if cell.cell_type == "markdown")
    # Whoever comes out of the last box by keyboard must not land in a new one.
    assert all(cell.metadata.get("jupyter", {}).get("source_hidden") for cell in cells if "lesson." in cell.source)


def test_an_app_is_a_title_and_one_call():
    for path in APPS:
        kinds = [cell["cell_type"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
        assert kinds == ["markdown", "code"]


def test_there_are_notebooks():
    assert LESSONS
    assert APPS
    assert all(Path(path).with_suffix(".ipynb").exists() for path in LESSONS)
