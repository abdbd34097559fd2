"""Files that are laid beside a notebook: its code reads them and cannot write into them."""

import pytest

from grading.checker.sandbox_client import Session, Unsupported


def printed(session: Session, source: str) -> str:
    outputs = session.run_cell(source).outputs
    return "".join(str(output.get("text", output.get("ename", ""))) for output in outputs)


def test_code_reads_files_and_imports_modules(session: Session) -> None:
    session.place("data/numbers.txt", b"1\n2\n")
    session.place("helper.py", b"def double(x): return 2 * x\n")
    assert printed(session, "print(open('data/numbers.txt').read().split())") == "['1', '2']\n"
    assert printed(session, "import helper\nprint(helper.double(4))") == "8\n"


def test_code_cannot_write_into_them(session: Session) -> None:
    session.place("data.txt", b"1")
    assert "PermissionError" in printed(session, "open('data.txt', 'w')")
    assert printed(session, "open('own.txt', 'w').write('x')\nprint(open('own.txt').read())").endswith("x\n")


@pytest.mark.parametrize("name", ["/tmp/out", "../out", "a/../../out", ".", "\0"])
def test_nothing_is_laid_outside(session: Session, name: str) -> None:
    with pytest.raises((Unsupported, ValueError)):
        session.place(name, b"x")
    assert printed(session, "print(1)") == "1\n"


def test_nothing_is_laid_twice(session: Session) -> None:
    session.place("a", b"1")
    with pytest.raises(Unsupported, match="'a'"):
        session.place("a", b"2")
    with pytest.raises(Unsupported, match="'a/b'"):
        session.place("a/b", b"2")
