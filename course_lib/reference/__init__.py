"""Every operation in short NumPy: the oracle of the tests and of the grader, and the backend without a compiler."""
