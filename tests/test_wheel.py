"""What people install: the wheel alone, in an empty environment, far from the repository."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = [pytest.mark.wheel, pytest.mark.xdist_group("wheel")]


def run(*command, cwd, env=None):
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (path,) = folder.glob("visionquiz-*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of programs of an empty environment with the wheel in it, and clean variables."""
    home = tmp_path_factory.mktemp("empty")
    run(sys.executable, "-m", "venv", home / "env", cwd=home)
    programs = home / "env" / "bin"
    pinned = ["--constraint", ROOT / "constraints.txt"]
    run(programs / "python", "-m", "pip", "install", "--quiet", *pinned, wheel, cwd=home)
    # The environment is not activated: the programs must find each other without PATH.
    keep = {name: value for name, value in os.environ.items() if name in ("HOME", "LANG", "LC_ALL", "TMPDIR")}
    return programs, {**keep, "PATH": "/usr/bin:/bin"}


def test_the_wheel_carries_everything_a_user_needs_and_no_tests(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("assessments", "notebooks", "voila_apps"):
        there = {
            f"visionquiz/kit/{path.relative_to(ROOT)}"
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and ".ipynb_checkpoints" not in path.parts
        }
        assert there, folder
        assert there <= names, folder
    assert not [name for name in names if name.startswith(("tests", "benchmarks"))]


def test_the_wheel_alone_makes_a_course_and_runs_the_demo(installed, tmp_path):
    programs, env = installed
    visionquiz = programs / "visionquiz"
    where = run(programs / "python", "-c", "import visionquiz; print(visionquiz.__file__)", cwd=tmp_path, env=env)
    assert str(ROOT / "visionquiz") not in where
    run(visionquiz, "new", "acme", cwd=tmp_path, env=env)
    assert "Everything is in order." in run(visionquiz, "check", cwd=tmp_path / "acme", env=env)
    said = run(visionquiz, "demo", "demo", "--people", "30", cwd=tmp_path, env=env)
    assert "5/5" in said
    assert "By team" in said
    assert (tmp_path / "demo" / "summaries" / "vision-check.json").is_file()


def test_the_installed_managers_page_can_be_served(installed, tmp_path):
    programs, env = installed
    run(programs / "visionquiz", "demo", "demo", "--people", "30", cwd=tmp_path, env=env)
    code = """
import urllib.request
from pathlib import Path
from visionquiz.course import open_course
from visionquiz.serve import start_apps
with start_apps(open_course(Path("demo"))) as server:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = browser.open(server.url, timeout=60).read().decode()
    assert "Do our people know our vision?" in page, page[:2000]
    assert "cdn" not in page, page
"""
    run(programs / "python", "-c", code, cwd=tmp_path, env=env)
