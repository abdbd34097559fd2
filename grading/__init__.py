"""Grading of the course's assignments."""
