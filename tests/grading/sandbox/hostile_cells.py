"""What a student's cell shows, and whether it was refused something."""

from grading.checker.sandbox_client import Session


def show(session: Session, source: str) -> str:
    """Run a cell and return everything that it showed as text."""
    reply = session.run_cell(source)
    return "".join(
        output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue", "")
        for output in reply.outputs
    )


def refused(session: Session, source: str) -> bool:
    """Run a cell and tell whether the system refused what it wanted."""
    reply = session.run_cell(source)
    return reply.error is not None and reply.error[0] in ("PermissionError", "BlockingIOError", "OSError")
