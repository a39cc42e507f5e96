"""``ooms calibration``."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from cyclopts import Parameter

from ooms.cli.options import PICTURES, Formerly, Json, Outputs, Several, Switch, read_outputs
from ooms.cli.present import present

__all__ = ["calibration"]


def calibration(
    file: str = "calibrated/davidson-2025",
    /,
    *,
    event: str = "5 ooms in 1 year",
    set_: Annotated[Several, Parameter(name="--set")] = None,
    weight: Several = None,
    checks: Switch = False,
    json: Json = False,
    output: Outputs = None,
    formerly: Formerly = None,
) -> None:
    """A saved calibration: what was learnt and from whom; and at once, what other priors or surveys would make of it.

    What-ifs weigh the stored draws anew, in milliseconds. They are refused, with the reason, where too few draws speak.

    Examples to copy:

      ooms calibration
      ooms calibration mine.toml --weight compute-polls=0
      ooms calibration mine.toml --set "sigma ~ lognormal(p10=0.4, p90=0.9)"
      ooms calibration calibrated/davidson-2025 -o learnt.svg

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
    output
        Write the changed posterior as a prior file, NAME.toml, with its joint draws beside it; or draw prior and
        posterior, each survey's effect and the fit to each, .svg, .png, .pdf, .html. May be given several times.
    """
    from ooms.beliefs.changes import parse_changes
    from ooms.beliefs.prior_file import write_prior
    from ooms.calibrating.calibration import open_calibration
    from ooms.calibrating.request import check_installed
    from ooms.cli.pool import parse_weights
    from ooms.problems import Problems, UserError

    problems = Problems()
    check_installed(problems, "ooms calibration")
    priors, weights = parse_changes(set_ or [], problems), parse_weights(weight or [], problems, "compute-polls=0.5")
    forms = {"prior": (".toml",), "picture": PICTURES}
    places = read_outputs(output, formerly, forms, problems, most={"prior": 1}, beside=[".csv"])
    for path in places["prior"]:
        if not priors and not weights:
            remedy = "give --set or --weight; the calibration is a prior file already"
            problems.add(f"-o {path}", "nothing was changed", remedy)
    try:
        found = open_calibration(file)
    except UserError as error:
        problems.extend(error.problems)
        problems.raise_if_any()
        raise
    problems.raise_if_any()
    changed = found.what_if(event, weights=weights, **priors) if priors or weights else None
    if changed is not None:
        for path in places["prior"]:
            write_prior(changed.view, path, digits=6)
    for path in places["picture"]:
        found.save_picture(path, event)
    written = [*places["prior"], *places["picture"]]
    if changed is not None:
        present(json, changed.plain, changed.document, written)
    else:
        present(json, partial(found.plain, event), partial(found.document, event, all_checks=checks), written)
