"""Made-up submissions of code: alike in their idioms, each put together anew, and some copied."""

import random

from benchmarks.report_class import CHECKS, student_names
from grading.engine.student_code import StudentCode

_VALUES = "x kernel out grad dx rows cols window batch patch mean size step total left right"
_CALLS = "zeros sum pad einsum arange maximum stack reshape tensordot flip"
VALUES = _VALUES.split()
CALLS = [*(f"np.{name}" for name in _CALLS.split()), "len", "range"]
SHAPES = (
    "{a} = {f}({b}, {c})",
    "{a}[{n}:, {b}] += {c} * {d}",
    "for {a} in range({b}.shape[{n}]):\n        {c}[{a}] = {f}({d}[{a}])",
    "if {a}.ndim == {n}:\n        {a} = {b}[None]",
    "{a}, {b} = {c}.shape[{n}], {f}({d})",
    "{a} = ({b} + {n} * {c} - {d}) // {e} + 1",
    "while {a} < {b}:\n        {a} = {a} + {n}\n        {c}.append({f}({d}))",
    "{a} = [{f}({b}) for {b} in {c} if {b} > {n}]",
    "assert {a}.shape == ({b}, {c}), '{d} does not fit'",
    "{a} = {b} @ {c}.T if {d} is None else {d} - {e}",
    "{a} -= {b}.mean(axis={n}) / ({c} + 1e-{n})",
)
PLANTED = 5  # of a hundred students, so many have half of their answers from the student before


def made_up_codes(count: int, seed: int = 0, statements: int = 16) -> list[StudentCode]:
    """Return the code of so many students; those of `copied_pairs` share answers under other names."""
    draw = random.Random(seed)
    copies = dict(copied_pairs(count))
    found: dict[str, dict[str, list[str]]] = {}
    codes = []
    for student in student_names(count):
        answers = {name: [_statement(draw) for _ in range(statements)] for name, *_ in CHECKS}
        if student in copies:
            copied = list(found[copies[student]].items())[: len(CHECKS) // 2]
            answers |= {name: [_renamed(line) for line in lines] for name, lines in copied}
        found[student] = answers
        cells = [
            (name, f"def {name}(x, kernel):\n    " + "\n    ".join(lines) + "\n    return out")
            for name, lines in answers.items()
        ]
        codes.append(StudentCode(student, tuple(cells)))
    return codes


def copied_pairs(count: int) -> list[tuple[str, str]]:
    """Return who copied from whom."""
    names = student_names(count)
    return [(names[place + 1], names[place]) for place in range(0, count - 1, 100 // PLANTED)]


def _statement(draw: random.Random) -> str:
    words = {letter: draw.choice(VALUES) for letter in "abcde"}
    return draw.choice(SHAPES).format(**words, f=draw.choice(CALLS), n=draw.randrange(4))


def _renamed(line: str) -> str:
    return line.replace("out", "result").replace("rows", "height").replace(" = ", " =  ")
