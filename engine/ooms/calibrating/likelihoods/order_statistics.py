"""What is published of a sample: how many answered, and the lowest, the median and the highest answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, ClassVar, override

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.arrays import log_normal_interval
from ooms.calibrating.likelihoods.base import Data, Likelihood
from ooms.calibrating.likelihoods.order_densities import log_density, mean_of_two, median_score
from ooms.calibrating.likelihoods.ranges import Range, complaints, middles, report
from ooms.calibrating.likelihoods.support import ENDLESS, ROUNDING, edge, position, positions, values
from ooms.files.forms import Positive, Table, Whole, Wrong
from ooms.model.arrays import floats

__all__ = ["OrderStatistics"]

_BIN, _STATISTICS = ("low", "high"), ("minimum", "median", "maximum")


@dataclass(frozen=True)
class Below(Table):
    """The lowest answer, if it is known only to be below a number."""

    example: ClassVar[Mapping[str, object]] = {"below": 1.5}

    below: Positive


@dataclass(frozen=True)
class Above(Table):
    """The highest answer, if it is known only to be above a number."""

    example: ClassVar[Mapping[str, object]] = {"above": 1.5}

    above: Positive


@dataclass(frozen=True)
class Between(Table):
    """The median, if it is known only to lie in a range."""

    example: ClassVar[Mapping[str, object]] = {"low": 1.2, "high": 2}

    low: Positive
    high: Positive


@dataclass(frozen=True)
class OrderStatistics(Likelihood):
    r"""Lowest, median and highest answer of a lognormal sample: any of the three, exactly as they depend on each other.

    .. math:: \ln y_1, \dots, \ln y_n \sim N(c, s^2)

    with s the `spread` of the answers. The lowest may be known only to be below a number, the highest to be above one.
    The median of an even sample is the mean of its two middle answers, as everybody reports it. A median that is known
    only to lie in a range stands alone.

    Answers that what was asked bounds scatter on the log of the effect (`ooms.calibrating.likelihoods.support`). A
    highest answer of 1, where 1 is the most, is one that was rounded to 1; so is a lowest, where 1 is the least.

    Parameters
    ----------
    n : int
        How many answered.
    minimum, median, maximum : float, Below, Between, Above or None
        As published; None if it was not.

    Examples
    --------
    >>> from ooms.problems import Problems
    >>> poll = {"n": 6, "minimum": 1.01, "median": 1.18, "maximum": {"above": 1.5}}
    >>> poll = OrderStatistics.parse(poll, "here", Problems())
    >>> poll.log_likelihood(np.log(1.2), {"spread": np.array([0.1, 0.3])}, poll.data()).round(3).tolist()
    [[0.709], [1.127]]
    """

    kind: ClassVar[str] = "order_statistics"
    # Judgement: colleagues' answers to one question differ by a factor of 1.3 to 2.7.
    defaults: ClassVar[Mapping[str, str]] = {"spread": "lognormal(p10=0.25, p90=1)"}
    # Judgement: of an effect, colleagues' answers to one question differ by a factor of 1.5 to 5.
    effect_defaults: ClassVar[Mapping[str, str]] = {"spread": "lognormal(p10=0.4, p90=1.6)"}
    example: ClassVar[Mapping[str, object]] = {"n": 6, "minimum": 1.01, "median": 1.18, "maximum": {"above": 1.5}}

    n: Annotated[int, Whole(1)]
    minimum: Positive | Below | None = None
    median: Positive | Between | None = None
    maximum: Positive | Above | None = None

    @override
    @classmethod
    def contradictions(cls, given: Mapping[str, Any]) -> Iterator[Wrong]:
        stated = [name for name in _STATISTICS if name in given]
        n, median = given.get("n"), given.get("median")
        if isinstance(median, Between):
            if len(stated) > 1:
                remedy = "leave them out, or give a number"
                yield "median", "a range of the median stands beside other statistics", remedy
            if not median.low < median.high:
                yield "median", f"the range from {median.low:g} to {median.high:g} is empty", "give low below high"
        if not stated:
            yield "", "nothing is stated", "give minimum, median or maximum, or several of them"
        if n is not None and (len(stated) > n or (n == 2 and len(stated) == 2 and "median" in stated)):
            yield "n", f"n = {n} answers have no {', '.join(stated)} of their own", "leave one of them out"
        for (lesser, low), (greater, high) in pairwise(_numbers(given).items()):
            if not low < high:
                what = f"{greater} = {high:g} is not above {lesser} = {low:g}"
                yield greater, what, f"give {greater} above {lesser}"
        ends = given.get("minimum"), given.get("maximum")
        if isinstance(ends[0], Below) and isinstance(ends[1], Above) and "median" not in given:
            yield "", "both ends are beyond their numbers, and there is no median", "give the median, or one end"

    def _stated(self) -> dict[str, float]:
        """The published numbers, by name, and those that a censored end is beyond."""
        return _numbers({name: getattr(self, name) for name in _STATISTICS})

    @override
    def sizes(self) -> Mapping[str, int | None]:
        return {"spread": None}

    @override
    def data(self) -> Data:
        """The published numbers on the scale of the scatter, and 0 or 1 for an end that could be beyond its number."""
        if self._range:
            return {key: positions([end], self.side) for key, end in zip(_BIN, self._range, strict=True)}
        found = {name: positions([value], self.side) for name, value in self._given().items()}
        return found | {f"{name}_censored": np.ones(1) for name in self._censored}

    @override
    def log_likelihood(self, centre: Any, nuisance: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
        centre, spread = position(centre, self.side)[..., None], floats(nuisance["spread"])[..., None]
        # as numbers: PyTensor does not stretch an axis whose length of one it learns at run time
        data = {name: value[0] for name, value in data.items()}
        if self._range:
            ends = ((data[key] - centre) / spread for key in _BIN)
            return log_normal_interval(*(median_score(end, self.n) for end in ends))
        return log_density(centre, spread, data, self.n, shares=self.side == -1)

    @override
    def simulate(self, centre: float, nuisance: Mapping[str, Any], rng: np.random.Generator) -> Data:
        answers = np.sort(position(centre, self.side) + nuisance["spread"] * rng.standard_normal(self.n))
        middle = mean_of_two(answers[(self.n - 1) // 2], answers[self.n // 2], shares=self.side == -1)
        found = {"minimum": answers[0], "median": middle, "maximum": answers[-1]}
        if self._range:
            return self._bin(float(middle), rng)
        simulated: Data = {}
        flags: Data = {}
        for name, stated in self._given().items():
            value, end = found[name], positions(stated, self.side)
            if name in self._censored:
                beyond = value > end if name == "maximum" else value < end
                flags[f"{name}_censored"] = np.array([float(beyond)])
                value = end if beyond else value
            simulated[name] = np.array([value], dtype=np.float64)
        return simulated | flags

    @override
    def statistics(self, data: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
        if self._range:
            return {"middle of the median's range": float(middles(data, self.side)[0])}
        words = {"minimum": "lowest answer", "median": "median answer", "maximum": "highest answer"}
        found = {name: float(values(data[name], self.side)[0]) for name in self._given()}
        at_1 = [name for name in self._rounded if data[f"{name}_censored"][0] > 0.5]
        return {words[name]: 1.0 if name in at_1 else value for name, value in found.items()}

    @property
    def _rounded(self) -> tuple[str, ...]:
        """The outermost answer towards the bound, if it is 1: one that was rounded to it."""
        outer = {-1: "maximum", 1: "minimum"}.get(self.side, "")
        value = getattr(self, outer, None)
        return (outer,) if isinstance(value, float) and self.side * (value - 1.0) <= 0.0 else ()

    @property
    def _censored(self) -> tuple[str, ...]:
        """Ends that are known only to be beyond their numbers."""
        beyond = (name for name in _STATISTICS if isinstance(getattr(self, name), Below | Above))
        return (*beyond, *self._rounded)

    @property
    def _range(self) -> tuple[float, float] | None:
        """The range of a median that stands alone; of a median of 1, where that is the bound, what is rounded to it."""
        if isinstance(self.median, Between):
            return self.median.low, self.median.high
        if self.median is None or not self.side or self.side * (self.median - 1.0) > 0.0:
            return None
        return self.median / (1 + ROUNDING), self.median * (1 + ROUNDING)

    def _given(self) -> dict[str, float]:
        """The published numbers, by name; in place of a rounded 1, that from which on answers are rounded to it."""
        return self._stated() | dict.fromkeys(self._rounded, edge(self.side))

    @override
    def _complaints(self) -> list[tuple[str, str]]:
        given = self._stated()
        ranges = {name: Range(value / (1 + ROUNDING), value * (1 + ROUNDING)) for name, value in given.items()}
        if isinstance(self.median, Between):
            ranges["median"] = Range(self.median.low, self.median.high)
        found = complaints(((f"{name} = {_told(given.get(name))}", each) for name, each in ranges.items()), self.side)
        at_1 = [name for name, value in given.items() if self.side * (value - 1.0) <= 0 and name not in self._rounded]
        if found or not at_1 or (at_1 == ["median"] and len(given) == 1):
            return found
        low, high = sorted((round(edge(self.side), 2), 1))
        remedy = f"give the median alone, as a range: median = {{low = {low:g}, high = {high:g}}}"
        return [(f"{' and '.join(at_1)} of 1, the bound, leaves nothing for the other answers to tell", remedy)]

    def _bin(self, median: float, rng: np.random.Generator) -> Data:
        """The bin that holds it, of bins as wide as the stated one, which is one of them; its side of a single end."""
        stated = self.data()
        if stated["low"] == -ENDLESS or stated["high"] == ENDLESS:
            return report(np.array([median]), stated, rng)
        width = stated["high"] - stated["low"]
        low = stated["low"] + width * np.floor((median - stated["low"]) / width)
        return {"low": low, "high": low + width}


def _numbers(given: Mapping[str, Any]) -> dict[str, float]:
    """The numbers among what is published, and those that a censored end is beyond, in increasing order."""
    found: dict[str, float] = {}
    for name in _STATISTICS:
        match given.get(name):
            case Below(number) | Above(number) | (float() as number):
                found[name] = number
            case _:
                pass
    return found


def _told(value: float | None) -> str:
    return "a range" if value is None else f"{value:g}"
