"""Real training runs of small nets with known faults, to measure the doctor on."""
