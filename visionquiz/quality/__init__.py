"""How well a check measures, for its trainer: items, reliability, grader and people, review, drift, what to mend first.

Light on purpose: the trainer's page reads the file of a check and draws it. What it takes to measure is in `measuring`,
where its data come from in `gathering`.
"""

from visionquiz.quality.agreement import AgreementRow, Band, HandGraded, agree_by_level, agree_by_sureness
from visionquiz.quality.drift import Drift, drift_since, earlier_quality
from visionquiz.quality.figures import (
    ENOUGH,
    FAIR,
    POOR,
    Cues,
    Estimate,
    Item,
    Option,
    Quality,
    Reliability,
    ReviewLoad,
)
from visionquiz.quality.form import QUALITY, load_qualities, published_qualities, write_quality
from visionquiz.quality.mending import Mend, mend_first

__all__ = [
    "ENOUGH",
    "FAIR",
    "POOR",
    "QUALITY",
    "AgreementRow",
    "Band",
    "Cues",
    "Drift",
    "Estimate",
    "HandGraded",
    "Item",
    "Mend",
    "Option",
    "Quality",
    "Reliability",
    "ReviewLoad",
    "agree_by_level",
    "agree_by_sureness",
    "drift_since",
    "earlier_quality",
    "load_qualities",
    "mend_first",
    "published_qualities",
    "write_quality",
]
