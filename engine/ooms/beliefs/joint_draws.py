"""Files of joint draws: comma-separated numbers, a row a draw, parameter names in the first line.

Nothing that stands in such a file is repeated in what is said about it: a prior file from a stranger could name a file
of the reader's own.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from ooms.distributions.marginals import Empirical
from ooms.files.library import MOST_DRAWS, named_in, read_plain
from ooms.parameters import known_names
from ooms.problems import Problems, UserError

__all__ = ["JointDraws", "read_draws"]

_SHOWN = 3
"""Lines that are named one by one where many have the same mistake."""


@dataclass(frozen=True)
class JointDraws:
    """The rows of a file of joint draws, split into cells column by column when asked.

    Parameters
    ----------
    file : str
        What it is called.
    names : tuple of str
        Of the columns.
    rows : sequence of str
        Those with as many cells as there are names.
    numbers : sequence of int
        Of their lines.
    sound : bool
        Whether that was all of them, so that a column can be taken.
    digest : str
        SHA-256 of the text: the same rows, whatever name or place their file was given by, and on whatever machine.
    """

    file: str
    names: tuple[str, ...]
    rows: Sequence[str]
    numbers: Sequence[int]
    sound: bool
    digest: str

    def column(self, name: str, place: str, problems: Problems) -> Empirical | None:
        """The draws of a parameter; None with what is wrong with its column added to `problems`."""
        if name not in self.names:
            there = [n for n in self.names if n in known_names()]
            remedy = f"name a column {name}" + (f"; there are columns for {', '.join(there)}" if there else "")
            problems.add(place, f"{self.file}, line 1: there is no column {name}", remedy)
            return None
        at = self.names.index(name)
        values = np.array([_number(row.split(",")[at]) for row in self.rows])
        wrong = np.flatnonzero(np.isnan(values))
        if wrong.size:
            lines = _lines([self.numbers[i] for i in wrong.tolist()])
            what = f"{self.file}, {lines}: there is no finite number for {name}, in column {at + 1}"
            problems.add(place, what, "give a number such as -0.25 or 1e3")
        return Empirical(cast("tuple[float, ...]", values)) if self.sound and not wrong.size else None


def read_draws(by: Path, name: str, place: str, problems: Problems) -> JointDraws | None:
    """The joint draws that a prior file names; None with why there are none added to `problems`.

    Parameters
    ----------
    by : Path
        The prior file.
    name : str
        The path of the draws, from there.
    place : str
        Where the prior file names them.
    problems : Problems
        Collects everything that is wrong with the file as a whole, too.
    """
    try:
        text = read_plain(named_in(by, name), MOST_DRAWS)
    except UserError as error:
        problems.add(place, f"{name} {error.problems[0].what}", error.problems[0].remedy)
        return None
    except OSError as error:
        problems.add(place, f"{name} cannot be read: {error.strerror}", "give a file beside the prior file")
        return None
    except ValueError:  # not UTF-8, or a name that no file can have
        problems.add(place, f"{name!r} is not a file of text", "give a file of comma-separated numbers")
        return None
    before, file = len(problems), Path(name).name
    first, *lines = text.rstrip("\n").split("\n")
    if not text.strip():
        problems.add(place, f"{file} is empty", "give names in the first line, and a row for each draw")
        return None
    names = tuple(cell.strip() for cell in first.split(","))
    _note_names(names, f"{file}, line 1", place, problems)
    if not lines:
        problems.add(place, f"{file}: there are no rows below the names", "give a row for each draw")
    rows, numbers, empty, odd = list[str](), list[int](), list[int](), dict[int, int]()
    for number, line in enumerate(lines, start=2):
        cells = line.count(",") + 1
        if not line.strip():
            empty.append(number)
        elif cells != len(names):
            odd[number] = cells
        else:
            rows.append(line)
            numbers.append(number)
    if empty:
        problems.add(place, f"{file}, {_lines(empty)}: nothing stands there", "leave out empty lines")
    if odd:
        counts = " or ".join(map(str, sorted(set(odd.values()))[:_SHOWN]))
        what = f"{file}, {_lines(list(odd))}: {counts} cells below {len(names)} names"
        problems.add(place, what, f"give {len(names)} numbers with commas between")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return JointDraws(file, names, rows, numbers, len(problems) == before, digest)


def _note_names(names: Sequence[str], where: str, place: str, problems: Problems) -> None:
    """Add columns without a name, or with that of an earlier one, to `problems`."""
    nameless = [i for i, name in enumerate(names, start=1) if not name]
    if nameless:
        columns = ", ".join([*map(str, nameless[:_SHOWN]), *(["..."] if len(nameless) > _SHOWN else [])])
        problems.add(place, f"{where}: no name for column {columns}", "name every column in the first line")
    seen = dict[str, int]()
    for i, name in enumerate(names, start=1):
        if name and name in seen:
            what = f"{where}: columns {seen[name]} and {i} have the same name"
            problems.add(place, what, "keep one of them")
        seen.setdefault(name, i)


def _lines(numbers: Sequence[int]) -> str:
    """``line 3``, ``lines 3, 5, 6 and 17 more``."""
    more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
    return f"line{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers[:_SHOWN]))}{more}"


def _number(cell: str) -> float:
    """The number in a cell; NaN if there is none, or none that is finite."""
    if "_" in cell or not cell.isascii():  # what Python would read and nobody else
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan
