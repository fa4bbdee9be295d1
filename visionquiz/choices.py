"""What a viewer chose on a read-only page: it stands in the page's address.

So a page is drawn once and needs no kernel any more, can be kept as a bookmark, and works without a script; with ours
(`voila_apps`), what is chosen appears in place.
"""

import os
import urllib.parse
from collections.abc import Mapping

__all__ = ["Choices", "read_choices"]

Choices = Mapping[str, str]
"""What was chosen, by the menu's name. It comes from a browser: take what is on the menu and nothing else."""

_LONGEST = 2_000
"""Characters of an address that are read."""


def read_choices(environ: Mapping[str, str] = os.environ) -> Choices:
    """What stands in the address that Voila opened the page with; the last one where something is there twice."""
    return dict(urllib.parse.parse_qsl(environ.get("QUERY_STRING", "")[:_LONGEST], errors="replace"))
