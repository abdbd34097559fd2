"""Where the engine means to differ from stock nbgrader: one question each, and what both give for it.

`docs/differences_from_nbgrader.md` lists the same names with the reasons; a test holds the two together.
"""

from dataclasses import dataclass

POINTS = 2.0
EQUAL_TO_ALL = """class Equal:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
def {name}(x): return Equal()"""


@dataclass(frozen=True)
class Difference:
    """A question that stock nbgrader and the engine grade differently.

    Attributes
    ----------
    answer, test : str
        Source of the student's cell and of the test cell; ``{name}`` is the function's name.
    stock, ours : tuple
        Automatic score, and whether it waits for the instructor.
    """

    answer: str
    test: str
    stock: tuple[float | None, bool]
    ours: tuple[float | None, bool]


GIVEN = "def {name}(x): return x"
PASSED, ZERO, ASKED = (POINTS, False), (0.0, False), (0.0, True)
DIFFERENCES = {
    "numpy-scalar": Difference(
        GIVEN, "import numpy as np\nnp.float64({name}(0) + 0.5)", PASSED, (0.5, False)
    ),
    "false": Difference(GIVEN, "{name}(1) == 2", PASSED, ZERO),
    "nan": Difference(GIVEN, "{name}(1) * 0 + float('nan')", PASSED, ASKED),
    "negative": Difference(GIVEN, "0 - {name}(1)", PASSED, ASKED),
    "own-number": Difference("def {name}(x): return 2.0", "{name}(1)", PASSED, ASKED),
    "stderr": Difference(
        "import sys\ndef {name}(x):\n    print('thinking', file=sys.stderr)\n    return x",
        "assert {name}(3) == 3",
        ZERO,
        PASSED,
    ),
    "displayhook": Difference(
        "def {name}(x):\n    get_ipython().displayhook(2.0)\n    return 'wrong'",
        "assert {name}(3) == 3",
        PASSED,
        ZERO,
    ),
    "equal-to-all": Difference(EQUAL_TO_ALL, "assert {name}(3) == 3", PASSED, ZERO),
    "patched-library": Difference(
        "import numpy as np\nnp.testing.assert_allclose = lambda *a, **k: None\ndef {name}(x): return -x",
        "import numpy as np\nnp.testing.assert_allclose({name}(3.0), 3.0)",
        PASSED,
        ZERO,
    ),
    "unsupported-object": Difference(
        "def {name}(x):\n    yield x", "assert list({name}(3)) == [3]", PASSED, ASKED
    ),
    "written-file": Difference(
        "def {name}(x):\n    with open('{name}.txt', 'w') as file:\n        file.write(str(x))",
        "{name}(3)\nassert open('{name}.txt').read() == '3'",
        PASSED,
        ASKED,
    ),
}
# What costs a whole notebook in stock nbgrader, and its own points here.
WHOLE_NOTEBOOKS = (
    "over-max",
    "dead-kernel",
    "deleted-test-cell",
    "duplicated-cell",
    "endless-output",
    "retyped-cell",
)
