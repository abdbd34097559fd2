"""Makes the outputs of a lecture fit for a page without a kernel: pictures as files, live widgets."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from pathlib import Path

import nbformat

from tools.site.anchors import to_pages

_VIEW = "application/vnd.jupyter.widget-view+json"
_STATES = "application/vnd.jupyter.widget-state+json"
_PICTURE = re.compile(r'src="data:image/png;base64,([A-Za-z0-9+/=\s]+)"')
# Traits that belong to the machinery of widgets: a page has no use for them.
_MACHINERY = re.compile(r"_(esm|css|anywidget_id|(model|view|dom).*)|layout|tabbable|tooltip")


class PageFiles:
    """The files beside the pages: what has the same contents is written once.

    Parameters
    ----------
    static : Path
        The folder that the site serves as ``_static``.
    up : str
        How a page gets to the folder above ``_static``, such as ``"../"``.
    """

    def __init__(self, static: Path, up: str) -> None:
        self._static, self._up = static, up

    def add(self, folder: str, contents: bytes, suffix: str) -> str:
        """Write a file named after its contents; returns the address that a page has it under."""
        name = f"{folder}/{hashlib.sha256(contents).hexdigest()[:16]}{suffix}"
        path = self._static / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(contents)
        return f"{self._up}_static/{name}"


def fit_for_a_page(notebook: nbformat.NotebookNode, files: PageFiles) -> nbformat.NotebookNode:
    """Change a notebook's outputs: they show without a kernel, and fetch only the site's own files.

    A widget that is JavaScript from top to bottom goes on living; any other is shown by its static picture.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Executed, with the state of its widgets in its metadata. It is changed.
    files : PageFiles
        Where pictures and widgets go.

    Returns
    -------
    nbformat.NotebookNode
        The same notebook.
    """
    states = notebook.metadata.pop("widgets", {}).get(_STATES, {}).get("state", {})
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data")
            if data is None:
                continue
            view = data.pop(_VIEW, None)
            for kind in {"text/html", "text/markdown"} & set(data):
                data[kind] = to_pages(data[kind])
            if "text/html" in data:
                data["text/html"] = _with_picture_files(data["text/html"], files)
                data.pop("image/png", None)
            model = states.get(view["model_id"], {}).get("state", {}) if view else {}
            if "_esm" in model:
                data["text/html"] = _live(model, data["text/html"], files)
    return notebook


def _with_picture_files(page: str, files: PageFiles) -> str:
    def filed(match: re.Match) -> str:
        return f'loading="lazy" src="{files.add("figures", base64.b64decode(match[1]), ".png")}"'

    return _PICTURE.sub(filed, page)


def _live(model: dict[str, object], still: str, files: PageFiles) -> str:
    """Write the place of a widget: its static picture, which the widget takes over when its code has come."""
    state = {name: value for name, value in model.items() if not _MACHINERY.fullmatch(name)}
    addresses = {
        "module": files.add("widgets", model["_esm"].encode(), ".js"),
        "look": files.add("widgets", model.get("_css", "").encode(), ".css"),
        "state": files.add("widgets", json.dumps(state).encode(), ".json"),
    }
    attributes = " ".join(f'data-{name}="{html.escape(where)}"' for name, where in addresses.items())
    return f'<div class="live-widget" {attributes}>{still}</div>'
