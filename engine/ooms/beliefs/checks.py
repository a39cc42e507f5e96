"""Whether beliefs can stand together: domains, spellings, correlations and combinations that make no sense."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from ooms.beliefs.conversions import check_conversions
from ooms.beliefs.names import no_parameter
from ooms.beliefs.reparametrisation import RULES, settled, used
from ooms.distributions.copula import Correlation, groups, matrix
from ooms.distributions.marginals import Empirical, Fixed, Marginal, QuantileSpline
from ooms.distributions.marginals.words import written
from ooms.distributions.ties import largest_spearman, ties
from ooms.parameters import PARAMETERS, Parameter, known, known_names
from ooms.problems import Problems, within

if TYPE_CHECKING:
    from ooms.beliefs.view import View

__all__ = ["TOGETHER", "check", "check_domains"]

TOGETHER = (
    ("rho_long_run", "adjustment_years"),
    ("hardware_shock", "hardware_shock_year"),
)


def check(view: View, place: str, problems: Problems) -> tuple[str, ...]:
    """Add everything that is wrong with a view to `problems`; return its named warnings."""
    outside = check_domains(view, place, problems)
    _complete(view, place, problems)
    before = len(problems)
    _spellings(view, place, problems)
    _combinations(view, place, problems)
    if len(problems) == before:  # else conversions would only say the same again
        check_conversions(view, view.unread | outside, partial(_at, view, place), problems)
    _joint_draws(view, place, problems)
    _correlations(view, place, problems)
    return () if len(problems) else _warnings(view)


_OPEN = {"extends", "parameters"}
"""Keys that may hold anything if they cannot be read: then nothing is known to be missing."""


def _named(view: View) -> set[str]:
    """Everything that is stated, whether or not it can be read."""
    return {*view.beliefs, *view.unread}


def _at(view: View, place: str, name: str) -> str:
    file = view.beliefs[name].file or place
    if name.startswith("routes."):
        _, number, field = name.split(".")
        return within(file, f"routes[{int(number) - 1}].{field}")
    return within(file, f"parameters.{name}")


def check_domains(view: View, place: str, problems: Problems) -> frozenset[str]:
    """Add the parameters that reach outside their domain to `problems`; their names."""
    found = set[str]()
    for name, belief in view.beliefs.items():
        parameter, (low, high) = known(name), belief.marginal.support()
        outside = not parameter.holds(low, high)
        touching = (parameter.open_low and low == parameter.low and _mass_at_low(belief.marginal)) or (
            parameter.open_high and high == parameter.high and _mass_at_high(belief.marginal)
        )
        if outside or touching:
            field, ends = name.rpartition(".")[2], f"{written(low)} to {written(high)}"
            one = f"{field} = {written(low)} is outside its domain {parameter.domain()}"
            many = f"{field} ~ {belief.marginal} reaches {ends}, outside its domain {parameter.domain()}"
            inside = "stay inside: give other ends, or a truncated_normal or truncated_lognormal with lower and upper"
            remedy = _ends(belief.marginal, parameter) or inside
            what, remedy = (one, "give a value inside") if low == high else (many, remedy)
            problems.add(_at(view, place, name), what, remedy)
            found.add(name)
    return frozenset(found)


def _ends(marginal: Marginal, parameter: Parameter) -> str | None:
    """The keys that keep quantiles inside a domain; None unless all of them lie inside and only the tails reach out."""
    if not isinstance(marginal, QuantileSpline) or not all(parameter.low < x < parameter.high for x in marginal.values):
        return None
    low, high = marginal.support()
    ends = {"lower": parameter.low} if low < parameter.low else {}
    ends |= {"upper": parameter.high} if high > parameter.high else {}
    added = " and ".join(f"{key} = {written(end)}" for key, end in ends.items())
    return f"its quantiles are inside, its tails are not: add {added} beside them" if ends else None


@lru_cache(maxsize=1024)  # a batch asks it of the same distributions again and again
def _mass_at_low(marginal: Marginal) -> bool:
    """Whether the lower end itself is among the draws."""
    low = marginal.support()[0]
    return bool(np.isfinite(low) and marginal.cdf(low) > 0.0)


@lru_cache(maxsize=1024)
def _mass_at_high(marginal: Marginal) -> bool:
    """Whether the upper end itself is among the draws."""
    high = marginal.support()[1]
    return bool(np.isfinite(high) and marginal.cdf(float(np.nextafter(high, -np.inf))) < 1.0 - 1e-12)


def _can_be(view: View, name: str, low: float) -> bool:
    """Whether the view states the parameter, and that value, the least it may have, is among its draws."""
    if name not in view.beliefs:
        return False
    marginal = view.beliefs[name].marginal
    return marginal.support()[0] == low and _mass_at_low(marginal)


def _spellings(view: View, place: str, problems: Problems) -> None:
    named = _named(view)
    rules = [rule for rule in used(named) if named & set(rule.names)]
    for rule in rules:
        for name in [n for n in rule.names if n not in named and not named & _OPEN]:
            given = ", ".join(n for n in rule.names if n in named)
            problems.add(within(place, "parameters"), f"{given} is given without {name}", f"give {name} too")
    stated: dict[str, list[str]] = {}
    for rule in rules:
        for target in settled(rule.names[0]):
            stated.setdefault(target, []).append(" and ".join(rule.names))
    for target, names in stated.items():
        names = [target, *names] if target in named else names
        if len(names) > 1:
            problems.add(
                within(place, "parameters"),
                f"{target} is stated more than once: by {', by '.join(names)}",
                "keep one of them",
            )


def _complete(view: View, place: str, problems: Problems) -> None:
    if view.unread & _OPEN:
        return
    said = {parameter for name in _named(view) for parameter in settled(name)}
    optional = {n for n, p in PARAMETERS.items() if p.group in ("variants", "resources")} | {"initial_speedup"}
    if not view.declining_returns or "variants" in view.unread:
        optional.add("software_limit")
    for name, parameter in PARAMETERS.items():
        if name not in said and parameter.neutral is None and name not in optional:
            ways = [" with ".join(rule.names) for rule in RULES if name in settled(rule.names[0])]
            other = f" (or {', or '.join(ways)})" if ways else ""
            problems.add(
                within(place, "parameters"),
                f"{name} is missing: {parameter.meaning}",
                f"give {name}{other}, or extend a view that does",
            )


def _combinations(view: View, place: str, problems: Problems) -> None:
    names, named = view.beliefs, _named(view)
    alone = [(one, other) for pair in TOGETHER for one, other in (pair, pair[::-1])]
    for one, other in [*alone, ("ramp_start", "initial_speedup"), ("ramp_start", "ramp_years")]:
        if one in named and other not in named and not named & _OPEN:
            problems.add(within(place, "parameters"), f"{one} is given without {other}", f"give {other} too")
    if "route_elasticity" in named and not view.routes and not named & {"routes", "extends"}:
        what = "route_elasticity is given, but there are no routes"
        remedy = "add [[routes]] to a prior file, or leave it out"
        problems.add(within(place, "parameters.route_elasticity"), what, remedy)
    if view.routes and "route_elasticity" not in named and not named & _OPEN:
        remedy = "give route_elasticity: 1 adds routes up, large values let the strongest win"
        problems.add(within(place, "parameters"), "routes are given without route_elasticity", remedy)
    if view.retraining and view.clocks:
        problems.add(
            within(place, "variants.retraining"),
            f"retraining = true does not go with {', '.join(sorted(view.clocks))}",
            "switch one of them off: retraining is defined on progress alone, without calendar time",
        )
    if "taste_multiplier" in names and "taste_limit" not in named and "taste_ceiling" not in view.unread:
        top = names["taste_multiplier"].marginal.support()[1]
        low = (
            names["taste_ceiling"].marginal.support()[0]
            if "taste_ceiling" in names
            else PARAMETERS["taste_ceiling"].neutral
        )
        at_top = _mass_at_high(names["taste_multiplier"].marginal)
        if low is not None and (top > low or (top == low and at_top)):
            problems.add(
                _at(view, place, "taste_multiplier"),
                f"taste_multiplier reaches {top:g}, not below the taste_ceiling of {low:g}",
                "give it an upper end (truncated_lognormal with upper), a higher ceiling, or a taste_limit",
            )
    unsaid = "taste_multiplier" not in named and not named & _OPEN
    if "taste_limit" in names and (unsaid or _can_be(view, "taste_multiplier", 1.0)):
        what = "taste_limit with a taste_multiplier of 1: there is no step to count in"
        problems.add(_at(view, place, "taste_limit"), what, "give a taste_multiplier above 1, or a taste_ceiling")
    if "compute_slowdown" in names and _can_be(view, "compute_share", 0.0):
        what = "compute_slowdown with a compute_share of 0: compute does not matter"
        problems.add(_at(view, place, "compute_slowdown"), what, "give compute_exponent")
    growths = ("historical_labour_growth", "historical_compute_growth")
    if all(_can_be(view, name, 0.0) for name in growths):
        what = f"{' and '.join(growths)} are both 0: nothing drove software"
        problems.add(within(place, "parameters"), what, "give one of them above 0")
    if "max_speed" in names and "compute_share" in names and names["compute_share"].marginal.support()[0] == 0.0:
        problems.add(
            _at(view, place, "max_speed"), "max_speed with a compute_share of 0: there is no ceiling", "give rho"
        )


def _joint_draws(view: View, place: str, problems: Problems) -> None:
    files: dict[tuple[str, int], str] = {}
    for belief in view.beliefs.values():
        if isinstance(belief.marginal, Empirical) and belief.joint is not None:
            count, by = len(belief.marginal.values), f"named in {belief.file}, " if belief.file else ""
            files.setdefault((belief.rows or belief.joint, count), f"{belief.joint} ({by}{count} rows)")
    if len(files) > 1:
        what = f"draws come from several files: {', '.join(sorted(files.values()))}"
        problems.add(within(place, "parameters"), what, "put them into one file")


def _correlations(view: View, place: str, problems: Problems) -> None:
    seen: set[frozenset[str]] = set()
    sound: list[Correlation] = []
    marginals = {n: b.marginal for n, b in view.beliefs.items()}
    for pair in view.correlations:
        before, where = len(problems), within(place, f"correlations ({pair.first}, {pair.second})")
        if pair.first == pair.second:
            problems.add(where, "a parameter is correlated with itself", "name two parameters")
        for name in dict.fromkeys(pair[:2]):
            if name not in view.beliefs and name not in known_names():
                problems.add(where, *no_parameter(name))
            elif name not in view.beliefs and view.unread & {name, *_OPEN}:
                continue
            elif name not in view.beliefs:
                problems.add(
                    where, f"{name} has no distribution in this view", "name parameters as the file states them"
                )
            elif isinstance(view.beliefs[name].marginal, Fixed):
                value = written(view.beliefs[name].marginal.middle)
                problems.add(where, f"{name} is fixed at {value}", "drop it, or let it vary")
            elif view.beliefs[name].joint is not None:
                problems.add(where, f"{name} comes from joint draws, which keep their own correlations", "drop it")
        if frozenset(pair[:2]) in seen:
            problems.add(where, "the pair is correlated twice", "keep one of them")
        seen.add(frozenset(pair[:2]))
        if len(problems) == before and view.beliefs.keys() >= {*pair[:2]}:
            _attainable(pair, marginals, where, problems)
            if len(problems) == before:
                sound.append(pair)
    for group in groups(sound):
        _possible(sorted(group), sound, marginals, place, problems)


def _attainable(pair: Correlation, marginals: Mapping[str, Marginal], place: str, problems: Problems) -> None:
    """Add the pair to `problems` if their ties, draws of the same value, allow no such rank correlation."""
    most = largest_spearman(marginals[pair.first], marginals[pair.second], pair.spearman < 0.0)
    if most == 0.0:
        for name in (name for name in pair[:2] if largest_spearman(marginals[name], marginals[name]) == 0.0):
            value = written(marginals[name].middle)
            problems.add(place, f"{name} is {value} in all but a few of 10^6 draws", "drop it, or let it vary")
    elif abs(pair.spearman) > most:
        tied = [name for name in pair[:2] if ties(marginals[name])]
        bound = math.copysign(math.floor(1000.0 * most - 1e-6) / 1000.0, pair.spearman)  # itself attainable
        what = (
            f"spearman = {written(pair.spearman)} cannot be attained: draws of the same value of "
            f"{' and of '.join(tied)} share a rank, so {bound:g} is the largest"
        )
        problems.add(place, what, f"give {bound:g} or closer to 0, or distributions without equal values")


def _possible(
    names: list[str],
    correlations: Sequence[Correlation],
    marginals: Mapping[str, Marginal],
    place: str,
    problems: Problems,
) -> None:
    least = float(np.linalg.eigvalsh(matrix(names, correlations, marginals))[0])
    if least <= 1e-10:
        tied = [name for name in names if ties(marginals[name])]
        many = f" (ties in {', '.join(tied)} ask for stronger ones underneath)" if tied else ""
        problems.add(
            within(place, "correlations"),
            f"those of {', '.join(names)} cannot hold together{many}: their matrix has an eigenvalue of {least:.3g}",
            "bring them closer to 0, or give the pairs that are left out (they count as 0)",
        )


def _warnings(view: View) -> tuple[str, ...]:
    tests: tuple[Callable[[View], str | None], ...] = (_unsound_calibration, _counts_twice)
    return tuple(text for text in (test(view) for test in tests) if text)


def _unsound_calibration(view: View) -> str | None:
    return view.calibration.warning if view.calibration is not None else None


def _counts_twice(view: View) -> str | None:
    slope = view.beliefs.get("taste_slope", view.beliefs.get("taste_slope_yearly"))
    gain = view.beliefs.get("labour_per_training")
    if slope is None or gain is None or slope.marginal == Fixed(0.0) or gain.marginal.support()[1] <= 1.0:
        return None
    taste = view.beliefs.get("taste_multiplier")
    if taste is None or taste.marginal == Fixed(1.0):  # then a step of taste is worth nothing
        return None
    if isinstance(slope.marginal, Empirical) and isinstance(gain.marginal, Empirical) and slope.joint and gain.joint:
        rows = zip(slope.marginal.values, gain.marginal.values, strict=True)
        if not any(z1 != 0 and u > 1 for z1, u in rows):
            return None
    return (
        "smarter-copies-twice: labour_per_training above 1 already counts smarter copies, and a taste_slope other "
        "than 0 counts them again; set labour_per_training = 1 or taste_slope = 0"
    )
