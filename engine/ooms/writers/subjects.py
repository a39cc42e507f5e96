"""What a report is about: views, calibrations and studies, by their names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ooms.beliefs.reader import as_view
from ooms.beliefs.view import View
from ooms.files.library import shipped_calibrations
from ooms.problems import Problems, UserError

if TYPE_CHECKING:
    from xarray import Dataset

    from ooms.calibrating.calibration import Calibration

__all__ = ["Subjects", "kind_of", "read_subjects"]


@dataclass
class Subjects:
    """What was named, read.

    Parameters
    ----------
    names : list of str
        As they were given.
    views : dict of str to View
        By label; the posterior of every calibration is one.
    calibrations, studies : dict
        By name.
    """

    names: list[str] = field(default_factory=list[str])
    views: dict[str, View] = field(default_factory=dict[str, View])
    calibrations: dict[str, Calibration] = field(default_factory=dict[str, Any])
    studies: dict[str, Dataset] = field(default_factory=dict[str, Any])


def kind_of(name: str | Path) -> Literal["view", "calibration", "study"]:
    """What a name or path stands for: stores of studies are folders, calibrations are shipped ones or NetCDF files."""
    path = os.path.expanduser(name)
    if os.path.isdir(path) or str(name).endswith(".zarr"):
        return "study"
    return "calibration" if str(name) in shipped_calibrations() or str(name).endswith(".nc") else "view"


def read_subjects(given: Iterable[Any], problems: Problems) -> Subjects:
    """Everything that was named; all that is wrong with any goes to `problems`."""
    found = Subjects()
    for one in given:
        try:
            _read(one, found, problems)
        except UserError as error:
            problems.extend(error.problems)
    if not found.names and not len(problems):
        problems.add("report", "nothing is named", "name a view, a calibration or the store of a study")
    return found


def _read(one: Any, found: Subjects, problems: Problems) -> None:
    if isinstance(one, str | Path):
        kind = kind_of(one)
        if kind == "study":
            from ooms.batch.reading import open_study

            _add_study(str(one), open_study(one), found)
        elif kind == "calibration":
            from ooms.beliefs.reader import load
            from ooms.calibrating.calibration import open_calibration

            calibration = open_calibration(one)
            view = load(one) if str(one) in shipped_calibrations() else calibration.view
            _add(str(one), view, found)
            found.calibrations[str(one)] = calibration
        elif (view := as_view(one, problems)) is not None:
            _add(str(one), view, found)
        return
    if isinstance(one, View):
        _add(one.name, one, found)
        return
    from xarray import Dataset

    from ooms.calibrating.calibration import Calibration

    if isinstance(one, Dataset):
        _add_study(_free(str(one.attrs.get("title", "study")), found.studies, one), one, found)
    elif not isinstance(one, Calibration):
        what = f"{one!r} is neither a view, a calibration nor the dataset of a study"
        problems.add("report", what, "give one, or its name or path")
    else:
        _add(one.base.name, one.view, found)
        found.calibrations[_free(one.base.name, found.calibrations, one)] = one


def _add(name: str, view: View, found: Subjects) -> None:
    found.names.append(name)
    found.views[_free(view.label, found.views, view)] = view


def _free(name: str, taken: Mapping[str, Any], one: View | Calibration | Dataset) -> str:
    """The name, with a number where something else has it: nothing that was named is shown in another's place."""
    label, number = name, 1
    while label in taken and not (taken[label] is one or (isinstance(one, View) and taken[label] == one)):
        number += 1
        label = f"{name} ({number})"
    return label


def _add_study(name: str, data: Dataset, found: Subjects) -> None:
    found.names.append(name)
    found.studies[name] = data
