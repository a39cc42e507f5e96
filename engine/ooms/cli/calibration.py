"""``ooms calibration``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

__all__ = ["calibration"]


def calibration(
    file: str = "calibrated/davidson-2025",
    /,
    *,
    event: str = "5 ooms in 1 year",
    set_: Annotated[list[str] | None, Parameter(name="--set", negative=())] = None,
    weight: Annotated[list[str] | None, Parameter(negative=())] = None,
    checks: Annotated[bool, Parameter(negative=())] = False,
    out: Path | None = None,
    json: Annotated[bool, Parameter(negative=())] = False,
    picture: Path | None = None,
) -> None:
    """A saved calibration: what was learnt and from whom; and at once, what other priors or surveys would make of it.

    What-ifs weigh the stored draws anew, in milliseconds. They are refused, with the reason, where too few draws speak.

    Examples: `ooms calibration` · `ooms calibration mine.toml --weight compute-polls=0` ·
    `ooms calibration calibrated/davidson-2025-open --set "sigma ~ lognormal(p10=0.4, p90=0.9)" --out whatif.toml`

    Parameters
    ----------
    file
        What `ooms calibrate` has written: NAME.toml or NAME.nc; or a shipped one, calibrated/NAME.
    event
        What to give the probability of.
    set_
        Another prior of a parameter that was sampled: `"rho ~ uniform(-0.1, 0)"`. May be given several times.
    weight
        Another weight of a survey: `compute-polls=0` leaves it out, 0.5 counts it half. May be given several times.
    checks
        Show every posterior predictive check, not the worst only.
    out
        Write the changed posterior as a prior file, NAME.toml, with its joint draws beside it.
    json
        Print JSON and nothing else.
    picture
        Draw prior and posterior, each survey's effect and the fit to each, as .svg, .png, .pdf or .html.
    """
    from ooms.beliefs.changes import parse_changes
    from ooms.beliefs.prior_file import check_prior_place, write_prior
    from ooms.calibrating.calibration import open_calibration
    from ooms.calibrating.request import check_installed
    from ooms.cli.pool import parse_weights
    from ooms.pictures.files import check_picture
    from ooms.problems import Problems, UserError

    problems = Problems()
    check_installed(problems, "ooms calibration")
    priors, weights = parse_changes(set_ or [], problems), parse_weights(weight or [], problems, "compute-polls=0.5")
    if out is not None:
        check_prior_place(out, problems)
        if not priors and not weights:
            remedy = "give --set or --weight; the calibration is a prior file already"
            problems.add("--out", "nothing was changed", remedy)
    if picture is not None:
        check_picture(picture, f"--picture {picture}", problems)
    try:
        found = open_calibration(file)
    except UserError as error:
        problems.extend(error.problems)
        problems.raise_if_any()
        raise
    problems.raise_if_any()
    changed = found.what_if(event, weights=weights, **priors) if priors or weights else None
    if changed is not None and out is not None:
        write_prior(changed.view, out, digits=6)
    if picture is not None:
        found.save_picture(picture, event)
    if json:
        from ooms.cli.calibrated_json import as_json, what_if_json

        print(what_if_json(changed) if changed else as_json(found, event, []))
        return
    from ooms.cli.calibrated import show, show_what_if

    written = [path for path in (out, picture) if path is not None]
    if changed is not None:
        show_what_if(changed, written)
    else:
        show(found, event, written, all_checks=checks)
