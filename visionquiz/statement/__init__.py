"""A draft of a customer service vision, held against what is known about good ones: evidence, and no total score."""

from visionquiz.statement.card import EvidenceCard, Figure, Finding, Neighbour, Source
from visionquiz.statement.checking import check_statement
from visionquiz.statement.measures import Accuracy, load_accuracy
from visionquiz.statement.published import CRITERIA, PublishedStatement, load_published

__all__ = [
    "CRITERIA",
    "Accuracy",
    "EvidenceCard",
    "Figure",
    "Finding",
    "Neighbour",
    "PublishedStatement",
    "Source",
    "check_statement",
    "load_accuracy",
    "load_published",
]
