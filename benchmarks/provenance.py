"""How long it takes to trace a statement's words: `python -m benchmarks.provenance`.

A statement of 30 words at the end of 20 drafts with 50 edits each, beside 1,000 ideas. The drafts are made of a small
stock of words, so that much of one is in the others, too; that is the slow case. And drafts as long as they may be.
"""

import random
import statistics
import time

from benchmarks.__main__ import show
from visionquiz.drafts import DRAFT_LIMIT, Draft, edit_draft
from visionquiz.ideas import Idea
from visionquiz.provenance import summarise, trace_words
from visionquiz.text import words
from visionquiz.views.provenance import origin_html

STEMS = "keep every home warm run truth tell people day fast care water ring answer street bill honest visit".split()
STOCK = [stem + ending for stem in STEMS for ending in ("", "s", "ing")] + ["the", "and", "we", "of"] * 5
DRAFTS, EDITS, IDEAS = 20, 50, 1_000


def write(chance: random.Random, ident: str, *, parents: list[Draft], length: int) -> Draft:
    """A draft whose edits each put one to three words in, or others in their place once it is long enough."""
    draft = Draft(id=ident, parents=tuple(one.id for one in parents))
    said = [word for one in parents[:2] for word in one.text.split()][:length]
    for number in range(EDITS):
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(said) + 1)
            said[place : place + (len(said) >= length)] = [chance.choice(STOCK)]
        text = " ".join(said[:length])[:DRAFT_LIMIT]
        when = 100.0 * (int(ident) * EDITS + number)
        draft = edit_draft(draft, base=draft.text, text=text, who=f"person-{number % 7}", when=when)
    return draft


def main() -> None:
    """Print everything."""
    chance = random.Random(1)
    ideas = [Idea(id=str(number), text=" ".join(chance.choices(STOCK, k=12))) for number in range(IDEAS)]
    for length, asked in ((30, " (asked: under .5 s)"), (90, "")):
        drafts: list[Draft] = []
        for number in range(DRAFTS - 1):
            parents = chance.sample(drafts, 3) if number >= 10 else []
            drafts.append(write(chance, str(number), parents=parents, length=length))
        drafts.append(write(chance, str(DRAFTS - 1), parents=drafts, length=length))
        traced, worked, drawn = [], [], []
        for _ in range(7):
            start = time.perf_counter()
            busy = time.process_time()
            origins = trace_words(drafts[-1], drafts, ideas)
            summarise(origins, drafts, ideas)
            worked.append(time.process_time() - busy)
            between = time.perf_counter()
            origin_html(drafts[-1], drafts=drafts, ideas=ideas)
            traced.append(between - start)
            drawn.append(time.perf_counter() - between)
        count = len(words(drafts[-1].text))
        processor, page = statistics.median(worked), statistics.median(drawn)
        peer = f"worst of seven {max(traced):.2f} s; of the processor {processor:.2f} s; with the page {page:.2f} s"
        show(f"where {count} words come from{asked}", f"{statistics.median(traced):.2f} s", peer)


if __name__ == "__main__":
    main()
