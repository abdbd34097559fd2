"""nbgrader's formgrader opens graded submissions, and nothing that a student wrote runs there."""

import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from own_sockets import free_port

from grading.engine.compose import notebook_bytes
from grading.engine.feedback import write_feedback
from grading.report import write_report

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = (
    "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    "<svg onload=\"document.title='owned'\"><circle r=5 /></svg>"
)


def hostile_cells():
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": SCRIPT}},
        {"output_type": "display_data", "metadata": {}, "data": {"image/svg+xml": SCRIPT}},
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"application/javascript": "document.title='owned'"},
        },
    ]
    code = {
        "cell_type": "code",
        "id": "x1",
        "metadata": {},
        "source": "f()",
        "execution_count": 1,
        "outputs": outputs,
    }
    markdown = {"cell_type": "markdown", "id": "x2", "metadata": {}, "source": SCRIPT}
    raw = {"cell_type": "raw", "id": "x3", "metadata": {"raw_mimetype": "text/html"}, "source": SCRIPT}
    return [code, markdown, raw]


class Server:
    """A Jupyter server in a class directory, as an instructor starts it."""

    def __init__(self, directory, private):
        self.token = secrets.token_hex(16)
        self.port = free_port()
        self.log = private / "server.log"
        command = [
            sys.executable,
            "-m",
            "jupyter_server",
            "--allow-root",
            "--no-browser",
            "--ServerApp.ip=127.0.0.1",
        ]
        command += [f"--ServerApp.port={self.port}", "--ServerApp.port_retries=0"]
        command += [f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={directory.root}"]
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        homes = {"HOME": str(private), "JUPYTER_CONFIG_DIR": str(private / "config"), "PATH": path}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command,
                cwd=directory.root,
                env=os.environ | homes,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def address(self, path):
        return f"http://127.0.0.1:{self.port}/{path}"

    @property
    def credentials(self):
        return {"Authorization": f"token {self.token}"}

    def wait(self):
        deadline = time.monotonic() + 60
        while True:
            try:
                asked = urllib.request.Request(self.address("api/status"), headers=self.credentials)
                urllib.request.urlopen(asked, timeout=5).close()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError) as problem:
                alive = self.process.poll() is None and time.monotonic() < deadline
                assert alive, f"{problem}: {self.log.read_text()[-3000:]}"
                select_a_while()

    def stop(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def select_a_while():
    """Wait for nothing in particular: a server that starts cannot be waited for otherwise."""
    import select

    select.select([], [], [], 0.2)


@pytest.fixture
def page(chromium):
    opened = chromium.new_page(viewport={"width": 1200, "height": 900})
    opened.on("dialog", lambda dialog: dialog.dismiss())
    yield opened
    opened.close()


@pytest.fixture
def server(classroom, page, tmp_path):
    (tmp_path / "private").mkdir()
    classroom.hand_in("ada", "half")
    classroom.hand_in("eve", "hostile", extra=hostile_cells())
    classroom.grade()
    started = Server(classroom.directory, tmp_path / "private")
    try:
        started.wait()
        page.set_extra_http_headers(started.credentials)
        yield started
    finally:
        started.stop()


def submission(classroom, student):
    with Gradebook(classroom.directory.db_url) as gradebook:
        return gradebook.find_submission_notebook("sums", "sums", student).id


def artifacts(name):
    folder = ROOT / ".artifacts"
    folder.mkdir(exist_ok=True)
    return str(folder / name)


def test_formgrader_shows_a_hostile_submission_and_runs_none_of_it(classroom, server, page):
    page.goto(
        server.address(f"formgrader/submissions/{submission(classroom, 'eve')}/"), wait_until="networkidle"
    )
    page.wait_for_selector("input#check_add")
    assert page.title() == "sums"
    assert (
        page.locator(
            "#notebook-container script, #notebook-container svg, #notebook-container iframe"
        ).count()
        == 0
    )
    assert page.locator("#notebook-container [onerror], #notebook-container [onload]").count() == 0
    assert "hello" in page.inner_text("#notebook-container")
    # formgrader asks its server for the points and puts them into the field as the score's placeholder.
    page.wait_for_function("document.querySelector('input#check_add').placeholder === '3'")
    page.screenshot(path=artifacts("formgrader.png"), full_page=True)


def test_formgrader_fetches_nothing_from_outside(classroom, server, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(
        server.address(f"formgrader/submissions/{submission(classroom, 'ada')}/"), wait_until="networkidle"
    )
    page.wait_for_selector("input#check_add")
    assert asked
    assert [url for url in asked if not url.startswith((server.address(""), "data:"))] == []


def test_the_same_content_does_run_where_it_is_not_neutralised(classroom, server, page):
    """Without this, the test above could not fail."""
    notebook = classroom.graded("eve")
    for number, cell in enumerate(hostile_cells()):
        notebook["cells"].append(cell | {"id": f"raw-{number}"})
    target = classroom.directory.assignment("autograded", "sums", "eve") / "sums.ipynb"
    target.write_bytes(notebook_bytes(notebook))
    page.goto(
        server.address(f"formgrader/submissions/{submission(classroom, 'eve')}/"), wait_until="networkidle"
    )
    page.wait_for_function("document.title === 'owned'")


def test_formgrader_lists_students_and_scores(classroom, server, page):
    page.goto(server.address("formgrader/gradebook/sums/sums"), wait_until="networkidle")
    page.wait_for_function("document.body.innerText.includes('2.75')")
    assert "5.5" in page.inner_text("body")


def test_formgrader_leads_to_the_class_report(classroom, server, chromium):
    """As an instructor does it: with the cookie of a login, and by clicking."""
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    page = context.new_page()
    # A login below /formgrader/ would give a cookie for formgrader alone.
    page.goto(server.address(f"api/status?token={server.token}"))
    page.goto(server.address("formgrader/manage_assignments"), wait_until="networkidle")
    assert "course report ASSIGNMENT" in page.inner_text("#class-reports")
    write_report(classroom.directory, "sums")
    page.reload(wait_until="networkidle")
    page.screenshot(path=artifacts("formgrader-reports.png"), full_page=True)
    with context.expect_page() as opened:
        page.click("#class-reports a")
    report = opened.value
    report.wait_for_load_state()
    assert report.title() == "Class report: sums"
    # Its own script runs, and cannot reach the server in the instructor's name.
    report.wait_for_selector("#heat thead button")
    assert report.evaluate("window.origin") == "null"
    report.screenshot(path=artifacts("formgrader-report.png"))
    context.close()


def test_feedback_runs_nothing_even_where_the_page_itself_was_tampered_with(classroom, page, tmp_path):
    classroom.hand_in("eve", "hostile", extra=hostile_cells())
    classroom.grade()
    [path] = write_feedback(classroom.directory, "sums")
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(path.as_uri(), wait_until="load")
    assert page.title() == "Feedback: sums"
    assert complaints == []
    tampered = tmp_path / "tampered.html"
    tampered.write_text(path.read_text().replace("</main>", SCRIPT + "</main>"))
    page.goto(tampered.as_uri(), wait_until="load")
    assert page.title() == "Feedback: sums"
    assert any("Content Security Policy" in text for text in complaints)
    page.screenshot(path=artifacts("feedback-hostile.png"), full_page=True)
