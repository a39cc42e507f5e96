"""What prior files may say about a distribution, and what they are told when it is wrong."""

from __future__ import annotations

import numpy as np
import pytest

from ooms.distributions.marginals import (
    REGISTRY,
    Fixed,
    Lognormal,
    Mixture,
    ShiftedLognormal,
    Uniform,
    from_table,
    parse,
)
from ooms.distributions.marginals.table import takes
from ooms.problems import Problems, UserError


def table(text_of_family=None, **keys):
    return {"distribution": text_of_family, **keys} if text_of_family else keys


def complaints(read, given):
    """(place below the table, what, remedy) of each problem; there must be no result beside problems."""
    problems = Problems()
    assert read(given, "prior.toml: x", problems) is None
    with pytest.raises(UserError) as caught:
        problems.raise_if_any()
    return [(p.place.removeprefix("prior.toml: x"), p.what, p.remedy) for p in caught.value.problems]


def good(read, given):
    problems = Problems()
    found = read(given, "here", problems)
    problems.raise_if_any()
    return found


EIGHTY = Lognormal.fit({0.1: 3, 0.9: 13})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (table(value=3), Fixed(3)),
        (table("fixed", value=3), Fixed(3)),
        (table("uniform", low=0, high=2.5), Uniform(0, 2.5)),
        (table("lognormal", median=2, sigma=1), Lognormal(2, 1)),
        (table("lognormal", p10=3, p90=13), EIGHTY),
        (table("lognormal", interval=[3, 13], mass=0.8), EIGHTY),
        (table("lognormal", **{"p10.0": 3, "p90": 13}), EIGHTY),
        (table("lognormal", **{"p2.5": 3, "p97.5": 13}), Lognormal.fit({0.025: 3, 0.975: 13})),
        (table("lognormal", p2={"5": 3}, p97={"5": 13}), Lognormal.fit({0.025: 3, 0.975: 13})),
        (table("lognormal", p05=3, p95=13), Lognormal.fit({0.05: 3, 0.95: 13})),
        (table("shifted_lognormal", excess_p10=1, excess_p90=200), ShiftedLognormal.fit({0.1: 2, 0.9: 201})),
        (table("shifted_lognormal", shift=0, p10=2, p90=9), ShiftedLognormal.fit({0.1: 2, 0.9: 9}, shift=0)),
        (table("mixture", components=[{"value": 1}, table("lognormal", p10=3, p90=13)], weights=[1, 2]),
         Mixture([Fixed(1), EIGHTY], [1, 2])),
    ],
)  # fmt: skip
def test_good_tables(given, expected):
    assert good(from_table, given) == expected


def test_excess_quantiles_are_those_above_the_shift():
    multiplier = good(from_table, table("shifted_lognormal", excess_p10=1, excess_p90=200))
    assert multiplier.ppf(np.array([0.1, 0.9])) - 1 == pytest.approx([1, 200], rel=1e-9)


@pytest.mark.parametrize("family", REGISTRY.values(), ids=REGISTRY)
def test_examples_in_remedies_can_be_used(family):
    assert isinstance(good(from_table, family.example), family)
    assert "for example {" in takes(family)


ORDER = ", ".join(REGISTRY)
LOGNORMAL = takes(Lognormal)
EXTREME = "is too extreme for floating-point numbers to tell its quantiles"
LESS = "give less extreme numbers, or a fixed value"
ONE_SIDE = "no quantile {} the median is given, so that half of the distribution would be made up"
TWO_SIDES = "give one {} p50 too, such as p{}, or a family that says what shape it has: normal, lognormal"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (table(), [(".distribution", "no distribution is named",
                    'give value = 3 for a fixed value, or distribution = "lognormal" and what it takes')]),
        (table("lognornal"), [(".distribution", "'lognornal' is not a distribution",
                               "did you mean lognormal or normal?")]),
        (table("zzz"), [(".distribution", "'zzz' is not a distribution", f"use one of: {ORDER}")]),
        (table(value="3"), [(".value", "value = '3' is not a number", "give a number, without quotes")]),
        (table(value=True), [(".value", "value = true is not a number", "give a number, without quotes")]),
        (table(value=float("nan")), [(".value", "value holds nan", "give only finite numbers in value")]),
        (table(value=10**400), [(".value", "the number is too large for a computer's floating-point numbers",
                                 "give a smaller number")]),
        (table("lognormal", median=3), [(".sigma", "sigma is missing", LOGNORMAL)]),
        (table("lognormal", median=-3, sigma=0), [(".median", "median = -3 is not above 0", "give median above 0"),
                                                  (".sigma", "sigma = 0 is not above 0", "give sigma above 0")]),
        (table("lognormal", medain=3, sigma="1"), [
            (".medain", "lognormal takes no medain", "did you mean median?"),
            (".median", "median is missing", LOGNORMAL),
            (".sigma", "sigma = '1' is not a number", "give a number, without quotes")]),
        (table("lognormal", median=3, p10=3, p90=13), [
            (".median", "median is given beside quantiles, which already say it",
             f"leave out median, or the quantiles; {LOGNORMAL}")]),
        (table("lognormal", p10=3), [("", "lognormal is given 1 of its quantiles",
                                      "give 2 quantiles; quantile_spline takes 2 or more")]),
        (table("lognormal", p10=13, p90=3), [(".p90", "p90 = 3 is not above p10 = 13", "give p90 above p10")]),
        (table("lognormal", p10=-1, p90=3), [(".p10", "p10 = -1 is outside the support (0, inf)",
                                              "give p10 strictly inside the support")]),
        (table("lognormal", interval=[13, 3], mass=80), [
            (".mass", "mass = 80 is not between 0 and 1",
             "give the probability that the interval holds, such as mass = 0.8"),
            (".interval", "interval = [13, 3] does not increase",
             "give the lower end first, and the upper end above it")]),
        (table("lognormal", interval=[3, 13]), [
            (".mass", "mass is missing beside interval",
             "give the probability that the interval holds, such as mass = 0.8")]),
        (table("lognormal", mass=0.8), [(".interval", "interval is missing beside mass",
                                         "give interval = [low, high]")]),
        (table("lognormal", interval=3, mass=0.8), [(".interval", "interval = 3 is not a pair",
                                                     "give interval = [low, high]")]),
        (table("lognormal", interval=[3, 13], mass=0.8, p10=3), [
            ("", "both p10 and an interval are given", "give the one or the other")]),
        (table("uniform", low=3, high=2), [(".high", "high = 2 is not above low = 3", "give high above low")]),
        (table("discrete", values=[1, 2, 2], weights=[1, -1]), [
            (".weights", "weights has 2 entries and values has 3", "give one weight for each of the values"),
            (".weights", "weights holds -1, below 0", "give weights at or above 0"),
            (".values", "values holds 2 more than once", "give each value once, with the sum of its weights")]),
        (table("discrete", values=[1, "x"], weights=3), [
            (".values[1]", "'x' is not a number", "give a number, without quotes"),
            (".weights", "weights = 3 is not a list", "give a list of numbers in brackets")]),
        (table("discrete", values=[1, 2], weights=[0, 0]), [
            (".weights", "weights are all 0", "give at least one weight above 0")]),
        (table("discrete", p10=1, p90=2), [("", "discrete cannot be given by quantiles", "give its parameters")]),
        (table("mixture", components=[{"value": 1}, table("lognormal", p10=3, p90=1), 3], weights=[1, 1, 1]), [
            (".components[1].p90", "p90 = 1 is not above p10 = 3", "give p90 above p10"),
            (".components[2]", "3 is not a distribution", 'give a table, {distribution = "...", ...}')]),
        (table("shifted_lognormal", excess_p10=5, excess_p90=1), [
            (".excess_p90", "excess_p90 = 1 is not above excess_p10 = 5", "give excess_p90 above excess_p10")]),
        (table("shifted_lognormal", excess_p10=5, p90=10), [
            ("", "excess_p10, p90 mix quantiles of the variable and of its excess", "give all of one kind")]),
        (table("triangular", p10=1, p90=3), [
            (".mode", "triangular is given 2 quantiles without mode", "give 3 quantiles, or 2 quantiles and mode")]),
        (table("quantile_spline", p5=1, p05=2, p50=3), [
            (".p05", "p05 names a quantile that is already given", "give it once")]),
        (table("quantile_spline", p0=1, p50=3), [
            (".p0", "p0 is no quantile: 0 % and 100 % have no finite value", "use p1 to p99, say")]),
        (table("quantile_spline", p5=1, p50=3, scale="cubic"), [
            (".scale", "scale = 'cubic' is not known", 'give scale = "linear" or "log"')]),
        (table("truncated_normal", p10=0.1, p90=3, lower=0), [
            ("", "no truncated_normal has p10 = 0.1, p90 = 3, lower = 0",
             "move the values, or use quantile_spline, which takes any")]),
        (table("quantile_spline", p50=3, p90=13), [("", ONE_SIDE.format("below"), TWO_SIDES.format("below", 10))]),
        (table("quantile_spline", p60=3, p90=13, lower=0), [
            ("", ONE_SIDE.format("below"), TWO_SIDES.format("below", 10))]),
        (table("quantile_spline", p5=3, p25=4, p50=13), [
            ("", ONE_SIDE.format("above"), TWO_SIDES.format("above", 90))]),
        (table("quantile_spline", probabilities=[0.1, 0.2], values=[3, 4]), [
            ("", ONE_SIDE.format("above"), TWO_SIDES.format("above", 90))]),
        (table("quantile_spline", p50=3), [("", "quantile_spline is given 1 of its quantiles",
                                            "give 2 quantiles or more, below the median and above it")]),
        (table("quantile_spline", p10=-3, p90=13, scale="log"), [
            (".p10", "p10 = -3 is outside the support (0, inf)", "give p10 strictly inside the support")]),
        (table("quantile_spline", p10=3, p50=4, p90=13, lower=5, scale="log"), [
            (".p10", "p10 = 3 is outside the support (5, inf)", "give p10 strictly inside the support"),
            (".p50", "p50 = 4 is outside the support (5, inf)", "give p50 strictly inside the support")]),
        (table("quantile_spline", p10=-1e308, p90=1e308), [
            ("", f"quantile_spline(p10=-1e+308, p90=1e+308) {EXTREME}", LESS)]),
        (table("truncated_normal", p50=0.1, p90=3, lower=0), [
            ("", "no truncated_normal has p50 = 0.1, p90 = 3, lower = 0", "move the values")]),
        (table("beta", a=2, b=1e306), [
            ("", f"beta(2, 1e+306) {EXTREME}", LESS)]),
        (table("truncated_lognormal", median=1, sigma=1, lower=-1), [
            (".lower", "lower = -1 is below 0", "give lower at or above 0, or leave it out")]),
    ],
)  # fmt: skip
def test_bad_tables(given, expected):
    assert complaints(from_table, given) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-0.4", Fixed(-0.4)),
        ("3", Fixed(3)),
        ("lognormal(p10=3, p90=13)", EIGHTY),
        ("lognormal(interval=[3, 13], mass=0.8)", EIGHTY),
        ("lognormal(2, sigma=1)", Lognormal(2, 1)),
        ("lognormal(p2.5=3, p97.5=13)", Lognormal.fit({0.025: 3, 0.975: 13})),
        ("shifted_lognormal(excess_p2.5=1, excess_p97.5=9)", ShiftedLognormal.fit({0.025: 2, 0.975: 10})),
        ("mixture(components=[fixed(1), uniform(0, 2)], weights=[1, 2])", Mixture([Fixed(1), Uniform(0, 2)], [1, 2])),
    ],
)
def test_good_text(text, expected):
    assert good(parse, text) == expected


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("", "", '"" cannot be read'),
        ("normal(1", "", '"normal(1" cannot be read'),
        ("lognornal(1, 2)", "", "lognornal is not a distribution; did you mean lognormal or normal?"),
        ("normal(1, 2, 3)", "", "normal takes 2 values (mean, sd), not 3"),
        ("normal(1, mean=2)", "", "mean is given twice"),
        ("__import__('os')", "", "__import__ is not a distribution"),
        ("1 + 2", "", "1 + 2 is not allowed"),
        ("normal(-word, 1)", "", "a sign stands before something that is no number"),
        ("[1, 2]", "", "is no distribution"),
        ("True", "", "is no distribution"),
        ("normal(0, sd=-1)", ".sd", "sd = -1 is not above 0"),
        ("normal(0, inf)", ".sd", "sd holds inf"),
        ("normal(nan, 1)", ".mean", "mean holds nan"),
        ("(" * 1000, "", "cannot be read"),
    ],
)
def test_bad_text(text, place, what):
    [(found_place, found_what, remedy)] = complaints(parse, text)
    assert found_place == place
    assert what in found_what
    assert remedy
