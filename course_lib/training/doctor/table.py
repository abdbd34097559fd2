"""The table: all rules, causes before what they bring about. The first that applies is the first finding."""

from __future__ import annotations

from course_lib.training.doctor.rules import generalisation, progress, rate, units, updates

RULES = (
    units.SATURATED_UNITS,
    units.DEAD_UNITS,
    *updates.RULES,
    rate.NOT_A_NUMBER,
    rate.OSCILLATION,
    rate.FLUCTUATION,
    rate.INSTABILITY,
    progress.SLOW_START,
    rate.RATE_TOO_HIGH,
    generalisation.VALIDATION_TOO_SMALL,
    generalisation.MEMORISING,
    generalisation.OVERFITTING,
    rate.RATE_TOO_LOW,
    progress.PLATEAU,
    progress.NOT_CONVERGED,
)
