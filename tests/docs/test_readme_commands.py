"""Each command of the README is run: here, or by the test or the CI step that this page names."""

import os
import re
import subprocess
import sys
import zipfile

import pytest
from documented_commands import ROOT, blocks, run, shell

README = ROOT / "README.md"
COMMANDS = [command for block in blocks(README) for command in block.commands]
INSTRUCTOR = next(block for block in blocks(README) if "course init" in block.text).commands
STUDENT = next(block for block in blocks(README) if "course lab" in block.text).commands
TEXT = README.read_text("utf-8")
INLINE = {" ".join(command.split()) for command in re.findall(r"`((?:make|course|python -m)\s[^`]+)`", TEXT)}
# What takes minutes, and is a step of CI itself.
CI_STEPS = {"make demo", "make test", "make test-all", "make lint", "make site"}
# What a test of this file runs; of the next three what they would start, as that takes minutes (the wheel is
# built by tests/packaging, the benchmarks have tests of their own).
RUN_HERE = {
    "make lab",
    "make bench",
    "make dist",
    "course doctor",
    "course check NOTEBOOK",
    "course reset NOTEBOOK QUESTION",
    "course solution NOTEBOOK QUESTION",
    "python -m tools.mutation",
}


def test_no_command_is_forgotten():
    known = {*CI_STEPS, *RUN_HERE, *INSTRUCTOR, *STUDENT}
    assert {*COMMANDS, *INLINE} <= known
    steps = (ROOT / ".ci" / "run").read_text().splitlines()
    assert {" ".join(step.split()[:2]) for step in steps} >= CI_STEPS


def test_the_installations_resolve_to_this_package(tmp_path):
    installations = [command for command in [*STUDENT, *INSTRUCTOR] if command.startswith("pip install ")]
    assert len(installations) == 2
    for command in installations:
        dry = command + " --dry-run --no-deps --no-build-isolation --disable-pip-version-check"
        assert "Would install neural-network-training-course" in run([dry], tmp_path, ROOT)


ROSTER = """student_id,first_name,last_name,email,platform_id,number
ada,Ada,Lovelace,ada@example.edu,1234,u100
zoe,Zoe,Miller,zoe@example.edu,1235,u101
"""


@pytest.mark.slow
def test_the_instructors_commands_run_in_their_order(tmp_path):
    classroom = tmp_path / "my-class"
    for command in INSTRUCTOR:
        if command.startswith("pip"):
            continue
        if command.startswith("course roster"):
            (classroom / "students.csv").write_text(ROSTER)
        if command.startswith("course collect"):
            released = classroom / "release" / "convolution" / "convolution.ipynb"
            with zipfile.ZipFile(classroom / "hand-ins.zip", "w") as archive:
                # As Canvas names them.
                for name in ("lovelaceada_1234_98765", "millerzoe_1235_98766"):
                    archive.write(released, f"{name}_convolution.ipynb")
        run([command], tmp_path, classroom if classroom.exists() else tmp_path)
    for student in ("ada", "zoe"):
        assert (classroom / "feedback" / student / "convolution" / "convolution.html").is_file()
    assert (classroom / "reports" / "convolution.html").is_file()


@pytest.mark.slow
def test_the_students_commands_run_on_an_assignment(tmp_path):
    class_commands = ["course init class", "cd class", "course release convolution"]
    run(class_commands, tmp_path, tmp_path)
    notebook = tmp_path / "convolution.ipynb"
    notebook.write_bytes((tmp_path / "class" / "release" / "convolution" / "convolution.ipynb").read_bytes())
    assert "conv2d_forward" in run([f"course check {notebook}"], tmp_path, tmp_path)
    assert "handed out" in run([f"course reset {notebook} conv2d_forward"], tmp_path, tmp_path)
    # The model solution is withheld from a notebook without an answer: that is what it says then.
    refused = subprocess.run(
        [sys.executable, "-m", "grading.cli", "solution", str(notebook), "conv2d_forward"],
        cwd=tmp_path, env=shell(tmp_path), capture_output=True, text=True,
    )  # fmt: skip
    assert refused.returncode == 1
    assert refused.stderr.strip()


@pytest.mark.slow
def test_the_doctor_answers(tmp_path):
    answer = subprocess.run(
        [sys.executable, "-m", "grading.cli", "doctor", "--json"],
        cwd=tmp_path, env=shell(tmp_path), capture_output=True, text=True,
    )  # fmt: skip
    assert answer.returncode in (0, 1)
    assert '"held"' in answer.stdout


@pytest.mark.slow
def test_the_lab_opens_on_a_copy_of_ones_own_and_progress_reads_it(tmp_path):
    root = ["--allow-root"] if os.geteuid() == 0 else []
    with subprocess.Popen(
        [sys.executable, "-m", "grading.cli", "lab", "--no-browser", "--port", "0", *root],
        cwd=tmp_path, env=shell(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as lab:  # fmt: skip
        said = []
        for line in lab.stdout:
            said.append(line)
            if "http://" in line:
                break
        lab.terminate()
        lab.stdout.read()
    assert "http://" in said[-1], "".join(said)
    copy = tmp_path / "neural-network-training"
    assert {path.name for path in (copy / "lectures").glob("*.ipynb")} == {
        path.name for path in (ROOT / "notebooks").glob("*.ipynb")
    }
    assert "convolution" in run(["course progress"], tmp_path, tmp_path)


def test_the_targets_of_make_say_what_they_run():
    started = {"lab": "course lab", "bench": "benchmarks.kernels", "site": "tools.site", "dist": "-m build"}
    for target, command in started.items():
        dry = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True)
        assert command in dry.stdout


def test_the_mutants_can_be_listed(tmp_path):
    assert "conv2d" in run(["python -m tools.mutation convolution --list"], tmp_path, ROOT)
