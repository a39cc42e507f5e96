"""Views beside one another: the same numbers as alone, and differences with errors of their own."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import ooms
from ooms.comparing.compare import COMPARED_EVENTS, COMPARED_QUANTITIES, compare, with_each_option
from ooms.comparing.readings import MEASURES, readings
from ooms.problems import UserError
from ooms.results.credence import LEVELS

DAVIDSON = ooms.load("davidson-2025")
HOULDEN = ooms.load("davidson-houlden-2025")
HEADLINE = "5 ooms in 1 year"
LESS, MORE = "davidson-2025 (rho = -0.4)", "davidson-2025"
FEW = {"draws": 2**12, "threads": 1}


@pytest.fixture(scope="module")
def three():
    return compare([DAVIDSON, HOULDEN, DAVIDSON.replace(rho=-0.4)], **FEW)


def test_every_number_is_that_of_the_view_alone(three):
    for name, view in zip(three.views, (DAVIDSON, HOULDEN, DAVIDSON.replace(rho=-0.4)), strict=True):
        alone = ooms.forecast(view, **FEW, events=COMPARED_EVENTS, quantities=COMPARED_QUANTITIES)
        for event in COMPARED_EVENTS:
            assert three.probability(name, event) == alone.probability(event)
        for quantity in COMPARED_QUANTITIES:
            found = three.quantiles(name, quantity, LEVELS)
            assert [e.value for e in found] == [e.value for e in alone.quantiles(quantity, LEVELS)]
            assert three.never(name, quantity) == alone.never(quantity)


def test_rows_have_the_same_numbers(three):
    rows = three.table()
    assert [row["view"] for row in rows] == ["davidson-2025", "davidson-houlden-2025", LESS]
    row = rows[2]
    assert row["changes"] == ("rho = -0.4",)
    assert (row[HEADLINE], row[f"{HEADLINE}: error"]) == three.probability(LESS, HEADLINE)
    assert row["time to 5 ooms: median"] == three.quantiles(LESS, "time to 5 ooms", 0.5)[0].value
    assert math.isinf(rows[1]["max speed: median"])
    assert rows[1]["max speed: never"] == 1.0


def test_the_difference_is_that_of_the_probabilities(three):
    for event in COMPARED_EVENTS:
        found = three.difference(event, LESS, MORE)
        apart = three.probability(LESS, event).value - three.probability(MORE, event).value
        assert found.value == pytest.approx(apart, abs=1e-15)
        assert three.difference(event, MORE, LESS).value == pytest.approx(-apart, abs=1e-15)


def test_the_error_of_a_difference_is_that_of_paired_randomisations():
    """From the draws themselves: the same randomisations, by hand, and a smaller error than unpaired ones have."""
    a, b, event = DAVIDSON.replace(returns=1.0), DAVIDSON.replace(returns=1.02), "3 years in 1 year"
    found = compare([a, b], **FEW, events=[event], quantities=[])
    first, second = found.views
    hits = [
        ooms.forecast(v, **FEW, events=[event], quantities=[], keep_draws=True).kept[event].reshape(-1, 16)
        for v in (a, b)
    ]
    each = np.mean(hits[0], axis=0) - np.mean(hits[1], axis=0)
    paired = found.difference(event, first, second)
    assert paired.value == pytest.approx(each.mean())
    assert paired.standard_error == pytest.approx(each.std(ddof=1) / 4)
    unpaired = math.hypot(*(found.probability(v, event).standard_error for v in found.views))
    assert paired.standard_error < 0.6 * unpaired


def test_the_error_of_a_difference_holds_what_it_says():
    """Over many seeds the differences scatter as their errors say: chi-squared of 24 about its degrees of freedom."""
    views = [DAVIDSON, DAVIDSON.replace(workforce=300)]
    event = "3 years in 1 year"
    found = [
        compare(views, draws=2**9, seed=seed, threads=1, events=[event], quantities=[]).difference(
            event, "davidson-2025 (workforce = 300)", "davidson-2025"
        )
        for seed in range(24)
    ]
    values = np.array([f.value for f in found])
    claimed = np.sqrt(np.mean([f.standard_error**2 for f in found]))
    assert 0.6 < values.std(ddof=1) / claimed < 1.6


def test_a_view_differs_from_itself_by_exactly_nothing(three):
    assert three.difference(HEADLINE, DAVIDSON, DAVIDSON) == (0.0, 0.0)
    assert three.difference(HEADLINE, HOULDEN.name, HOULDEN.name) == (0.0, 0.0)


def test_views_themselves_name_their_forecasts(three):
    changed = DAVIDSON.replace(rho=-0.4)
    assert three.probability(changed, HEADLINE) == three.probability(LESS, HEADLINE)
    assert three.quantiles(changed, "time to 1 oom", 0.5) == three.quantiles(LESS, "time to 1 oom", 0.5)
    assert three.never(changed, "time to 5 ooms") == three.never(LESS, "time to 5 ooms")
    found = three.difference(HEADLINE, DAVIDSON, changed)
    assert found == three.difference(HEADLINE, MORE, LESS)
    assert found.value == pytest.approx(0.197, abs=0.003)
    with pytest.raises(UserError, match=r"'davidson-2025 \(rho = -0.5\)' is not among the views"):
        three.probability(DAVIDSON.replace(rho=-0.5), HEADLINE)


def test_a_comparison_of_two_needs_no_names(three):
    two = compare([DAVIDSON, DAVIDSON.replace(rho=-0.4)], **FEW, events=[HEADLINE], quantities=[])
    assert two.difference(HEADLINE) == three.difference(HEADLINE, MORE, LESS)
    for names in ((), (MORE,), (None, MORE)):
        with pytest.raises(UserError, match=r"3 views are compared: it takes two"):
            three.difference(HEADLINE, *names)


def test_a_name_that_a_what_if_shares_does_not_stand_for_both(three):
    """Otherwise a view less its what-if, both by their `View.name`, would be 0 with an error of 0."""
    with pytest.raises(UserError, match=r"the name of 2 of the views: davidson-2025, davidson-2025 \(rho = -0.4\)"):
        three.difference(HEADLINE, DAVIDSON.name, DAVIDSON.replace(rho=-0.4).name)


def test_where_no_draw_differs_the_error_is_what_so_many_draws_can_show():
    event = "12 ooms in 1 day"
    found = compare([DAVIDSON.replace(rho=-2), DAVIDSON.replace(rho=-3)], **FEW, events=[event], quantities=[])
    assert found.difference(event, *found.views).standard_error > 0


@settings(max_examples=5, deadline=None)
@given(st.floats(-3, -0.01), st.floats(-3, -0.01))
def test_more_substitution_never_makes_it_less_likely_on_the_same_draws(one, other):
    """A power mean grows with its exponent, and so does the pace, draw by draw."""
    low, high = sorted((round(one, 3), round(other, 3)))
    assume(low < high)
    views = [DAVIDSON.replace(rho=low), DAVIDSON.replace(rho=high)]
    found = compare(views, draws=2**9, threads=1, events=[HEADLINE], quantities=[])
    assert found.difference(HEADLINE, *reversed(found.views)).value >= 0


def test_sorted_by_the_headline_or_another_event(three):
    by_headline = three.sorted()
    chances = [by_headline.probability(v, HEADLINE).value for v in by_headline.views]
    assert chances == sorted(chances, reverse=True)
    assert set(by_headline.views) == set(three.views)
    assert three.sorted("accelerates at the start").views[0] == "davidson-houlden-2025"


def test_what_was_not_asked_is_worked_out_when_it_is_asked_for(three):
    asked = three.probability(MORE, "3 ooms in 1 year")
    assert asked == ooms.forecast(DAVIDSON, **FEW, events=["3 ooms in 1 year"], quantities=[]).probability(
        "3 ooms in 1 year"
    )
    assert three.events == COMPARED_EVENTS


def test_data_is_labelled_and_complete(three, tmp_path):
    data = three.data
    assert dict(data.sizes) == {"view": 3, "event": 3, "quantity": 6, "level": len(LEVELS)}
    assert data.probability.sel(view=LESS, event=HEADLINE).item() == three.probability(LESS, HEADLINE).value
    median = data["quantile"].sel(view=MORE, quantity="time to 5 ooms", level=0.5)
    assert median.item() == three.quantiles(MORE, "time to 5 ooms", 0.5)[0].value
    assert data.never.sel(view="davidson-houlden-2025", quantity="max speed").item() == 1.0
    assert data.unit.sel(quantity="time to 5 ooms").item() == "years"
    assert json.loads(data.attrs["views"])[LESS]["changes"] == '["rho = -0.4"]'
    three.save(tmp_path / "views.nc")
    with xr.open_dataset(tmp_path / "views.nc", engine="h5netcdf") as saved:
        assert np.array_equal(saved.probability, data.probability)
        assert list(saved.view.values) == list(three.views)


def test_events_or_quantities_can_be_left_out():
    found = compare([DAVIDSON], draws=256, threads=1, events=[], quantities=[])
    assert dict(found.data.sizes) == {"view": 1, "event": 0, "quantity": 0, "level": len(LEVELS)}
    assert found.table() == [{"view": "davidson-2025", "title": DAVIDSON.title, "changes": ()}]
    assert "1 views" in repr(found)


def test_views_by_name_path_or_alone(tmp_path):
    (tmp_path / "mine.toml").write_text('extends = "davidson-2025"\n')
    names = ["davidson-houlden-2025+retraining", tmp_path / "mine.toml"]
    found = compare(names, draws=256, threads=1, events=HEADLINE, quantities="max speed")
    assert found.views == ("davidson-houlden-2025+retraining", "mine")
    assert compare("davidson-2025", draws=256, threads=1).views == ("davidson-2025",)


def test_everything_wrong_is_said_at_once():
    with pytest.raises(UserError) as caught:
        compare(["davidson-2025", "davidson-2024", "nobody"], draws=1000, seed=-1, events=["5 ooms"], quantities=["x"])
    said = str(caught.value)
    for part in ("davidson-2024", "nobody", "draws = 1000", "seed = -1", "'5 ooms'", "'x'"):
        assert part in said


@pytest.mark.parametrize(
    ("views", "said"),
    [
        ([], "none to compare"),
        (["davidson-2025", "davidson-2025"], "named twice"),
        ([DAVIDSON, replace(HOULDEN, name="davidson-2025")], "two different views"),
    ],
)
def test_what_cannot_be_compared(views, said):
    with pytest.raises(UserError, match=said):
        compare(views, draws=256)


def test_a_view_that_is_not_compared(three):
    with pytest.raises(UserError, match="did you mean davidson-2025"):
        three.probability("davidson-2024", HEADLINE)


def test_progress_goes_over_all_views():
    told: list[tuple[int, int]] = []
    compare([DAVIDSON, HOULDEN], **FEW, events=[HEADLINE], quantities=[], progress=lambda *how: told.append(how))
    assert told[-1] == (2**13, 2**13)
    assert told == sorted(told)


def test_each_option_alone():
    found = with_each_option(HOULDEN)
    assert [v.name for v in found] == [HOULDEN.name, *(f"{HOULDEN.name}+{option}" for option in HOULDEN.options)]
    assert all(len(v.chosen) == 1 for v in found[1:])
    on = with_each_option(HOULDEN.with_options("retraining"))
    assert [v.chosen for v in on][:2] == [("retraining",), ("retraining", "retraining-as-coded")]
    assert "gradual-boost" not in {v.chosen[-1] for v in on}  # retraining does not go with calendar time


# -- readings --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def houlden():
    return readings("davidson-houlden-2025", draws=2**13, threads=1)


def test_every_reading_is_there_once_and_named(houlden):
    rows = houlden.table()
    assert len(rows) == len({(r["returns"], r["event"]) for r in rows}) == 16
    assert {r["returns"] for r in rows} == {
        "with the compute adjustment, as stated",
        "without the compute adjustment",
    }
    assert {r["where"] for r in rows} == {"from the start", "anywhere"}
    assert {r["event"] for r in rows if r["where"] == "anywhere"} == {f"{m} in 1 year anywhere" for m in MEASURES}
    assert {r["event"] for r in rows if r["where"] != "anywhere"} == {f"{m} in 1 year" for m in MEASURES}


@pytest.mark.parametrize(
    ("measure", "published"), [("33.2 doublings", 0.48), ("40 doublings", 0.45), ("16.6 doublings", 0.66)]
)
def test_known_readings(houlden, measure, published):
    """Davidson & Houlden's priors, the fastest year on the way; their own 1,000 simulations have an error of 1.6 %."""
    found = houlden.probability(measure, adjusted=True, anywhere=True)
    assert found.value == pytest.approx(published, abs=0.016)


def test_readings_are_the_forecasts(houlden):
    for adjusted in (True, False):
        view = HOULDEN if adjusted else HOULDEN.replace(compute_adjustment=False)
        asked = "40 doublings in 1 year anywhere"
        alone = ooms.forecast(view, draws=2**13, threads=1, events=[asked], quantities=[]).probability(asked)
        assert houlden.probability("40 doublings", adjusted=adjusted, anywhere=True).value == pytest.approx(
            alone.value, abs=1e-4
        )


def test_readings_are_ordered_as_they_must_be(houlden):
    """Less progress is likelier, and so is the best year; 5 OOMs are 33.2 doublings where u = 2; 1/(1 - a) helps."""
    for adjusted in (True, False):
        for anywhere in (True, False):
            p = {m: houlden.probability(m, adjusted=adjusted, anywhere=anywhere).value for m in MEASURES}
            assert p["16.6 doublings"] > p["33.2 doublings"] > p["40 doublings"]
            assert p["5 ooms"] == pytest.approx(p["33.2 doublings"], abs=2e-3)
            assert houlden.probability("5 ooms", adjusted=False, anywhere=anywhere).value >= p["5 ooms"]
            assert houlden.probability("5 ooms", adjusted=adjusted, anywhere=True).value >= p["5 ooms"]


def test_a_view_without_the_adjustment_has_that_as_stated():
    found = readings(HOULDEN.replace(compute_adjustment=False), draws=256, threads=1)
    assert {r.returns for r in found} == {
        "with the compute adjustment",
        "without the compute adjustment, as stated",
    }
    with_it = readings(HOULDEN, draws=256, threads=1)
    assert [r.probability for r in found] == [r.probability for r in with_it]


def test_asking_one_view_changes_nothing_that_is_shown():
    both = ooms.compare(["davidson-2025", "kwa-2026"], draws=256, events=["5 ooms in 1 year"], quantities=[])
    before = repr(both), both.events, both.quantities, both.table(), both.sorted().events
    both.probability("davidson-2025", "3 ooms in 1 year")
    both.quantiles("kwa-2026", "time to 3 ooms", 0.5)
    assert before == (repr(both), both.events, both.quantities, both.table(), both.sorted().events)
    assert (both.data.sizes["event"], both.data.sizes["quantity"]) == (1, 0)
    assert both.difference("3 ooms in 1 year").value == pytest.approx(
        both.probability("davidson-2025", "3 ooms in 1 year").value
        - both.probability("kwa-2026", "3 ooms in 1 year").value
    )
    for name in ("forecasts", "events", "quantities", "draws"):
        with pytest.raises(AttributeError):
            setattr(both, name, None)
    with pytest.raises(TypeError):
        both.forecasts["mine"] = both.forecast("kwa-2026")
