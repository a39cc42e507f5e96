"""``ooms calibrate``."""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ooms.cli.exits import FAILED
from ooms.cli.numbers import Draws, Whole
from ooms.cli.options import PICTURES, Formerly, Json, Outputs, Switch, WhatIfs, read_outputs
from ooms.cli.present import present

if TYPE_CHECKING:
    from ooms.calibrating.calibration import Calibration
    from ooms.problems import Problems

__all__ = ["calibrate"]


def calibrate(
    view: str = "davidson-2025",
    /,
    *,
    surveys: Annotated[list[str] | None, Parameter(negative=(), consume_multiple=True)] = None,
    output: Outputs = None,
    what_ifs: WhatIfs = WhatIfs(),
    event: str = "5 ooms in 1 year",
    chains: Whole = 4,
    draws: Draws = 1500,
    tune: Whole = 1000,
    seed: Whole = 0,
    target_accept: float = 0.99,
    keep: Whole | None = None,
    force: Switch = False,
    quick: Switch = False,
    json: Json = False,
    formerly: Formerly = None,
) -> int:
    """Confront a view with what researchers answered: its posterior, as a prior file that forecasts read.

    Takes 1 to 3 minutes, most of it to compile. Exit code 1 if the result cannot be relied on; it is then written only
    with --force.

    Examples to copy:

      ooms calibrate
      ooms calibrate davidson-2025+open -o mine.toml
      ooms calibrate my-beliefs.toml --surveys compute-polls my-poll.toml
      ooms calibrate my-beliefs.toml -o mine.toml -o learnt.svg

    Parameters
    ----------
    view
        A shipped view (`ooms views`) or the path of a prior file; with `+OPTION` after it, some of its options on.
    surveys
        Names of shipped surveys (`ooms surveys`) and paths of survey files. Default: all shipped ones that are fitted.
    output
        The prior file to write, NAME.toml; its joint draws, NAME.csv, and everything else, NAME.nc, go beside it.
        Default: VIEW-calibrated.toml in this folder. Given again as .svg, .png, .pdf or .html: a picture of prior and
        posterior, each survey's effect and the fit to each.
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
    """
    from ooms.calibrating.fitting import calibrate as run
    from ooms.calibrating.request import check_installed, check_keep, read_sampling
    from ooms.calibrating.surveys import read_surveys
    from ooms.cli.progress import meter
    from ooms.problems import Problems, UserError

    problems = Problems()
    check_installed(problems, "ooms calibrate")
    believed = what_ifs.view(view, problems)
    read_surveys(surveys, problems)
    read_sampling(problems, chains=chains, draws=draws, tune=tune, seed=seed, target_accept=target_accept)
    place, pictures = _places(output, formerly, what_ifs.named(view), problems)
    _check_event(event, problems)
    check_keep(keep, chains, problems)
    if any(_same(place, given) for given in (view, *(surveys or ()))):
        problems.add(f"-o {place}", "is what the calibration is made from", "give another name")
    believed = problems.sound(believed)
    with meter(quiet=json, patience=0.0) as progress:
        found = run(
            believed,
            named=what_ifs.named(view),
            surveys=surveys,
            chains=chains,
            draws=draws,
            tune=tune,
            seed=seed,
            target_accept=target_accept,
            progress=progress,
        )
        if not quick:
            found = found.with_contributions(event, progress)
    try:
        written = _write(found, place, force, keep, pictures, event)
    except UserError:
        # minutes of work: what cannot be written is shown at least
        _show(found, event, [], json)
        raise
    _show(found, event, written, json)
    return 0 if found.sound else FAILED


def _same(place: Path, given: str) -> bool:
    """Whether a name that was given is that of a place."""
    try:
        return os.path.realpath(place) == os.path.realpath(os.path.expanduser(given))
    except ValueError:  # no file has such a name
        return False


def _show(found: Calibration, event: str, written: list[Path], json: bool) -> None:
    present(json, partial(found.plain, event, written), partial(found.document, event), written)
    if json:
        return
    from ooms.documents.document import Code, Notice
    from ooms.writers.terminal import show_blocks, terminal

    toml = next((path for path in written if path.suffix == ".toml"), None)
    if toml is not None:
        show_blocks(terminal(), [Code(f"Use it: ooms forecast {toml}    Ask it: ooms calibration {toml}")])
    elif not found.sound:
        unsaved = "Not saved, because it is unsound: with --force it is, and says so wherever it is used."
        show_blocks(terminal(), [Notice([unsaved], danger=True)])


def _places(
    output: Sequence[Path] | None, formerly: Sequence[Path] | None, view: str, problems: Problems
) -> tuple[Path, list[Path]]:
    """Where the prior file goes, beside the reader and under the view's name unless told; and where pictures go."""
    named, earlier = (
        [path.with_name(f"{path.name}.toml") if not path.suffix and path.name else path for path in paths or ()]
        for paths in (output, formerly)
    )
    usual = Path(f"{Path(view).name.removesuffix('.toml').replace('+', '-')}-calibrated.toml")
    if all(path.suffix in PICTURES for path in (*named, *earlier)):
        named.append(usual)
    forms = {"prior": (".toml",), "picture": PICTURES}
    places = read_outputs(named, earlier, forms, problems, most={"prior": 1}, beside=[".csv", ".nc"])
    return next(iter(places["prior"]), usual), places["picture"]


def _check_event(event: str, problems: Problems) -> None:
    from ooms.outcomes import parse_event
    from ooms.problems import UserError

    try:
        parse_event(event)
    except UserError as error:
        problems.extend(error.problems)


def _write(
    found: Calibration, place: Path, force: bool, keep: int | None, pictures: list[Path], event: str
) -> list[Path]:
    """Write what may be written; the files."""
    written: list[Path] = []
    if found.sound or force:
        found.save(place, force=force, keep=keep)
        written += [place, place.with_suffix(".csv"), place.with_suffix(".nc")]
    for picture in pictures:
        found.save_picture(picture, event)
    return [*written, *pictures]
