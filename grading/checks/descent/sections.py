"""Which lectures speak of what the assignment asks."""

SURFACES = "Lecture 01"
DESCENT = "Lecture 02"
