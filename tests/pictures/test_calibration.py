"""Pictures of calibrations: they show every survey and every quantity, say what failed, and survive any name."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import ooms
from nested import datasets
from ooms.calibrating.calibration import HEADLINE, Calibration
from ooms.calibrating.diagnostics import Diagnostics, Worst
from ooms.calibrating.leave_one_out import Contribution
from ooms.calibrating.predictive import Check
from ooms.calibrating.provenance import Command, Provenance
from ooms.calibrating.sampling import NutsSettings
from ooms.distributions.marginals import Normal
from ooms.pictures.density import axis_of, density, ticks
from ooms.pictures.files import save_chart
from ooms.pictures.words import harmless
from ooms.problems import UserError
from ooms.results.credence import Estimate
from ooms.results.numbers import narrowing

BASE = ooms.load("davidson-2025")
NAMES = ("rho", "returns", "software_limit")
SURVEYS = ("polls", "interviews", "studies")
DERIVED = ("rho_today", "rho_far", "labour_elasticity", "compute_elasticity")
CHAINS, DRAWS = 4, 300

SOUND = Diagnostics(
    CHAINS, DRAWS, Worst(1.002, "rho"), Worst(900.0, "rho"), Worst(800.0, "rho"), 0, Worst(0.9, "chain 1"), 0,
    (
        Check("polls", "tenfold", "median answer", 1.2, 0.9, 1.4, 2.0, 0.2),
        Check("polls", "tenfold", "highest answer", 2.0, 1.5, 2.5, 30.0, 0.4),
        Check("interviews", "pace", "value", 40.0, 10.0, 36.0, math.inf, 0.55),
        Check("studies", "sigma", "share above 1", 0.0, 0.0, 0.0, 0.3, 0.35),
    ),
)  # fmt: skip


def levels(seed, low=0.0, high=1.0, chains=CHAINS):
    return np.random.default_rng(seed).uniform(low, high, (chains, DRAWS * CHAINS // chains))


def groups():
    """A posterior that is the middle of the prior, over chain and draw."""

    def dataset(columns):
        return xr.Dataset({name: (("chain", "draw"), values) for name, values in columns.items()})

    marginals = {name: BASE.beliefs[name].marginal for name in NAMES}
    prior = {name: one.ppf(levels(k, chains=1)) for k, (name, one) in enumerate(marginals.items())}
    posterior = {name: one.ppf(levels(k, 0.3, 0.6)) for k, (name, one) in enumerate(marginals.items())}
    return {
        "/prior": dataset(prior | {"bias.polls": levels(7, chains=1)}),
        "/posterior": dataset(posterior | {"bias.polls": levels(8)}),
        "/prior_derived": dataset({name: levels(k, chains=1) for k, name in enumerate(DERIVED)}),
        "/derived": dataset({name: levels(k, 0.2, 0.5) for k, name in enumerate(DERIVED)}),
    }


def contribution(survey, **narrowed):
    return Contribution(survey, Estimate(0.2, 0.02), Estimate(0.31, 0.01), True, narrowed)


TOLD = (
    contribution("polls", rho_today=0.3, returns=0.5, compute_elasticity=0.4),
    contribution("interviews", labour_elasticity=0.4, rho_far=0.01),
    contribution("studies", rho_today=0.01),
)


def calibration(diagnostics=SOUND, told=TOLD, surveys=SURVEYS):
    tree = xr.DataTree.from_dict({name: group.copy() for name, group in groups().items()})
    command, digests = Command("davidson-2025", everything=True), dict.fromkeys(surveys, "hash")
    made = Provenance(command, NutsSettings(seed=7), digests, ("taste_ceiling",))
    return Calibration(BASE, tree, diagnostics, made, by_survey={HEADLINE: told} if told else {})


@pytest.fixture(scope="module")
def chart():
    return calibration().plot.calibration()


@pytest.fixture(scope="module")
def whole(chart):
    return chart.to_dict()  # checks it against the schema


def rows_of(node, *fields):
    """Rows of data that have these fields, over all panels."""
    return [row for rows in datasets(node) for row in rows if set(fields) <= row.keys()]


def texts(node):
    return [row["text"] for row in rows_of(node, "text")]


# -- what is shown ---------------------------------------------------------------------------------------------------


def test_the_title_says_what_surveys_did(whole):
    one = calibration()
    said = " ".join(whole["title"]["text"])
    assert said.startswith("P(5 OOMs in 1 year), Davidson (2025): ")
    shown = [float(number) for number in re.findall(r"([\d.]+) \u00b1", said)]
    assert shown == [pytest.approx(100 * chance.value, abs=0.2) for chance in (one.before(), one.after())]
    below = " ".join(whole["title"]["subtitle"])
    for words in ("3 surveys: polls, interviews, studies.", "4 chains of 300 draws, seed 7", "taste_ceiling"):
        assert words in below


def test_every_quantity_has_a_panel_of_its_own(whole):
    hills = [text.splitlines() for text in whole["datasets"].values()]
    assert len(hills) == len((*NAMES, *DERIVED))
    assert all(rows[0] == "at,before,after" and 20 < len(rows) <= 121 for rows in hills)
    assert {row["quantity"] for row in rows_of(whole, "quantity")} == {*NAMES, *DERIVED}
    panels = [panel for part in whole["vconcat"] for panel in part.get("concat", [])]
    titles = [panel["title"]["text"] for panel in panels]
    assert {"rho", "returns r", "software limit X, OOMs", "rho today", "rho far", "labour elasticity"} <= set(titles)
    assert "bias.polls" not in str(whole)


def test_intervals_are_those_that_were_learnt(whole):
    marks = rows_of(whole, "quantity", "low", "high", "at")
    for one in calibration().learnt():
        if one.kind != "survey":
            found = [(row["low"], row["at"], row["high"]) for row in marks if row["quantity"] == one.name]
            assert found[0] == pytest.approx(one.prior, abs=1e-6)
            assert found[1] == pytest.approx(one.posterior, abs=1e-6)


def test_it_says_how_much_was_learnt(whole):
    said = [text for text in texts(whole) if "\u2192" in text]
    assert len(said) == len((*NAMES, *DERIVED))
    for text in said:
        assert re.fullmatch(r"(median )?\S+ \u2192 \S+, (6[6-9]|7[0-4]) % narrower", text)


def test_every_survey_has_a_row_with_its_effects(whole):
    rows = {row["survey"]: row for row in rows_of(whole, "survey", "without", "alone")}
    assert set(rows) == set(SURVEYS)
    assert rows["polls"]["without"] == pytest.approx(20.0)
    assert (rows["polls"]["without_low"], rows["polls"]["without_high"]) == pytest.approx((16.0, 24.0))
    assert rows["polls"]["alone_said"] == "31 \u00b1 1 %"
    assert {name: row["verdict"] for name, row in rows.items()} == {
        "polls": "rho", "interviews": "a slope", "studies": "neither",
    }  # fmt: skip
    assert rows["polls"]["narrowed"] == "returns 50 %, rho today 30 % and 1 more"
    assert rows["studies"]["narrowed"] == "nothing"
    assert {"before", "after"} <= {text.partition(" ")[0] for text in texts(whole)}


def test_every_answer_has_a_row_among_simulated_ones(whole):
    rows = {row["statistic"]: row for row in rows_of(whole, "statistic", "place")}
    assert set(rows) == {f"{check.item}: {check.statistic}" for check in SOUND.checks}
    assert rows["tenfold: median answer"]["place"] == pytest.approx(-0.8416, abs=1e-4)
    assert (rows["tenfold: median answer"]["observed"], rows["tenfold: median answer"]["tail"]) == ("1.2", "20 %")
    assert rows["tenfold: median answer"]["simulated"] == "0.9 to 2, median 1.4"
    assert rows["pace: value"]["simulated"] == "10 to infinite, median 36"
    assert {row["named"] for row in rows_of(whole, "named")} == {*SURVEYS, ""}


def test_a_sound_calibration_is_not_called_unsound(whole):
    assert "UNSOUND" not in str(whole)


@pytest.mark.sweep(1)
@pytest.mark.parametrize("picture", ["contributions", "checks", "learnt"])
def test_an_unsound_one_says_so_on_every_picture(picture):
    far = Check("studies", "sigma", "median", 9.0, 0.5, 1.0, 2.0, 1.0)
    unsound = calibration(replace(SOUND, divergences=3, checks=(*SOUND.checks, far)))
    made = getattr(unsound.plot, picture)().to_dict()
    said = texts(made)
    assert any(text.startswith("UNSOUND") for text in said)
    assert "the number of divergent transitions is 3, not 0" in said
    assert any("predictive tail probability of studies.sigma: median is 1" in text for text in said)
    assert any("--target-accept" in text for text in said)
    assert "(UNSOUND)" in " ".join(made["title"]["text"])


def test_answers_that_the_model_cannot_produce_stand_out_at_the_end_of_the_axis():
    checks = (
        Check("polls", "a", "median", 9.0, 0.5, 1.0, 2.0, 1.0),
        Check("polls", "b", "median", 1.5, 0.5, 1.0, 2.0, 0.7),
        Check("polls", "c", "median", 1.0, *[math.nan] * 4),
    )
    rows = {row["statistic"][0]: row for row in rows_of(
        calibration(replace(SOUND, checks=checks)).plot.checks().to_dict(), "statistic", "state")}  # fmt: skip
    assert {name: row["state"] for name, row in rows.items()} == {"a": "fails", "b": "fits", "c": "cannot be told"}
    assert (rows["a"]["place"], rows["c"]["place"]) == (3.3, None)
    assert rows["c"]["simulated"] == "undefined"


def test_without_effects_of_single_surveys_the_whole_picture_says_that_they_are_missing(monkeypatch):
    monkeypatch.setattr("ooms.pictures.calibration.calibration.learning", lambda _: [])
    bare = calibration(told=())
    assert any("was not worked out" in text for text in texts(bare.plot.calibration().to_dict()))
    with pytest.raises(UserError, match="are not in this file"):
        bare.plot.contributions()


def test_without_answers_it_says_that_there_are_none():
    bare = calibration(replace(SOUND, checks=()))
    assert any(text.startswith("There are no answers") for text in texts(bare.plot.checks().to_dict()))


# -- any name, any number --------------------------------------------------------------------------------------------

HOSTILE = (
    "</script><script>alert(1)</script>",
    "x" * 5000,
    "\u7814\u7a76 \u202e\u00e9\u0301 \U0001f9ea \ud800",
    "datum.x \\ \" ' {{}} [0] \n\t\x00 &amp;",
)


@pytest.fixture(scope="module")
def hostile():
    checks = tuple(replace(SOUND.checks[0], survey=name, item=name, statistic=name) for name in HOSTILE)
    diagnostics = replace(SOUND, checks=checks, bulk=Worst(math.nan, HOSTILE[0]))
    return calibration(diagnostics, tuple(replace(one, survey=n) for n in HOSTILE for one in TOLD[:1]), HOSTILE)


@pytest.mark.slow
def test_hostile_names_are_shown_and_do_no_harm(hostile, tmp_path):
    for picture, field in (("contributions", "alone"), ("checks", "state")):
        made = getattr(hostile.plot, picture)()
        assert {row["survey"] for row in rows_of(made.to_dict(), "survey", field)} == {harmless(n) for n in HOSTILE}
        for ending in ("svg", "html")[: 2 if picture == "checks" else 1]:
            save_chart(lambda made=made: made, tmp_path / f"it.{ending}")
        assert "<script" not in (tmp_path / "it.svg").read_text()
        assert 950 < width_of(tmp_path / "it.svg") < 1050  # what is long is cut, and pushes nothing aside
    assert "<script>alert" not in (tmp_path / "it.html").read_text()


def width_of(path):
    return float(re.search(r'width="([\d.]+)"', path.read_text())[1])


@pytest.mark.slow
def test_svg_of_the_whole_is_as_wide_as_a_page_shows(chart, tmp_path):
    save_chart(lambda: chart, tmp_path / "it.svg")
    text = (tmp_path / "it.svg").read_text()
    assert 950 < width_of(tmp_path / "it.svg") < 1050
    for words in ("Davidson (2025)", "rho far", "interviews", "tenfold: median answer", "99.5"):
        assert words in text


@pytest.mark.parametrize(("text", "shown"), [
    ("<0.1 %", "<0.1 %"), ("a < b", "a < b"), ("<b>", "\u2039b>"), ("<!--", "\u2039!--"), ("a\nb", "a b"), ("", ""),
])  # fmt: skip
def test_only_what_a_page_takes_for_a_tag_is_changed(text, shown):
    assert harmless(text) == shown


@pytest.mark.parametrize(("share", "error", "said"), [
    (0.55, 0.01, "55 % narrower"), (-0.13, 0.01, "13 % wider"), (0.02, 0.02, "no narrower"),
    (math.nan, 0.01, "no narrower"), (0.3, 1.0, "no narrower"),
])  # fmt: skip
def test_narrowing_has_no_more_digits_than_its_error_supports(share, error, said):
    assert narrowing(share, error) == said


# -- densities -------------------------------------------------------------------------------------------------------

INFINITE = (-math.inf, math.inf)
SHAPES = {
    "normal": (lambda u: BASE.beliefs["software_growth"].marginal.ppf(u), (0.0, math.inf)),
    "uniform": (lambda u: u, (0.0, 1.0)),
    "log-uniform": (lambda u: 0.4 * 9**u, (0.4, 3.6)),
    "exponential": (lambda u: -np.log1p(-u), (0.0, math.inf)),
    "far from nought": (lambda u: 1e6 + BASE.beliefs["software_growth"].marginal.ppf(u), INFINITE),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_densities_integrate_to_one(shape):
    quantile, ends = SHAPES[shape]
    draws = quantile((np.arange(6000) + 0.5) / 6000)
    axis = axis_of(draws, draws, ends)
    found, points = density(draws, axis), axis.even(axis.points())
    assert np.trapezoid(found, points) == pytest.approx(0.99, abs=0.015)
    assert len(points) <= 120
    assert np.all(found >= 0)


def test_densities_do_not_fall_at_ends_that_nothing_can_pass():
    draws = (np.arange(6000) + 0.5) / 6000
    axis = axis_of(draws, draws, (0.0, 1.0))
    assert (axis.low, axis.high) == (0.0, 1.0)
    assert density(draws, axis) == pytest.approx(1.0, abs=0.01)


def test_a_density_is_that_of_the_distribution():
    marginal = Normal(-0.5, 0.2)
    draws = marginal.ppf((np.arange(20000) + 0.5) / 20000)
    axis = axis_of(draws, draws, INFINITE)
    assert density(draws, axis) == pytest.approx(np.exp(marginal.logpdf(axis.points())), abs=0.03)


def test_on_a_log_axis_a_density_is_that_of_the_logarithm():
    draws = np.exp(Normal(1.0, 0.8).ppf((np.arange(20000) + 0.5) / 20000))
    axis = axis_of(draws, draws, (0.0, math.inf))
    assert axis.logarithmic
    expected = np.exp(Normal(1.0, 0.8).logpdf(np.log(axis.points())))
    assert density(draws, axis) == pytest.approx(expected, abs=0.01)


def test_draws_that_stand_still_are_a_spike_that_can_be_seen():
    prior = (np.arange(1000) + 0.5) / 1000
    axis = axis_of(prior, np.full(1000, 0.3), (0.0, 1.0))
    found = density(np.full(1000, 0.3), axis)
    assert found.max() > 20
    assert np.trapezoid(found, axis.points()) == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(("low", "high", "ends", "logarithmic"), [
    (0.3, 30.0, (0.0, math.inf), True), (0.01, 0.9, (0.0, 1.0), False), (0.5, 1.5, (0.0, math.inf), False),
    (-3.0, 30.0, INFINITE, False), (1.0, 13.0, (1.0, math.inf), True),
])  # fmt: skip
def test_axes_are_logarithmic_for_what_is_positive_and_spans_much(low, high, ends, logarithmic):
    draws = np.geomspace(low, high, 1000) if low > 0 else np.linspace(low, high, 1000)
    axis = axis_of(draws, draws, ends)
    assert axis.logarithmic is logarithmic
    assert 2 <= len(ticks(axis)) <= 5
    assert all(axis.low * (1 - 1e-9) - 1e-9 <= tick <= axis.high * (1 + 1e-9) + 1e-9 for tick in ticks(axis))
