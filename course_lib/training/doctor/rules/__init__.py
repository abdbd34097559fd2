"""The doctor's rules, a family a file: each is a short function that returns its evidence, or None."""
