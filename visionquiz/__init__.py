"""Train and check whether everyone can state, explain and live the customer service vision.

The names below are the public ones; importing them loads nothing heavy.
"""

from visionquiz.course import Course, open_course
from visionquiz.errors import CourseError, InputError, Problem, SubmissionError, VisionQuizError
from visionquiz.grading import Answer, Evidence, Grade, grade_answers
from visionquiz.quiz import Question, Quiz, load_quiz
from visionquiz.roster import Person, load_roster
from visionquiz.vision import Vision, load_vision

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Course",
    "CourseError",
    "Evidence",
    "Grade",
    "InputError",
    "Person",
    "Problem",
    "Question",
    "Quiz",
    "SubmissionError",
    "Vision",
    "VisionQuizError",
    "grade_answers",
    "load_quiz",
    "load_roster",
    "load_vision",
    "open_course",
]
