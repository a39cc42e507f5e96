"""``ooms cite``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

__all__ = ["cite"]


def cite(
    view: str = "davidson-2025",
    /,
    *,
    format: Literal["text", "bibtex"] = "text",
    set_: Annotated[list[str] | None, Parameter(name="--set", negative=())] = None,
    out: Path | None = None,
) -> None:
    """What to cite for a forecast: the works behind a view, each with the parameters that rest on it.

    Examples: `ooms cite davidson-2025` · `ooms cite my-beliefs.toml --set rho=-0.4` ·
    `ooms cite davidson-2025 --format bibtex --out references.bib`

    Parameters
    ----------
    view
        A shipped view (`ooms priors list`) or the path of a prior file.
    format
        `text`, a reference list to read, or `bibtex`, for LaTeX.
    set_
        A what-if: `rho=-0.4`. The belief it replaces is cited no more. May be given several times.
    out
        Write to that file instead of the terminal.
    """
    from ooms.cli.options import changed_view
    from ooms.files.writing import check_place, write_whole
    from ooms.literature.citing import citations
    from ooms.problems import Problems

    problems = Problems()
    believed = changed_view(view, set_ or [], problems)
    if out is not None:
        check_place(out, problems, f"--out {out}")
    believed = problems.sound(believed)
    found = citations(believed)
    text = found.bibtex() if format == "bibtex" else found.text()
    if out is None:
        print(text)
        return
    write_whole(out, lambda part: part.write_text(text + "\n", encoding="utf-8", newline="\n"), f"--out {out}")
    print(f"{len(found.works) + 1} works written to {out}")
