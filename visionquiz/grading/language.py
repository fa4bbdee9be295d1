"""Is an answer in English? The only code that uses py3langid.

A model that learnt from English would give a good answer in Polish nothing; a person should read it instead.
"""

import functools
from collections.abc import Sequence
from typing import Any

from visionquiz.text import SMALL_WORDS, Word

__all__ = ["is_foreign"]

_ENGLISH = 0.3
"""From this share of English small words on, nothing else is looked at; 93 % of our corpus's answers have it."""

_CERTAIN = 0.8
"""From this probability of another language on, an answer is taken for foreign. Of 3,879 English answers of four words
or more, many of them misspelt or nonsense, none reached .3 (`training/corpus`)."""

_LEAST = 4
"""Words from which on a language can be told."""

_ALPHABET = "cs da de en es et fi fr hr hu it lt lv nl no pl pt ro sk sl sv tr".split()
"""What is told apart: European languages in Latin letters; other letters have a guard of their own."""


def is_foreign(found: Sequence[Word], text: str) -> bool:
    """Whether an answer of these words is clearly in a language other than English."""
    if len(found) < _LEAST or sum(word.plain in SMALL_WORDS for word in found) >= _ENGLISH * len(found):
        return False
    language, chance = _identifier().classify(text)
    return language != "en" and float(chance) >= _CERTAIN


@functools.lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(_ALPHABET)
    return found
