"""What the instructor's pages take: the class report at 25 and 1,000 students, similarity at 300.

``python -m benchmarks.reports [--students 25 1000] [--submissions 300]``. Seconds of this process, without a
browser's.
"""

import argparse
import sys
import time

from benchmarks.report_class import made_up_results, made_up_surroundings
from benchmarks.submitted_code import made_up_codes
from grading.report.class_report import render_report
from grading.report.page import Names
from grading.report.pseudonyms import pseudonyms
from grading.report.similarity import class_similarity
from grading.report.similarity_page import render_similarity


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, nargs="+", default=(25, 1000), help="sizes of classes")
    parser.add_argument("--submissions", type=int, nargs="+", default=(300,), help="how many to compare")
    arguments = parser.parse_args()
    print(f"{'page':<14}{'students':>9}{'seconds':>9}{'size':>10}")
    report(25)
    for count in arguments.students:
        show("class report", count, *report(count))
    for count in arguments.submissions:
        show("similarity", count, *similarity(count))
    return 0


def report(count: int) -> tuple[float, int]:
    """Return the seconds of a report, and its bytes."""
    results = made_up_results(count)
    around = made_up_surroundings(results)
    started = time.process_time()
    names = Names(pseudonyms(b"key", [result.student for result in results]))
    page = render_report(results, around, names)
    return time.process_time() - started, len(page.encode())


def similarity(count: int) -> tuple[float, int]:
    """Return the seconds of comparing so many submissions, page and all, and the page's bytes."""
    codes = made_up_codes(count)
    started = time.process_time()
    page = render_similarity("convolution", class_similarity(codes, []))
    return time.process_time() - started, len(page.encode())


def show(page: str, count: int, seconds: float, size: int) -> None:
    """Print one row."""
    print(f"{page:<14}{count:>9}{seconds:>9.2f}{size / 1e6:>7.2f} MB")


if __name__ == "__main__":
    sys.exit(main())
