"""The link check finds what leads nowhere, leaves the site, or is fetched from elsewhere."""

import pytest

from tools.site.links import broken_links


@pytest.fixture
def site(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "index.html").write_text('<h1 id="top">x</h1><a href="sub/page.html#there">x</a>')
    (tmp_path / "sub" / "page.html").write_text(
        '<p id="there"><a href="../index.html#top">x</a><a href="#">x</a>'
        '<img src="data:image/png;base64,AA=="><a href="https://example.org/paper">x</a></p>'
    )
    return tmp_path


def test_a_sound_site_has_nothing_to_tell(site):
    assert broken_links(site) == []


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        ('<a href="none.html">x</a>', "leads to no file of the site"),
        ('<a href="sub/page.html#nowhere">x</a>', "leads to no place in that page"),
        ('<a href="#nowhere">x</a>', "leads to no place in that page"),
        ('<a href="/index.html">x</a>', "would leave a sub-path"),
        ('<a href="../outside.html">x</a>', "leads to no file of the site"),
        ('<script src="https://example.org/a.js"></script>', "is fetched from another machine"),
        ('<link rel="stylesheet" href="//example.org/a.css">', "is fetched from another machine"),
        ('<img src="https://example.org/a.png">', "is fetched from another machine"),
        ('<div data-state="https://example.org/a.json"></div>', "is fetched from another machine"),
    ],
)
def test_it_finds(site, markup, problem):
    (site / "more.html").write_text(markup)
    (found,) = broken_links(site)
    assert found.startswith("more.html: ")
    assert problem in found
