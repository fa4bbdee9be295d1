"""Where the kit's own files lie: beside the package in a wheel, at the top of the repository in a checkout."""

from pathlib import Path

from visionquiz.errors import CourseError

__all__ = ["kit_path"]


def kit_path(name: str) -> Path:
    """The folder or file `name` of the kit, such as ``assessments`` or ``voila_apps``."""
    package = Path(__file__).parent
    for home in (package / "kit", package.parent):
        if (home / name).exists():
            return home / name
    raise CourseError(f"the installation is incomplete: {name} is missing; install visionquiz again")
