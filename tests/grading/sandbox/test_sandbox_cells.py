"""Cells run as in a notebook: magics, display, the last value, figures, errors, and what is kept of them."""

import base64
import json

import pytest

from grading.checker.sandbox_client import SandboxServer, Session

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def test_last_expression_is_the_result(session: Session) -> None:
    reply = session.run_cell("a = 2\na + 3")
    assert reply.error is None
    assert reply.outputs == [
        {"output_type": "execute_result", "data": {"text/plain": "5"}, "metadata": {}, "execution_count": 1}
    ]


def test_a_semicolon_or_an_assignment_shows_nothing(session: Session) -> None:
    assert session.run_cell("1 + 1;").outputs == []
    assert session.run_cell("a = 1").outputs == []


def test_names_and_results_last_from_cell_to_cell(session: Session) -> None:
    session.run_cell("x = 20")
    session.run_cell("x + 1")
    assert session.run_cell("_ * 2").outputs[0]["data"]["text/plain"] == "42"
    assert session.run_cell("In[2], Out[2]").outputs[0]["data"]["text/plain"] == "('x + 1', 21)"


def test_streams_are_kept_apart_and_in_order(session: Session) -> None:
    source = "import sys\nprint('a'); print('b')\nprint('w', file=sys.stderr)\nprint('c', end='')"
    assert session.run_cell(source).outputs == [
        {"output_type": "stream", "name": "stdout", "text": "a\nb\n"},
        {"output_type": "stream", "name": "stderr", "text": "w\n"},
        {"output_type": "stream", "name": "stdout", "text": "c"},
    ]


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("%%capture held\nprint('x')", ""),
        ("%precision 3\n1 / 3", "0.333"),
        ("%%timeit -n1 -r1\n1", "per loop"),
        ("%%writefile f.txt\nhello", "Writing f.txt"),
        ("%who_ls", "[]"),
        ("%pwd", "scratch-"),
    ],
)
def test_magics_work(session: Session, source: str, shown: str) -> None:
    reply = session.run_cell(source)
    assert reply.error is None
    assert shown in json.dumps(reply.outputs)


def test_shell_commands_are_refused(session: Session) -> None:
    reply = session.run_cell("!echo hello")
    assert "hello" not in json.dumps(reply.outputs).replace("echo hello", "")


def test_display_keeps_text_and_png_only(session: Session) -> None:
    source = "from IPython.display import HTML, SVG, Javascript, display\n"
    source += "display(HTML('<script>alert(1)</script>'))\n"
    source += "display({'text/html': '<b>x</b>', 'image/svg+xml': '<svg/>'}, raw=True)\n"
    source += (
        "display({'text/plain': 'ok', 'application/javascript': 'alert(1)'}, raw=True, metadata={'x': 1})"
    )
    reply = session.run_cell(source)
    assert [output["data"] for output in reply.outputs] == [
        {"text/plain": "<IPython.core.display.HTML object>"},
        {"text/plain": "ok"},
    ]
    assert all(output["metadata"] == {} for output in reply.outputs)


def test_what_only_claims_to_be_png_is_dropped(session: Session) -> None:
    source = "from IPython.display import display\n"
    source += "display({'image/png': '<script>', 'text/plain': 'a'}, raw=True)\n"
    source += "display({'image/png': b'GIF89a', 'text/plain': 'b'}, raw=True)"
    assert [output["data"] for output in session.run_cell(source).outputs] == [
        {"text/plain": "a"},
        {"text/plain": "b"},
    ]


def test_figures_become_png(session: Session) -> None:
    session.run_cell("%matplotlib inline\nimport matplotlib.pyplot as plt")
    (output,) = session.run_cell("plt.plot([1, 2]); plt.title('loss'); plt.show()").outputs
    assert output["output_type"] == "display_data"
    assert base64.b64decode(output["data"]["image/png"]).startswith(PNG_SIGNATURE)


def test_open_figures_are_shown_at_the_end_of_the_cell(session: Session) -> None:
    reply = session.run_cell("import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.imshow([[1]]);")
    assert [set(output["data"]) for output in reply.outputs] == [{"text/plain", "image/png"}]
    assert session.run_cell("1;").outputs == []


def test_error_is_output_and_reply(session: Session) -> None:
    reply = session.run_cell("def f(x):\n    return x / 0\nprint('before')\nf(1)")
    assert reply.error == ("ZeroDivisionError", "division by zero")
    stream, error = reply.outputs
    assert stream["text"] == "before\n"
    assert (error["output_type"], error["ename"]) == ("error", "ZeroDivisionError")
    assert any("return x / 0" in line for line in error["traceback"])
    assert not any("\x1b" in line for line in error["traceback"])


def test_syntax_error_does_not_run_the_cell(session: Session) -> None:
    assert session.run_cell("x = 1\nx = (").error[0] == "SyntaxError"
    assert session.run_cell("x").error[0] == "NameError"


@pytest.mark.parametrize("source", ["raise SystemExit(1)", "exit()", "quit()", "raise KeyboardInterrupt"])
def test_leaving_ends_the_cell_only(session: Session, source: str) -> None:
    assert session.run_cell(source).error is not None
    assert session.run_cell("1").error is None


@pytest.mark.parametrize("source", ["input()", "input('name? ')", "import getpass; getpass.getpass()"])
def test_questions_are_refused_with_a_reason(session: Session, source: str) -> None:
    name, text = session.run_cell(source).error
    assert name == "InputUnavailable"
    assert "not available while grading" in text


def test_exception_whose_text_fails_is_still_reported(session: Session) -> None:
    source = "class E(Exception):\n    def __str__(self): raise ValueError('no')\nraise E()"
    assert session.run_cell(source).error is not None
    assert session.run_cell("1").error is None


def test_paths_of_the_grader_are_not_shown(session: Session) -> None:
    reply = session.run_cell("import numpy as np\nnp.zeros(2) @ np.zeros(3)\ninput()")
    assert "sandbox" not in json.dumps(session.run_cell("input()").outputs)
    assert "site-packages" not in json.dumps(reply.outputs)


def test_surrogates_and_control_characters_cross(session: Session) -> None:
    reply = session.run_cell(r"print('\ud800 \x00 \x1b[31m é')")
    assert reply.outputs[0]["text"] == "? \x00 \x1b[31m é\n"


def test_patched_display_machinery_breaks_only_the_display(session: Session) -> None:
    session.run_cell("get_ipython().showtraceback = lambda *a, **k: get_ipython().displayhook(5)")
    reply = session.run_cell("x = 5\n1 / 0")
    assert reply.error == ("ZeroDivisionError", "division by zero")
    assert session.lookup("x").value == 5


def test_broken_shell_is_an_error_of_the_cell(session: Session) -> None:
    session.run_cell("get_ipython().run_cell = None")
    assert session.run_cell("1").error is not None


class TestHiding:
    @pytest.mark.parametrize("name", ["check", "reset"])
    def test_what_a_notebook_calls_of_the_grader_is_inert(self, session: Session, name: str) -> None:
        reply = session.run_cell(f"from grading import {name}\n{name}('conv2d_forward')")
        assert (reply.error, reply.outputs) == (None, [])

    @pytest.mark.parametrize(
        "module",
        [
            "course_lib.reference",
            "course_lib.functional",
            "course_lib.kernels",
            "course_lib.nn",
            "grading.checks",
            "grading.sandbox.session",
            "scipy",
            "hypothesis",
        ],
    )
    def test_hidden_module_says_what_happened(self, session: Session, module: str) -> None:
        name, text = session.run_cell(f"import {module}").error
        assert name == "PermissionError"
        assert "not available while grading" in text

    def test_unknown_module_is_simply_not_found(self, session: Session) -> None:
        assert session.run_cell("import no_such_module").error[0] == "ModuleNotFoundError"

    def test_removing_the_explanation_leaves_the_wall(self, session: Session) -> None:
        source = (
            "import sys\nsys.meta_path[:] = [f for f in sys.meta_path if 'Hidden' not in type(f).__name__]\n"
        )
        source += "sys.modules.pop('grading')\nimport importlib; importlib.invalidate_caches()\n"
        session.run_cell(source)
        for module in ("course_lib.reference", "grading.checks", "scipy"):
            assert session.run_cell(f"import {module}").error[0] in ("PermissionError", "ModuleNotFoundError")

    def test_allowed_files_of_the_project_can_be_imported(self, session: Session) -> None:
        reply = session.run_cell("import course_lib\nfrom course_lib.data import load_textures")
        assert reply.error is None

    def test_own_module_beside_the_notebook_can_be_imported(self, session: Session) -> None:
        session.run_cell("%%writefile helper.py\nANSWER = 42")
        assert session.run_cell("import helper\nhelper.ANSWER").outputs[0]["data"]["text/plain"] == "42"

    def test_hidden_file_says_what_happened(self, session: Session) -> None:
        name, text = session.run_cell("open('/etc/passwd')").error
        assert name == "PermissionError"
        assert "not available while grading" in session.run_cell("open('/etc/passwd')").outputs[0]["evalue"]

    def test_the_standard_library_is_there(self, session: Session) -> None:
        names = "sqlite3, ssl, hashlib, ctypes, lzma, bz2, zlib, decimal, asyncio, csv, xml.etree.ElementTree"
        assert session.run_cell(f"import {names}").error is None


def test_random_numbers_follow_the_seed(server: SandboxServer) -> None:
    def draw(seed: bytes | None) -> str:
        with server.open(seed=seed) as session:
            source = "import random, numpy as np\nrandom.random(), np.random.rand()"
            return session.run_cell(source).outputs[0]["data"]["text/plain"]

    assert draw(b"a" * 32) == draw(b"a" * 32) != draw(b"b" * 32)
    assert draw(None) != draw(None)
