"""``ooms sbc``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ooms.cli.numbers import Whole
from ooms.cli.options import Formerly, Outputs, Switch, read_outputs

if TYPE_CHECKING:
    from pathlib import Path

    from ooms.calibrating.joint import Joint
    from ooms.calibrating.sampling import Sampling
    from ooms.calibrating.sbc import Summary
    from ooms.problems import Problems
    from ooms.progress import Meter

__all__ = ["sbc"]

FAILED = 1
"""Exit code where the ranks of a quantity are not uniform."""

_JOINT = "joint"


def sbc(
    *,
    only: Annotated[list[str] | None, Parameter(negative=(), consume_multiple=True)] = None,
    joint: Switch = False,
    simulations: Whole = 200,
    seed: Whole = 0,
    output: Outputs = None,
    formerly: Formerly = None,
) -> int:
    """Simulation-based calibration: whether fits find again what answers were simulated from, likelihood by likelihood.

    Takes 10 to 30 seconds a likelihood on two processors, and 20 minutes for the joint model. Exit code 1 if one
    fails, which a right one does once in a hundred runs at most.

    Examples to copy:

      ooms sbc
      ooms sbc --only heaped studies
      ooms sbc --joint -o sbc.toml
      ooms sbc --only joint --simulations 40

    Parameters
    ----------
    only
        Kinds of likelihoods: `interval`, `order_statistics`, `heaped`, `studies`, `statement`, `domains`; those of
        bounded answers: `slowdown_order_statistics`, `speedup_order_statistics`, `slowdown_interval`,
        `speedup_interval`, `speedup_statement`; or `joint`. Default: every likelihood.
    joint
        Also the joint model of davidson-2025 with all fitted surveys.
    simulations
        How often to draw true values, simulate answers and fit them, 20 to 2000.
    seed
        Chooses the random numbers.
    output
        Write p-values and histograms of the ranks as TOML: .toml.
    """
    from ooms.calibrating.request import check_installed
    from ooms.calibrating.sbc import check_request, write_summaries
    from ooms.cli.progress import meter
    from ooms.problems import Problems

    problems = Problems()
    check_installed(problems, "ooms sbc")
    models = _models(only, joint, problems)
    check_request(simulations, seed, problems)
    (written,) = read_outputs(output, formerly, {"ranks": (".toml",)}, problems, most={"ranks": 1}).values()
    problems.raise_if_any()
    with meter() as progress:
        parts = [progress.part(k, len(models)) for k in range(len(models))]
        found = [_run(model, simulations, seed, part) for model, part in zip(models, parts, strict=True)]
    for path in written:
        write_summaries(path, found, "Simulation-based calibration (ooms sbc): ranks of true values in ten bins")
    _show(found, written)
    return 0 if all(one.passes for one in found) else FAILED


def _models(only: Sequence[str] | None, joint: bool, problems: Problems) -> list[str]:
    """What to test, each once, with every unknown name added to `problems`."""
    from ooms.calibrating.sbc import MODELS
    from ooms.problems import did_you_mean

    known = (*MODELS, _JOINT)
    for name in only or ():
        if name not in known:
            problems.add("--only", f"there is no likelihood {name!r}", did_you_mean(name, known))
    return list(dict.fromkeys([*(MODELS if only is None else only), *([_JOINT] if joint else [])]))


def _run(model: str, simulations: int, seed: int, progress: Meter) -> Summary:
    from ooms.calibrating.sbc import simulation_based_calibration

    of, how = _made(model)
    return simulation_based_calibration(of, simulations, seed, how, progress, model).summary()


def _made(model: str) -> tuple[Joint, Sampling]:
    """The joint model to test, and how to sample it."""
    from ooms.beliefs.reader import load
    from ooms.calibrating.joint import Joint
    from ooms.calibrating.sbc import SHORT, THOROUGH, joint_of
    from ooms.calibrating.surveys import read_surveys
    from ooms.problems import Problems

    if model != _JOINT:
        return joint_of(model), SHORT
    problems = Problems()
    surveys = read_surveys(None, problems)
    problems.raise_if_any()
    return Joint(load("davidson-2025"), surveys), THOROUGH


def _show(found: Sequence[Summary], written: Sequence[Path]) -> None:
    """Print a row a model, and what passing means."""
    from ooms.documents.document import Paragraph, Style, Table, left, right
    from ooms.writers.terminal import saved, show_blocks, terminal

    rows = [
        (s.model, s.verdict, f"{s.worst.p:.2g}", f"{s.worst.quantity} ({len(s.quantities)})", str(s.divergences))
        for s in found
    ]
    columns = (
        *left("Model", "Verdict"), *right("Smallest p-value"), *left("Of (quantities)"), *right("Divergences"),
    )  # fmt: skip
    first, seconds = found[0], sum(s.seconds for s in found)
    rate = first.false_alarms
    note = (
        f"{first.simulations} simulations a model \u00b7 seed {first.seed} \u00b7 {seconds:.0f} seconds of sampling. "
        f"passes: the smallest p-value times the number of quantities is {rate:g} or more; a right model fails once in "
        f"{1 / rate:.0f} runs at most"
    )
    styles: dict[int, Style] = {k: "good" if s.passes else "bad" for k, s in enumerate(found)}
    title = "Simulation-based calibration: are the ranks of true values uniform?"
    show_blocks(terminal(), [Table(title, columns, rows, styles=styles), Paragraph(note)])
    saved(terminal(), "written:", written)
