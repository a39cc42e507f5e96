"""The command line: ``ooms forecast``, ``ooms calibrate`` and others. Heavy imports wait until they are needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace

from cyclopts import App, CycloptsError

from ooms import __version__
from ooms.cli.batch import batch
from ooms.cli.calibrate import calibrate
from ooms.cli.calibration import calibration
from ooms.cli.cite import cite
from ooms.cli.compare import compare
from ooms.cli.forecast import forecast
from ooms.cli.plot import plot
from ooms.cli.pool import pool
from ooms.cli.priors import priors
from ooms.cli.report import report
from ooms.cli.reproduce import reproduce
from ooms.cli.sbc import sbc
from ooms.cli.surveys import surveys
from ooms.problems import Problem, UserError

__all__ = ["app", "main", "run"]

app = App(
    name="ooms",
    version=__version__,
    help="How likely is a software intelligence explosion? Forecasts in orders of magnitude (OOMs), from priors you "
    "can read.\n\nExample: `ooms forecast davidson-2025 --event '5 ooms in 1 year'`",
    help_format="plaintext",
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)
app.command(forecast)
app.command(compare)
app.command(pool)
app.command(report)
app.command(plot)
app.command(batch)
app.command(calibrate)
app.command(calibration)
app.command(surveys)
app.command(sbc)
app.command(reproduce)
app.command(cite)
app.command(priors)

GIVEN_WRONG = 2
"""Exit code for what the user gave wrong."""

INTERRUPTED = 130
"""Exit code after Ctrl-C."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code.

    0, or 1 if published numbers differ, a calibration is unsound or a batch is incomplete, 2 for what the user gave
    wrong.
    """
    try:
        code = app(arguments, exit_on_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        command = " ".join(("ooms", *(error.command_chain or ())))
        print(f"    -> see what there is: {command} --help", file=sys.stderr)
        return GIVEN_WRONG
    except UserError as error:
        count = len(error.problems)
        said = "\n".join(map(str, map(_flagged, error.problems)))
        print(f"{count} {'problem' if count == 1 else 'problems'}, nothing was run:\n{said}", file=sys.stderr)
        return GIVEN_WRONG
    except (BrokenPipeError, SystemExit):  # the reader of our output has gone; there is nobody to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        return INTERRUPTED
    return code if isinstance(code, int) else 0


_FLAGS = frozenset({
    "chains", "dask", "draws", "event", "keep", "method", "quantity", "seed", "simulations", "target_accept", "threads",
    "tune", "workers",
})  # fmt: skip
"""Arguments of functions that the command line has as flags."""


def _flagged(problem: Problem) -> Problem:
    """The problem in the language of the command line: an argument is a flag there."""
    return replace(problem, place=f"--{problem.place.replace('_', '-')}") if problem.place in _FLAGS else problem


def run() -> None:
    """Entry point of the ``ooms`` script."""
    sys.exit(main())
