"""Whether a calibration can be relied on: convergence of the chains, trouble of the sampler, fit to the answers.

Source
------
Vehtari, A., Gelman, A., Simpson, D., Carpenter, B. and Buerkner, P.-C. (2021). Rank-normalization, folding, and
localization: an improved R-hat for assessing convergence of MCMC. Bayesian Analysis 16(2), 667-718.

Betancourt, M. (2016). Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte Carlo. arXiv:1604.00695.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self, cast

import numpy as np

from ooms.calibrating.predictive import Check
from ooms.results.numbers import diagnostic, rounded
from ooms.results.plain import finite

if TYPE_CHECKING:
    from xarray import DataArray, DataTree

__all__ = ["DiagnosticRow", "Diagnostics", "FailedCheck", "Worst", "diagnose"]

MAX_RHAT = 1.01
"""R-hat of every parameter is below this."""
MIN_ESS = 400.0
"""Bulk and tail effective sample size of every parameter are above this: 100 for each of 4 chains."""
MAX_DIVERGENCES = 0
MIN_BFMI = 0.3
"""Energy Bayesian fraction of missing information of every chain is above this."""
TAIL = 0.005
"""Posterior predictive tail probabilities are at least this and at most one less this: 1 %, two-sided."""

_STEPS = "sample with smaller steps (--target-accept 0.998), or narrow the widest priors"
_LONGER, _MORE = "sample longer (--tune 2000 --draws 2000)", "sample longer (--draws 2000)"


class Worst(NamedTuple):
    """The worst value of a diagnostic, where it was found, and how many others are past the limit too."""

    value: float
    where: str
    others: int = 0

    def __str__(self) -> str:
        return f"{self.where} (and of {self.others} more)" if self.others else self.where


@dataclass(frozen=True)
class FailedCheck:
    """A check that a calibration failed.

    Parameters
    ----------
    what : str
        Which: ``"R-hat of rho"``.
    value : float
        What it came out as.
    limit : str
        What it should have been: ``"below 1.01"``.
    remedy : str
        What to do.
    """

    what: str
    value: float
    limit: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} is {diagnostic(self.value)}, not {self.limit}"


class DiagnosticRow(NamedTuple):
    """A diagnostic as a table shows it."""

    name: str
    value: str
    limit: str
    where: str
    passed: bool


@dataclass(frozen=True)
class Diagnostics:
    """What the draws of a calibration say about their own worth.

    Parameters
    ----------
    chains, draws : int
        Chains, and draws of each.
    rhat : Worst
        Greatest potential scale reduction: rank-normalised, split, folded.
    bulk, tail : Worst
        Least effective sample size for the middle and for the 5 % and 95 % quantiles.
    divergences : int
        Draws at which the sampler went astray.
    bfmi : Worst
        Least energy Bayesian fraction of missing information of a chain.
    deepest : int
        Draws at which the sampler reached its greatest tree depth: slow, but not wrong.
    checks : tuple of Check
        Posterior predictive checks.
    """

    chains: int
    draws: int
    rhat: Worst
    bulk: Worst
    tail: Worst
    divergences: int
    bfmi: Worst
    deepest: int
    checks: tuple[Check, ...] = ()

    def _convergence(self) -> list[tuple[DiagnosticRow, FailedCheck]]:
        """Each diagnostic of the chains, and how it fails if it does not pass; what is no number does not."""
        rhat, bulk, tail, bfmi = self.rhat, self.bulk, self.tail, self.bfmi
        diverging = Worst(self.divergences, "")
        heavy = f"{_LONGER}, or narrow the priors with heavy tails"
        bound, ess = f"< {MAX_RHAT}", f"> {MIN_ESS:g}"
        each = [
            ("R-hat, greatest", f"R-hat of {rhat}", rhat, bound, rhat.value < MAX_RHAT, _LONGER),
            ("effective draws (bulk), least", f"bulk effective sample size of {bulk}", bulk, ess,
             bulk.value > MIN_ESS, _MORE),
            ("effective draws (tail), least", f"tail effective sample size of {tail}", tail, ess,
             tail.value > MIN_ESS, _MORE),
            ("divergent transitions", "the number of divergent transitions", diverging, f"{MAX_DIVERGENCES}",
             self.divergences <= MAX_DIVERGENCES, _STEPS),
            ("BFMI, least", f"BFMI of {bfmi}", bfmi, f"> {MIN_BFMI}", bfmi.value > MIN_BFMI, heavy),
        ]  # fmt: skip
        return [
            (
                DiagnosticRow(name, diagnostic(worst.value), limit, worst.where, passed),
                FailedCheck(what, worst.value, limit.replace("<", "below").replace(">", "above"), remedy),
            )
            for name, what, worst, limit, passed, remedy in each
        ]

    @property
    def failures(self) -> tuple[FailedCheck, ...]:
        """The checks that failed; none if the calibration is sound. What is no number fails."""
        chains = (failure for row, failure in self._convergence() if not row.passed)
        return (*chains, *(_misfit(check) for check in self.checks if not _fits(check)))

    @property
    def sound(self) -> bool:
        """Whether every check was passed."""
        return not self.failures

    @property
    def failed(self) -> tuple[str, ...]:
        """The failures in words, as a prior file states them (`ooms.beliefs.calibrated.Calibrated`)."""
        return tuple(map(str, self.failures))

    @property
    def remedy(self) -> str:
        """What to do about the failures, each thing once."""
        return "; ".join(dict.fromkeys(failure.remedy for failure in self.failures))

    def as_table(self) -> list[DiagnosticRow]:
        """The diagnostics in the order in which they are read, then the predictive checks."""
        limit = f"{TAIL:g} to {1 - TAIL:g}"
        return [
            *(row for row, _ in self._convergence()),
            DiagnosticRow("greatest tree depth reached", str(self.deepest), "any", "", True),
            *(DiagnosticRow("predictive tail", _tail_shown(c), limit, c.name, _fits(c)) for c in self.checks),
        ]

    def plain(self) -> dict[str, Any]:
        """The diagnostics as JSON can hold them, None for what is no number; `from_plain` reads them back."""
        return _mapped(asdict(self), lambda value: finite(value) if isinstance(value, float) else value)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """The diagnostics that `plain` gave.

        Examples
        --------
        >>> worst = Worst(1.002, "rho")
        >>> d = Diagnostics(4, 1000, worst, Worst(900.0, "rho"), Worst(800.0, "rho"), 0, Worst(1.0, "chain 1"), 0)
        >>> Diagnostics.from_plain(d.plain()) == d
        True
        """
        read = _mapped(plain, lambda value: math.nan if value is None else value)
        worst = {name: Worst(*read[name]) for name in ("rhat", "bulk", "tail", "bfmi")}
        return replace(cls(**read), **worst, checks=tuple(Check(**each) for each in read["checks"]))


def diagnose(tree: DataTree, checks: Sequence[Check] = ()) -> Diagnostics:
    """The diagnostics of a posterior sample, by ArviZ.

    Parameters
    ----------
    tree : DataTree
        With the groups ``posterior`` and ``sample_stats``, over chain and draw, as nutpie returns them.
    checks : sequence of Check
        Posterior predictive checks (`ooms.calibrating.predictive.check`).

    Notes
    -----
    What does not vary at all over chains and draws is a constant, not a parameter, and left out.
    """
    arviz_base: Any = importlib.import_module("arviz_base")
    arviz_stats: Any = importlib.import_module("arviz_stats")
    posterior: Any = tree["posterior"].to_dataset()
    stats: Any = tree["sample_stats"].to_dataset()
    numbers = arviz_base.dataset_to_dataarray(posterior, sample_dims=["chain", "draw"], add_coords=False)
    varies = (numbers != numbers.isel(chain=0, draw=0)).any(["chain", "draw"])  # NaN differs from itself, and stays
    varying = numbers.sel(label=varies).to_dataset(name="x")
    with np.errstate(divide="ignore", invalid="ignore"):  # a chain, or an energy, that never moves
        rhat = arviz_stats.rhat(varying)["x"]
        bulk, tail = (arviz_stats.ess(varying, method=method)["x"] for method in ("bulk", "tail"))
        bfmi = arviz_stats.bfmi(tree)["energy"]
    bfmi = bfmi.assign_coords(label=("chain", [f"chain {k + 1}" for k in range(bfmi.size)]))
    return Diagnostics(
        chains=posterior.sizes["chain"],
        draws=posterior.sizes["draw"],
        rhat=_worst(rhat, MAX_RHAT, high=True),
        bulk=_worst(bulk, MIN_ESS),
        tail=_worst(tail, MIN_ESS),
        divergences=int(stats["diverging"].sum()),
        bfmi=_worst(bfmi, MIN_BFMI),
        deepest=int(stats["maxdepth_reached"].sum()) if "maxdepth_reached" in stats else 0,
        checks=tuple(checks),
    )


def _worst(values: DataArray, limit: float, *, high: bool = False) -> Worst:
    """The least of labelled values, or with `high` the greatest; what is no number is worse than any."""
    each = np.asarray(values.values, dtype=np.float64)
    badness = np.where(np.isnan(each), np.inf, each if high else -each)
    k = int(np.argmax(badness))
    past = int(np.sum(badness >= (limit if high else -limit)))
    return Worst(float(each[k]), str(values["label"].values[k]), max(past - 1, 0))


def _fits(check: Check) -> bool:
    """Whether the answers are not far out in a tail of what is predicted; what cannot be told, fits."""
    return math.isnan(check.tail) or TAIL <= check.tail <= 1.0 - TAIL


def _misfit(check: Check) -> FailedCheck:
    what = f"the model cannot produce this answer: the predictive tail probability of {check.name}"
    remedy = f"leave out {check.survey}, or widen the spread that its likelihood allows, its bias or the prior"
    return FailedCheck(what, check.tail, f"from {TAIL:g} to {1 - TAIL:g}", remedy)


def _tail_shown(check: Check) -> str:
    """A share of simulations to the digits that their number supports."""
    share = check.tail
    if math.isnan(share):
        return "undefined"
    return rounded(share, max(math.sqrt(share * (1.0 - share) / check.simulations), 0.5 / check.simulations))


def _mapped(value: Any, leaf: Callable[[Any], Any]) -> Any:
    """What dictionaries and lists hold, each put through a function."""
    if isinstance(value, dict):
        return {key: _mapped(item, leaf) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_mapped(item, leaf) for item in cast("Iterable[Any]", value)]
    return leaf(value)
