"""Mutation testing of the checks: wrong versions of the model solutions, each of which must fail."""
