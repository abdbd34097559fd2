"""The inside of blocks, drawn from the modules themselves: layers in a row, branches that fork and join."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from matplotlib import rc_context
from matplotlib.axes import Axes

from course_lib import nn
from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.net_outline import short_name
from course_lib.plots.palette import BLUE, GREEN, VERMILLION, look

_WIDTHS = {"conv": 1.15, "other": 0.95}
_STEP, _FORK, _ROOM = 0.3, 0.35, 0.5
_HEIGHT = 1.0


@dataclass
class Graph:
    """What is drawn of a module, with the signal going from left to right.

    Attributes
    ----------
    width, height : float
        Room that it takes.
    boxes : list of (float, float, float, str)
        Left edge, middle, width and words of each layer.
    joins : list of (float, float, str)
        Place of each join of branches, and its sign: "+" for a sum, "∥" for outputs side by side, "×" for a
        product.
    lines : list of list of (float, float)
        Ways of the signal.
    """

    width: float = 0.0
    height: float = _HEIGHT
    boxes: list[tuple[float, float, float, str]] = field(default_factory=list)
    joins: list[tuple[float, float, str]] = field(default_factory=list)
    lines: list[list[tuple[float, float]]] = field(default_factory=list)

    def put(self, other: Graph, x: float, y: float) -> None:
        """Take in another graph, moved by (x, y)."""
        self.boxes += [(left + x, middle + y, width, words) for left, middle, width, words in other.boxes]
        self.joins += [(left + x, middle + y, sign) for left, middle, sign in other.joins]
        self.lines += [[(left + x, middle + y) for left, middle in line] for line in other.lines]


def block_graph(module: nn.Module) -> Graph:
    """Return how a module's layers hang together, around the middle 0.

    Parameters
    ----------
    module : Module
        A layer, a `Sequential`, `Sum`, `Residual`, `Concatenate` or `Scale` of such, or a block made of them.
    """
    if isinstance(module, nn.Identity):
        return Graph()
    if isinstance(module, nn.Sequential):
        return _row([block_graph(layer) for layer in module])
    if isinstance(module, nn.Residual):
        body, shortcut = module.branches
        return _beside([block_graph(shortcut), block_graph(body)], "+")
    if isinstance(module, nn.Scale):
        return _beside([Graph(), block_graph(module.gate)], "×")
    if isinstance(module, nn.Branches):
        sign = "∥" if isinstance(module, nn.Concatenate) else "+"
        return _beside([block_graph(branch) for branch in module.branches], sign)
    words = _words(module)
    width = _WIDTHS["conv" if isinstance(module, nn.Conv2d | nn.Linear) else "other"]
    return Graph(width, boxes=[(0.0, 0.0, width, words)])


def _words(layer: nn.Module) -> str:
    if isinstance(layer, nn.Conv2d):
        kernel, *rest = short_name(layer).split(", ")
        return "\n".join([kernel, str(layer.out_channels), *rest])
    if isinstance(layer, nn.Linear):
        return f"linear\n{layer.out_features}"
    return short_name(layer).replace(" ", "\n", 1)


def _row(graphs: list[Graph]) -> Graph:
    whole = Graph(height=max((graph.height for graph in graphs), default=_HEIGHT))
    for number, graph in enumerate(graphs):
        if number:
            whole.lines.append([(whole.width, 0.0), (whole.width + _STEP, 0.0)])
            whole.width += _STEP
        whole.put(graph, whole.width, 0.0)
        whole.width += graph.width
    return whole


def _beside(graphs: list[Graph], sign: str) -> Graph:
    inside = max(graph.width for graph in graphs)
    # A branch that does nothing is a line and needs less room.
    heights = [graph.height if graph.boxes else _ROOM for graph in graphs]
    whole = Graph(inside + 2 * _FORK + _STEP, sum(heights))
    join = inside + 2 * _FORK
    # The longest branch goes straight on.
    longest = max(range(len(graphs)), key=lambda number: graphs[number].width)
    middles = [sum(heights[:number]) + height / 2 for number, height in enumerate(heights)]
    for graph, middle in zip(graphs, middles, strict=True):
        y = middles[longest] - middle
        whole.put(graph, _FORK, y)
        whole.lines.append([(0.0, 0.0), (0.0, y), (_FORK, y)])
        whole.lines.append([(_FORK + graph.width, y), (join, y), (join, 0.0)])
    whole.height = 2 * max(middles[longest], whole.height - middles[longest])
    whole.joins.append((join, 0.0, sign))
    whole.lines.append([(join, 0.0), (join + _STEP, 0.0)])
    return whole


def show_blocks(modules: Mapping[str, nn.Module], *, alt: str) -> AccessibleFigure:
    """Draw the inside of modules, one below the other.

    Parameters
    ----------
    modules : mapping from str to Module
        By the name that is written above each.
    alt : str
        Alt text.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError
        If there is no module.
    """
    if not modules:
        raise ValueError("modules must hold at least one module, got none")
    graphs = {name: block_graph(module) for name, module in modules.items()}
    widest = max(max(graph.width for graph in graphs.values()) + 2 * _STEP, 8.0)
    spans = [_span(graph) for graph in graphs.values()]
    tall = sum(top - bottom + 0.75 for bottom, top in spans)
    unit = 8.6 / widest
    figure = new_figure(8.6, min(unit, 0.62) * tall, layout="none")
    with rc_context(look()):
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set(xlim=(-_STEP, widest - _STEP), ylim=(-tall, 0))
        y = 0.0
        for (name, graph), (bottom, top) in zip(graphs.items(), spans, strict=True):
            axes.text(-_STEP + 0.05, y - 0.1, name, va="top", fontsize=10)
            whole = Graph()
            whole.put(graph, 0.0, y - 0.5 - top)
            middle = y - 0.5 - top
            whole.lines += [
                [(-_STEP, middle), (0.0, middle)],
                [(graph.width, middle), (graph.width + _STEP, middle)],
            ]
            _draw(axes, whole, size=min(9.0, 11.4 * unit))
            y -= top - bottom + 0.75
    return describe(figure, alt)


def _span(graph: Graph) -> tuple[float, float]:
    rows = [middle for _, middle, *_ in graph.boxes] + [y for line in graph.lines for _, y in line] + [0.0]
    return min(rows) - _HEIGHT / 2, max(rows) + _HEIGHT / 2


def _draw(axes: Axes, graph: Graph, *, size: float) -> None:
    for line in graph.lines:
        x, y = zip(*line, strict=True)
        axes.plot(x, y, color="#444444", linewidth=1.2, zorder=1)
    for left, middle, width, words in graph.boxes:
        colour = BLUE if "conv" in words else VERMILLION if "linear" in words else "#5b6673"
        colour = "#00684c" if "pool" in words or "mean" in words else colour
        place = left + width / 2, middle
        inked = {"color": "white", "fontsize": size, "zorder": 3}
        axes.text(*place, words, ha="center", va="center", **inked)
        axes.fill(
            [left, left, left + width, left + width],
            [middle - 0.42, middle + 0.42, middle + 0.42, middle - 0.42],
            color=colour,
            zorder=2,
        )
    for left, middle, sign in graph.joins:
        axes.plot([left], [middle], "o", color="white", markeredgecolor=GREEN, markersize=14, zorder=4)
        axes.text(left, middle, sign, ha="center", va="center", fontsize=11, zorder=5)
