"""Options that several commands share, each written once, and what is made of them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ooms.cli.numbers import Draws, Whole
from ooms.pictures.files import ENDINGS as PICTURES

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.forecasting.request import Request
    from ooms.problems import Problem, Problems

__all__ = [
    "PICTURES", "Formerly", "Json", "Outputs", "Questions", "Sampling", "SamplingEach", "SamplingView", "Several",
    "Switch", "WhatIfs", "read_outputs",
]  # fmt: skip

Several = Annotated[list[str] | None, Parameter(negative=())]
"""A flag that may be given several times."""

Switch = Annotated[bool, Parameter(negative=(), show_default=False)]
"""A flag without a value, off unless given."""

Json = Annotated[bool, Parameter(negative=(), show_default=False, help="Print JSON and nothing else.")]
"""Every ``--json``; where it has a null, the command says what that stands for."""

Outputs = Annotated[list[Path] | None, Parameter(name=("--output", "-o"), negative=())]
"""Files to write; their endings say in which form."""

Formerly = Annotated[list[Path] | None, Parameter(name=("--out", "--save", "--picture"), negative=(), show=False)]
"""What ``--output`` was called in earlier versions, command by command: goes on working for one version more."""

_WHAT_IF = 'A what-if, for every view: `rho=-0.4`, `"returns ~ loguniform(0.4, 3.6)"`, `retraining=true`.'
_CHANGED_VIEW = "the changed view"  # what `View.replace` calls it


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Questions:
    """What is asked of views: ``--event`` and ``--quantity``."""

    event: Annotated[
        Several,
        Parameter(
            help='What to give the probability of: `"5 ooms in 1 year"`, `"3 years in 4 months anywhere"`, '
            '`"accelerates at the start"` (`ooms events`). May be given several times.'
        ),
    ] = None
    quantity: Annotated[
        Several,
        Parameter(
            help='What to give the distribution of: `"time to 5 ooms"`, `"ooms after 1 year"`, `"peak pace"` '
            "(`ooms quantities`). May be given several times."
        ),
    ] = None


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How forecasts are drawn: ``--draws``, ``--seed`` and ``--threads``."""

    draws: Annotated[
        Draws | None, Parameter(help="Quasi-random draws for each view, a power of two from 256 up: 65536, 2^16.")
    ] = None
    seed: Annotated[Whole, Parameter(help="Chooses the randomisations.")] = 0
    threads: Annotated[
        Whole | None, Parameter(help="Threads to use (default: one a core). The numbers do not depend on it.")
    ] = None

    def request(
        self, problems: Problems, events: Sequence[str] = (), quantities: Sequence[str] = (), *, draws: int = 2**16
    ) -> Request:
        """What is asked, read and checked once: all that is wrong with it goes to `problems`.

        Parameters
        ----------
        problems : Problems
            Collects.
        events, quantities : sequence of str
            What is asked.
        draws : int
            How many draws there are where the command line does not say.
        """
        from ooms.forecasting.request import read_request

        draws = draws if self.draws is None else self.draws
        return read_request(
            problems, events=events, quantities=quantities, draws=draws, seed=self.seed, threads=self.threads
        )


@dataclass(frozen=True, kw_only=True)
class SamplingView(Sampling):
    """The draws of one view that is looked at closely."""

    draws: Annotated[Draws, Parameter(help="Quasi-random draws, a power of two from 256 up: 65536, 2^16.")] = 131072


@dataclass(frozen=True, kw_only=True)
class SamplingEach(Sampling):
    """The draws of each of several views."""

    draws: Annotated[
        Draws, Parameter(help="Quasi-random draws for each view, a power of two from 256 up: 65536, 2^16.")
    ] = 65536


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class WhatIfs:
    """What is changed in views: ``--set`` and ``--option``."""

    set_: Annotated[Several, Parameter(name="--set", help=f"{_WHAT_IF} May be given several times.")] = None
    option: Annotated[
        Several,
        Parameter(
            help="An option to turn on in every view, as `+OPTION` after its name does. May be given several times."
        ),
    ] = None

    def __bool__(self) -> bool:
        """Whether anything is changed."""
        return bool(self.set_ or self.option)

    @property
    def flag(self) -> str:
        """The flag to name where no view can be changed."""
        return "--set" if self.set_ else "--option"

    @property
    def words(self) -> list[str]:
        """As they are written on the command line."""
        changes, options = self.set_ or (), self.option or ()
        return [*(w for text in changes for w in ("--set", text)), *(w for name in options for w in ("--option", name))]

    def named(self, view: str) -> str:
        """A view with the options after its name."""
        return "+".join((view, *(self.option or ())))

    def view(self, name: str, problems: Problems) -> View | None:
        """The view with its what-ifs, or None and all that is wrong with it and them in `problems`."""
        return self.views([name], problems).get(name)

    def views(self, names: Sequence[str], problems: Problems, *, and_shipped: bool = False) -> dict[str, View]:
        """Views by the names they were given, each with the what-ifs; all that is wrong with any goes to `problems`.

        `View.warnings` are for the caller to show; none is issued.

        Parameters
        ----------
        names : sequence of str
            Views, as on the command line.
        problems : Problems
            Collects.
        and_shipped : bool
            Whether all shipped views follow, those that are not named already.
        """
        from ooms.beliefs.changes import parse_changes, unusable, unwarned
        from ooms.beliefs.reader import load
        from ooms.files.library import shipped
        from ooms.problems import UserError

        changes = parse_changes(self.set_ or (), problems)
        views: dict[str, View] = {}
        wrong: list[Problem] = []
        with unwarned():
            for name in dict.fromkeys([*names, *(shipped() if and_shipped else ())]):
                try:
                    view = load(self.named(name))
                except UserError as error:
                    wrong += (*error.problems, *unusable(changes))
                    continue
                try:
                    views[name] = view.replace(**changes) if changes else view
                except UserError as error:
                    changed = f"{name}, changed"
                    wrong += (replace(p, place=p.place.replace(_CHANGED_VIEW, changed)) for p in error.problems)
        problems.extend(dict.fromkeys(wrong))  # what is wrong with a change is the same for every view
        return views


def read_outputs(
    output: Sequence[Path] | None,
    formerly: Sequence[Path] | None,
    forms: Mapping[str, Sequence[str]],
    problems: Problems,
    *,
    most: Mapping[str, int] | None = None,
    beside: Sequence[str] = (),
) -> dict[str, list[Path]]:
    """Files to write, by what is to be in them, which their endings say.

    What is wrong with a place goes to `problems`: another ending, no folder, the same file twice.

    Parameters
    ----------
    output, formerly : sequence of Path or None
        As given with ``--output``, and with its earlier names.
    forms : mapping of str to sequence of str
        What the command writes, each with its endings; a form with the ending "" takes any.
    problems : Problems
        Collects.
    most : mapping of str to int, optional
        How many files of a form are written at most.
    beside : sequence of str
        Endings of files that go beside one of the first form.

    Examples
    --------
    >>> from ooms.problems import Problems
    >>> problems = Problems()
    >>> places = [Path("a.nc"), Path("b.svg"), Path("c.jpg")]
    >>> read_outputs(places, None, {"data": [".nc"], "picture": PICTURES}, problems)["data"]
    [PosixPath('a.nc')]
    >>> print(*problems.found)
    -o c.jpg: the ending '.jpg' says no form that is written here
        -> use one of: .nc, .svg, .png, .pdf, .html
    """
    from ooms.files.writing import check_place

    paths = [*(output or ()), *(formerly or ())]
    places: dict[str, list[Path]] = {form: [] for form in forms}
    for path in dict.fromkeys(paths):
        place = f"-o {path}"
        form = next((f for f, endings in forms.items() if path.suffix.lower() in endings or "" in endings), None)
        if form is not None:
            places[form].append(path)
        elif not os.path.isdir(path):  # unlike Path.is_dir, never raises
            _add_ending(path, forms, problems)
        if paths.count(path) > 1:
            problems.add(place, "is given twice", "give it once")
        before = len(problems)
        check_place(path, problems, place)
        if form == next(iter(forms)) and len(problems) == before:  # or the same folder would be missing twice
            for ending in beside:
                check_place(path.with_suffix(ending), problems)
    for form, count in (most or {}).items():
        if len(places[form]) > count:
            files = ", ".join(map(str, places[form]))
            problems.add("-o", f"{files} would hold the same", f"give {'one' if count == 1 else count} of them")
    return places


def _add_ending(path: Path, forms: Mapping[str, Sequence[str]], problems: Problems) -> None:
    """Add to `problems` that the ending says none of the forms that a command writes."""
    endings = [ending for each in forms.values() for ending in each]
    if len(endings) == 1:
        what, remedy = f"does not end in {endings[0]}", f"give {path.with_suffix(endings[0])}"
    else:
        none = f"is no {next(iter(forms))}'s" if len(forms) == 1 else "says no form that is written here"
        what = f"the ending {path.suffix!r} {none}"
        what, remedy = what if path.suffix else "has no ending that says its form", f"use one of: {', '.join(endings)}"
    problems.add(f"-o {path}", what, remedy)
