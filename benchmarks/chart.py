"""The measurements as one picture: a dot a row on a logarithmic axis, with what it must and should reach."""

from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from benchmarks.work import NUMPY, TORCH
from course_lib.plots.palette import BLUE, ORANGE, VERMILLION

ROW_INCHES = 0.19


def draw(report: dict, path: Path) -> None:
    """Draw the rows of a report beside PyTorch (beside NumPy where PyTorch was not there) into a PNG.

    A filled dot is the first number of threads, a ring the second; the bar goes from the lower to the upper
    quartile. Blue dots reach what they must or have no such goal, vermilion triangles do not.
    """
    lines = _lines(report)
    height = 1.7 + ROW_INCHES * len(lines)
    figure = Figure(figsize=(9.5, height))
    axes = figure.add_axes((0.43, 1.05 / height, 0.53, 1 - 2.0 / height))
    for position, line in enumerate(lines):
        if "heading" in line:
            axes.text(-0.01, position, line["heading"], **_left(axes), fontweight="bold")
            continue
        if position % 2:
            axes.axhspan(position - 0.5, position + 0.5, color="#F2F2F2", zorder=0)
        axes.text(-0.01, position, line["label"], **_left(axes))
        _draw_line(axes, position, line["found"])
    axes.axvline(1, color="#222222", linewidth=1, zorder=1)
    axes.set(xscale="log", ylim=(len(lines) - 0.3, -0.7), yticks=[])
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 0.5), max(high, 4))
    ticks = [t for t in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if low <= t <= max(high, 4)]
    axes.set_xticks(ticks, [f"{tick:g}×" for tick in ticks], minor=False)
    axes.minorticks_off()
    axes.grid(axis="x", color="#CCCCCC", linewidth=0.6, zorder=0)
    axes.tick_params(axis="x", labeltop=True, labelsize=8)
    axes.spines[["left", "right", "top"]].set_visible(False)
    other = NUMPY if report["machine"]["torch"] == "not installed" else "PyTorch"
    axes.set_xlabel(f"← {other} is faster     {other}'s time ÷ ours     we are faster →", fontsize=9)
    figure.text(0.02, 1 - 0.3 / height, f"How many times faster than {other}", fontsize=13, fontweight="bold")
    figure.text(0.02, 1 - 0.52 / height, _machine(report), fontsize=8, color="#444444")
    figure.legend(handles=_legend(report), loc="lower center", bbox_to_anchor=(0.5, 0), ncols=5, fontsize=7.5)
    figure.savefig(path, dpi=130, facecolor="white")


def _lines(report: dict) -> list[dict]:
    """Put every row and opponent on a line of its own, after a heading for each group."""
    with_torch = report["machine"]["torch"] != "not installed"
    lines: list[dict] = []
    group = None
    first = report["threads"][0]
    for row in report["rows"]:
        if row["threads"] != first:
            continue
        for other in row["others"]:
            if (other == NUMPY) == with_torch:
                continue
            if row["group"] != group:
                group = row["group"]
                lines.append({"heading": group})
            suffix = "" if other in (TORCH, NUMPY) else f" [{other.removeprefix('PyTorch, ')}]"
            found = [
                each["others"][other]
                for threads in report["threads"]
                for each in report["rows"]
                if each["work"] == row["work"] and each["group"] == group and each["threads"] == threads
            ]
            lines.append({"label": row["work"] + suffix, "found": found})
    return lines


def _draw_line(axes, position: int, found: list[dict]) -> None:
    must, aim = found[0]["must"], found[0]["aim"]
    if must is not None:
        axes.plot(must, position, marker="|", markersize=10, markeredgewidth=2.2, color="#222222", zorder=3)
    if aim is not None:
        axes.plot(aim, position, marker="|", markersize=10, markeredgewidth=1.6, color=ORANGE, zorder=2)
    for number, each in reversed(list(enumerate(found[:2]))):
        low, middle, high = each["ratio"]
        missed = each["met"] is False and number == 0
        colour = VERMILLION if missed else BLUE
        axes.plot([low, high], [position] * 2, color=colour, linewidth=1.2, alpha=0.6, zorder=4)
        axes.plot(
            middle,
            position,
            marker="v" if missed else "o",
            markersize=5.5 if number == 0 else 6.5,
            markerfacecolor=colour if number == 0 else "none",
            markeredgecolor=colour,
            zorder=5 + (number == 0),
            clip_on=False,
        )


def _left(axes) -> dict:
    return {"transform": axes.get_yaxis_transform(), "ha": "right", "va": "center", "fontsize": 7.5}


def _machine(report: dict) -> str:
    machine = report["machine"]
    return (
        f"{machine['cpu']}, {machine['instruction set']}; PyTorch {machine['torch']}, "
        f"NumPy {machine['numpy']}; medians of interleaved runs, bars between quartiles"
    )


def _legend(report: dict) -> list[Line2D]:
    plain = {"color": "none", "markersize": 6}
    handles = [Line2D([], [], marker="o", markerfacecolor=BLUE, markeredgecolor=BLUE, **plain)]
    names = [f"{report['threads'][0]} thread"]
    if len(report["threads"]) > 1:
        handles.append(Line2D([], [], marker="o", markerfacecolor="none", markeredgecolor=BLUE, **plain))
        names.append(f"{report['threads'][1]} threads")
    handles.append(
        Line2D([], [], marker="v", markerfacecolor=VERMILLION, markeredgecolor=VERMILLION, **plain)
    )
    names.append("below what it must")
    for colour, name in (("#222222", "must"), (ORANGE, "aim")):
        handles.append(Line2D([], [], marker="|", markeredgecolor=colour, markeredgewidth=2, **plain))
        names.append(name)
    for handle, name in zip(handles, names):
        handle.set_label(name)
    return handles
