"""An error that comes from another answer of the student is reported as inherited, and costs what it cost."""

import numpy as np
from assignment_students import CHECKS, SEED, right

from grading.checks.student import LocalStudent

IMPORTS = "import numpy as np\n"
USES_IT = """
def filter_image(image, kernel):
    rows, columns = (size // 2 for size in kernel.shape)
    padded = np.pad(image, ((rows, rows), (columns, columns)))
    return conv2d_forward(padded[None, None], kernel[None, None, ::-1, ::-1], np.zeros(1))[0, 0]
"""
WITHOUT_FLIP = USES_IT.replace(", ::-1, ::-1", "")
BY_ITSELF = """
def filter_image(image, kernel):
    return image * 2
"""
WRONG_LAYER = "\ndef conv2d_forward(x, w, b, stride=1, padding=0):\n    return 7.0\n"
STUB_LAYER = "\ndef conv2d_forward(x, w, b, stride=1, padding=0):\n    raise NotImplementedError()\n"


def judged(source, **names):
    names = dict(names)
    exec(IMPORTS + source, names)
    before = dict(names)
    verdict = CHECKS["filter_image"].judge(LocalStudent(names), seed=SEED)
    assert names == before, "the student's names are as they were"
    return verdict


def test_a_wrong_layer_is_named_as_the_cause():
    verdict = judged(USES_IT + WRONG_LAYER)
    assert (verdict.status, verdict.fraction) == ("failed", 0)
    assert verdict.misconception == "inherited-from-another-answer"
    assert "inherited from your `conv2d_forward`" in verdict.title
    assert "all of `filter_image` is right" in verdict.explanation
    assert "inherited from your" in str(verdict)


def test_a_layer_that_is_not_written_or_not_there_is_named_too():
    for source in (USES_IT + STUB_LAYER, USES_IT):
        assert judged(source).misconception == "inherited-from-another-answer"


def test_what_is_wrong_besides_stays_named():
    verdict = judged(WITHOUT_FLIP + WRONG_LAYER)
    assert verdict.misconception == "inherited-from-another-answer"
    assert (
        "only “kernels that are not symmetric” and “kernels of other shapes” are still" in verdict.explanation
    )


def test_own_mistakes_are_not_blamed_on_others():
    assert judged(BY_ITSELF + WRONG_LAYER).misconception != "inherited-from-another-answer"
    own = judged(WITHOUT_FLIP, conv2d_forward=right("conv2d_forward"))
    assert own.misconception is not None
    assert own.misconception != "inherited-from-another-answer"


def test_right_answers_that_use_a_right_layer_pass():
    assert judged(USES_IT, conv2d_forward=right("conv2d_forward")).status == "passed"


def test_names_are_restored_after_a_call_that_raises():
    names = {}
    exec("def f():\n    return g()\ndef g():\n    return 1", names)
    student = LocalStudent(names)
    mended = student.with_injected({"g": lambda: 2, "missing": lambda: np.zeros(1)})
    assert mended.call("f").value == 2
    assert mended.injected_calls == {"g"}
    assert names["f"]() == 1
    assert "missing" not in names
    assert student.injected_calls == set()
