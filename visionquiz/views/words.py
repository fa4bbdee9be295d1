"""A recall word by word: what of the statement was recalled, paraphrased, changed or missing, and what was added.

Nothing is said by colour alone: each kind has a line of its own shape, the legend names it, and sentences say it all.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from visionquiz.grading import Evidence, Judgement
from visionquiz.text import READ_LIMIT, words

__all__ = ["CSS", "words_html"]

CSS = """
.vqf .vqw { margin: .6rem 0; }
.vqf .vqw .line { font-size: 1.2rem; line-height: 2.1; margin: .2rem 0; }
.vqf .vqw .line span, .vqf .vqw .sample { text-underline-offset: .28em; padding: 0 .1em; }
.vqf .vqw .recalled { text-decoration: underline solid .12em var(--vq-mark); }
.vqf .vqw .paraphrased { text-decoration: underline dotted .18em var(--vq-mark); }
.vqf .vqw .changed { text-decoration: underline wavy .12em var(--vq-bad); }
.vqf .vqw .missing { border: 2px dashed var(--vq-bad); border-radius: .3em; padding: .05em .3em !important; }
.vqf .vqw .intrusion { text-decoration: line-through solid .12em var(--vq-bad); }
.vqf .vqw ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .3rem 0; padding: 0;
  font-size: .95rem; }
.vqf .vqw li { font: inherit; color: inherit; line-height: 1.9; margin: 0; }
.vqf .vqw .typed { margin: .3rem 0; }
.vqf .vqw .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
"""
"""What the word-by-word view needs beyond every form (class ``vqf``)."""

_KINDS = {
    "recalled": "as it stands",
    "paraphrased": "in other words",
    "changed": "changed",
    "missing": "missing",
    "intrusion": "not in the vision",
}
"""How each verdict of `grading.recall.judge_words` is told, in the order of the legend."""


def words_html(statement: str, judgements: Sequence[Judgement], typed: str = "") -> str:
    """The statement with what became of each of its words, as HTML for a form that has `CSS`.

    `judgements` are those of a grade for kind ``state``: one per word of the statement, then the intrusions; none where
    nothing was answered, and then every word is missing. `typed` is the answer that they speak of; it is shown with
    its added words struck through, and what stands in a word's place is told.

    Raises `ValueError` where the judgements are of another statement.
    """
    found = words(statement)
    verdicts = [one for one in judgements if one.verdict != "intrusion"]
    added = [one for one in judgements if one.verdict == "intrusion"]
    if verdicts and [one.part for one in verdicts] != [word.plain for word in found]:
        raise ValueError("these judgements are of another statement")
    kinds = [one.verdict if one.verdict in _KINDS else "missing" for one in verdicts] or ["missing"] * len(found)
    places = [(word.start, word.end, kind) for word, kind in zip(found, kinds, strict=True)]
    told = "".join(f"<p>{escape(sentence)}</p>" for sentence in _sentences(statement, places, verdicts, added, typed))
    seen = [kind for kind in _KINDS if kind in kinds or (kind == "intrusion" and added)]
    legend = "".join(f'<li><span class="sample {kind}">word</span> {_KINDS[kind]}</li>' for kind in seen)
    parts = [
        f'<p class="unseen">The vision: {escape(_visible(statement))}</p>',
        # Said as sentences; word by word it would only be the statement once more.
        f'<p class="line" dir="auto" aria-hidden="true">{_marked(statement, places)}</p>',
        f'<ul aria-hidden="true">{legend}</ul>' if legend else "",
        told,
    ]
    if typed.strip():
        spans = [(span.start, span.end, "intrusion") for one in added for span in one.evidence]
        shown = _marked(typed[:READ_LIMIT], [span for span in sorted(spans) if span[1] <= READ_LIMIT])
        parts.append(f'<p>You wrote:</p><div class="typed" dir="auto">{shown}</div>')
    return f'<div class="vqw">{"".join(parts)}</div>'


def _sentences(
    statement: str,
    places: Sequence[tuple[int, int, str]],
    verdicts: Sequence[Judgement],
    added: Sequence[Judgement],
    typed: str,
) -> Iterator[str]:
    counts = Counter(kind for _, _, kind in places)
    of = len(places)
    rest = [f"{counts[kind]} {_KINDS[kind]}" for kind in ("paraphrased", "changed", "missing") if counts[kind]]
    if of and counts["recalled"] == of:
        yield f"All {of} words are as they stand." if of > 1 else "The one word is as it stands."
    elif of:
        kept = f"{counts['recalled']} as {'it stands' if counts['recalled'] == 1 else 'they stand'}"
        yield f"Of {of} words, {', '.join([kept, *rest])}."
    for kind in ("missing", "changed", "paraphrased"):
        named = [
            _name_word(statement[start:end], verdicts[at].evidence if verdicts else (), kind, typed)
            for at, (start, end, one) in enumerate(places)
            if one == kind
        ]
        if named and (kind != "missing" or len(named) < of):
            yield f"{_KINDS[kind].capitalize()}: {', '.join(named)}."
    # What stands in a changed word's place has been named with it.
    named_before = {span.start for one in verdicts if one.verdict == "changed" for span in one.evidence}
    extra = [one.part for one in added if not {span.start for span in one.evidence} & named_before]
    if extra:
        yield f"Not in the vision: {', '.join(f'“{_visible(part)}”' for part in extra)}."


def _name_word(word: str, evidence: Sequence[Evidence], kind: str, typed: str) -> str:
    stands = typed[evidence[0].start : evidence[0].end] if evidence else ""
    said = f" (you wrote “{_visible(stands)}”)" if stands and kind != "missing" else ""
    return f"“{_visible(word)}”{said}"


def _marked(text: str, places: Sequence[tuple[int, int, str]]) -> str:
    parts, end = [], 0
    for start, stop, kind in places:
        if start < end:
            continue
        parts.append(escape(_visible(text[end:start])))
        parts.append(f'<span class="{kind}">{escape(_visible(text[start:stop]))}</span>')
        end = stop
    parts.append(escape(_visible(text[end:])))
    return "".join(parts)


def _visible(text: str) -> str:
    """The text without what a browser cannot show or would turn round: control characters and half a pair."""
    kept = text.encode("utf-8", "replace").decode()
    return "".join(
        " " if unicodedata.category(char) in ("Cc", "Cf") and char not in "\n\u200d" else char for char in kept
    )
