import json

import pytest
from checker_notebooks import cell, notebook

from grading.checker import submission
from grading.checker.submission import Unreadable, read_submission


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"not json", "not JSON"),
        (notebook(cell("x")).encode()[:-20], "not JSON"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not text"),
        (b"[1, 2]", "a list instead of an object"),
        (b"null", "null instead of an object"),
        (b'{"nbformat": 4}', "no list of cells"),
        (b'{"nbformat": 4, "cells": 3}', "a number instead of a list"),
        (b'{"nbformat": 2, "worksheets": []}', "format 2"),
        (b'{"a": ' * 100 + b"1" + b"}" * 100, "levels deep"),
        (b'{"a": ' * 100_000, "levels deep"),
        (b'{"cells": [' + b"1," * 500_000 + b"1]}", "values"),
        (b'{"cells": [], "n": ' + b"9" * 5000 + b"}", "not JSON that can be read"),
    ],
)
def test_unreadable_files_are_refused_with_a_reason(data, reason):
    with pytest.raises(Unreadable, match=reason):
        read_submission(data)


def test_too_large_files_are_refused_before_they_are_decoded(monkeypatch):
    monkeypatch.setattr(submission, "MAX_BYTES", 1000)
    with pytest.raises(Unreadable, match="MB"):
        read_submission(b'{"cells": []}' + b" " * 1000)


def test_too_many_cells_are_refused():
    data = json.dumps({"cells": [{}] * (submission.MAX_CELLS + 1)}).encode()
    with pytest.raises(Unreadable, match="cells"):
        read_submission(data)


def test_brackets_and_escapes_inside_strings_do_not_count_as_nesting():
    source = '"[[[[{{{{' * 500 + "\\"
    assert read_submission(notebook(cell(source)).encode())[0].source == source


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_encodings_of_json_are_recognised(encoding):
    assert read_submission(notebook(cell("grüße = 1")).encode(encoding))[0].source == "grüße = 1"


def test_format_three_is_read_with_its_worksheets_and_inputs():
    cells = [
        {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "metadata": {}},
        {"cell_type": "heading", "source": "Title", "level": 1},
    ]
    data = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}, "no sheet"]}).encode()
    read = read_submission(data)
    assert [(c.cell_type, c.source) for c in read] == [("code", "a = 1\nb = 2"), ("markdown", "Title")]


@pytest.mark.parametrize(
    ("broken", "cell_type"),
    [
        (7, "raw"),
        ("text", "raw"),
        ({}, "raw"),
        ({"cell_type": "evil", "source": "x"}, "raw"),
        ({"cell_type": ["code"], "source": "x"}, "raw"),
        ({"cell_type": "code", "source": 5}, "code"),
        ({"cell_type": "code", "source": ["a", 5]}, "code"),
        ({"cell_type": "code", "source": None}, "code"),
    ],
)
def test_broken_cells_are_noted_and_the_others_read(broken, cell_type):
    data = json.dumps({"cells": [broken, cell("fine = 1")]}).encode()
    first, second = read_submission(data)
    assert first.cell_type == cell_type
    assert first.note
    assert (second.source, second.note) == ("fine = 1", None)


@pytest.mark.parametrize(
    "metadata", [None, 5, [], {"nbgrader": 5}, {"nbgrader": {"grade_id": 5}}, {"nbgrader": {}}]
)
def test_metadata_of_wrong_types_means_no_grade_id(metadata):
    data = json.dumps({"cells": [{"cell_type": "code", "source": "", "metadata": metadata}]}).encode()
    assert read_submission(data)[0].grade_id is None


def test_null_characters_and_lone_surrogates_are_replaced():
    data = b'{"cells": [{"cell_type": "code", "source": "a\\u0000b\\ud800c"}]}'
    assert read_submission(data)[0].source == "a\ufffdb\ufffdc"
