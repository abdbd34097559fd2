"""Whose file it is: what Canvas, Moodle and Gradescope put into the names of the files that they export."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import yaml

from grading.engine.roster import Person, plain_name

# lovelaceada_LATE_1234_98765_convolution-2.ipynb: user, submission, file, attempt.
_CANVAS = re.compile(r"(?P<name>[^/_]+)_(?:(?P<late>LATE)_)?(?P<user>\d+)_(?P<order>\d+)_(?P<file>[^/]+)")
# Ada Lovelace_1234_assignsubmission_file_/convolution.ipynb, or without the last slash.
_MOODLE = re.compile(
    r"(?:.*/)?(?P<name>[^/_]+)_(?P<user>\d+)_assignsubmission_(?:file|onlinetext)(?:_?/|_)(?P<file>[^/]+)"
)
_GRADESCOPE = re.compile(r"(?:.*/)?(?P<folder>submission_(?P<order>\d+))/(?:.*/)?(?P<file>[^/]+)")
_COPY = re.compile(r"(?:[-_ ]\(?\d+\)?|\(\d+\)| copy)$")
_METADATA = "submission_metadata.yml"


@dataclass(frozen=True)
class Owner:
    """What an export says about a file.

    Attributes
    ----------
    platform : str
        ``"Canvas"``, ``"Moodle"`` or ``"Gradescope"``.
    file : str
        The name the student gave it.
    name, platform_id, email, number : str
        Whose it is; empty where the platform does not say.
    order : int
        Later attempts have larger numbers.
    timestamp : str
        When it was handed in (UTC), empty where unknown.
    """

    platform: str
    file: str
    name: str = ""
    platform_id: str = ""
    email: str = ""
    number: str = ""
    order: int = 0
    timestamp: str = ""


def owner_of(path: PurePosixPath, metadata: Mapping[str, Owner]) -> Owner | None:
    """Return what a file's place says, or None where no platform names files like that.

    Parameters
    ----------
    path : PurePosixPath
        Place in the export.
    metadata : mapping of str to Owner
        From `gradescope_owners`, by folder.
    """
    text = str(path)
    if (found := _MOODLE.fullmatch(text)) is not None:
        return Owner("Moodle", found["file"], name=found["name"].strip(), platform_id=found["user"])
    if (found := _CANVAS.fullmatch(path.name)) is not None:
        file, order = found["file"], int(found["order"])
        return Owner("Canvas", file, name=found["name"], platform_id=found["user"], order=order)
    if (found := _GRADESCOPE.fullmatch(text)) is not None and found["folder"] in metadata:
        known = metadata[found["folder"]]
        return Owner(**vars(known) | {"file": found["file"], "order": int(found["order"])})
    return None


def gradescope_owners(data: bytes) -> dict[str, Owner]:
    """Return who handed in which folder, from Gradescope's ``submission_metadata.yml``.

    Raises
    ------
    ValueError
        If the file is not what Gradescope writes.
    """
    try:
        listed = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as problem:
        raise ValueError(f"{_METADATA} cannot be read: {str(problem)[:200]}") from problem
    if not isinstance(listed, dict):
        raise ValueError(f"{_METADATA} does not list submissions")
    owners = {}
    for folder, entry in listed.items():
        submitters = entry.get(":submitters") if isinstance(entry, dict) else None
        if not (isinstance(submitters, list) and submitters and isinstance(submitters[0], dict)):
            continue
        person = submitters[0]
        owners[str(folder)] = Owner(
            "Gradescope",
            "",
            name=_text(person.get(":name")),
            platform_id=_text(person.get(":sid")),
            email=_text(person.get(":email")),
            number=_text(person.get(":sid")),
            timestamp=_moment(entry.get(":created_at")),
        )
    return owners


def match(owner: Owner, roster: Sequence[Person]) -> tuple[Person | None, str]:
    """Return the student whose file it is, or None and the reason.

    Ids decide before addresses, and addresses before names; a name that two students share decides nothing.
    """
    for kind, given in (("platform_id", owner.platform_id), ("number", owner.number), ("email", owner.email)):
        found = [
            person for person in roster if given and getattr(person, kind).casefold() == given.casefold()
        ]
        if len(found) == 1:
            return found[0], ""
    wanted = plain_name(owner.name)
    found = [
        person
        for person in roster
        if wanted
        and wanted
        in (
            plain_name(person.last_name + person.first_name),
            plain_name(person.first_name + person.last_name),
        )
    ]
    if len(found) == 1:
        return found[0], ""
    who = owner.name or owner.email or owner.platform_id
    if found:
        return None, f"{len(found)} students of the roster are called {who}"
    return None, f"{who} is not in the roster"


def notebook_name(file: str, notebooks: Sequence[str]) -> str | None:
    """Return which notebook a file is: by its name, without what browsers append to copies."""
    stem = file[: -len(".ipynb")]
    for candidate in (stem, _COPY.sub("", stem)):
        for name in notebooks:
            if candidate.casefold() == name.casefold():
                return name
    return None


def _text(value: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    return str(value)[:200] if isinstance(value, str | int) else ""


def _moment(value: Any) -> str:  # noqa: ANN401 - whatever YAML holds
    if isinstance(value, datetime.datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        return aware.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return ""
