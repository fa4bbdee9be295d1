"""What may be decided on together, and above all what may not."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.grading.alike import group_alike

LONG = "I tell every customer what happens next, who does it and by when, before I put the phone down"


def alike(one, other):
    return len(group_alike([one, other])) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, LONG),
        (LONG, LONG.upper() + "!"),
        (LONG, f"  {LONG.replace(' ', '  ')}.\n"),
        (LONG, LONG.replace("customer", "custmer")),
        (LONG, LONG.replace("the phone", "phone")),
        (LONG, LONG.replace("happens", "hapens").replace("every", "evrey")),
        ("We don’t guess.", "we dont guess"),
        ("I ring back within 2 hours", "i ring back within 2 hours."),
        ("Café first 🙂", "café  FIRST 🙂"),
        ("", "  "),
        ("no-estimate B", "No-Estimate b"),
    ],
)
def test_slips_marks_and_capitals_do_not_keep_answers_apart(one, other):
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # negations
        (LONG, LONG.replace("tell", "never tell")),
        (LONG, LONG.replace("I tell", "I don't tell")),
        ("We can leave a person without water all night long", "We can't leave a person without water all night long"),
        (f"{LONG}, not after", f"{LONG}, now after"),
        (f"{LONG} and hardly wait", f"{LONG} and hardy wait"),
        (f"{LONG} and never waiting", f"{LONG} and newer waiting"),
        (f"{LONG} and nobody waits", f"{LONG} and everybody waits"),
        # numbers
        (f"{LONG} within 2 hours", f"{LONG} within 3 hours"),
        (f"{LONG} within 10 minutes", f"{LONG} within 100 minutes"),
        (f"{LONG} within two hours", f"{LONG} within ten hours"),
        (f"{LONG} for 1.5 hours", f"{LONG} for 1-5 hours"),
        (f"{LONG} for 50%", f"{LONG} for 50"),
        # who does it
        (LONG, LONG.replace("I ", "We ")),
        (LONG, LONG.replace("I tell", "they tell")),
        # one word that turns it round, in many that stay
        (LONG, LONG.replace("before", "after")),
        (f"{LONG}; I am happy to", f"{LONG}; I am unhappy to"),
        (f"{LONG}; always careful", f"{LONG}; always careless"),
        (f"{LONG}; that is possible", f"{LONG}; that is impossible"),
        # signs, other scripts, markup that hides a word
        ("I tell them at once 👍", "I tell them at once 👎"),
        ("We always tell them", "We always tell them?"),
        ("Мы всегда говорим клиенту правду", "Мы никогда говорим клиенту правду"),
        (f"{LONG} <not>", f"{LONG} <now>"),
        # nothing is like something
        ("", "."),
        ("!", "a"),
    ],
)
def test_what_could_mean_something_else_stays_apart(one, other):
    assert not alike(one, other)


def test_beyond_what_is_read_only_the_very_same_letters_count():
    long = "word " * 900
    assert alike(long + "end", long + "END")
    assert not alike(long + "we help", long + "we helps")


def test_small_steps_lead_nowhere():
    steps = ["a steady supply of clean water", "a steady supply of clean watar", "a steady supply of clean watra"]
    assert alike(steps[0], steps[1])
    assert alike(steps[1], steps[2])
    assert group_alike(steps)[0] != [0, 1, 2]


@given(st.lists(st.text(max_size=40), max_size=12))
def test_every_text_is_in_one_group_and_the_same_text_in_the_same(texts):
    groups = group_alike(texts)
    assert sorted(place for group in groups for place in group) == list(range(len(texts)))
    found = {place: number for number, group in enumerate(groups) for place in group}
    assert all(found[one] == found[other] for one in found for other in found if texts[one] == texts[other])
    assert [group[0] for group in groups] == sorted(group[0] for group in groups)


def test_two_thousand_answers_take_less_than_two_seconds():
    rng = random.Random(1)
    stock = LONG.split()
    texts = [" ".join(rng.sample(stock, len(stock))) for _ in range(1000)]
    texts += [text.replace("customer", "custmer") for text in texts]
    start = time.process_time()
    groups = group_alike(texts)
    assert time.process_time() - start < 2
    assert len(groups) == 1000
