"""A stand-in for `python -m grading.checker` that does what a submission's text tells it to do.

Speaks the engine's frames on descriptors 0 and 1. The word after `BEHAVE:` in the submission chooses.
"""

import base64
import json
import os
import signal
import struct
import sys
import time
import zlib

from grading.sandbox.frames import Channel, EndOfStream

FAKE_CHECKER = (sys.executable, "-I", __file__)

HOSTILE_HTML = (
    '<div style="color: red; position: fixed; background: url(http://evil.example/x)" onclick="alert(1)">'
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    '<svg onload="document.title=\'owned\'"></svg><b>bold</b><a href="javascript:alert(1)">click</a></div>'
)


def png(width=2, height=2):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\x00" + b"\x80\x10\xf0" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


def hostile_outputs():
    return [
        {"output_type": "stream", "name": "stdout", "text": "hello\x1b]0;owned\x07\x00"},
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/html": "<script>document.title='owned'</script>"},
        },
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"image/svg+xml": "<svg onload='alert(1)'/>"},
        },
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"application/javascript": "document.title='owned'"},
        },
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"image/png": png(), "text/plain": "<Figure>"},
        },
        {"output_type": "execute_result", "metadata": {}, "data": {"text/plain": "99"}, "execution_count": 1},
    ]


def verdict(configuration, notebook, behaviour):
    master = json.loads(configuration["master"])
    try:
        given = json.loads(notebook)["cells"]
    except (ValueError, KeyError, TypeError):
        return {
            "status": "unreadable",
            "reason": "not JSON",
            "seconds": 0.0,
            "restarts": 0,
            "cells": [],
            "tests": tests(master, 0),
        }
    share = {"half": 0.5, "none": 0.0}.get(behaviour, 1.0)
    cells = [cell(raw, behaviour) for raw in given]
    return {
        "status": "graded", "reason": None, "seconds": 0.1, "restarts": 0, "cells": cells,
        "tests": tests(master, share, behaviour),
    }  # fmt: skip


def cell(raw, behaviour):
    marks = raw.get("metadata", {}).get("nbgrader", {})
    role = "test" if marks.get("grade") else "solution" if marks.get("solution") else "plain"
    if raw["cell_type"] != "code":
        role = "markdown"
    outputs = hostile_outputs() if behaviour == "hostile" and raw["cell_type"] == "code" else []
    source = raw["source"] if isinstance(raw["source"], str) else "".join(raw["source"])
    return {
        "grade_id": marks.get("grade_id"), "role": role, "cell_type": raw["cell_type"], "source": source,
        "outputs": outputs, "note": None,
    }  # fmt: skip


def tests(master, share, behaviour=""):
    found = []
    for raw in master["cells"]:
        marks = raw["metadata"].get("nbgrader", {})
        if not (marks.get("grade") and not marks.get("solution")):
            continue
        points = {"over": marks["points"] + 1, "negative": -1, "text": "10", "true": True}.get(
            behaviour, share * marks["points"]
        )
        status = "passed" if share == 1 else "failed"
        found.append({
            "grade_id": marks["grade_id"], "points": points, "max_points": 1e9, "status": status,
            "message": "fine" if share == 1 else "the values differ <b>here</b>", "counterexample": None,
            "misconception": None if share == 1 else "padding-hard-coded",
            "explanation": None if share == 1 else "The padding is always 1.", "section": None, "parts": [],
            "html": HOSTILE_HTML if behaviour == "hostile" else "",
            "checks": [marks["grade_id"].removeprefix("check_")],
        })  # fmt: skip
    return found[:-1] if behaviour == "forgets" else found + found[:1] if behaviour == "twice" else found


def main():
    channel = Channel(0, 1, max_json=64 << 20)
    first, _ = channel.receive()
    if first.get("probe"):
        channel.send(
            {
                "probes": [
                    {"name": "open a socket", "layer": "seccomp", "held": True, "detail": "EPERM"},
                    {"name": "read the home", "layer": "landlock", "held": "yes", "detail": ""},
                ]
            }
        )
        return
    configuration = first["configure"]
    if "unusable" in sys.argv:
        channel.send({"ready": False, "problem": "the check 'f' has a syntax error"})
        return
    assert os.listdir(".") == [], "the checker must start in an empty directory"
    assert not {"HOME_SECRET", "PYTHONPATH"} & set(os.environ), "the environment must be minimal"
    tests_of = [
        {"grade_id": t["grade_id"], "points": t["max_points"]}
        for t in tests(json.loads(configuration["master"]), 1)
    ]
    channel.send({"ready": True, "isolation": {"seccomp": "held"}, "tests": tests_of, "version": "fake 1"})
    while True:
        try:
            message, notebook = channel.receive()
        except EndOfStream:
            return
        job = message["grade"]
        behaviour = ""
        if b"BEHAVE:" in notebook:
            behaviour = notebook.split(b"BEHAVE:", 1)[1].split(b"\\n")[0].split(b'"')[0].decode().strip()
        if behaviour == "hang":
            time.sleep(3600)
        if behaviour.startswith("lose the worker, once "):
            flag = behaviour.removeprefix("lose the worker, once ")
            if not os.path.exists(flag):
                os.close(os.open(flag, os.O_CREAT | os.O_WRONLY))
                os.kill(os.getppid(), signal.SIGKILL)
                os._exit(0)
            behaviour = "half"
        if behaviour == "die":
            print("the checker met its end", file=sys.stderr, flush=True)
            os._exit(9)
        if behaviour == "garbage":
            os.write(1, b"this is no frame, and it is long enough to fill a header")
            time.sleep(3600)
        if behaviour == "nan":
            text = json.dumps(
                {"job": job["job"], "verdict": {"status": "graded", "tests": [{"points": float("nan")}]}}
            ).encode()
            os.write(1, struct.pack(">4sIQ", b"NTF1", len(text), 0) + text)
            continue
        if behaviour == "other":
            channel.send({"job": "somebody else", "verdict": {}})
            continue
        channel.send(
            {
                "job": job["job"],
                "verdict": "what?"
                if behaviour == "nonsense"
                else verdict(configuration, notebook, behaviour),
            }
        )


if __name__ == "__main__":
    main()
