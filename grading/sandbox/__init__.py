"""The untrusted tier: the only place where student code runs.

Nothing in this folder imports the rest of the project, and this file imports nothing at all, so that a
process that loads the sandbox holds no check, no reference and no expected value.
"""
