"""A Sphinx extension: formulas as MathML in the page, so that no script is needed to read mathematics."""

from __future__ import annotations

import html
import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from grading.engine.formulas import formula_markup

_TAG = re.compile(r"\\tag\{([^{}]*)\}")
_log = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, object]:
    """Offer the renderer to Sphinx under the name ``course_mathml``."""
    app.add_html_math_renderer("course_mathml", (_inline, None), (_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def inline_formula(tex: str) -> str:
    """Return a formula within a line as HTML."""
    return f'<span class="formula">{formula_markup(tex)}</span>'


def block_formula(tex: str) -> str:
    r"""Return a formula on a line of its own as HTML, its ``\tag`` at the right.

    Parameters
    ----------
    tex : str
        The formula, perhaps with one ``\tag{...}``.

    Returns
    -------
    str
        A block that can be scrolled with the keyboard where it is wider than the screen.
    """
    found = _TAG.search(tex)
    number = ""
    if found:
        text = html.escape(found[1])
        number = f'<a class="formula-number" id="formula-{text}" href="#formula-{text}">({text})</a>'
    label = f"formula {html.escape(found[1])}" if found else "formula"
    markup = formula_markup(_TAG.sub("", tex), display=True)
    return (
        f'<div class="formula-block" tabindex="0" role="group" aria-label="{label}">{markup}{number}</div>\n'
    )


def _inline(writer: object, node: nodes.math) -> None:
    writer.body.append(_checked(inline_formula(node.astext()), node))
    raise nodes.SkipNode


def _block(writer: object, node: nodes.math_block) -> None:
    writer.body.append(_checked(block_formula(node.astext()), node))
    raise nodes.SkipNode


def _checked(markup: str, node: nodes.Node) -> str:
    if 'class="tex"' in markup:
        _log.warning("this formula could not be set: %s", node.astext(), location=node)
    return markup
