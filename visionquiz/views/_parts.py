"""How forms look: large type, the colours of the JupyterLab theme, and on a phone nothing to scroll sideways."""

from html import escape

import ipywidgets as widgets

__all__ = ["alert", "note", "page", "row", "shorten", "style"]

CSS = """
.vqf { --vq-ink: var(--jp-content-font-color1, #1d2733); --vq-soft: var(--jp-content-font-color2, #4d5b6b);
  --vq-line: var(--jp-border-color1, #b9c3ce); --vq-page: var(--jp-layout-color1, #fff);
  --vq-card: var(--jp-layout-color2, #f2f5f8); --vq-mark: var(--jp-brand-color1, #0b6e8a);
  --vq-on-mark: var(--jp-ui-inverse-font-color0, #fff); --vq-bad: var(--jp-error-color1, #b3261e);
  --jp-widgets-inline-width: 100%; --jp-widgets-font-size: 18px; --jp-widgets-color: var(--vq-ink);
  --jp-widgets-label-color: var(--vq-ink); --jp-widgets-input-color: var(--vq-ink);
  --jp-widgets-input-background-color: var(--vq-page); --jp-widgets-input-border-color: var(--vq-soft);
  --jp-widgets-input-focus-border-color: var(--vq-mark);
  font: 18px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: var(--vq-ink); max-width: 46rem;
  padding: .3rem .2rem 1rem; overflow: visible; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) {
  body:not([data-jp-theme-light]) .vqf { --vq-ink: #e8eef4; --vq-soft: #a9b7c6; --vq-line: #4b5a6a; --vq-page: #0f151c;
    --vq-card: #18212b; --vq-mark: #4cb8d6; --vq-on-mark: #000; --vq-bad: #ff8a80; }
}
.vqf * { box-sizing: border-box; }
.vqf .widget-vbox, .vqf .widget-hbox, .vqf .widget-html { overflow: visible; margin: 0; width: 100%; max-width: 100%; }
.vqf .widget-html-content, .vqf .widget-html-content p { font: inherit; line-height: 1.5; color: inherit; }
.vqf .widget-html-content { white-space: normal; width: 100%; min-width: 0; }
.vqf h2 { font-size: 1.35rem; line-height: 1.3; margin: .2rem 0; color: inherit; }
.vqf h3 { font-size: 1.1rem; line-height: 1.4; margin: 1rem 0 .4rem; color: inherit; }
.vqf p { margin: .3rem 0; }
.vqf .widget-html-content .soft { color: var(--vq-soft); }
.vqf .widget-html-content .blank { color: var(--vq-bad); font-weight: 600; }
.vqf .code { font-size: 1.5rem; font-weight: 650; letter-spacing: .04em; }
.vqf .note, .vqf .wrong, .vqf .typed, .vqf .situation { background: var(--vq-card); border-left: .3rem solid
  var(--vq-line); border-radius: .3rem; padding: .6rem .9rem; margin: .5rem 0; }
.vqf .wrong { border-color: var(--vq-bad); }
.vqf .note { border-color: var(--vq-mark); }
.vqf .typed { white-space: pre-wrap; }
.vqf section h2 { font-size: 1.1rem; line-height: 1.4; margin-top: 1.2rem; }
.vqf a { color: var(--vq-mark); }
.vqf iframe { width: 100%; height: 70vh; border: 1px solid var(--vq-line); border-radius: .3rem; margin-top: .5rem; }
.vqf summary { cursor: pointer; font-weight: 600; }
.vqf .widget-textarea { flex-direction: column; align-items: stretch; height: auto; width: 100%;
  margin: .6rem 0 0; }
.vqf .widget-label { width: auto; max-width: 100%; height: auto; line-height: 1.4; white-space: normal;
  text-align: left; font-size: 1.1rem; font-weight: 600; margin: 0 0 .4rem; color: inherit; }
.vqf textarea { font: 18px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; padding: .6rem .8rem !important;
  border-radius: .3rem; width: 100%; min-height: 9rem; resize: vertical; }
.vqf ::placeholder { color: var(--vq-soft) !important; opacity: 1; }
.vqf .widget-radio { flex-direction: column; align-items: stretch; width: 100%; height: auto; margin: 0; }
.vqf .widget-radio-box { padding: 0; margin: 0 !important; width: 100%; } /* ipywidgets pads it to whole lines */
.vqf .widget-radio-box label { display: flex; flex-direction: row-reverse; justify-content: flex-end; gap: .8rem;
  height: auto; width: 100%; font-size: 18px; line-height: 1.45; white-space: normal; cursor: pointer;
  border: 1px solid var(--vq-line); border-radius: .4rem; padding: .7rem .8rem; margin: .25rem 0; }
.vqf .widget-radio-box label:has(input:checked) { border-color: var(--vq-mark); background: var(--vq-card); }
.vqf .widget-radio-box input { flex: none; float: none; width: 1.2rem; height: 1.2rem; margin: .2rem 0 0;
  accent-color: var(--vq-mark); }
.vqf .widget-checkbox { width: 100%; height: auto; margin: .3rem 0; }
.vqf .widget-checkbox label { font-size: 18px; white-space: normal; height: auto; line-height: 1.4; gap: .5rem;
  display: flex; align-items: center; width: auto; }
.vqf .widget-checkbox .widget-label { display: none; }
.vqf .widget-checkbox .widget-label-basic { display: flex; font-weight: 400; margin: 0; }
.vqf .widget-checkbox input { width: 1.2rem; height: 1.2rem; margin: 0; accent-color: var(--vq-mark); }
.vqf .widget-dropdown { flex-direction: column; align-items: stretch; width: 100%; height: auto; margin: .6rem 0 0; }
.vqf .widget-dropdown select { flex: none; font: inherit; height: auto; min-height: 2.8rem; width: 100%;
  max-width: 100%; padding: .3rem .6rem; border: 1px solid var(--vq-soft); border-radius: .3rem;
  background: var(--vq-page); color: var(--vq-ink); appearance: auto; text-overflow: ellipsis; }
.vqf .widget-text { flex-direction: column; align-items: stretch; width: 100%; height: auto; margin: .6rem 0 0; }
.vqf .widget-text input { flex: none; font: inherit; height: auto; min-height: 2.8rem; width: 100%;
  padding: .3rem .6rem; border: 1px solid var(--vq-soft); border-radius: .3rem; }
.vqf .vqf-row { display: flex; flex-wrap: wrap; gap: .6rem; margin: .8rem 0 .4rem; }
.vqf .jupyter-button { font-size: 18px; line-height: 1.3; width: auto; height: auto; min-height: 2.8rem; margin: 0;
  padding: .5rem 1.1rem; border-radius: .4rem; border: 1px solid var(--vq-soft); background: var(--vq-page);
  color: var(--vq-ink); white-space: normal; box-shadow: none; }
.vqf .jupyter-button.mod-primary { background: var(--vq-mark); border-color: var(--vq-mark); color: var(--vq-on-mark); }
.vqf .jupyter-button:disabled { opacity: .55; }
.vqf .vqf-connection[hidden] { display: none; }
.vqf .jupyter-widgets-disconnected::before { display: none; }
.vqf :is(textarea, input, select, .jupyter-button, summary, a):focus-visible {
  outline: 3px solid var(--vq-mark) !important; outline-offset: 2px; }
"""


def style(more: str = "") -> widgets.HTML:
    """The style sheet, for the form that it stands in (class ``vqf``), and what else that form has."""
    return widgets.HTML(f"<style>{CSS}{more}</style>", layout={"display": "none"})


def page(*children: widgets.Widget) -> widgets.VBox:
    """Things below one another."""
    return widgets.VBox(children)


def row(*children: widgets.Widget) -> widgets.HBox:
    """Buttons beside one another, or below where there is no room."""
    found = widgets.HBox(children)
    found.add_class("vqf-row")
    return found


def note(text: str) -> str:
    """Something to know, as HTML; ``""`` for no text. Screen readers say it when it comes up."""
    return f'<div class="note" role="status">{escape(text)}</div>' if text else ""


def alert(text: str) -> str:
    """Something that went wrong, as HTML; ``""`` for no text."""
    return f'<div class="wrong" role="alert">{escape(text)}</div>' if text else ""


def shorten(text: str, most: int = 70) -> str:
    """A text on one line of at most `most` characters, as plain text, for a menu or a label."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
