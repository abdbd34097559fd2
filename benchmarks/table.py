"""The measurements for people: one table a number of threads, and what was missed."""

from rich.console import Console
from rich.table import Table

from benchmarks.work import OURS

WITHIN = 0.95  # rows hold within 5 %: one run differs from the next by about as much


def met(ratio: float, goal: float | None) -> bool | None:
    """Tell whether a ratio reaches a goal, None without one."""
    return None if goal is None else ratio >= WITHIN * goal


def show(report: dict, console: Console) -> None:
    """Print everything."""
    for threads in report["threads"]:
        rows = [row for row in report["rows"] if row["threads"] == threads]
        console.print(_table(rows, threads))
    if report["roofline"]["gigabytes"]:
        console.print(
            "One thread at best: {giga_multiply_adds:.0f}·10⁹ multiply-adds/s in float32, "
            "{gigabytes:.1f} GB/s from and to memory. Rows count the plain "
            "algorithm's work: Winograd and caches can exceed 100 %.".format(**report["roofline"])
        )
    for line in _processes(report):
        console.print(line)
    console.print(f"{report['machine']['cpu']}; " + _facts(report["machine"]))
    missed = [
        f"{row['work']} ({other}): {found['ratio'][1]:.2f} of {found['must']:g}"
        for row in report["rows"]
        if row["threads"] == report["threads"][0]
        for other, found in row["others"].items()
        if found["met"] is False
    ]
    console.print(f"Below must on {report['threads'][0]} thread(s): " + ("; ".join(missed) or "none"))


def _table(rows: list[dict], threads: int) -> Table:
    table = Table(title=f"{threads} thread(s): another's time ÷ ours, median (quartiles)", show_lines=False)
    table.add_column("work", no_wrap=True)
    table.add_column("ours, ms", justify="right")
    table.add_column("of the best", justify="right")
    table.add_column("beside", no_wrap=True)
    table.add_column("theirs ÷ ours", justify="right", no_wrap=True)
    table.add_column("must", justify="right")
    table.add_column("aim", justify="right")
    table.add_column("", no_wrap=True)
    group = None
    for row in rows:
        if row["group"] != group:
            group = row["group"]
            table.add_section()
            table.add_row(f"[bold]{group}")
        left = [row["work"], f"{row[OURS]['ms'][1]:.3f}", _share(row)]
        for other, found in row["others"].items():
            ratio = "{1:.2f} ({0:.2f}–{2:.2f})".format(*found["ratio"])
            table.add_row(*left, other, ratio, _goal(found["must"]), _goal(found["aim"]), _verdict(found))
            left = ["", "", ""]
        if not row["others"]:
            table.add_row(*left)
    return table


def _share(row: dict) -> str:
    share = row["of_roofline"]
    return "" if share is None else f"{100 * share:.0f} %"


def _goal(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _verdict(found: dict) -> str:
    if found["met"] is None:
        return "" if found["aim"] is None else ("aim met" if found["aim_met"] else "below aim")
    if not found["met"]:
        return "[bold red]missed"
    return "aim met" if found["aim_met"] else "met"


def _processes(report: dict) -> list[str]:
    lines = []
    if found := report.get("import"):
        low, middle, high = found["seconds"]
        verdict = "met" if found["met"] else "missed"
        lines.append(
            f"import course_lib.functional: {middle:.3f} s ({low:.3f}–{high:.3f}) over importing NumPy, "
            f"must < {found['must']} s: {verdict}"
        )
    if found := report.get("memory"):
        text = f"peak memory above import, training step: ours {found['ours_mb']:.1f} MB"
        if "ratio" in found:
            text += (
                f", PyTorch {found['torch_mb']:.1f} MB, ours ÷ theirs {found['ratio']:.2f}, "
                f"must ≤ {found['must']}: {'met' if found['met'] else 'missed'}"
            )
        lines.append(text)
    return lines


def _facts(machine: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in machine.items() if name != "cpu")
