"""The trusted judge: runs a master's test cells against a submission whose code lives in the sandbox.

One process is configured once with an assignment's master copy and checks (`python -I -m grading.checker`);
it forks one confined child per submission. Nothing is imported here, so that loading the package loads no
part of it.
"""
