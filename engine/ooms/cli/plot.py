"""``ooms plot``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ooms.cli.options import PICTURES, Formerly, Outputs, Sampling, WhatIfs, read_outputs

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.forecasting.request import Request
    from ooms.pictures.drawn import Drawn
    from ooms.problems import Problems

__all__ = ["plot"]


def plot(
    picture: str = "",
    /,
    *subjects: str,
    output: Outputs = None,
    event: str | None = None,
    what_ifs: WhatIfs = WhatIfs(),
    sampling: Sampling = Sampling(),
    formerly: Formerly = None,
) -> None:
    """One picture of a view, of several views, of a calibration or of a study, as .svg, .png, .pdf or .html.

    Without a name it lists the pictures. Takes 65536 draws unless told; for drivers 131072.

    Examples to copy:

      ooms plot
      ooms plot fan -o fan.svg
      ooms plot drivers davidson-2025 --set rho=-0.4 -o drivers.png
      ooms plot views davidson-2025 epoch-2025 -o two.pdf
      ooms plot learnt calibrated/davidson-2025
      ooms plot study substitution.zarr -o substitution.svg

    Parameters
    ----------
    picture
        Which: `ooms plot` lists them.
    subjects
        What it is of: a view (default: davidson-2025), views (default: all), a calibration, or the store of a study.
    output
        Where to write it, as .svg, .png, .pdf or .html (default: the name of the picture with .svg). May be given
        several times.
    event
        What views, calibrations and studies show the probability of (default: 5 ooms in 1 year; of a study its first).
    """
    from ooms.beliefs.changes import unwarned
    from ooms.pictures.files import save_chart
    from ooms.pictures.registry import REGISTRY
    from ooms.problems import Problems, did_you_mean
    from ooms.writers.terminal import saved, show_warnings, terminal

    if not picture:
        _list()
        return
    known = picture in REGISTRY
    problems = Problems()
    usual = [Path(f"{picture}.svg")] if known and not formerly else None
    (paths,) = read_outputs(output or usual, formerly, {"picture": PICTURES}, problems).values()
    if not known:
        problems.add("ooms plot", f"there is no picture {picture!r}", did_you_mean(picture, REGISTRY))
    draws = REGISTRY[picture].draws if known else 2**16
    request = sampling.request(problems, [event] if event else (), draws=draws)
    drawn = _drawn(picture, subjects, event, what_ifs, request, problems) if known else None
    drawn = problems.sound(drawn)
    with unwarned():
        chart, warnings = drawn()
    console = terminal()
    show_warnings(console, warnings)
    for path in paths:
        save_chart(lambda: chart, path)
    saved(console, "Saved to", paths)


def _list() -> None:
    from ooms.documents.document import Table, left
    from ooms.pictures.registry import REGISTRY
    from ooms.writers.terminal import show_blocks, terminal

    rows = [(name, entry.of, entry.shows) for name, entry in REGISTRY.items()]
    title = "Pictures: ooms plot NAME, with what it is of, and -o FILE"
    show_blocks(terminal(), [Table(title, left("Name", "Of", "Shows"), rows)])


def _check_used(picture: str, event: str | None, what_ifs: WhatIfs, problems: Problems) -> None:
    """What is given, and would be left unused."""
    from ooms.pictures.registry import REGISTRY

    of = REGISTRY[picture].of
    if event is not None and not REGISTRY[picture].by_event:
        problems.add("--event", f"has no meaning for {picture}", "leave it out")
    if what_ifs and of not in ("a view", "views"):
        problems.add(what_ifs.flag, f"{picture} is of {of}, which no what-if changes", "leave it out")


def _drawn(
    picture: str, subjects: tuple[str, ...], event: str | None, what_ifs: WhatIfs,
    request: Request, problems: Problems,
) -> Callable[[], Drawn] | None:  # fmt: skip
    """What draws the picture, or None and all that is wrong with what it is of."""
    from ooms.pictures.drawn import of_calibration, of_forecast, of_study, of_views
    from ooms.pictures.registry import REGISTRY

    _check_used(picture, event, what_ifs, problems)
    of = REGISTRY[picture].of
    if of == "views":
        views = _views(subjects, what_ifs, problems)
        return (lambda: of_views(picture, views, request)) if views else None
    if len(subjects) != 1 and (subjects or of != "a view"):
        counted = f"{len(subjects)} are named" if subjects else "none is named"
        problems.add("ooms plot", f"{picture} is a picture of {of}, and {counted}", "name one")
        return None
    if of == "a view":
        views = _views(subjects or ("davidson-2025",), what_ifs, problems)
        return (lambda: of_forecast(picture, views[0], request)) if views else None
    (given,) = subjects
    if of == "a study":
        return lambda: of_study(picture, given, event)
    return lambda: of_calibration(picture, given, event)


def _views(names: tuple[str, ...], what_ifs: WhatIfs, problems: Problems) -> list[View]:
    return list(what_ifs.views(names, problems, and_shipped=not names).values())
