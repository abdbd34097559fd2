"""Static figures: what a lecture shows where nothing is to be moved. Every figure carries its alt text."""

from course_lib.lazy_names import load_when_asked

_HOMES = {
    "AccessibleFigure": "accessible",
    "describe": "accessible",
    "new_figure": "accessible",
    "show_architectures": "architecture",
    "show_blocks": "block_graph",
    "show_images": "images",
    "show_brightness": "images",
    "show_matrix": "matrices",
    "show_matrices": "matrices",
    "show_signals": "signals",
    "show_curves": "curves",
    "show_depth": "depth",
    "show_course_map": "course_map",
    "show_response_maps": "search",
    "show_search_budget": "search",
    "show_search_trials": "search",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = load_when_asked(__name__, _HOMES)
