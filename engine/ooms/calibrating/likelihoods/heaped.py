"""Percentages of progress lost, as people say them: round, or the number that the question put into their heads."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar, cast, override

import numpy as np
from numpy.typing import NDArray

from ooms.calibrating.arrays import normal_cdf
from ooms.calibrating.likelihoods.base import Data, Likelihood
from ooms.calibrating.likelihoods.support import position
from ooms.files.forms import ListOf, Number, Schema, Spot, Value, Whole, shown
from ooms.model.arrays import floats, namespace

__all__ = ["Heaped"]

_OUTSIDE = 101
"""The category after 0 to 100: everything that is no percentage."""
_CATEGORIES = 102
_ENDLESS = 1e6
"""Stands for log odds without end, as a number, so that no slope is inf times 0."""
_MOST = 10**12
"""People."""
_FORM = 'counts = {"20" = 38, "50" = 27}'


class _Counts(Value):
    """How many gave each answer: a table by answer, or a list of pairs."""

    @override
    def read(self, value: object, at: Spot) -> tuple[tuple[float, int], ...]:
        pairs: list[tuple[object, object]] = []
        if isinstance(value, Mapping):
            pairs = list(cast("Mapping[object, object]", value).items())
        elif isinstance(value, list | tuple):
            for index, item in enumerate(cast("list[object]", value)):
                pair = cast("list[object]", item) if isinstance(item, list | tuple) else []
                if len(pair) == 2:
                    pairs.append((pair[0], pair[1]))
                else:
                    at.item(index).refuse(item, "is not an answer and a count", "write it as [20, 38]")
        else:
            at.wrong(f"{shown(value)} is not a table", f"write it as a table: {_FORM}")
            return ()
        if not pairs:
            at.wrong("there are no answers", f"give a table: {_FORM}")
        return tuple(counted for pair in pairs if (counted := self._pair(at.under(str(pair[0])), *pair)))

    def _pair(self, at: Spot, answer: object, count: object) -> tuple[float, int] | None:
        if isinstance(answer, str):
            with contextlib.suppress(ValueError):  # what is no number is noted below
                answer = float(answer)
        percent = Number().read(answer, replace(at, key="the answer"))
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= _MOST:
            at.wrong(f"{shown(count)} is not how many gave that answer", "give a whole number, 0 or more")
            return None
        return None if percent is None else (percent, count)

    @override
    def schema(self) -> Schema:
        count = {"type": "integer", "minimum": 0}
        pair = {"type": "array", "prefixItems": [{"type": "number"}, count], "minItems": 2, "maxItems": 2}
        listed = {"type": "array", "items": pair, "minItems": 1}
        return {"anyOf": [{"type": "object", "additionalProperties": count, "minProperties": 1}, listed]}


class _Anchors(Value):
    """Whole percentages, each once."""

    _listed = ListOf(1, Whole(0, 100, "is not a whole percentage", "give one from 0 to 100"))

    @override
    def read(self, value: object, at: Spot) -> tuple[int, ...]:
        anchors = self._listed.read(value, at) or ()
        for index, anchor in enumerate(anchors):
            if anchor is not None and anchor in anchors[:index]:
                at.item(index).refuse(anchor, "is listed twice", "list every anchor once")
        return anchors

    @override
    def schema(self) -> Schema:
        return {**self._listed.schema(), "uniqueItems": True}


@dataclass(frozen=True)
class Heaped(Likelihood):
    r"""Counts of percentages of progress lost, with rounding, numbers that the question suggests, and careless answers.

    What people mean is a percentage p with

    .. math:: \operatorname{logit} p \sim N\bigl(\operatorname{logit}(1 - e^c),\ s^2\bigr)

    where c < 0 is ln of the share of progress left and s the `spread`. A share `careless` of the answers is anything
    from 0 to 100 or outside that, all equally likely; of the others, a share `anchored` is one of the anchors; of the
    rest, a share `tens` is p rounded to a multiple of 10, a share `fives` of those left to a multiple of 5, and the
    others to a whole number.

    Terms are the categories 0, 1, ..., 100, outside; each is count times ln probability, without the multinomial
    coefficient, which no parameter moves.

    Parameters
    ----------
    counts : tuple of (float, int)
        Answers, in percent, and how many gave each.
    anchors : tuple of int
        Answers that the question itself suggests. With several of them, `anchor_1` is the share of the first among
        anchored answers, `anchor_2` that of the second among those which are left, and so on.

    Examples
    --------
    >>> from ooms.problems import Problems
    >>> lost = Heaped.parse({"counts": {"20": 38, "50": 27, "10000": 1}}, "here", Problems())
    >>> scatter = {"spread": 1.0, "careless": 0.02, "tens": 0.6, "fives": 0.7}
    >>> lost.log_likelihood(np.log(0.7), scatter, lost.data()).sum().round(2).item()
    -146.12
    """

    kind: ClassVar[str] = "heaped"
    # Judgement: half of all people mean between 38 and 62 % (s = 0.7) or between 25 and 75 % (s = 1.6), about 50 %;
    # a careless answer in 30; some 20 % take up what the question suggests, and most of the rest answer in tens.
    defaults: ClassVar[Mapping[str, str]] = {
        "spread": "lognormal(p10=0.6, p90=1.8)",
        "careless": "beta(1.5, 45)",
        "anchored": "beta(2, 8)",
        "tens": "beta(3, 2)",
        "fives": "beta(3, 2)",
    }
    effect_defaults: ClassVar[Mapping[str, str]] = defaults
    example: ClassVar[Mapping[str, object]] = {
        "counts": {"0": 5, "10": 28, "20": 38, "25": 12, "30": 26, "33": 1, "50": 27, "75": 9, "10000": 1},
        "anchors": [20, 50],
    }

    counts: Annotated[tuple[tuple[float, int], ...], _Counts()]
    anchors: Annotated[tuple[int, ...], _Anchors()] = ()

    @override
    def sizes(self) -> Mapping[str, int | None]:
        names = ["spread", "careless", "tens", "fives"]
        if self.anchors:
            names += ["anchored", *(f"anchor_{place}" for place in range(1, len(self.anchors)))]
        return dict.fromkeys(names)

    @override
    def data(self) -> Data:
        found = np.zeros(_CATEGORIES)
        for answer, count in self.counts:
            found[round(answer) if 0 <= answer <= 100 else _OUTSIDE] += count
        return {"count": found}

    @override
    def log_likelihood(self, centre: Any, nuisance: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
        return data["count"] * np.log(self.probabilities(centre, nuisance))

    def probabilities(self, centre: Any, nuisance: Mapping[str, Any]) -> Any:
        """Probability of every category: 0, 1, ..., 100, outside; shape batch + (102,)."""
        share = {name: floats(nuisance[name])[..., None] for name in self.sizes()}
        mean = -position(centre, -1)[..., None]
        tens, fives, ones = (_rounded(mean, share["spread"], step) for step in (10, 5, 1))
        meant = share["tens"] * tens + (1 - share["tens"]) * (share["fives"] * fives + (1 - share["fives"]) * ones)
        if self.anchors:
            meant = share["anchored"] * self._at_anchors(share) + (1 - share["anchored"]) * meant
        return share["careless"] / _CATEGORIES + (1 - share["careless"]) * meant

    @override
    def simulate(self, centre: float, nuisance: Mapping[str, Any], rng: np.random.Generator) -> Data:
        probabilities = self.probabilities(centre, nuisance)
        people = sum(count for _, count in self.counts)
        return {"count": rng.multinomial(people, probabilities / probabilities.sum()).astype(np.float64)}

    @override
    def statistics(self, data: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
        count = data["count"]
        people, inside = max(count.sum(), 1.0), np.repeat(np.arange(101.0), count[:_OUTSIDE].astype(np.intp))
        found = {
            "mean answer": float(np.mean(inside)) if inside.size else np.nan,
            "median answer": float(np.median(inside)) if inside.size else np.nan,
            "standard deviation of answers": float(np.std(inside)) if inside.size else np.nan,
            "share of multiples of 10": float(count[:_OUTSIDE:10].sum() / people),
            "share outside 0 to 100": float(count[_OUTSIDE] / people),
        }
        return found | {f"share that says {anchor}": float(count[anchor] / people) for anchor in self.anchors}

    @override
    def _complaints(self) -> list[tuple[str, str]]:
        if self.side == -1:
            return []
        what = "these are percentages of progress lost, where what was asked leaves nothing to lose"
        return [(what, "give speed-ups as the answers they are: order_statistics, interval, statement")]

    def _at_anchors(self, share: Mapping[str, Any]) -> Any:
        """Probability of every category among anchored answers."""
        found, left = 0.0, 1.0
        for place, anchor in enumerate(self.anchors, start=1):
            taken = share[f"anchor_{place}"] if place < len(self.anchors) else 1.0
            found = found + left * taken * (np.arange(_CATEGORIES) == anchor)
            left = left * (1.0 - taken)
        return found

    @override
    def _default(self, name: str) -> str:
        place = name.removeprefix("anchor_")
        # together these leave all ways to share among the anchors equally likely
        return f"beta(1, {len(self.anchors) - int(place)})" if place.isdigit() else self.defaults[name]


def _rounded(mean: Any, spread: Any, step: int) -> Any:
    """Probability of every category, if p is rounded to a multiple of the step."""
    edges = np.arange(step / 2, 100, step) / 100
    scores = np.concatenate([[-_ENDLESS], np.log(edges / (1 - edges)), [_ENDLESS]])
    below = normal_cdf(namespace(mean, spread).clip((scores - mean) / spread, -_WIDE, _WIDE))
    inside = below[..., 1:] - below[..., :-1]
    return inside @ (np.arange(_CATEGORIES) == np.arange(0, 101, step)[:, None]).astype(np.float64)


_WIDE = 40.0
"""Standard deviations, beyond which the distribution function is 0 or 1 to the last bit."""
