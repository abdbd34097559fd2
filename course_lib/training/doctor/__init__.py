"""The doctor: names what is wrong with a training run, by rules that can be read."""

from course_lib.training.doctor.diagnosis import Diagnosis, Finding, diagnose

__all__ = ["Diagnosis", "Finding", "diagnose"]
