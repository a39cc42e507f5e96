"""The command line: ``ooms forecast``, ``ooms calibrate`` and others. Heavy imports wait until they are needed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from cyclopts import App, CycloptsError, CycloptsPanel

from ooms import __version__
from ooms.cli import lists
from ooms.cli.completion import completion_of
from ooms.cli.exits import GIVEN_WRONG, INTERRUPTED, UNWRITABLE
from ooms.cli.flags import flagged
from ooms.cli.help import HelpPrinter
from ooms.cli.streams import discard_output, plain_where_needed, tell
from ooms.files.writing import UnwritableError
from ooms.problems import Problem, UserError, printable

if TYPE_CHECKING:
    from rich.panel import Panel

__all__ = ["COMMANDS", "app", "main", "register", "run"]


def _panel(error: CycloptsError) -> Panel:
    """What the parser found wrong; it repeats words as they were given, control characters and all."""
    text = error.__rich__()
    text.plain = printable(text.plain)  # of the same length: its styles stay where they are
    return CycloptsPanel(text)


app = App(
    name="ooms",
    version=__version__,
    help="How likely is a software intelligence explosion? Forecasts in orders of magnitude (OOMs), from priors you "
    "can read.\n\nExample to copy:\n\n  ooms forecast davidson-2025 --event '5 ooms in 1 year'",
    help_format="plaintext",
    help_formatter=HelpPrinter(),
    error_formatter=_panel,
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)
COMMANDS = (
    "forecast", "compare", "pool", "report", "plot", "batch", "calibrate", "calibration", "surveys", "sbc", "reproduce",
    "cite", "priors", "schema", "new",
)  # fmt: skip
"""Each is a file in `ooms.cli` that holds a function, or an app of several, of its name."""


def register(command: str) -> None:
    """Let `app` have a command, or an app of several, that the file of its name in `ooms.cli` holds."""
    app.command(getattr(import_module(f"ooms.cli.{command}"), command))


for command in COMMANDS:
    register(command)
for listed in (lists.views, lists.studies, lists.events, lists.quantities, lists.parameters):
    app.command(listed, group=lists.GROUP)
app.command(completion_of(app), name="--install-completion")

_MOST_OPTIONS = 256
"""On one command line: the time to read them grows with the square of their number."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code.

    0, or 1 if published numbers differ, a calibration is unsound, a batch is incomplete or a result cannot be written,
    2 for what the user gave wrong.
    """
    plain_where_needed()
    try:
        _check_count(sys.argv[1:] if arguments is None else arguments)
        code = app(arguments, exit_on_error=False)
        sys.stdout.flush()
    except CycloptsError as error:
        command = " ".join(("ooms", *(error.command_chain or ())))
        tell(f"    -> see what there is: {command} --help")
        return GIVEN_WRONG
    except UnwritableError as error:
        tell("; ".join(f"{p.place}: {p.what}; {p.remedy}" for p in error.problems))
        return UNWRITABLE
    except UserError as error:
        count = len(error.problems)
        said = "\n".join(map(str, map(flagged, error.problems)))
        tell(f"{count} {'problem' if count == 1 else 'problems'}, nothing was run:\n{said}")
        return GIVEN_WRONG
    except (BrokenPipeError, SystemExit):  # the reader of our output has gone; there is nobody to tell
        discard_output()
        return 0
    except OSError as error:
        discard_output()
        place = "the output" if error.filename is None else str(error.filename)
        tell(f"{place}: {'cannot be written: ' * (error.filename is None)}{error.strerror or error}")
        return UNWRITABLE
    except KeyboardInterrupt:
        tell("stopped; nothing was written")
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _check_count(words: Sequence[str]) -> None:
    """Raise `UserError` if there are so many options that telling them apart alone would take long."""
    count = sum(word.startswith("--") for word in words)
    if count > _MOST_OPTIONS:
        what = f"{count:,} options are given, more than {_MOST_OPTIONS}"
        raise UserError([Problem("ooms", what, "ask for less at a time, or put what-ifs into a prior file")])


def run() -> None:
    """Entry point of the ``ooms`` script."""
    sys.exit(main())
