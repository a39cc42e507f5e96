"""``ooms --install-completion``: the shell completes commands, options and their choices."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import App

__all__ = ["completion_of"]

Shell = Literal["bash", "zsh", "fish", "powershell"]


def completion_of(app: App) -> Callable[..., None]:
    """The command that writes the completion of a command line.

    Parameters
    ----------
    app : App
        The command line.
    """

    def install_completion(
        *,
        shell: Shell | None = None,
        output: Annotated[Path | None, Parameter(name=("--output", "-o"))] = None,
    ) -> None:
        """Let your shell complete commands and options: writes its completion script. No startup file is changed.

        Parameters
        ----------
        shell
            The shell (default: the one that this runs in).
        output
            Where to write the script (default: where the shell looks for it).
        """
        from cyclopts.completion import detect_shell
        from cyclopts.completion.detect import ShellDetectionError
        from cyclopts.completion.install import create_install_completion_command

        from ooms.problems import Problem, UserError

        try:
            shell = shell or detect_shell()
        except ShellDetectionError:
            remedy = "name it: ooms --install-completion --shell bash"
            raise UserError([Problem("--shell", "which one this is cannot be told", remedy)]) from None
        create_install_completion_command(app.install_completion, False)(shell=shell, output=output)

    return install_completion
