"""Finds in a page of HTML what a browser would run."""

from html.parser import HTMLParser


class Dangers(HTMLParser):
    """Collects what a browser would run, and the page's own Content-Security-Policy.

    A script that is, to the letter, the one that the page may have is not counted.
    """

    RUNS = {"script", "svg", "iframe", "object", "embed", "base", "form", "frame", "applet"}

    def __init__(self, text: str, own_script: str | None = None):
        super().__init__()
        self.found: list[str] = []
        self.policy = ""
        self._own_script = own_script
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "meta" and values.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = values["content"]
        if tag in self.RUNS:
            self.found.append(f"<{tag} {values}>")
        for name, value in values.items():
            if name.startswith("on") or value.strip().lower().startswith(("javascript:", "data:text")):
                self.found.append(f'<{tag} {name}="{value}">')

    def handle_data(self, data: str) -> None:
        if self._own_script is not None and self.found[-1:] == ["<script {}>"] and data == self._own_script:
            self.found.pop()
