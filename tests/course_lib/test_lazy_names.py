"""Packages that load their names one by one: each is there, is loaded alone, and is loaded once."""

import importlib
import subprocess
import sys

import pytest

PACKAGES = ["course_lib.data", "course_lib.plots", "course_lib.widgets"]


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "shelf_of_names"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from course_lib.lazy_names import load_when_asked\n"
        "__getattr__, __dir__ = load_when_asked(__name__, {'apple': 'fruit', 'pear': 'gone'})\n"
    )
    (folder / "fruit.py").write_text("apple = object()\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("shelf_of_names")
    for name in [name for name in sys.modules if name.split(".")[0] == "shelf_of_names"]:
        del sys.modules[name]


def test_a_name_is_loaded_when_it_is_asked_for_and_kept(package):
    assert "shelf_of_names.fruit" not in sys.modules
    apple = package.apple
    assert apple is sys.modules["shelf_of_names.fruit"].apple
    assert vars(package)["apple"] is apple


def test_names_are_listed_before_they_are_loaded(package):
    assert {"apple", "pear", "__name__"} <= set(dir(package))


def test_another_name_is_refused_as_of_an_ordinary_module(package):
    with pytest.raises(AttributeError, match="module 'shelf_of_names' has no attribute 'plum'"):
        assert package.plum
    assert not hasattr(package, "plum")


def test_a_missing_file_is_named(package):
    with pytest.raises(ModuleNotFoundError, match=r"shelf_of_names\.gone"):
        assert package.pear


@pytest.mark.parametrize("name", PACKAGES)
def test_the_course_keeps_its_promises(name):
    package = importlib.import_module(name)
    assert package.__all__ == sorted(set(package.__all__))
    for offered in package.__all__:
        assert getattr(package, offered) is not None


@pytest.mark.parametrize("name", PACKAGES)
def test_importing_such_a_package_loads_none_of_its_files(name):
    script = f"import sys, {name}; print(*(m for m in sys.modules if m.startswith({name!r} + '.')))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []
