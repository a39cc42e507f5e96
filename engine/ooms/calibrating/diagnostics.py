"""Whether a calibration can be relied on: convergence of the chains, trouble of the sampler, fit to the answers.

Source
------
Vehtari, A., Gelman, A., Simpson, D., Carpenter, B. and Buerkner, P.-C. (2021). Rank-normalization, folding, and
localization: an improved R-hat for assessing convergence of MCMC. Bayesian Analysis 16(2), 667-718.

Betancourt, M. (2016). Diagnosing suboptimal cotangent disintegrations in Hamiltonian Monte Carlo. arXiv:1604.00695.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self, cast

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.predictive import Check
from ooms.results.numbers import diagnostic, rounded

if TYPE_CHECKING:
    from xarray import DataTree

__all__ = ["Diagnostics", "Failure", "Row", "Worst", "diagnose"]

Floats = NDArray[np.float64]

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
_LONGER = "sample longer (--tune 2000 --draws 2000)"


class Worst(NamedTuple):
    """The worst value of a diagnostic, where it was found, and how many others are past the limit too."""

    value: float
    where: str
    others: int = 0


@dataclass(frozen=True)
class Failure:
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


class Row(NamedTuple):
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

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The checks that failed; none if the calibration is sound. What is no number fails."""
        found: list[Failure] = []
        if not self.rhat.value < MAX_RHAT:
            found.append(Failure(f"R-hat of {_where(self.rhat)}", self.rhat.value, f"below {MAX_RHAT}", _LONGER))
        for name, worst in (("bulk", self.bulk), ("tail", self.tail)):
            if not worst.value > MIN_ESS:
                what = f"{name} effective sample size of {_where(worst)}"
                found.append(Failure(what, worst.value, f"above {MIN_ESS:g}", "sample longer (--draws 2000)"))
        if self.divergences > MAX_DIVERGENCES:
            what = "the number of divergent transitions"
            found.append(Failure(what, self.divergences, f"{MAX_DIVERGENCES}", _STEPS))
        if not self.bfmi.value > MIN_BFMI:
            remedy = f"{_LONGER}, or narrow the priors with heavy tails"
            found.append(Failure(f"BFMI of {_where(self.bfmi)}", self.bfmi.value, f"above {MIN_BFMI}", remedy))
        return (*found, *(_cannot_produce(check) for check in self.checks if not _fits(check)))

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

    def as_table(self) -> list[Row]:
        """The diagnostics in the order in which they are read, then the predictive checks."""
        rows = [
            Row("R-hat, greatest", diagnostic(self.rhat.value), f"< {MAX_RHAT}", self.rhat.where,
                self.rhat.value < MAX_RHAT),
            Row("effective draws (bulk), least", diagnostic(self.bulk.value), f"> {MIN_ESS:g}", self.bulk.where,
                self.bulk.value > MIN_ESS),
            Row("effective draws (tail), least", diagnostic(self.tail.value), f"> {MIN_ESS:g}", self.tail.where,
                self.tail.value > MIN_ESS),
            Row("divergent transitions", str(self.divergences), f"{MAX_DIVERGENCES}", "",
                self.divergences <= MAX_DIVERGENCES),
            Row("BFMI, least", diagnostic(self.bfmi.value), f"> {MIN_BFMI}", self.bfmi.where,
                self.bfmi.value > MIN_BFMI),
            Row("greatest tree depth reached", str(self.deepest), "any", "", True),
        ]  # fmt: skip
        limit = f"{TAIL:g} to {1 - TAIL:g}"
        return rows + [
            Row("predictive tail", _tail_shown(c), limit, f"{c.survey}.{c.item}: {c.statistic}", _fits(c))
            for c in self.checks
        ]

    def to_json(self) -> str:
        """The diagnostics as JSON, null for what is no number; `from_json` reads it back."""
        return json.dumps(_finite(asdict(self)), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The diagnostics that `to_json` wrote.

        Examples
        --------
        >>> worst = Worst(1.002, "rho")
        >>> one = Diagnostics(4, 1000, worst, Worst(900.0, "rho"), Worst(800.0, "rho"), 0, Worst(1.0, "chain 1"), 0)
        >>> Diagnostics.from_json(one.to_json()) == one
        True
        """
        said: dict[str, Any] = json.loads(text)
        for name in ("rhat", "bulk", "tail", "bfmi"):
            value, where, others = said[name]
            said[name] = Worst(math.nan if value is None else float(value), where, others)
        said["checks"] = tuple(
            Check(**cast("Any", {key: math.nan if value is None else value for key, value in one.items()}))
            for one in said["checks"]
        )
        return cls(**said)


def diagnose(tree: DataTree, checks: Sequence[Check] = ()) -> Diagnostics:
    """The diagnostics of a posterior sample.

    Parameters
    ----------
    tree : DataTree
        With the groups ``posterior`` and ``sample_stats``, over chain and draw, as nutpie returns them.
    checks : sequence of Check
        Posterior predictive checks (`ooms.calibrating.predictive.checks`).

    Notes
    -----
    What does not vary at all over chains and draws is a constant, not a parameter, and left out.
    """
    names, values = _scalars(tree)
    sampled: Any = tree["sample_stats"]
    kept = ("diverging", "energy", "maxdepth_reached")
    stats: dict[str, Floats] = {
        key: np.asarray(sampled[key].values, dtype=np.float64) for key in kept if key in sampled
    }
    return Diagnostics(
        chains=values.shape[0],
        draws=values.shape[1],
        rhat=_worst(names, _each("rhat", values), MAX_RHAT, high=True),
        bulk=_worst(names, _each("ess", values, method="bulk"), MIN_ESS),
        tail=_worst(names, _each("ess", values, method="tail"), MIN_ESS),
        divergences=int(np.sum(stats["diverging"])),
        bfmi=_worst([f"chain {k + 1}" for k in range(values.shape[0])], _bfmi(stats["energy"]), MIN_BFMI),
        deepest=int(np.sum(stats.get("maxdepth_reached", 0))),
        checks=tuple(checks),
    )


def _scalars(tree: DataTree) -> tuple[list[str], Floats]:
    """Every number that varies, by name, and its draws, shape (chains, draws, numbers)."""
    names: list[str] = []
    columns: list[Floats] = []
    for name, variable in cast("Any", tree["posterior"]).data_vars.items():
        values = np.asarray(variable.transpose("chain", "draw", ...).values, dtype=np.float64)
        for index in np.ndindex(values.shape[2:]):
            column = values[(slice(None), slice(None), *index)]
            if np.any(column != column[0, 0]):  # NaN differs from itself, and so stays
                names.append(f"{name}[{', '.join(map(str, index))}]" if index else str(name))
                columns.append(column)
    return names, np.stack(columns, axis=-1)


def _each(diagnostic: str, values: Floats, **options: str) -> Floats:
    """A diagnostic of ArviZ for each number; NaN where it has no meaning, as with a single chain."""
    import arviz_stats
    from xarray import Dataset

    data = Dataset({"x": (("chain", "draw", "number"), values)})
    with np.errstate(divide="ignore", invalid="ignore"):  # a chain that never moves
        return np.asarray(getattr(arviz_stats, diagnostic)(data, **options)["x"].values, dtype=np.float64)


def _bfmi(energy: Floats) -> Floats:
    r"""Energy Bayesian fraction of missing information of each chain: mean square step over variance.

    .. math:: \frac{\sum_t (E_t - E_{t-1})^2}{\sum_t (E_t - \bar E)^2}

    Examples
    --------
    >>> _bfmi(np.array([[0.0, 1.0, 0.0, 1.0]])).tolist()
    [3.0]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.sum(np.diff(energy, axis=1) ** 2, axis=1) / (np.var(energy, axis=1) * energy.shape[1])


def _worst(names: Sequence[str], values: Floats, limit: float, *, high: bool = False) -> Worst:
    """The least value, or with `high` the greatest; what is no number is worse than any."""
    badness = np.where(np.isnan(values), np.inf, values if high else -values)
    k = int(np.argmax(badness))
    past = int(np.sum(badness >= (limit if high else -limit)))
    return Worst(float(values[k]), names[k], max(past - 1, 0))


def _where(worst: Worst) -> str:
    return f"{worst.where} (and of {worst.others} more)" if worst.others else worst.where


def _fits(check: Check) -> bool:
    """Whether the answers are not far out in a tail of what is predicted; what cannot be told, fits."""
    return math.isnan(check.tail) or TAIL <= check.tail <= 1.0 - TAIL


def _cannot_produce(check: Check) -> Failure:
    what = f"the model cannot produce this answer: the predictive tail probability of {check.name}"
    remedy = f"leave out {check.survey}, or widen the spread that its likelihood allows, its bias or the prior"
    return Failure(what, check.tail, f"from {TAIL:g} to {1 - TAIL:g}", remedy)


def _tail_shown(check: Check) -> str:
    """A share of simulations to the digits that their number supports."""
    share = check.tail
    if math.isnan(share):
        return "undefined"
    return rounded(share, max(math.sqrt(share * (1.0 - share) / check.simulations), 0.5 / check.simulations))


def _finite(value: Any) -> Any:
    """The same with None for numbers that are not finite."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in cast("Iterable[Any]", value)]
    return value
