"""What the card says, one function for each kind of remark: the words, the reason, who says so, what to try."""

from collections.abc import Iterable, Iterator, Sequence

from visionquiz.statement import sources
from visionquiz.statement.card import Finding, Kind, Side, Source, Span
from visionquiz.statement.lexicon import syllables
from visionquiz.statement.measures import count_syllables, rare_words, reading_ease, show_grade
from visionquiz.statement.wording import (
    Draft,
    find_audiences,
    find_customers,
    find_gain,
    find_generic,
    find_inner,
    find_jargon,
    find_limits,
    find_rank,
    find_results,
    find_seen,
    find_self,
    find_stretch,
    find_wide,
)
from visionquiz.text import Reference, content, words
from visionquiz.vision import Vision

__all__ = ["ask_people", "make_remarks"]

VERY_SHORT = 3
"""Words up to which a statement can hardly say what to do."""

COMFORTABLE = 15
"""Words: three of four published service statements have no more (`published.csv`)."""

LONG = 22
"""Words: nine of ten published service statements have no more."""

RARE = 4.0
"""Zipf frequency below which a word is pointed at: used less than ten times in a million words."""

SAMPLE = 100
"""Words that the formula for reading ease was made for."""

MOST_RARE = 3
"""Rare words that are pointed at."""


def make_remarks(draft: Draft, vision: Vision | None) -> Iterator[Finding]:
    """All remarks on the words of a draft that has some, in the order of the card."""
    yield _length(draft)
    yield from _rank(draft)
    yield from _focus(draft)
    yield from _gain(draft)
    yield from _audience(draft)
    yield from _result(draft)
    yield from _verbs(draft)
    yield from _generic(draft)
    yield from _jargon(draft)
    yield _limits(draft)
    yield _rare(draft, vision.company if vision else "")
    yield _ease(draft)
    if vision:
        yield _meaning(draft, vision)
        if vision.values:
            yield _values(draft, vision)


def ask_people(draft: Draft | None) -> Iterator[Finding]:
    """What no count of words can tell, with a way to find out; the words that promise most, where there is a draft."""
    yield Finding(
        kind="understood",
        side="ask",
        remark="Do people understand the same by it?",
        reason="In one credit union 95% of the staff could recite the vision, and no two agreed what it meant.",
        source=(sources.HYKEN,),
        try_this="Ask five colleagues from different jobs, one by one, what it means in their own words. Compare.",
    )
    yield Finding(
        kind="true",
        side="ask",
        spans=find_stretch(draft) if draft else (),
        remark="Is it true today, and still something to grow into?",
        reason="A vision should fit what customers meet on your best days. A promise that often fails does harm; words "
        "such as always and every promise the most.",
        source=(sources.TOISTER, sources.NLIGHTEN),
        try_this="Take a recent service failure. Would living by this draft have led to a better end? Then take a day "
        "that went well: does the draft describe it?",
    )
    yield Finding(
        kind="motivating",
        side="ask",
        remark="Does it make people want to work like that?",
        reason="Kind words are no sign of it: weak statements use them too.",
        source=(sources.DIJULIUS,),
        try_this="Read it aloud to people who serve customers. Ask: is that who we want to be? Listen for how they say "
        "it back.",
    )
    yield Finding(
        kind="remembered",
        side="ask",
        remark="Will people remember it?",
        reason="Short helps. The only direct test is to ask again later.",
        source=(sources.DIJULIUS,),
        try_this="Show the draft once. Ask for it the next day, with nothing to look at.",
    )


def _length(draft: Draft) -> Finding:
    count = len(draft.words)
    shown = _count(count, "word") + (f" in {draft.sentences} sentences" if draft.sentences > 1 else "")
    reason = (
        "Everyone should be able to say it by heart. Three of four published service statements have "
        f"{COMFORTABLE} words or fewer, nine of ten {LONG} or fewer."
    )
    side: Side
    if count <= VERY_SHORT:
        side, remark = "fact", f"Very short: {shown}."
        reason = (
            "Short is easy to recite, but short is not enough: some of the published statements of two or three words "
            "name no customer and nothing to do."
        )
        try_this = "Ask somebody new what they would do differently after reading it."
    elif count <= COMFORTABLE:
        side, remark = "strength", f"Short enough to learn by heart: {shown}."
        try_this = "Read it once, do something else for ten minutes, then write it down."
    else:
        side = "look" if count > LONG else "fact"
        remark = f"{'Long' if count > LONG else 'Rather long'} to learn by heart: {shown}."
        try_this = "Strike words until it hurts. What you strike can go into the explanation of what it means."
    return Finding(
        kind="length",
        side=side,
        measures=("words",),
        remark=remark,
        reason=reason,
        source=(sources.DIJULIUS, sources.PUBLISHED),
        try_this=try_this,
    )


def _rank(draft: Draft) -> Iterator[Finding]:
    spans = find_rank(draft)
    if spans:
        yield Finding(
            kind="rank",
            side="look",
            spans=spans,
            measures=("rank",),
            remark=f"A claim of rank: {_quoted(draft, spans)}.",
            reason="It speaks of where the company stands among others. Nobody at the counter can act on that, and "
            "customers judge it, not you. A promise may still use such a word well.",
            source=(sources.TOISTER_GENERIC,),
            try_this="Say what a customer would notice that makes it so, and write that instead.",
        )


def _focus(draft: Draft) -> Iterator[Finding]:
    spans = find_customers(draft)
    reason = "A customer service vision is about those who are served. We or I as the ones who act is no fault."
    if spans:
        yield Finding(
            kind="focus",
            side="strength",
            spans=spans,
            measures=("customers",),
            remark=f"It names those who are served: {_quoted(draft, spans)}.",
            reason=reason,
            source=(sources.TOISTER,),
            try_this="Check that everyone whom you serve is meant, inside the company as well.",
        )
    else:
        yield Finding(
            kind="focus",
            side="fact" if find_results(draft) else "look",
            measures=("customers",),
            remark="No word was found for those who are served.",
            reason=f"{reason} Good statements without such a word exist, if it is plain all the same who is meant.",
            source=(sources.TOISTER,),
            try_this="Put your word for customers in, and see whether the sentence changes its meaning.",
        )


def _gain(draft: Draft) -> Iterator[Finding]:
    spans = tuple(sorted({*find_gain(draft), *find_self(draft)}))
    if spans:
        yield Finding(
            kind="gain",
            side="look",
            spans=spans,
            measures=("gain",),
            remark=f"Here the company itself comes first: {_quoted(draft, spans)}.",
            reason="Gain and standing may follow from good service. As part of the vision they draw the eye away from "
            "the customer.",
            source=(sources.TOISTER,),
            try_this="Strike that part. If something is missing now, it may belong in a company goal.",
        )


def _audience(draft: Draft) -> Iterator[Finding]:
    others = find_audiences(draft)
    if others:
        yield Finding(
            kind="audience",
            side="look",
            spans=others,
            remark=f"It is also about people other than customers: {_quoted(draft, others)}.",
            reason="A statement for several groups at once says little to each, and gets long.",
            source=(sources.TOISTER,),
            try_this="Keep what is for customers. Make a promise to staff or owners a statement of its own.",
        )


def _result(draft: Draft) -> Iterator[Finding]:
    spans = find_results(draft)
    if spans:
        yield Finding(
            kind="result",
            side="strength",
            spans=spans,
            measures=("result",),
            remark=f"What the customer gets seems to be here: {_quoted(draft, spans)}.",
            reason="Good statements say what is different for the customer afterwards.",
            source=(sources.TOISTER,),
            try_this="Ask a customer whether that is what they come for.",
        )
    else:
        yield Finding(
            kind="result",
            side="look",
            measures=("result",),
            remark="Nothing was found that says what the customer ends up with.",
            reason="Good statements say what is different for the customer afterwards. The card looks for "
            "patterns such as help people do, leave everyone clear, so they can; it may have missed yours.",
            source=(sources.TOISTER,),
            try_this="Finish this sentence, then see whether the draft says it: After every contact, our customer ...",
        )


def _verbs(draft: Draft) -> Iterator[Finding]:
    seen, inner = find_seen(draft), find_inner(draft)
    taken = {*seen, *inner, *find_generic(draft), *(span for span, _ in find_jargon(draft))}
    wide = tuple(span for span in find_wide(draft) if span not in taken)
    reason = "Whoever watches a call or reads an email should be able to say yes or no: was the vision lived?"
    if seen:
        yield Finding(
            kind="verbs",
            side="strength",
            spans=seen,
            measures=("seen",),
            remark=f"One can watch somebody do this: {_quoted(draft, seen)}.",
            reason=reason,
            source=(sources.YES_NO, sources.MAGER),
            try_this="Name one example from last week for each of these words.",
        )
    if inner:
        yield Finding(
            kind="verbs",
            side="look",
            spans=inner,
            remark=f"This is about wanting, not doing: {_quoted(draft, inner)}.",
            reason=f"{reason} Nobody can watch an effort or a commitment.",
            source=(sources.YES_NO, sources.MAGER),
            try_this="Strike these words and begin with what you do.",
        )
    if wide:
        yield Finding(
            kind="verbs",
            side="fact",
            spans=wide,
            remark=f"This can be done in many ways: {_quoted(draft, wide)}.",
            reason="That is no fault by itself. In one study of growing firms abstract visions were among the better "
            "ones; in another, of hospitals, pictures and actions did better. It is not settled.",
            source=(sources.BAUM, sources.CARTON),
            try_this="Ask: what would I see somebody do? Put the answers into the explanation of what it means.",
        )
    if not (seen or inner or wide):
        yield Finding(
            kind="verbs",
            side="look",
            measures=("seen",),
            remark="No verb was found that says what people do.",
            reason=f"{reason} The list of verbs is short; yours may be missing.",
            source=(sources.YES_NO, sources.MAGER),
            try_this="Say it with a verb: what do we do for a customer?",
        )


def _generic(draft: Draft) -> Iterator[Finding]:
    spans = find_generic(draft)
    if spans:
        yield Finding(
            kind="generic",
            side="look",
            spans=spans,
            measures=("generic",),
            remark=f"Any company could say this: {_quoted(draft, spans)}.",
            reason="Such words sound good and show nobody what to do. They work where a list of what they mean comes "
            "with them.",
            source=(sources.TOISTER_GENERIC,),
            try_this="Put a rival's name on the draft. If it still fits, say what is true of you alone.",
        )


def _jargon(draft: Draft) -> Iterator[Finding]:
    found = find_jargon(draft)
    if found:
        spans = tuple(span for span, _ in found)
        plain = dict.fromkeys(f"{_word(draft, span)}: {instead}" for span, instead in found)
        yield Finding(
            kind="jargon",
            side="look",
            spans=spans,
            measures=("jargon",),
            remark=f"Words of the trade: {_quoted(draft, spans)}.",
            reason="People who did not write them have to guess. A word that all of your people and customers use is "
            "fine.",
            source=(sources.GOV_UK,),
            try_this=f"Say it to a customer at the counter. Perhaps: {'; '.join(plain)}.",
        )


def _limits(draft: Draft) -> Finding:
    spans = find_limits(draft)
    reason = "A good vision constrains choices: it also says what you do not do, or what comes second."
    if spans:
        return Finding(
            kind="limits",
            side="strength",
            spans=spans,
            measures=("limits",),
            remark=f"It draws a line or names a moment: {_quoted(draft, spans)}.",
            reason=reason,
            source=(sources.ACXPA,),
            try_this="Name a thing that people do today and that this rules out.",
        )
    return Finding(
        kind="limits",
        side="fact",
        measures=("limits",),
        remark="No word rules anything out. The sense may do so all the same.",
        reason=reason,
        source=(sources.ACXPA,),
        try_this="Two good things cannot both be done today. Which of them does the draft choose? If neither, decide.",
    )


def _rare(draft: Draft, company: str) -> Finding:
    rare = [(word, value) for word, value in rare_words(draft, company) if value < RARE][:MOST_RARE]
    spans = tuple(sorted((word.start, word.end) for word, _ in rare))
    if not rare:
        return Finding(
            kind="rare",
            side="fact",
            measures=("rarest",),
            remark="All words are common ones.",
            reason="Each is used ten times in a million words of English or more.",
            source=(sources.WORDFREQ,),
            try_this="Common words can still mean different things: ask what each means here.",
        )
    return Finding(
        kind="rare",
        side="fact",
        spans=spans,
        measures=("rarest",),
        remark=f"The rarest {'word' if len(spans) == 1 else 'words'}: {_quoted(draft, spans)}. "
        f"{'Is it' if len(spans) == 1 else 'Are they'} known to your people?",
        reason="Used less than ten times in a million words of English, counted on the web, in books and subtitles. "
        "That is not the English of your work. An unusual word can also be what makes a line stick.",
        source=(sources.WORDFREQ, sources.DANESCU),
        try_this="Ask three new colleagues, and one who learnt English later, what it means.",
    )


def _ease(draft: Draft) -> Finding:
    ease, count = reading_ease(draft), count_syllables(draft)
    longest = max(draft.words, key=lambda word: (syllables(word.plain), len(word.plain)))
    others = tuple(word for word in draft.words if word is not longest)
    without = ""
    if 3 <= len(others) < SAMPLE:
        changed = Draft(text=draft.text, words=others, breaks=frozenset({0}), sentences=draft.sentences)
        span = longest.start, longest.end
        without = f" Without {_quoted(draft, [span])} the ease would be {reading_ease(changed):.0f}."
    return Finding(
        kind="ease",
        side="fact",
        measures=("ease", "grade"),
        remark=f"Reading ease {ease:.0f}, school grade {show_grade(draft)}: "
        f"{_count(count, 'syllable')} in {_count(len(draft.words), 'word')}.{without}",
        reason="60 to 70 is plain English, below 30 is hard. The formula was made for samples of 100 words, so for one "
        "sentence it says little: a single word can move it far.",
        source=(sources.FLESCH,),
        try_this="Read it aloud. Where you stumble, others will.",
    )


def _meaning(draft: Draft, vision: Vision) -> Finding:
    named = [(point.text, " ".join((point.text, *point.phrasings))) for point in vision.meaning]
    return _touched(
        draft,
        named,
        kind="meaning",
        what="meaning points",
        source=sources.TOISTER_WRITE,
        try_this="Explain each word of the draft by a point, and each point by a word of the draft. What is left over?",
    )


def _values(draft: Draft, vision: Vision) -> Finding:
    named = [(value.name, f"{value.name} {value.means}") for value in vision.values]
    return _touched(
        draft,
        named,
        kind="values",
        what="values",
        source=sources.DIJULIUS,
        try_this="Take each value in turn: could somebody live the draft and still break it?",
    )


def _touched(
    draft: Draft, named: Sequence[tuple[str, str]], *, kind: Kind, what: str, source: Source, try_this: str
) -> Finding:
    """Which of several texts share words with the draft, or words near in meaning."""
    bags = tuple({word.stem: 1.0 for word in content(words(text))} for _, text in named)
    reference = Reference(bags=bags)
    hits: dict[int, list[str]] = {}
    spans = []
    people = set(find_customers(draft))  # every meaning point speaks of people
    for word in content(draft.words):
        if (word.start, word.end) in people:
            continue
        found = [place for place, worth in enumerate(reference.support([word.stem])) if worth]
        if found:
            spans.append((word.start, word.end))
        for place in found:
            hits.setdefault(place, []).append(draft.text[word.start : word.end])
    touched = [f"{_cut(named[place][0])} ({', '.join(dict.fromkeys(hits[place]))})" for place in sorted(hits)]
    missing = [_cut(name) for place, (name, _) in enumerate(named) if place not in hits]
    said = f"It touches {len(touched)} of your {len(named)} {what}"
    return Finding(
        kind=kind,
        side="fact",
        spans=tuple(spans),
        remark=". ".join(
            part
            for part in (
                f"{said}: {'; '.join(touched)}" if touched else said,
                f"No word of these: {'; '.join(missing)}" if missing else "",
            )
            if part
        )
        + ".",
        reason="Only words are compared, and words near in meaning. A draft can share every word and mean something "
        "else, or share none and fit.",
        source=(source,),
        try_this=try_this,
    )


def _word(draft: Draft, span: Span) -> str:
    return " ".join(draft.text[slice(*span)].split())


def _quoted(draft: Draft, spans: Iterable[Span]) -> str:
    """The words at these places, each once, as they are said in a sentence."""
    shown = list(dict.fromkeys(f"“{_cut(_word(draft, span))}”" for span in spans))
    more = f" and {len(shown) - 6} more" if len(shown) > 6 else ""
    return ", ".join(shown[:6]) + more


def _cut(text: str, most: int = 90) -> str:
    text = text.rstrip(". ")
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " ..."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
