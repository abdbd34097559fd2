"""Static figures: what a lecture shows where nothing is to be moved. Every figure carries its alt text."""

from importlib import import_module

_HOMES = {
    "AccessibleFigure": "accessible",
    "describe": "accessible",
    "new_figure": "accessible",
    "show_images": "images",
    "show_brightness": "images",
    "show_matrix": "matrices",
    "show_matrices": "matrices",
    "show_signals": "signals",
    "show_curves": "curves",
    "show_depth": "depth",
    "show_search_budget": "search",
    "show_search_trials": "search",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
