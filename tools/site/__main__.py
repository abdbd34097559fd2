"""Builds the site: `python -m tools.site` (or `make site`). Any plain web server can serve its pages."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tools.site.building import SiteError, build
from tools.site.in_browser import look_over
from tools.site.links import broken_links
from tools.site.staging import ROOT


def main(arguments: list[str] | None = None) -> int:
    """Build the site, check its links (and pages, where asked to), and say where it is and how large.

    Parameters
    ----------
    arguments : list of str, optional
        Of the command line.

    Returns
    -------
    int
        0 if the site was built, all links within it lead somewhere, and no page that was opened has a fault.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.site", description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "site", help="folder to write to")
    parser.add_argument(
        "--lectures", nargs="*", help="execute these only; the others are shown without outputs"
    )
    parser.add_argument(
        "--in-browser", action="store_true", help="open every page in Chromium, and hold it to WCAG AA"
    )
    chosen = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        site = build(chosen.output, chosen.lectures)
    except (SiteError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    files = [path for path in site.rglob("*") if path.is_file()]
    pages = sum(path.suffix == ".html" for path in files)
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"{pages} pages, {size:.1f} MB, in {time.monotonic() - started:.0f} s: {site / 'index.html'}")
    wrong = broken_links(site)
    if chosen.in_browser:
        started = time.monotonic()
        wrong += look_over(site)
        print(f"opened in Chromium in {time.monotonic() - started:.0f} s")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"to read it: {Path(sys.executable).name} -m http.server --directory {site}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
