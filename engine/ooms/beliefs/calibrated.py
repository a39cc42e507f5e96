"""What a calibrated prior file says about the calibration that it comes from."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Calibrated", "again"]


def again(command: str, path: Path) -> str:
    """What to do about a calibration whose files are not what was saved.

    Parameters
    ----------
    command : str
        What made it, as its prior file says.
    path : Path
        Of the prior file.

    Examples
    --------
    >>> again("ooms calibrate mine", Path("my mine.toml"))
    "restore the files as they were saved, or make them again with: ooms calibrate mine --out 'my mine.toml'"
    """
    made = "".join(letter for letter in command if letter.isprintable())
    return f"restore the files as they were saved, or make them again with: {made} --out {shlex.quote(str(path))}"


@dataclass(frozen=True)
class Calibrated:
    """The calibration that a view's joint draws come from, and whether it can be relied on.

    Parameters
    ----------
    of : str
        The view whose beliefs were calibrated.
    surveys : tuple of str
        The surveys that they were confronted with.
    command : str
        What makes the same file again.
    draws : int
        Rows of joint draws.
    effective : int
        As many independent draws say as much of the least well known parameter: its bulk effective sample size.
    failed : tuple of str
        The checks that the calibration failed; empty if it is sound.
    remedy : str
        What to do about those.

    Examples
    --------
    >>> bad = Calibrated("mine", ("polls",), "ooms calibrate mine", 4000, 90, ("R-hat of rho is 1.2",), "--draws 4000")
    >>> bad.sound, bad.warning
    (False, 'unsound-calibration: R-hat of rho is 1.2; --draws 4000')
    """

    of: str
    surveys: tuple[str, ...]
    command: str
    draws: int
    effective: int
    failed: tuple[str, ...] = ()
    remedy: str = ""

    @property
    def sound(self) -> bool:
        """Whether it passed every check."""
        return not self.failed

    @property
    def warning(self) -> str | None:
        """The named warning of an unsound calibration, with the remedy."""
        if self.sound:
            return None
        remedy = self.remedy or f"calibrate again: {self.command}"
        return f"unsound-calibration: {'; '.join(self.failed)}; {remedy}"
