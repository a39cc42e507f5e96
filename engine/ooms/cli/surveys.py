"""``ooms surveys``: list, show and check survey files."""

from __future__ import annotations

from cyclopts import App

from ooms.cli import lists
from ooms.cli.options import Json

__all__ = ["surveys"]

surveys = App(
    name="surveys",
    help="What people answered and studies found: list the shipped surveys, show one, check a file.\n\n"
    "Example to copy:\n\n  ooms surveys show compute-polls",
    help_format="plaintext",
    group=lists.GROUP,
)


@surveys.default
@surveys.command(name="list")
def list_(*, json: Json = False) -> None:
    """The shipped surveys: who answered, what their answers inform, and by which likelihood.

    Example to copy:

      ooms surveys
    """
    if json:
        lists.show("surveys", json=True)
        return
    from ooms.catalogue import surveys as listed
    from ooms.documents.survey import overview
    from ooms.writers.terminal import show as show_document

    show_document(overview(listed()))


@surveys.command
def show(survey: str, /) -> None:
    """One survey: its items, the numbers, what they inform, and where they come from.

    Example to copy:

      ooms surveys show compute-polls

    Parameters
    ----------
    survey
        A shipped survey or the path of a survey file.
    """
    from ooms.calibrating.surveys import load_survey
    from ooms.documents.survey import document
    from ooms.writers.terminal import show as show_document

    show_document(document(load_survey(survey)))


@surveys.command
def check(*files: str) -> None:
    """Check survey files: prints everything that is wrong with each, runs nothing. Exit code 2 if anything is.

    Example to copy:

      ooms surveys check my-poll.toml

    Parameters
    ----------
    files
        Paths of survey files, or names of shipped surveys.
    """
    from ooms.calibrating.surveys import load_survey
    from ooms.problems import Problem, Problems, UserError

    problems = Problems()
    if not files:
        raise UserError(
            [Problem("ooms surveys check", "no file is named", "name one: ooms surveys check my-poll.toml")]
        )
    for file in files:
        try:
            survey = load_survey(file)
        except UserError as error:
            problems.extend(error.problems)
            continue
        fitted = len(survey.fitted_items)
        what = f"{fitted} of them fitted" if survey.fitted else "kept for checking"
        print(f"{file}: fine, {len(survey.items)} {'item' if len(survey.items) == 1 else 'items'}, {what}")
    problems.raise_if_any()
