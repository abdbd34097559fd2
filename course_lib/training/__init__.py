"""Training: `fit`, what it records, what may run beside it, finding a rate, and checking gradients."""

from course_lib.training.callbacks import (
    AverageIterates,
    Callback,
    EachStep,
    ProgressBar,
    RateSchedule,
    Run,
)
from course_lib.training.checkpoint import Checkpoint
from course_lib.training.checkpoint_file import CheckpointError
from course_lib.training.depth import (
    DepthRun,
    GradientNorms,
    curves_by_depth,
    depth_experiment,
    gradient_norms,
)
from course_lib.training.doctor import Diagnosis, Finding, diagnose
from course_lib.training.early_stopping import EarlyStopping
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
from course_lib.training.monitor import Monitor
from course_lib.training.pretrained import pretrained_trunk, trunk_images
from course_lib.training.rate_range import RateRange, learning_rate_range
from course_lib.training.restarts import Restarts, random_restarts
from course_lib.training.transfer import extract_codes, linear_head, rate_groups, with_head
from course_lib.training.transfer_cases import TransferCell, TransferTable, transfer_table

__all__ = [
    "AverageIterates",
    "Callback",
    "Checkpoint",
    "CheckpointError",
    "DepthRun",
    "Diagnosis",
    "EarlyStopping",
    "EachStep",
    "Finding",
    "GradientError",
    "GradientNorms",
    "GradientReport",
    "History",
    "Monitor",
    "ProgressBar",
    "RateRange",
    "RateSchedule",
    "Restarts",
    "Run",
    "TransferCell",
    "TransferTable",
    "accuracy",
    "check_gradients",
    "curves_by_depth",
    "depth_experiment",
    "diagnose",
    "evaluate",
    "evaluation_mode",
    "extract_codes",
    "fit",
    "gradient_norms",
    "learning_rate_range",
    "linear_head",
    "numerical_gradient",
    "pretrained_trunk",
    "random_restarts",
    "rate_groups",
    "relative_error",
    "transfer_table",
    "trunk_images",
    "with_head",
]
