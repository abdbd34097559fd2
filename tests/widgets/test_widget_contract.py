"""What every widget promises. A new widget is tested here as soon as `course_lib.widgets` lists it."""

import copy
import dataclasses
import re

import ipywidgets
import numpy as np
import pytest
import traitlets

import course_lib.widgets
from course_lib.widgets.course_widget import CourseWidget

WIDGETS = [getattr(course_lib.widgets, name) for name in course_lib.widgets.__all__]
every_widget = pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: widget.__name__)


def fields_of(instance):
    return {field.name: getattr(instance, field.name) for field in dataclasses.fields(instance)}


def assert_same(first, second):
    assert type(first) is type(second)
    if dataclasses.is_dataclass(first):
        for name, value in fields_of(first).items():
            assert_same(value, getattr(second, name))
    else:
        np.testing.assert_array_equal(first, second)


def arrays_in(result):
    return [value for value in fields_of(result).values() if isinstance(value, np.ndarray)]


@every_widget
def test_it_is_a_course_widget(widget):
    assert issubclass(widget, CourseWidget)
    assert widget.__doc__


@every_widget
def test_parameters_have_defaults_and_cannot_be_changed_later(widget):
    parameters = widget.Parameters()
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(parameters, dataclasses.fields(parameters)[0].name, None)


@every_widget
def test_an_impossible_parameter_is_refused_by_name(widget):
    for field in dataclasses.fields(widget.Parameters):
        if field.default is None:
            continue
        with pytest.raises(ValueError, match=field.name):
            widget.Parameters(**{field.name: object()})


@every_widget
def test_compute_is_pure(widget):
    parameters = widget.Parameters()
    before = copy.deepcopy(parameters)
    first, second = widget.compute(parameters), widget.compute(parameters)
    assert_same(before, parameters)
    assert_same(first, second)
    assert arrays_in(first), "a result holds arrays"
    for array in arrays_in(second):
        if array.flags.writeable:
            array[...] = 7
    assert_same(first, widget.compute(parameters))


@every_widget
def test_compute_makes_no_widget(widget, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("compute made a widget")

    parameters = widget.Parameters()
    monkeypatch.setattr(ipywidgets.Widget, "__init__", refuse)
    widget.compute(parameters)


@every_widget
def test_figure_is_the_static_default_view_with_alt_text(widget):
    figure = widget.figure()
    assert len(figure.alt) > 40
    picture = figure.png()
    assert len(picture) > 1000
    assert picture == widget.figure().png()


@every_widget
def test_the_static_view_leaves_nothing_out(widget):
    # A figure passes over its animated words when it is saved.
    assert not widget.figure().findobj(lambda artist: artist.get_animated())


@every_widget
def test_a_page_without_a_kernel_sees_the_static_view(widget):
    bundle = widget()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert re.search(r'<img src="data:image/png;base64,[^"]+" alt="[^"]{40,}"', bundle["text/html"])
    assert len(bundle["text/plain"]) > 40


@every_widget
def test_it_starts_from_settings_and_tells_them(widget):
    field = next(f for f in dataclasses.fields(widget.Parameters) if isinstance(f.default, (int, str)))
    instance = widget(**{field.name: field.default})
    assert getattr(instance.current_parameters(), field.name) == field.default
    with pytest.raises((ValueError, traitlets.TraitError), match=field.name):
        widget(**{field.name: -77 if isinstance(field.default, int) else "nonsense"})


@every_widget
def test_every_python_control_is_labelled(widget):
    for name, control in getattr(widget(), "controls", {}).items():
        assert control.description.strip(), f"the control {name} has no label"


@every_widget
def test_nothing_is_fetched(widget):
    page = "".join(str(getattr(part, "_esm", "")) + str(getattr(part, "_css", "")) for part in widget.__mro__)
    page += "".join(
        str(getattr(type(child), "_esm", ""))
        for child in getattr(widget(), "children", ())
        if child is not None
    )
    assert not re.search(r"https?://", page)
    assert not re.search(r"^\s*import\b", page, re.MULTILINE)
