"""``ooms calibrate``."""

from __future__ import annotations

import os.path
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ooms.cli.numbers import Whole

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration
    from ooms.problems import Problems

__all__ = ["calibrate"]

UNSOUND = 1
"""Exit code of a calibration that cannot be relied on."""


def calibrate(
    view: str = "davidson-2025",
    /,
    *,
    surveys: Annotated[list[str] | None, Parameter(negative=(), consume_multiple=True)] = None,
    out: Path | None = None,
    set_: Annotated[list[str] | None, Parameter(name="--set", negative=())] = None,
    event: str = "5 ooms in 1 year",
    chains: Whole = 4,
    draws: Whole = 1500,
    tune: Whole = 1000,
    seed: Whole = 0,
    target_accept: float = 0.99,
    keep: Whole | None = None,
    force: Annotated[bool, Parameter(negative=())] = False,
    quick: Annotated[bool, Parameter(negative=())] = False,
    json: Annotated[bool, Parameter(negative=())] = False,
    picture: Path | None = None,
) -> int:
    """Confront a view with what researchers answered: its posterior, as a prior file that forecasts read.

    Takes 1 to 3 minutes, most of it to compile. Exit code 1 if the result cannot be relied on; it is then written only
    with --force.

    Examples: `ooms calibrate` · `ooms calibrate davidson-2025+open --out mine.toml` ·
    `ooms calibrate my-beliefs.toml --surveys compute-polls my-poll.toml --picture learnt.svg`

    Parameters
    ----------
    view
        A shipped view (`ooms priors list`) or the path of a prior file; with `+OPTION` after it, some of its options
        on.
    surveys
        Names of shipped surveys (`ooms surveys`) and paths of survey files. Default: all shipped ones that are fitted.
    out
        The prior file to write, NAME.toml; its joint draws, NAME.csv, and everything else, NAME.nc, go beside it.
        Default: VIEW-calibrated.toml in this folder.
    set_
        A what-if before calibrating: `"rho ~ uniform(-0.5, 0.1)"`. May be given several times.
    event
        What to give the probability of, before and after.
    chains
        Markov chains.
    draws
        Draws to keep of each chain.
    tune
        Draws before them, of each chain, that tune the sampler.
    seed
        Chooses the random numbers.
    target_accept
        Nearer to 1: smaller steps, fewer divergences, more time.
    keep
        Draws of each chain to keep at most in NAME.nc, for a smaller file (default: all).
    force
        Write it even if its checks failed; the file then says so wherever it is used.
    quick
        Leave out what each survey contributes, which takes refits.
    json
        Print JSON and nothing else.
    picture
        Draw prior and posterior, each survey's effect and the fit to each, as .svg, .png, .pdf or .html.
    """
    from ooms.calibrating.fitting import calibrate as run
    from ooms.calibrating.request import check_installed, check_keep, read_sampling
    from ooms.calibrating.surveys import read_surveys
    from ooms.cli.options import changed_view
    from ooms.cli.stages import Stages
    from ooms.problems import Problems, UserError

    problems = Problems()
    check_installed(problems, "ooms calibrate")
    believed = changed_view(view, set_ or [], problems)
    read_surveys(surveys, problems)
    read_sampling(problems, chains=chains, draws=draws, tune=tune, seed=seed, target_accept=target_accept)
    place = _place(out, view)
    _check(place, event, picture, problems)
    check_keep(keep, chains, problems)
    if any(_same(place, given) for given in (view, *(surveys or ()))):
        problems.add(f"--out {place}", "is what the calibration is made from", "give another name")
    believed = problems.sound(believed)
    with Stages(quiet=json) as stages:
        found = run(
            believed,
            named=view,
            surveys=surveys,
            chains=chains,
            draws=draws,
            tune=tune,
            seed=seed,
            target_accept=target_accept,
            progress=stages.progress,
        )
        if not quick:
            found.contributions(event, stages.progress)
    try:
        written = _write(found, place, force, keep, picture, event)
    except UserError:
        # minutes of work: what cannot be written is shown at least
        _show(found, event, [], json)
        raise
    _show(found, event, written, json)
    return 0 if found.sound else UNSOUND


def _same(place: Path, given: str) -> bool:
    """Whether a name that was given is that of a place."""
    try:
        return os.path.realpath(place) == os.path.realpath(os.path.expanduser(given))
    except ValueError:  # no file has such a name
        return False


def _show(found: Calibration, event: str, written: list[Path], json: bool) -> None:
    if json:
        from ooms.cli.calibrated_json import as_json

        print(as_json(found, event, written))
    else:
        from ooms.cli.calibrated import show

        show(found, event, written)


def _place(out: Path | None, view: str) -> Path:
    """Where the prior file goes: beside the reader, under the view's name, unless told."""
    if out is not None:
        return out.with_name(f"{out.name}.toml") if not out.suffix and out.name else out
    return Path(f"{Path(view).name.removesuffix('.toml').replace('+', '-')}-calibrated.toml")


def _check(place: Path, event: str, picture: Path | None, problems: Problems) -> None:
    from ooms.calibrating.files import check_places
    from ooms.outcomes import parse_event
    from ooms.problems import UserError

    check_places(place, problems)
    try:
        parse_event(event)
    except UserError as error:
        problems.extend(error.problems)
    if picture is not None:
        from ooms.pictures.files import check_picture

        check_picture(picture, f"--picture {picture}", problems)


def _write(
    found: Calibration, place: Path, force: bool, keep: int | None, picture: Path | None, event: str
) -> list[Path]:
    """Write what may be written; the files."""
    written: list[Path] = []
    if found.sound or force:
        found.save(place, force=force, keep=keep)
        written += [place, place.with_suffix(".csv"), place.with_suffix(".nc")]
    if picture is not None:
        found.save_picture(picture, event)
        written.append(picture)
    return written
