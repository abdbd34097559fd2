"""Students of every assignment that comes with checks: right ones in many styles, and mistaken ones."""

import importlib.util
from pathlib import Path

import grading.checks
from grading.checks.student import LocalStudent

ASSIGNMENTS = grading.checks.assignments()
# Names of checks are unique over all assignments.
CHECKS = {name: check for a in ASSIGNMENTS for name, check in grading.checks.load(a).items()}
STYLES = {a: sorted((Path(__file__).parent / "styles" / a).glob("*.py")) for a in ASSIGNMENTS}
SEED = b"a class"


def names_of(style):
    """Run a style's file as a student's notebook would run, and return its names."""
    spec = importlib.util.spec_from_file_location(f"style_{style.parent.name}_{style.stem}", style)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)


def right(name):
    """Return the right answer for a check."""
    return CHECKS[name].right_functions()[name]


def with_parameters_of(check, body):
    """Return a function with the check's own signature around body(*args, **kwargs)."""
    parameters = [word.split("=")[0].strip() for word in check.signature.strip("()").split(",")]
    names = {"body": body}
    exec(f"def f{check.signature}: return body({', '.join(parameters)})", names)
    return names["f"]


def mistaken(check, misconception, compute):
    """Return a student's function that is right but for one misconception."""

    def body(*args):
        if check.cache_of is not None:
            # The right forward keeps its arguments.
            args = (args[0], *args[1])
        if misconception.part is not None:
            return compute(*args) if args[0] == misconception.part else check.reference(*args)
        if misconception.output is None:
            return compute(*args)
        outputs = list(check.reference(*args))
        outputs[check.outputs.index(misconception.output)] = compute(*args)
        return tuple(outputs)

    return with_parameters_of(check, body)


def verdict_on(name, function, **others):
    """Judge a function as a student's answer; what feeds it is right, unless it is among the others."""
    names = CHECKS[name].right_functions() | {name: function, **others}
    return CHECKS[name].judge(LocalStudent(names), seed=SEED)
