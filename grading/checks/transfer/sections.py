"""Which lectures speak of what the assignment asks."""

CODES = "Lecture 12"
HEADS = "Lecture 12"
TUNING = "Lecture 12"
TABLE = "Lecture 12"
RESIDUAL = "Lecture 13"
FLOW = "Lecture 13"
INCEPTION = "Lecture 13"
