"""``ooms report``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ooms.cli.numbers import Whole

if TYPE_CHECKING:
    from ooms.problems import Problems

__all__ = ["report"]


def report(
    *subjects: str,
    out: Annotated[list[Path], Parameter(name=("--out", "-o"), negative=())],
    all_: Annotated[bool, Parameter(name="--all", negative=())] = False,
    event: Annotated[list[str] | None, Parameter(negative=())] = None,
    set_: Annotated[list[str] | None, Parameter(name="--set", negative=())] = None,
    draws: Whole = 131072,
    seed: Whole = 0,
    threads: Whole | None = None,
) -> None:
    """A document to send to others: every number with its error, its source and its picture.

    The first view named is shown in full; views are then shown side by side. HTML is one file that needs no network and
    lets its reader choose among the draws; PDF and Markdown say the same.

    Examples: `ooms report -o report.html` ·
    `ooms report davidson-2025 epoch-2025 -o both.pdf` ·
    `ooms report calibrated/davidson-2025 -o calibrated.html` ·
    `ooms report --all -o debate.html -o debate.md` ·
    `ooms report seed.zarr -o seed.html`

    Parameters
    ----------
    subjects
        Views (`ooms priors list`, or paths of prior files), calibrations (`calibrated/davidson-2025`, or NetCDF files
        of `ooms calibrate`) and stores of `ooms batch run`. Default: davidson-2025.
    out
        Where to write it, as .html, .pdf or .md. May be given several times.
    all_
        Also every shipped view.
    event
        What the first table gives the probability of. May be given several times.
    set_
        A what-if, applied to every view: `rho=-0.4`, `"returns ~ loguniform(0.4, 3.6)"`. May be given several times.
    draws
        Quasi-random draws, a power of two from 256 up.
    seed
        Chooses the randomisations.
    threads
        Threads to use (default: one a core). The numbers do not depend on it.
    """
    import shlex

    from ooms.beliefs.changes import unwarned
    from ooms.cli.progress import Waiting
    from ooms.forecasting.request import read_request
    from ooms.outcomes import DEFAULT_EVENTS
    from ooms.problems import Problems
    from ooms.writers.report import check_report
    from ooms.writers.report import report as make
    from ooms.writers.terminal import saved, terminal

    problems = Problems()
    names = subjects or ("davidson-2025",)
    for path in dict.fromkeys(out):
        check_report(path, f"-o {path}", problems)
        if out.count(path) > 1:
            problems.add(f"-o {path}", "is given twice", "give it once")
    read_request(problems, events=event or DEFAULT_EVENTS, draws=draws, seed=seed, threads=threads)
    _check_used(names, all_, {"--event": event, "--draws": draws != 131072, "--seed": seed}, problems)
    named = _read(names, all_, set_ or [], problems)
    problems.raise_if_any()
    given: list[str] = [*subjects, *["--all"] * all_]
    for option, values in (("--event", event), ("--set", set_), ("-o", out)):
        given += [text for value in values or () for text in (option, str(value))]
    for option, value, usual in (("--draws", draws, 131072), ("--seed", seed, 0)):
        given += [option, str(value)] * (value != usual)
    with Waiting(quiet=False) as waiting, unwarned():
        found = make(
            *named, draws=draws, seed=seed, threads=threads, events=event or DEFAULT_EVENTS,
            command=shlex.join(["ooms", "report", *given]), progress=waiting.progress,
        )  # fmt: skip
    found.save(*out)
    saved(terminal(), "Saved to", out)


def _check_used(names: tuple[str, ...], all_: bool, given: dict[str, Any], problems: Problems) -> None:
    """What is given, and would be left unused: studies have draws, seeds and events of their own."""
    from ooms.writers.subjects import kind_of

    if not all_ and all(kind_of(name) == "study" for name in names):
        for option, value in given.items():
            if value:
                problems.add(option, "has no meaning for a study, which was run already", "leave it out")


def _read(names: tuple[str, ...], all_: bool, changes: list[str], problems: Problems) -> list[Any]:
    """Views with their what-ifs; calibrations and studies by name, which no what-if changes."""
    from ooms.cli.options import changed_views
    from ooms.writers.subjects import kind_of

    views = [name for name in names if kind_of(name) == "view"]
    for name in dict.fromkeys(names):
        if changes and kind_of(name) != "view":
            problems.add("--set", f"{name} is a {kind_of(name)}, which no what-if changes", "name views only")
        if names.count(name) > 1:
            problems.add(name, "is named twice", "name it once")
    found = changed_views(views, changes, problems, and_shipped=all_)
    others = {name: name for name in names if kind_of(name) != "view"}
    ordered = [found.get(name) or others.get(name) for name in names]
    return [one for one in ordered if one is not None] + [view for name, view in found.items() if name not in names]
