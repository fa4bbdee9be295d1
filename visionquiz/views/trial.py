"""A recall trial as a participant meets it, and what came of it; a ballot, and its result."""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape

import ipywidgets as widgets

from visionquiz.ballot import Ballot, Option, Result
from visionquiz.errors import VisionQuizError
from visionquiz.grading.guards import listed
from visionquiz.trials import Comparison, RecallTrial, WordRecall, check_text, people_needed
from visionquiz.trials.comparison import FEWEST, WORTH
from visionquiz.views._connection import Connection
from visionquiz.views._parts import alert, note, page, row, style

__all__ = ["BallotForm", "BallotResultView", "RecallTrialForm", "TrialResultView", "trial_html"]

CSS = """
.vqf .draft { font-size: 1.35rem; line-height: 1.45; background: var(--vq-card);
  border-left: .3rem solid var(--vq-mark); border-radius: .3rem; padding: .9rem 1rem; margin: .6rem 0;
  white-space: pre-wrap; }
.vqf .bar { display: block; height: .7rem; border: 1px solid var(--vq-line); border-radius: .35rem; overflow: hidden;
  background: var(--vq-page); margin: .1rem 0 .6rem; }
.vqf .bar > span { display: block; height: 100%; background: var(--vq-mark); }
.vqf .words { display: flex; flex-wrap: wrap; gap: .4rem; padding: 0; margin: .5rem 0; list-style: none; }
.vqf .words li { position: relative; border: 1px solid var(--vq-line); border-radius: .3rem; padding: .2rem .5rem .4rem;
  text-align: center; overflow: hidden;
  background: color-mix(in srgb, var(--vq-mark) calc(var(--heat) * 35%), var(--vq-page)); }
.vqf .words b { display: block; font-weight: 600; }
.vqf .words .small b { font-weight: 400; }
.vqf .words span { font-size: .9rem; font-variant-numeric: tabular-nums; }
.vqf .words i { position: absolute; left: 0; bottom: 0; height: .3rem; background: var(--vq-mark); }
.vqf .scroll { overflow-x: auto; }
.vqf table { border-collapse: collapse; font-size: 1rem; }
.vqf th, .vqf td { border: 1px solid var(--vq-line); padding: .35rem .6rem; text-align: left; font-size: 1rem;
  color: var(--vq-ink); background: var(--vq-page); font-variant-numeric: tabular-nums; }
.vqf .distract textarea { min-height: 4.2rem; }
.vqf .place { font-weight: 600; }
.vqf .widget-html-content .verdict { font-size: 1.2rem; font-weight: 600; }
"""

NOT_SAVED = "It was not saved: {why}. What you typed is still here. Please try again; if that does not help, copy it."
LIMITS = (
    "This says which wording is remembered better by people like those who took part. It cannot tell whether they "
    "understand it, agree with it or will act on it: the other tests ask for that. A wording that people have known "
    "for longer has a head start."
)


class RecallTrialForm(widgets.VBox):
    """Read the draft, answer two or three other questions, then write down what is remembered.

    It does no I/O: `read` is called once the draft has been read, so that nobody sees it a second time; `save` takes
    what was written, and raises where it cannot be kept. With `later` it begins at the blank recall, after a day or a
    week or where the draft was read before. ``step`` is where the person is: read, distract, recall or done.
    """

    def __init__(
        self,
        trial: RecallTrial,
        draft_id: str,
        *,
        save: Callable[[str], None],
        read: Callable[[], None] = lambda: None,
        later: bool = False,
        title: str = "How well does a statement stay in mind?",
    ) -> None:
        draft = trial.draft(draft_id)
        self._save, self._read = save, read
        self.shown, self.status, self.done = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.on = widgets.Button(description="I have read it", button_style="primary")
        self.tasks = tuple(widgets.Textarea(description=task, rows=2) for task in trial.distractions[:3])
        self.skip = widgets.Button(description="Go on", button_style="primary")
        self.text = widgets.Textarea(description="What did the statement say? Write what you remember.", rows=4)
        self.send = widgets.Button(description="Hand in", button_style="primary")
        self.connection = Connection()
        self._parts = {
            "read": page(self.shown, row(self.on)),
            "distract": page(
                widgets.HTML(
                    "<h3>Something else first</h3><p>These answers are not kept, and there is no right or wrong. "
                    "Take as long as you like.</p>"
                ),
                *self.tasks,
                row(self.skip),
            ),
            "recall": page(
                widgets.HTML(
                    "<h3>From memory</h3><p>Exact words are best, your own will do. Spelling does not count. If you "
                    "remember nothing, hand in the empty box: that helps too.</p>"
                ),
                self.text,
                self.status,
                row(self.send),
            ),
            "done": page(self.done),
        }
        head = [widgets.HTML(f"<h2>{escape(title)}</h2>")] if title else []
        super().__init__([style(CSS), *head, self.connection, *self._parts.values()])
        self.add_class("vqf")
        self._parts["distract"].add_class("distract")
        self.on.on_click(self._on_read)
        self.skip.on_click(self._on_skip)
        self.send.on_click(self._on_send)
        if draft is None:
            self.done.value = alert("There is no draft for you in this trial. Tell your trainer.")
            self._show("done")
        elif later:
            self._show("recall")
        else:
            self.shown.value = (
                "<p>This is a draft of how we want to serve people. Read it as often as you like; on the next page it "
                f'will be gone.</p><div class="draft">{escape(draft.text)}</div>'
            )
            self._show("read")

    def __repr__(self) -> str:
        return "Press Run to take part."

    def _show(self, step: str) -> None:
        self.step = step
        for name, part in self._parts.items():
            part.layout.display = None if name == step else "none"

    def _on_read(self, _: object) -> None:
        try:
            self._read()
        except (VisionQuizError, OSError) as error:
            self.shown.value += alert(f"It cannot go on yet: {_why(error)}. Please try again.")
            return
        # Not hidden but gone: whoever searches the page must not find it.
        self.shown.value = ""
        self._show("distract")
        (self.tasks[0] if self.tasks else self.skip).focus()

    def _on_skip(self, _: object) -> None:
        self._show("recall")
        self.text.focus()

    def _on_send(self, _: object) -> None:
        if self.step != "recall":
            return
        wrong = check_text(self.text.value)
        if wrong:
            self.status.value = alert(wrong)
            return
        try:
            self._save(self.text.value)
        except (VisionQuizError, OSError) as error:
            self.status.value = alert(NOT_SAVED.format(why=_why(error)))
            return
        for task in self.tasks:
            task.value = ""
        self.done.value = note(
            "Thank you. What you wrote has been kept. Please do not tell others what the draft said."
        )
        self._show("done")


class TrialResultView(widgets.VBox):
    """What came of a recall trial: verdict, drafts side by side, words that stayed, and what it takes to know more."""

    def __init__(
        self,
        trial: RecallTrial,
        comparisons: Sequence[Comparison],
        by_word: Mapping[str, Sequence[WordRecall]],
        *,
        when: str = "",
        least: int = FEWEST,
    ) -> None:
        self.page = widgets.HTML(trial_html(trial, comparisons, by_word, when=when, least=least))
        super().__init__([style(CSS), self.page])
        self.add_class("vqf")


def trial_html(
    trial: RecallTrial,
    comparisons: Sequence[Comparison],
    by_word: Mapping[str, Sequence[WordRecall]],
    *,
    when: str = "",
    least: int = FEWEST,
) -> str:
    """The result as HTML that loads and runs nothing; `when` says which recall it is, e.g. "after a week".

    With `least`, drafts without scores may be those that fewer people have recalled, of which nothing is shown.
    """
    names = {draft.id: f"Draft {_letter(number)}" for number, draft in enumerate(trial.drafts)}
    summaries = {one.draft: one for pair in comparisons for one in (pair.better, pair.other)}
    parts = [f"<h2>What people remember{' ' + escape(when) if when else ''}</h2>"]
    parts += [
        f'<p class="verdict">{escape(_verdict(pair, names, least))}</p>{detail_html(pair, names)}'
        for pair in comparisons
    ]
    for draft in trial.drafts:
        one = summaries.get(draft.id)
        parts.append(f'<h3>{names[draft.id]}</h3><div class="draft">{escape(draft.text)}</div>')
        if one is None or not one.n:
            few = f"Fewer than {least} people have recalled it, so nothing is shown yet."
            parts.append(f"<p>{few if least > FEWEST else 'Nobody has recalled it yet.'}</p>")
            continue
        people = "1 person" if one.n == 1 else f"{one.n} people"
        parts.append(f"<p>{people}, who remember {one.mean:.0%} of its main words on average.</p>{_bar(one.mean)}")
        parts.append(_words(by_word.get(draft.id, ())))
    if comparisons:
        parts.append(needed_html(comparisons[0]))
    parts.append(f"<h3>What this cannot tell</h3><p>{LIMITS}</p>")
    return "".join(parts)


def _verdict(pair: Comparison, names: Mapping[str, str], least: int) -> str:
    better, other = names.get(pair.better.draft, pair.better.draft), names.get(pair.other.draft, pair.other.draft)
    if not pair.enough:
        return f"{better} and {other}: too few people to say. It takes {least} or more for each draft."
    if pair.differs:
        return f"People remember {better} better than {other}."
    return f"{better} and {other}: no difference yet."


def detail_html(pair: Comparison, names: Mapping[str, str]) -> str:
    """How far the better one is ahead, and how sure that is; nothing where there are too few people to say."""
    if not pair.enough:
        return ""
    better = names.get(pair.better.draft, pair.better.draft)
    low, high = pair.interval
    if high <= low:
        # Chance is judged by how far scores lie apart; where they do not, it cannot be.
        return "<p>Everybody reached the same here, so nothing can be said about what chance does. Ask more people.</p>"
    text = f"{escape(better)} is ahead by {_points(pair.difference)}. "
    if pair.differs:
        return f"<p>{text}The true lead lies between {round(100 * low)} and {_points(high)} (95% interval).</p>"
    if not round(100 * pair.difference):
        return (
            f"<p>They are level. The true difference lies between {_points(-low)} for the other draft and "
            f"{_points(high)} for {escape(better)} (95% interval).</p>"
        )
    return (
        f"<p>{text}Chance alone can do that: the true difference lies between {_points(-low)} for the other draft and "
        f"{_points(high)} for this one (95% interval).</p>"
    )


def _points(share: float) -> str:
    count = round(100 * share)
    return f"{count} percentage point{'' if count == 1 else 's'}"


def needed_html(pair: Comparison, each: str = "each draft") -> str:
    """How many people it takes to know more, given how much these answers differ."""
    spreads = [one.spread for one in (pair.better, pair.other) if not math.isnan(one.spread)]
    spread = max(math.sqrt(sum(one**2 for one in spreads) / len(spreads)) if spreads else 0.3, 0.15)
    rows = "".join(
        f'<tr><th scope="row">{share:.0%}</th><td>{people_needed(share, spread, drafts=pair.drafts)}</td></tr>'
        for share in (0.1, 0.2, 0.3)
    )
    have = min(pair.better.n, pair.other.n)
    short = pair.needed - have
    more = (
        f"That is {short} more for {each} than now."
        if short > 0
        else "There are as many now, so a difference of that size would probably have shown."
    )
    return (
        f"<h3>How many people it takes</h3><p>To see a difference of {WORTH:.0%} four times in five, at answers that "
        f"differ as much as these, {each} needs {pair.needed} people. {more}</p>"
        f'<table><thead><tr><th scope="col">Difference</th><th scope="col">People for {each}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _words(found: Sequence[WordRecall]) -> str:
    if not found:
        return ""
    items = "".join(
        f'<li{"" if word.weighty else " class=small"} style="--heat:{word.share:.2f}" title="{word.hits} of {word.n} '
        f'people; 95% interval {word.interval[0]:.0%} to {word.interval[1]:.0%}"><b>{escape(word.text)}</b>'
        f'<span>{word.share:.0%}</span><i style="width:{word.share:.0%}"></i></li>'
        for word in found
    )
    low = min((word for word in found if word.weighty), key=lambda word: word.share, default=found[0])
    return (
        f'<ul class="words" aria-label="Share of people who remember each word">{items}</ul>'
        '<p class="soft">Each word with the share of people who remember it, as it is or by a word near in meaning. '
        "The stronger the colour, the more people. "
        f"Words in light print are small and do not count for the score. Least remembered: {escape(low.text)}, by "
        f"{low.hits} of {low.n}; with so few people the true share may be anywhere from {low.interval[0]:.0%} to "
        f"{low.interval[1]:.0%}.</p>"
    )


class BallotForm(widgets.VBox):
    """Choose by ticking every draft that one could live with, or by putting drafts in order with Up and Down.

    `cast` takes the option ids (see `ballot.cast_vote`) and raises where the vote is not taken. ``choice`` is what
    would be cast now. The drafts come in the order of `order` (option ids), so that each person may get another.
    """

    def __init__(
        self,
        ballot: Ballot,
        *,
        cast: Callable[[tuple[str, ...]], None],
        order: Sequence[str] = (),
        voted: bool = False,
    ) -> None:
        self.ballot, self._cast = ballot, cast
        known = {option.id: option for option in ballot.options}
        self._order = [one for one in dict.fromkeys(order) if one in known]
        self._order += [one for one in known if one not in self._order]
        self.boxes = {
            one: widgets.Checkbox(description=known[one].text, indent=False, layout={"width": "100%"}) for one in known
        }
        self.ups = {one: widgets.Button(description="Up") for one in known}
        self.downs = {one: widgets.Button(description="Down") for one in known}
        self._texts = {one: widgets.HTML() for one in known}
        self._rows = {one: page(self._texts[one], row(self.ups[one], self.downs[one])) for one in known}
        self.list = page()
        self.status = widgets.HTML()
        self.vote = widgets.Button(description="Cast my vote", button_style="primary")
        self.blank = widgets.Button(description="Vote for none of them")
        self.connection = Connection()
        how = (
            "Tick every draft that you could live with."
            if ballot.method == "approval"
            else "Put the drafts in order, the best first, with Up and Down."
        )
        head = widgets.HTML(
            f"<h2>{escape(ballot.question)}</h2><p>{how} The vote is secret and counts once; nobody can change it "
            "later, nor can you.</p>"
        )
        self._buttons = row(self.vote, self.blank)
        super().__init__([style(CSS), head, self.connection, self.list, self.status, self._buttons])
        self.add_class("vqf")
        for one in known:
            self.ups[one].on_click(lambda _, one=one: self._move(one, -1))
            self.downs[one].on_click(lambda _, one=one: self._move(one, 1))
        self.vote.on_click(lambda _: self._on_vote(self.choice))
        self.blank.on_click(lambda _: self._on_vote(()))
        self._draw()
        if voted:
            self._close("You have voted already. Your vote counts; there is nothing more to do.")

    def __repr__(self) -> str:
        return "Press Run to vote."

    @property
    def choice(self) -> tuple[str, ...]:
        """Option ids, in the order that they would be cast."""
        if self.ballot.method == "ranked":
            return tuple(self._order)
        return tuple(option.id for option in self.ballot.options if self.boxes[option.id].value)

    def _move(self, one: str, by: int) -> None:
        at = self._order.index(one)
        to = at + by
        if not 0 <= to < len(self._order):
            return
        self._order[at], self._order[to] = self._order[to], self._order[at]
        self._draw()
        self.status.value = f'<p class="soft" role="status">Now in place {to + 1} of {len(self._order)}.</p>'
        # The row has moved, and the keyboard goes with it.
        button = (self.ups if by < 0 else self.downs)[one]
        (button if not button.disabled else (self.downs if by < 0 else self.ups)[one]).focus()

    def _draw(self) -> None:
        if self.ballot.method == "approval":
            self.list.children = [self.boxes[one] for one in self._order]
            return
        texts = {option.id: option.text for option in self.ballot.options}
        for place, one in enumerate(self._order):
            self._texts[one].value = f'<p><span class="place">{place + 1}.</span> {escape(texts[one])}</p>'
            for button, word in ((self.ups[one], "Up"), (self.downs[one], "Down")):
                button.tooltip = f"{word}: {texts[one][:60]}"
            self.ups[one].disabled = place == 0
            self.downs[one].disabled = place == len(self._order) - 1
        self.list.children = [self._rows[one] for one in self._order]

    def _on_vote(self, choice: tuple[str, ...]) -> None:
        if self.vote.disabled:
            return
        if not choice and self.ballot.method == "approval" and any(box.value for box in self.boxes.values()):
            self.status.value = alert("You have ticked a draft. Untick it to vote for none, or cast your vote.")
            return
        self.vote.disabled = self.blank.disabled = True
        try:
            self._cast(choice)
        except (VisionQuizError, OSError) as error:
            self.status.value = alert(_why(error))
            self.vote.disabled = self.blank.disabled = False
            return
        self._close("Your vote was taken. Thank you.")

    def _close(self, words: str) -> None:
        self.vote.disabled = self.blank.disabled = True
        # What was chosen does not stay on the screen.
        self.list.children = ()
        self.list.layout.display = self._buttons.layout.display = "none"
        self.status.value = note(words)


class BallotResultView(widgets.VBox):
    """The result of a ballot with the evidence about each draft beside it: plain lines by option id."""

    def __init__(self, ballot: Ballot, result: Result, evidence: Mapping[str, Sequence[str]] | None = None) -> None:
        self.page = widgets.HTML(ballot_html(ballot, result, evidence or {}))
        super().__init__([style(CSS), self.page])
        self.add_class("vqf")


def ballot_html(ballot: Ballot, result: Result, evidence: Mapping[str, Sequence[str]]) -> str:
    """The result as HTML that loads and runs nothing."""
    names = option_names(ballot)
    winners = [names[one] for one in result.winners]
    outcome = {
        "open": "The vote is still open. The result is shown when it is closed.",
        "no-quorum": "Too few people voted, so there is no result.",
        "blank": "Nobody chose a draft, so there is no result.",
        "tie": f"A tie between {listed(winners)}. The vote does not decide between them.",
        "decided": f"{listed(winners)} is chosen.",
    }[result.state]
    parts = [
        f'<h2>{escape(ballot.question)}</h2><p class="verdict">{outcome}</p>'
        f"<p>{result.voted} of {len(ballot.voters)} people voted; a result takes {result.needed}.</p>"
    ]
    if result.state in ("decided", "tie") and result.approvals is None and result.pairs is None:
        parts.append('<p class="soft">Fewer than five people voted, so no counts are shown.</p>')
    if result.blank:
        parts.append(f"<p>Votes for none of them: {result.blank}.</p>")
    order = [one for rank in result.ranks for one in rank] or list(names)
    texts: dict[str, Option] = {option.id: option for option in ballot.options}
    for one in order:
        parts.append(f'<h3>{names[one]}</h3><div class="draft">{escape(texts[one].text)}</div>')
        if result.approvals is not None:
            votes = result.approvals[one]
            parts.append(f"<p>Approved by {votes} of {result.voted}.</p>{_bar(votes / max(1, result.voted))}")
        lines = "".join(f"<li>{escape(line)}</li>" for line in evidence.get(one, ()))
        parts.append(f"<ul>{lines}</ul>" if lines else "")
    if result.pairs is not None:
        parts.append(_pairs(list(names), names, result))
    return "".join(parts)


def option_names(ballot: Ballot) -> dict[str, str]:
    """What a ballot calls its drafts: Draft A, Draft B, in their order."""
    return {option.id: f"Draft {_letter(number)}" for number, option in enumerate(ballot.options)}


def _pairs(ids: Sequence[str], names: Mapping[str, str], result: Result) -> str:
    pairs = result.pairs or {}
    head = "".join(f'<th scope="col">{names[one]}</th>' for one in ids)
    rows = "".join(
        f'<tr><th scope="row">{names[one]}</th>'
        + "".join(f"<td>{'' if one == other else pairs[one, other]}</td>" for other in ids)
        + "</tr>"
        for one in ids
    )
    ranks = "; ".join(
        listed([names[one] for one in rank]) + (" equal" if len(rank) > 1 else "") for rank in result.ranks
    )
    return (
        f"<h3>Draft against draft</h3><p>From best to last: {ranks}. The table says how many people rank the draft at "
        "the left above the one at the top.</p>"
        f'<div class="scroll"><table><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
        '<p class="soft">Counted by the Schulze method: a draft that wins against each other one is chosen, and a '
        "second draft much like it takes nothing away from it.</p>"
    )


def _letter(number: int) -> str:
    return chr(ord("A") + number)


def _bar(share: float) -> str:
    return f'<span class="bar" aria-hidden="true"><span style="width:{min(1.0, max(0.0, share)):.0%}"></span></span>'


def _why(error: VisionQuizError | OSError) -> str:
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)
