"""How Sphinx sets the site. `python -m tools.site` gathers its sources and runs Sphinx."""

from course_lib import __version__

project = "Training neural networks"
copyright = "the authors; text under CC BY 4.0, code under BSD-3-Clause"  # noqa: A001 - Sphinx's name
author = "the authors"
release = version = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "tools.site.formulas",
    "tools.site.docstrings",
]
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
# Prompts may step from a part to a smaller heading.
suppress_warnings = ["myst.header"]

autodoc_typehints = "none"
autodoc_member_order = "bysource"
autodoc_class_signature = "mixed"
napoleon_google_docstring = False
# A named tuple's fields stand in its docstring, and as members once more.
napoleon_use_ivar = True
default_role = "literal"
add_module_names = False

html_math_renderer = "course_mathml"
html_theme = "pydata_sphinx_theme"
html_title = project
html_static_path = ["static"]
templates_path = ["templates"]
html_favicon = "static/favicon.svg"
html_css_files = ["site.css"]
html_js_files = [("live_widgets.js", {"type": "module"})]
html_show_sourcelink = False
html_copy_source = False
html_context = {"default_mode": "auto"}
# Widgets and figures of lectures need the width.
html_sidebars = {"index": [], "lectures/[0-9]*": []}
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "show_toc_level": 2,
}
