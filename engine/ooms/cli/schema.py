"""``ooms schema``: the form of the files that people write, for editors, and of results, for programs."""

from __future__ import annotations

from typing import Literal

from ooms.cli.options import Formerly, Outputs, read_outputs

__all__ = ["schema"]


def schema(
    kind: Literal["priors", "study", "survey", "results"],
    /,
    *,
    output: Outputs = None,
    formerly: Formerly = None,
) -> None:
    """JSON Schema of prior, study or survey files, or of what --json prints.

    Editors complete and check TOML files by it. Example: `ooms schema priors -o priors.schema.json`; then the first
    line of a file is `#:schema priors.schema.json`.

    Parameters
    ----------
    kind
        Which files; `results` is one schema for the JSON of all commands.
    output
        Write to that file instead of the terminal.
    """
    import json

    from ooms.files.writing import write_text
    from ooms.problems import Problems
    from ooms.schemas import schema as schema_of

    problems = Problems()
    (written,) = read_outputs(output, formerly, {"schema": ("",)}, problems, most={"schema": 1}).values()
    problems.raise_if_any()
    text = json.dumps(schema_of(kind), indent=2, ensure_ascii=False)
    if not written:
        print(text)
    for path in written:
        write_text(path, text, f"-o {path}")
