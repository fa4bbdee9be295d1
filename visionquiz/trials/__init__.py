"""Drafts tested with people: what they remember, understand, decide and say of them.

Everything takes and returns values; nothing here keeps anything.
"""

from visionquiz.trials.assignment import DISTRACTIONS, Draft, RecallTrial, assign_arm
from visionquiz.trials.comparison import Comparison, Power, Summary, compare_drafts, people_needed, power_table
from visionquiz.trials.decision import DecisionTrial, mean_share
from visionquiz.trials.meaning import MeaningTrial, PointReach
from visionquiz.trials.observation import Agreement, Observation, Observed, sum_observations
from visionquiz.trials.ratings import Rating, RoleRatings, sum_ratings
from visionquiz.trials.recall import RecallScore, WordRecall, check_text, recall_by_word, score_recall
from visionquiz.trials.swap import Swapped, SwapTest

__all__ = [
    "DISTRACTIONS",
    "Agreement",
    "Comparison",
    "DecisionTrial",
    "Draft",
    "MeaningTrial",
    "Observation",
    "Observed",
    "PointReach",
    "Power",
    "Rating",
    "RecallScore",
    "RecallTrial",
    "RoleRatings",
    "Summary",
    "SwapTest",
    "Swapped",
    "WordRecall",
    "assign_arm",
    "check_text",
    "compare_drafts",
    "mean_share",
    "people_needed",
    "power_table",
    "recall_by_word",
    "score_recall",
    "sum_observations",
    "sum_ratings",
]
