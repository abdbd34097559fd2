"""Breaks a notebook in one of many ways, chosen by a seeded generator."""

import copy
import json

WEIRD = [None, True, -1, 10**30, 1e308, "", "text", "\u0000\ud800", [], [[]], {}, {"a": None}, ["a", 5]]


def mangle(text, generator):
    """Return the bytes of a broken notebook."""
    way = generator.choice(WAYS)
    made = way(text, generator)
    return made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")


def truncate(text, generator):
    return text[: generator.randrange(len(text))]


def flip_bytes(text, generator):
    data = bytearray(text.encode())
    for _ in range(generator.randrange(1, 20)):
        data[generator.randrange(len(data))] = generator.randrange(256)
    return bytes(data)


def other_encoding(text, generator):
    return text.encode(generator.choice(["utf-16", "utf-32", "utf-8-sig", "utf-16-le", "cp1252"]), "replace")


def nest(text, generator):
    depth = generator.choice([10, 70, 5_000])
    notebook = json.loads(text)
    return json.dumps(notebook)[:-1] + ', "x": ' + "[" * depth + "]" * depth + "}"


def enlarge(text, generator):
    notebook = json.loads(text)
    notebook["cells"] += [{"cell_type": "code", "source": "x = 1" * 1000}] * generator.choice([5, 3_500])
    return json.dumps(notebook)


def replace_anything(text, generator):
    """Put a value of the wrong type somewhere in the tree."""
    notebook = json.loads(text)
    for _ in range(generator.randrange(1, 6)):
        node = notebook
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = generator.choice(keys)
            deeper = isinstance(node[key], dict | list)
            if not deeper or generator.random() < 0.3:
                if isinstance(node, dict) and generator.random() < 0.3:
                    del node[key]
                else:
                    node[key] = copy.deepcopy(generator.choice(WEIRD))
                break
            node = node[key]
    return json.dumps(notebook)


def shuffle_cells(text, generator):
    """Duplicate, delete, move, split and retype cells, and change their ids."""
    notebook = json.loads(text)
    cells = notebook["cells"]
    for _ in range(generator.randrange(1, 10)):
        if not cells:
            break
        place = generator.randrange(len(cells))
        cell = copy.deepcopy(cells[place])
        action = generator.randrange(7)
        if action == 0:
            cells.insert(generator.randrange(len(cells) + 1), cell)
        elif action == 1:
            del cells[place]
        elif action == 2:
            cells.insert(generator.randrange(len(cells)), cells.pop(place))
        elif action == 3:
            cut = generator.randrange(len(cell["source"]) + 1)
            cells[place] = cell | {"source": cell["source"][:cut]}
            cells.insert(place + 1, cell | {"source": cell["source"][cut:]})
        elif action == 4:
            cells[place] = cell | {"cell_type": generator.choice(["markdown", "raw", "code", "evil", None])}
        elif action == 5:
            cells[place] = cell | {"metadata": generator.choice(WEIRD)}
        else:
            grade_id = generator.choice(["relu", "t_relu", "square", "t_square", "imports", "other", 5, None])
            marks = {"grade_id": grade_id, "points": 100, "grade": True, "solution": True, "locked": False}
            cells[place] = cell | {"metadata": {"nbgrader": marks}}
    return json.dumps(notebook)


def old_format(text, generator):
    cells = json.loads(text)["cells"]
    version = generator.choice([1, 2, 3, 3, 3, 5, "3", None])
    sheets = [{"cells": [cell | {"input": cell["source"]} for cell in cells]}]
    return json.dumps({"nbformat": version, "worksheets": sheets})


WAYS = [
    truncate,
    flip_bytes,
    other_encoding,
    nest,
    enlarge,
    replace_anything,
    replace_anything,
    shuffle_cells,
]
WAYS += [shuffle_cells, shuffle_cells, old_format]
