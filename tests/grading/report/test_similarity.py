"""Shared code is found under other names and in other places; what everybody was given is not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.submitted_code import copied_pairs, made_up_codes
from grading.engine.student_code import StudentCode
from grading.report.code_text import code_text
from grading.report.page import Names
from grading.report.pseudonyms import pseudonyms
from grading.report.similarity import FEWEST_SHARED, class_similarity
from grading.report.similarity_page import render_similarity

CONVOLVE = '''def convolve(x, kernel, stride):
    """Slide the kernel."""
    height, width = kernel.shape
    rows = (x.shape[0] - height) // stride + 1
    cols = (x.shape[1] - width) // stride + 1
    out = np.zeros((rows, cols), dtype=x.dtype)
    for i in range(rows):
        for j in range(cols):
            window = x[i * stride : i * stride + height, j * stride : j * stride + width]
            out[i, j] = np.sum(window * kernel)  # one product
    return out
'''
RENAMED = """# my own work
def convolve(image, k, s):
    h, w = k.shape
    n = (image.shape[0] - h) // s + 1

    m = (image.shape[1] - w) // s + 1
    result = np.zeros((n, m), dtype=image.dtype)
    for row in range(n):
        for column in range(m):
            patch = image[row*s : row*s+h, column*s : column*s+w]
            result[row, column] = np.sum(patch * k)
    return result
"""
OTHER = """def convolve(x, kernel, stride):
    views = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)[::stride, ::stride]
    return np.einsum("ijkl,kl->ij", views, kernel)

def norm(values):
    while len(values) > 1:
        values = [math.hypot(*pair) for pair in itertools.batched(values, 2)]
    return values.pop() if values else 0.0
"""


def student(name, *sources):
    return StudentCode(name, tuple((f"cell {place}", source) for place, source in enumerate(sources)))


def test_names_comments_and_layout_do_not_count_and_calls_do():
    assert code_text(CONVOLVE).reduced == code_text(RENAMED).reduced
    assert code_text("a = np.sum(b)").reduced != code_text("a = np.max(b)").reduced
    assert code_text("if a: b").reduced != code_text("while a: b").reduced


@given(st.text(alphabet="ab1 \n\t\\'\"#rf.(){}=é\U0001f600", max_size=80))
def test_any_text_is_read_to_its_end_and_every_token_stands_where_it_is_said_to(code):
    text = code_text(code)
    assert len(text.reduced) == len(text.starts) == len(text.ends)
    assert all(0 <= start < end <= len(code) for start, end in zip(text.starts, text.ends))
    assert all(end <= start for end, start in zip(text.ends, text.starts[1:]))


@pytest.mark.parametrize("opening", ['"""', "'''", 'f"', "'"])
@pytest.mark.parametrize("rest", ["", "a", "\\", "a\\", "a(\\\\", "b.c # "])
def test_a_text_without_an_end_ends_with_the_code(opening, rest):
    """Else it would be read again from each of its quotes on, and somebody could make that take for ever."""
    text = code_text(f"a = {opening}{rest}")
    assert text.reduced == "V=S"
    assert text.ends[-1] == len(text.code)


def test_a_renamed_copy_is_found_and_own_work_is_not():
    found = class_similarity([student("ada", CONVOLVE), student("bo", RENAMED), student("cy", OTHER)], [])
    [pair] = found.pairs
    assert (pair.left.student, pair.right.student) == ("ada", "bo")
    assert pair.tokens >= FEWEST_SHARED
    assert pair.share > 0.95
    assert found.compared == 3
    assert found.highest["cy"] == 0


def test_passages_lie_on_the_shared_code_of_both_sides():
    left, right = student("ada", OTHER, CONVOLVE), student("bo", RENAMED)
    [pair] = class_similarity([left, right], []).pairs
    ones, others = pair.passages()
    assert {passage.number for passage in ones} == {passage.number for passage in others}
    one, other = (
        "".join(writing.text.code[passage.start : passage.end] for passage in passages)
        for writing, passages in ((pair.left, ones), (pair.right, others))
    )
    assert "np.sum(window * kernel)" in one
    assert "np.sum(patch * k)" in other
    assert "sliding_window_view" not in one
    assert "my own work" not in other


def test_what_is_marked_goes_on_over_common_code():
    """Twelve students have one line in common, which stands in the middle of what two of them share."""
    lines = CONVOLVE.splitlines()
    common = "\n".join(lines[2:5])
    others = [student(f"s{number:02}", f"a{number} = {number}\n{common}\nb(c)") for number in range(12)]
    both = [student("ada", CONVOLVE), student("bo", RENAMED)]
    pair = class_similarity([*both, *others], []).pairs[0]
    assert (pair.left.student, pair.right.student) == ("ada", "bo")
    assert pair.tokens < class_similarity(both, []).pairs[0].tokens
    for passages, writing in zip(pair.passages(), (pair.left, pair.right)):
        [passage] = passages
        assert passage.number == 1
        marked = writing.text.code[passage.start : passage.end]
        assert code_text(marked).reduced == code_text(CONVOLVE).reduced


def test_code_that_is_copied_twice_has_one_number():
    codes = [student("ada", CONVOLVE), student("bo", RENAMED, OTHER, RENAMED)]
    ones, others = class_similarity(codes, []).pairs[0].passages()
    assert [passage.number for passage in ones] == [1]
    assert [passage.number for passage in others] == [1, 1]


@pytest.mark.parametrize("where", ["given", "public"])
def test_what_everybody_could_read_is_ignored(where):
    codes = [student("ada", CONVOLVE), student("bo", RENAMED)]
    found = class_similarity(codes, *(([CONVOLVE], []) if where == "given" else ([], [CONVOLVE])))
    assert found.pairs == ()
    # Its first tokens stand together with the line above the cell.
    assert found.writings[0].public == (0.0 if where == "given" else pytest.approx(1.0))


def test_what_most_of_the_class_has_is_common_and_says_nothing_of_a_pair():
    codes = [student(f"s{number:02}", CONVOLVE) for number in range(11)]
    assert class_similarity(codes, []).pairs == ()
    assert len(class_similarity(codes[:10], []).pairs) == 45


def test_planted_copies_come_first_and_the_order_of_students_does_not_matter():
    codes = made_up_codes(60)
    found = class_similarity(codes, [])
    planted = {frozenset(pair) for pair in copied_pairs(60)}
    first = {frozenset((pair.left.student, pair.right.student)) for pair in found.pairs[: len(planted)]}
    assert first == planted
    assert found.pairs[len(planted)].share < 0.6 * found.pairs[len(planted) - 1].share
    random.Random(0).shuffle(codes)
    again = class_similarity(codes, [])
    assert [(p.left.student, p.right.student, p.share) for p in again.pairs] == [
        (p.left.student, p.right.student, p.share) for p in found.pairs
    ]


def test_short_and_empty_code_is_compared_with_nothing():
    found = class_similarity([student("ada", "x = 1"), student("bo", "x = 1"), student("cy")], [])
    assert found.pairs == ()
    assert [writing.tokens for writing in found.writings] == [0, 0, 0]
    assert "No two submissions share" in render_similarity("a", found)


def test_the_page_says_that_it_is_evidence_and_nothing_written_is_markup():
    hostile = CONVOLVE.replace("# one product", "# <script>x</script></pre>\u202e\x1b]0;x\x07")
    found = class_similarity([student("ada", hostile), student("<b>bo</b>", hostile)], [])
    text = render_similarity("a", found)
    assert "Evidence to be read, and no verdict" in text
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text
    assert "<b>bo" not in text
    assert not {"\u202e", "\x1b", "\x07"} & set(text)
    assert 'id="p1l-1"' in text
    assert 'href="#p1r-1"' in text


def test_pseudonyms_alone_name_nobody():
    codes = [student("ada-lov", CONVOLVE), student("bo-berg", RENAMED)]
    names = Names(pseudonyms(b"key", ["ada-lov", "bo-berg"]), hidden=True)
    found = class_similarity(codes, [], order=names.order)
    text = render_similarity("a", found, names)
    [pair] = found.pairs
    assert names.order(pair.left.student) < names.order(pair.right.student)
    assert "ada-lov" not in text
    assert "bo-berg" not in text
