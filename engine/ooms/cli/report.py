"""``ooms report``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ooms.cli.options import Formerly, Outputs, SamplingView, Several, Switch, WhatIfs, read_outputs

if TYPE_CHECKING:
    from ooms.problems import Problems

__all__ = ["report"]


def report(
    *subjects: str,
    output: Outputs = None,
    all_: Annotated[Switch, Parameter(name="--all")] = False,
    brief: Switch = False,
    author: Annotated[str, Parameter(show_default=False)] = "",
    date: str | None = None,
    event: Several = None,
    what_ifs: WhatIfs = WhatIfs(),
    sampling: SamplingView = SamplingView(),
    formerly: Formerly = None,
) -> None:
    """A document to send to others: every number with its error, its source and its picture.

    Of several views the range of their answers comes first; then the first one is shown in full. HTML is one file that
    needs no network and lets its reader choose among the draws; PDF and Markdown say the same.

    Examples to copy:

      ooms report -o report.html
      ooms report davidson-2025 epoch-2025 -o both.pdf
      ooms report calibrated/davidson-2025 -o calibrated.html
      ooms report --all -o debate.html -o debate.md
      ooms report substitution.zarr -o substitution.html
      ooms report davidson-2025 --brief --author "A. Author" -o page.pdf

    Parameters
    ----------
    subjects
        Views (`ooms views`, or paths of prior files), calibrations (`calibrated/davidson-2025`, or NetCDF files
        of `ooms calibrate`) and stores of `ooms batch run`. Default: davidson-2025.
    output
        Where to write it, as .html, .pdf or .md. May be given several times.
    all_
        Also every shipped view.
    brief
        One page that stands alone: question, answer and range, what decides, what it does not say. Beside a single
        view it has the published ones.
    author
        Who makes it.
    date
        The day it is made, such as 2026-11-29. Default: that of SOURCE_DATE_EPOCH, or else today.
    event
        What the first table gives the probability of; `--brief` answers the first. May be given several times.
    """
    import shlex

    from ooms.beliefs.changes import unwarned
    from ooms.cli.progress import meter
    from ooms.outcomes import DEFAULT_EVENTS
    from ooms.problems import Problems
    from ooms.writers.report import ENDINGS, read_date
    from ooms.writers.report import report as make
    from ooms.writers.terminal import saved, terminal

    problems = Problems()
    names = subjects or ("davidson-2025",)
    events, usual = event or DEFAULT_EVENTS, SamplingView()
    (out,) = read_outputs(output, formerly, {"report": ENDINGS}, problems).values()
    if not (output or formerly):
        problems.add("-o", "no file is named", "name one: ooms report -o report.html")
    sampling.request(problems, events)
    _check_used(
        names, all_, {"--event": event, "--draws": sampling.draws != usual.draws, "--seed": sampling.seed}, problems
    )
    read_date(date, "--date", problems)
    named = _read(names, all_, what_ifs, problems)
    problems.raise_if_any()
    given: list[str] = [*subjects, *(["--all"] if all_ else []), *(["--brief"] if brief else [])]
    given += [word for text in event or () for word in ("--event", text)]
    given += [*what_ifs.words, *(word for path in out for word in ("-o", str(path)))]
    numbers = (("--draws", sampling.draws, usual.draws), ("--seed", sampling.seed, usual.seed))
    for option, value, default in (*numbers, ("--author", author, ""), ("--date", date, None)):
        given += [option, str(value)] * (value != default)
    with meter() as progress, unwarned():
        made = make(
            *named, draws=sampling.draws, seed=sampling.seed, threads=sampling.threads, events=events, brief=brief,
            author=author, date=date, command=shlex.join(["ooms", "report", *given]), progress=progress,
        )  # fmt: skip
    made.save(*out)
    saved(terminal(), "Saved to", out)


def _check_used(names: tuple[str, ...], all_: bool, given: dict[str, Any], problems: Problems) -> None:
    """What is given, and would be left unused: studies have draws, seeds and events of their own."""
    from ooms.writers.subjects import kind_of

    if not all_ and all(kind_of(name) == "study" for name in names):
        for option, value in given.items():
            if value:
                problems.add(option, "has no meaning for a study, which was run already", "leave it out")


def _read(names: tuple[str, ...], all_: bool, what_ifs: WhatIfs, problems: Problems) -> list[Any]:
    """Views with their what-ifs; calibrations and studies by name, which no what-if changes."""
    from ooms.writers.subjects import kind_of

    views = [name for name in names if kind_of(name) == "view"]
    for name in dict.fromkeys(names):
        if what_ifs and kind_of(name) != "view":
            problems.add(what_ifs.flag, f"{name} is a {kind_of(name)}, which no what-if changes", "name views only")
        if names.count(name) > 1:
            problems.add(name, "is named twice", "name it once")
    found = what_ifs.views(views, problems, and_shipped=all_)
    others = {name: name for name in names if kind_of(name) != "view"}
    ordered = [found.get(name) or others.get(name) for name in names]
    return [one for one in ordered if one is not None] + [view for name, view in found.items() if name not in names]
