"""``ooms schema``: the form of the files that people write, for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

__all__ = ["schema"]


def schema(
    kind: Literal["priors", "study", "survey"],
    /,
    *,
    out: Annotated[Path | None, Parameter(name=["--out", "-o"])] = None,
) -> None:
    """JSON Schema of prior, study or survey files: editors complete and check TOML files by it.

    Example: `ooms schema priors -o priors.schema.json`; then the first line of a file is `#:schema priors.schema.json`.

    Parameters
    ----------
    kind
        Which files.
    out
        Write to that file instead of the terminal.
    """
    import json

    from ooms.files.writing import check_place, write_whole
    from ooms.problems import Problems
    from ooms.schemas import schema as schema_of

    problems = Problems()
    if out is not None:
        check_place(out, problems, f"--out {out}")
    problems.raise_if_any()
    text = json.dumps(schema_of(kind), indent=2, ensure_ascii=False)
    if out is None:
        print(text)
        return
    write_whole(out, lambda part: part.write_text(text + "\n", encoding="utf-8", newline="\n"), f"--out {out}")
