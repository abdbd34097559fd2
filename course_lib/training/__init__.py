"""Training: `fit`, what it records, what may run beside it, and the check of a model's gradients."""

from course_lib.training.callbacks import Callback, EachStep, ProgressBar, RateSchedule, Run
from course_lib.training.evaluation import accuracy, evaluate, evaluation_mode
from course_lib.training.gradient_check import (
    GradientError,
    GradientReport,
    check_gradients,
    numerical_gradient,
    relative_error,
)
from course_lib.training.history import History
from course_lib.training.loop import fit

__all__ = [
    "Callback",
    "EachStep",
    "GradientError",
    "GradientReport",
    "History",
    "ProgressBar",
    "RateSchedule",
    "Run",
    "accuracy",
    "check_gradients",
    "evaluate",
    "evaluation_mode",
    "fit",
    "numerical_gradient",
    "relative_error",
]
