"""What each part of the grader brings: `python -m training.designs` (four minutes on two cores).

The same network's judgements are put to use in several ways; each gets a scale of its own, fitted on fold 1, and is
compared with the labels on fold 0. Answers in which nothing is said are left out: no design reads them.
"""

from collections.abc import Mapping, Sequence

from training.check_corpus import QUESTIONS, Row, load_corpus
from training.examples import fold_of
from training.fit import fit_scale, read_signs
from visionquiz.stats import weighted_kappa

LEVEL = frozenset({"direct", *(f"direct-{level}" for level in range(4))})
"""What the network says of the level at once."""

PARTS = frozenset(
    {
        "rubric", "least-said", "turned-idea", "covered", "core-right", "core-wrong", "core-missing", "contradicted",
        "repeats", "against", "other-job", "linked", "seen", "mine",
    }
)  # fmt: skip
"""What it says of the parts that the rubric asks for (see `visionquiz.grading.signs`). All other signs are rules."""

DESIGNS = (
    "rules alone",
    "the level directly",
    "parts, then the rubric's arithmetic",
    "parts, weighed by a scale",
    "level and parts",
    "level, parts and rules",
)

Signed = tuple[Row, Mapping[str, float]]


def choose(design: str, signs: Mapping[str, float]) -> dict[str, float]:
    """The signs that a design makes use of."""
    rules = set(signs) - LEVEL - PARTS
    names = {
        "rules alone": rules,
        "the level directly": LEVEL - {"direct"},
        "parts, then the rubric's arithmetic": {"rubric"},
        "parts, weighed by a scale": PARTS,
        "level and parts": LEVEL | PARTS,
        "level, parts and rules": LEVEL | PARTS | rules,
    }[design]
    return {name: value for name, value in signs.items() if name in names}


def kappa(design: str, fitted: Sequence[Signed], held: Sequence[Signed]) -> float:
    """The quadratic weighted kappa of a design with the labels."""
    experts = ("direct",) if "level" in design else ()
    scale = fit_scale([(row, choose(design, signs)) for row, signs in fitted], experts)
    levels = [scale.judge(choose(design, signs))[0] for _, signs in held]
    return weighted_kappa(levels, [row.level for row, _ in held])


def main() -> None:
    corpus = load_corpus()
    folds = [[one for one in corpus if fold_of(one.id) == fold] for fold in (0, 1)]
    print(f"fitted on {len(folds[1])} organisations, compared on {len(folds[0])} others")
    for question in QUESTIONS:
        held, fitted = (list(read_signs(fold, question)) for fold in folds)
        print(f"{question}, n {len(held)}")
        for design in DESIGNS:
            print(f"  {design:<38} {kappa(design, fitted, held):.3f}", flush=True)


if __name__ == "__main__":
    main()
