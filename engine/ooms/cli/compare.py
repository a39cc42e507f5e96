"""``ooms compare``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ooms.cli.options import (
    PICTURES,
    Formerly,
    Json,
    Outputs,
    Questions,
    Sampling,
    Switch,
    WhatIfs,
    read_outputs,
)
from ooms.cli.present import present

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.comparing.compare import Comparison
    from ooms.forecasting.request import Request
    from ooms.problems import Problems

__all__ = ["compare"]

_DRAWS_TO_EXPLAIN = 2**14  # each is solved for up to 2**8 mixtures of the two views


def compare(
    *views: str,
    all_: Annotated[Switch, Parameter(name="--all")] = False,
    each_option: Switch = False,
    explain: Switch = False,
    readings: Switch = False,
    questions: Questions = Questions(),
    what_ifs: WhatIfs = WhatIfs(),
    sampling: Sampling = Sampling(),
    json: Annotated[Json, Parameter(help="Print JSON and nothing else; null stands for infinite.")] = False,
    output: Outputs = None,
    formerly: Formerly = None,
) -> None:
    """Views beside one another, from the same draws by parameter name, so that differences are not noise.

    The first event is the one that views are sorted by, that is explained, and that is drawn. Takes 65536 draws a view
    unless told; with --explain 16384.

    Examples to copy:

      ooms compare davidson-2025 davidson-houlden-2025
      ooms compare --all -o views.svg
      ooms compare davidson-houlden-2025 --each-option
      ooms compare davidson-houlden-2025 --readings

    Parameters
    ----------
    views
        Shipped views (`ooms views`) or paths of prior files; with options: `davidson-houlden-2025+retraining`.
    all_
        Every shipped view, the highest probability first.
    each_option
        Each view, and then each of its options turned on alone: how far does it move the probability?
    explain
        Why two views differ: from the first to the second, one group of parameters at a time.
    readings
        5 OOMs in a year under every reading that the sources use: with and without the compute adjustment, from the
        start and anywhere, in OOMs and in doublings.
    output
        Write the comparison as NetCDF, .nc, or draw it, .svg, .png, .pdf, .html. May be given several times.
    """
    from ooms.comparing.compare import COMPARED_DRAWS, COMPARED_EVENTS, COMPARED_QUANTITIES
    from ooms.comparing.each_option import EachOption
    from ooms.forecasting.unasked import warned
    from ooms.problems import Problems

    problems = Problems()
    places = read_outputs(output, formerly, {"data": (".nc",), "picture": PICTURES}, problems)
    written = [path for paths in places.values() for path in paths]
    events: Sequence[str] = questions.event or (COMPARED_EVENTS[:1] if each_option else COMPARED_EVENTS)
    usual = () if each_option and not places["data"] else COMPARED_QUANTITIES
    quantities: Sequence[str] = questions.quantity or usual
    ways = {"--each-option": each_option, "--explain": explain, "--readings": readings}
    chosen = [way for way, on in ways.items() if on]
    if len(chosen) > 1:
        problems.add(" ".join(chosen), "are different questions", "ask one at a time")
    believed = _views(views, all_, what_ifs, problems)
    _check_number(len(views), all_, chosen, problems)
    given = {"--event": questions.event, "--quantity": questions.quantity, "-o": written}
    _check_unused(chosen, given, problems)
    request = sampling.request(problems, events, quantities, draws=_DRAWS_TO_EXPLAIN if explain else COMPARED_DRAWS)
    problems.raise_if_any()
    if explain:
        request = replace(request, events=request.events[:1], quantities=())
        first, second = (warned(view, request.events, ()) for view in believed)
        _explain(first, second, request, json=json)
    elif readings:
        _readings(believed, request, json=json)
    else:
        believed = [warned(view, request.events, request.quantities) for view in believed]
        groups = _with_options(believed) if each_option else [believed]
        found = _compared(groups, request, json=json, sort=all_ and not each_option)
        for path in written:
            (found.save if path in places["data"] else found.save_picture)(path)
        shown = EachOption(found, groups) if each_option else found
        present(json, shown.plain, shown.document, written)


def _views(names: Sequence[str], all_: bool, what_ifs: WhatIfs, problems: Problems) -> list[View]:
    """The views with the what-ifs, or all that is wrong with any."""
    for name in {name for name in names if names.count(name) > 1}:
        problems.add(name, "is named twice", "name it once")
    return list(what_ifs.views(names, problems, and_shipped=all_).values())


def _check_number(named: int, all_: bool, chosen: list[str], problems: Problems) -> None:
    """Two views to explain, one or more for options and readings, and two or more to compare."""
    if "--explain" in chosen:
        if all_ or named != 2:
            what = "compares two views" + ("" if all_ else f", and {named} {'is' if named == 1 else 'are'} named")
            problems.add("--explain", what, "name two: ooms compare davidson-2025 davidson-houlden-2025 --explain")
    elif not all_ and named < (1 if chosen else 2):
        what = "no view is named" if not named else "only one view is named"
        few = "one" if chosen else "two or more"
        problems.add("ooms compare", what, f"name {few} (ooms views shows them), or ask for --all")


def _check_unused(chosen: list[str], given: Mapping[str, Sequence[object] | None], problems: Problems) -> None:
    """What is given, and would be left unused."""
    unused = {"--explain": ("--quantity", "-o"), "--readings": ("--event", "--quantity", "-o")}
    for way in chosen:
        for name in unused.get(way, ()):
            if given[name]:
                problems.add(name, f"has no meaning with {way}", "leave it out")
    if "--explain" in chosen and len(given["--event"] or ()) > 1:
        problems.add("--event", "is given more than once, and --explain is about one event", "keep one of them")


def _with_options(views: list[View]) -> list[list[View]]:
    """Each view, followed by itself with each of its options on."""
    from ooms.beliefs.changes import unwarned
    from ooms.comparing.compare import with_each_option

    with unwarned():
        return [with_each_option(view) for view in views]


def _compared(groups: list[list[View]], request: Request, *, json: bool, sort: bool) -> Comparison:
    """All views of all groups, each once."""
    from ooms.beliefs.changes import unwarned
    from ooms.cli.progress import meter
    from ooms.comparing.compare import comparison_of

    each: list[View] = []
    for view in (view for group in groups for view in group):
        if view not in each:
            each.append(view)
    with meter(quiet=json) as progress, unwarned():
        found = comparison_of(each, replace(request, progress=progress))
    return found.sorted() if sort else found


def _explain(a: View, b: View, request: Request, *, json: bool) -> None:
    from ooms.cli.progress import meter
    from ooms.comparing.explain import explanation_of

    with meter(quiet=json) as progress:
        found = explanation_of(a, b, replace(request, progress=progress))
    present(json, found.plain, found.document)


def _readings(views: list[View], request: Request, *, json: bool) -> None:
    from ooms.beliefs.changes import unwarned
    from ooms.cli.progress import meter
    from ooms.comparing.readings import readings_of, readings_plain
    from ooms.documents.readings import document

    with meter(quiet=json) as progress, unwarned():
        request = replace(request, progress=progress)
        found = [readings_of(view, request.part(k, len(views))) for k, view in enumerate(views)]
    present(json, partial(readings_plain, found), partial(document, found))
