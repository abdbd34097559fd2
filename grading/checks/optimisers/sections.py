"""Which lectures speak of what the assignment asks."""

DESCENT = "Lecture 02"
STOCHASTIC = "Lecture 03"
ADAPTIVE = "Lecture 04"
