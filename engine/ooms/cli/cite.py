"""``ooms cite``."""

from __future__ import annotations

from typing import Literal

from ooms.cli.options import Formerly, Outputs, WhatIfs, read_outputs

__all__ = ["cite"]


def cite(
    view: str = "davidson-2025",
    /,
    *,
    format: Literal["text", "bibtex"] | None = None,
    what_ifs: WhatIfs = WhatIfs(),
    output: Outputs = None,
    formerly: Formerly = None,
) -> None:
    """What to cite for a forecast: the works behind a view, each with the parameters that rest on it.

    A belief that a what-if replaces is cited no more.

    Examples to copy:

      ooms cite davidson-2025
      ooms cite my-beliefs.toml --set rho=-0.4
      ooms cite davidson-2025 -o references.bib

    Parameters
    ----------
    view
        A shipped view (`ooms views`) or the path of a prior file.
    format
        `text`, a reference list to read, or `bibtex`, for LaTeX (default: as the ending of the file says, else text).
    output
        Write to that file instead of the terminal: BibTeX if it ends in .bib.
    """
    from ooms.files.writing import write_text
    from ooms.literature.citing import citations
    from ooms.problems import Problems

    problems = Problems()
    believed = what_ifs.view(view, problems)
    (written,) = read_outputs(output, formerly, {"works": ("",)}, problems, most={"works": 1}).values()
    believed = problems.sound(believed)
    found = citations(believed)
    (out,) = written or (None,)
    latex = format == "bibtex" or (format is None and out is not None and out.suffix == ".bib")
    text = found.bibtex() if latex else found.text()
    if out is None:
        print(text)
        return
    write_text(out, text, f"-o {out}")
    print(f"{len(found.works) + 1} works written to {out}")
