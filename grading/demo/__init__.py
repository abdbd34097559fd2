"""A made-up class, graded end to end: what ``make demo`` shows, and what the tests hold the grader to."""
