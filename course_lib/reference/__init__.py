"""Every operation in short NumPy: the oracle of tests and grader, and the backend without a compiler."""
