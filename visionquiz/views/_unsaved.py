"""What a saved notebook keeps of a widget of our own: how to get it back, and nobody's words."""

from typing import Any

__all__ = ["Unsaved"]


class Unsaved:
    """Comes before `anywidget.AnyWidget`, whose plain text is all traits with what people wrote in them."""

    press_run = "Press Run."

    def __repr__(self) -> str:
        return self.press_run

    def _repr_mimebundle_(self, **options: Any) -> Any:
        found = super()._repr_mimebundle_(**options)  # type: ignore[misc]
        shown = found[0] if isinstance(found, tuple) else found
        if isinstance(shown, dict) and "text/plain" in shown:
            shown["text/plain"] = self.press_run
        return found
