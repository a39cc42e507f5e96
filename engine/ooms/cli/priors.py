"""``ooms priors``: list, show and check prior files."""

from __future__ import annotations

from cyclopts import App

from ooms.cli import lists
from ooms.cli.options import Json

__all__ = ["priors"]

priors = App(
    name="priors",
    help="The beliefs behind a forecast: list the shipped views, show one, check a file.\n\n"
    "Example to copy:\n\n  ooms priors show davidson-2025",
    help_format="plaintext",
)


@priors.command(name="list")
def list_(*, json: Json = False) -> None:
    """The shipped views, and those that were calibrated against surveys.

    Example to copy:

      ooms priors list
    """
    lists.show("views", json=json)


@priors.command
def show(view: str = "davidson-2025", /) -> None:
    """Every parameter of a view: distribution, unit and source; and its options.

    Example to copy:

      ooms priors show davidson-2025

    Parameters
    ----------
    view
        A shipped view or the path of a prior file.
    """
    from ooms.beliefs.reader import load
    from ooms.documents.view import document
    from ooms.writers.terminal import show as show_document

    show_document(document(load(view)))


@priors.command
def check(*files: str) -> None:
    """Check prior files: prints everything that is wrong with each, runs nothing. Exit code 2 if anything is.

    Example to copy:

      ooms priors check my-beliefs.toml

    Parameters
    ----------
    files
        Paths of prior files, or names of shipped views.
    """
    from ooms.beliefs.changes import unwarned
    from ooms.beliefs.reader import load
    from ooms.problems import Problem, Problems, UserError

    problems = Problems()
    if not files:
        raise UserError(
            [Problem("ooms priors check", "no file is named", "name one: ooms priors check my-beliefs.toml")]
        )
    with unwarned():
        for file in files:
            try:
                view = load(file)
            except UserError as error:
                problems.extend(error.problems)
                continue
            print(f"{file}: fine, {len(view.beliefs)} parameters stated")
            for warning in view.warnings:
                print(f"{file}: warning: {warning}")
    problems.raise_if_any()
