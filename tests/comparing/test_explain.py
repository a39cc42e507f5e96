"""Why two views differ: Shapley values against brute force over orders and forecasts, and what holds exactly."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import fields, replace
from functools import cache
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ooms
from ooms.beliefs.resources import RESOURCES
from ooms.beliefs.view import checked
from ooms.comparing.explain import GROUPS, explain
from ooms.distributions.copula import Correlation
from ooms.model.inputs import Inputs
from ooms.problems import UserError
from ooms.writers.terminal import show

EVENT = "5 ooms in 1 year"
BASE = ooms.load("davidson-2025")
HOULDEN = ooms.load("davidson-houlden-2025")
GRADUAL = HOULDEN.with_options("gradual-boost")
FAR = {
    "rho": -0.4,
    "speed": 5.0,
    "taste_multiplier": 3.0,
    "experiment_efficiency": 0.2,
    "returns": "loguniform(0.6, 5)",
    "software_limit": "uniform(4, 12)",
    "software_growth": "lognormal(p10=0.3, p90=1.0)",
    "software_share": 0.6,
}
"""A change in every group but hardware."""


def routed(tmp_path, rho=-0.1):
    file = tmp_path / "routed.toml"
    file.write_text(
        'extends = "davidson-2025"\n'
        'parameters.route_elasticity = {value = 4, source = "test"}\n'
        "[[routes]]\n"
        f'rho = {{value = {rho}, source = "test"}}\n'
        'compute_share = {value = 0.3, source = "test"}\n'
        'experiment_efficiency = {value = 0.5, source = "test"}\n'
        'productivity = {value = 0.2, source = "test"}\n'
    )
    return ooms.load(file)


def probability(view, event, draws, seed=0):
    return ooms.forecast(view, draws=draws, seed=seed, events=[event], quantities=(), threads=1).probability(event)


def summed(found) -> float:
    return math.fsum(moved.value for moved in found.contributions.values())


# -- the parts make the whole ------------------------------------------------------------------------------------------


def test_every_input_is_in_exactly_one_group():
    counted = Counter(name for names in GROUPS.values() for name in names)
    assert set(counted.values()) == {1}
    assert set(counted) == {field.name for field in fields(Inputs)} - RESOURCES


PAIRS = [
    (BASE, HOULDEN),
    (HOULDEN.with_options("retraining"), BASE),
    (BASE, BASE.replace(**FAR)),
    (BASE.replace(software_limit_years="uniform(6, 16)"), HOULDEN.with_options("constant-returns")),
    (BASE.replace(hardware_growth=0.2), BASE.replace(rho=-0.3, returns=2.0)),
]


@settings(max_examples=6, deadline=None)
@given(
    pair=st.sampled_from(PAIRS),
    seed=st.integers(0, 2**32),
    event=st.sampled_from([EVENT, "3 years in 1 year", "10 doublings in 3 months", "accelerates at the start"]),
)
def test_contributions_add_up_exactly_and_turn_their_sign_with_the_direction(pair, seed, event):
    there = explain(*pair, event=event, draws=2**8, seed=seed, threads=1)
    assert summed(there) == pytest.approx(there.total.value, abs=1e-13)
    assert there.total.value == pytest.approx(there.end.value - there.start.value, abs=1e-13)
    back = explain(*pair[::-1], event=event, draws=2**8, seed=seed, threads=1)
    assert back.contributions.keys() == there.contributions.keys()
    for name, moved in there.contributions.items():
        assert back.contributions[name].value == pytest.approx(-moved.value, abs=1e-12)
        assert back.contributions[name].standard_error == pytest.approx(moved.standard_error, abs=1e-12)
        assert back.last[name].value == pytest.approx(-there.alone[name].value, abs=1e-12)


def test_contributions_come_largest_first_and_all_mappings_go_alike():
    found = explain(BASE, HOULDEN, draws=2**10)
    sizes = [abs(moved.value) for moved in found.contributions.values()]
    assert sizes == sorted(sizes, reverse=True)
    for other in (found.alone, found.last, found.differences):
        assert list(other) == list(found.contributions)


# -- a second implementation -------------------------------------------------------------------------------------------

PARTS = {
    "substitution": {"rho": -0.3, "compute_share": 0.4},
    "returns": {"returns": "loguniform(0.6, 5)"},
    "limits": {"software_limit": "uniform(4, 12)"},
}


@pytest.mark.sweep(2)
@pytest.mark.parametrize(
    ("base", "event"),
    [
        # a taste that is fixed, so that a forecast integrates the baseline rate out and nothing else, as is done here
        (BASE.replace(taste_start=0.5), EVENT),
        (BASE.replace(software_growth=0.7), EVENT),
        (BASE.replace(taste_start=0.5), "3 years in 4 months"),
        (BASE.replace(taste_start=0.5), "3 ooms in 4 months anywhere"),
        (BASE.replace(hardware_shock=0.5, hardware_shock_year=0.2), "2 ooms in 1 year"),
        (BASE, "accelerates at the start"),
    ],
    ids=["rate integrated out", "fixed rate", "years", "anywhere", "clock", "acceleration"],
)
def test_it_is_the_average_over_all_orders_of_changing_one_view_into_the_other(base, event):
    def changed(names):
        return base.replace(**{k: v for name in names for k, v in PARTS[name].items()}) if names else base

    @cache
    def chance(names):
        return probability(changed(names), event, 2**9, 3).value

    expected = dict.fromkeys(PARTS, 0.0)
    orders = list(permutations(PARTS))
    for order in orders:
        for k, name in enumerate(order):
            after, before = (frozenset(order[:n]) for n in (k + 1, k))
            expected[name] += (chance(after) - chance(before)) / len(orders)
    everything = frozenset(PARTS)
    found = explain(base, changed(everything), event=event, draws=2**9, seed=3)
    assert found.start.value == pytest.approx(chance(frozenset()), abs=1e-12)
    assert found.end.value == pytest.approx(chance(everything), abs=1e-12)
    assert found.contributions.keys() == PARTS.keys()
    for name in PARTS:
        assert found.contributions[name].value == pytest.approx(expected[name], abs=1e-12)
        alone = chance(frozenset({name})) - chance(frozenset())
        assert found.alone[name].value == pytest.approx(alone, abs=1e-12)
        last = chance(everything) - chance(everything - {name})
        assert found.last[name].value == pytest.approx(last, abs=1e-12)


@pytest.mark.sweep(2)
@pytest.mark.parametrize(
    ("a", "b", "event"),
    [
        (BASE, HOULDEN, EVENT),
        (BASE.replace(**FAR), HOULDEN, "8 ooms in 2 years"),
        (HOULDEN.with_options("retraining"), HOULDEN.with_options("constant-returns"), "4 ooms in 6 months anywhere"),
        (HOULDEN.with_options("retraining-as-coded"), GRADUAL, "3 ooms in 4 years"),
        (BASE, BASE.replace(returns_total="loguniform(0.8, 7)", compute_share=0.4), "12 doublings in 6 months"),
        (BASE, BASE.replace(software_limit_years="uniform(6, 16)"), "4 years in 6 months"),
        (BASE, BASE.replace(software_growth=0.9, retraining=True), "20 years in 1 year"),
    ],
)
def test_the_ends_agree_with_forecasts(a, b, event):
    found = explain(a, b, event=event, draws=2**10)
    for view, ours in ((a, found.start), (b, found.end)):
        theirs = probability(view, event, 2**12)
        error = math.hypot(ours.standard_error, theirs.standard_error)
        assert ours.value == pytest.approx(theirs.value, abs=4 * error + 1e-12)


def test_a_rate_that_depends_on_other_draws_is_integrated_out_given_them():
    def tied(view, spearman):
        return checked(replace(view, correlations=(Correlation("software_growth", "returns", spearman),)), "tied.toml")

    a, b = tied(BASE.replace(taste_start=0.0), 0.6), tied(BASE.replace(taste_start=0.0, rho=-0.3), -0.4)
    found = explain(a, b, draws=2**11)
    assert set(found.contributions) == {"substitution", "pace today"}
    assert found.differences["pace today"].endswith("in both, with other correlations")
    for view, ours in ((a, found.start), (b, found.end)):
        assert ours.value == pytest.approx(probability(view, EVENT, 2**11).value, abs=1e-12)
    mixed = tied(BASE.replace(taste_start=0.0, rho=-0.3), 0.6)
    expected = probability(mixed, EVENT, 2**11).value - found.start.value
    assert found.alone["substitution"].value == pytest.approx(expected, abs=1e-12)


def test_smoothing_makes_errors_smaller_and_moves_no_answer():
    """The same beliefs with the rate as an input of another spelling: indicators instead of exact integrals."""
    smooth = explain(BASE, BASE.replace(rho=-0.3, returns=1.0), draws=2**12)
    anchor = BASE.replace(taste_slope_yearly=0.0)
    plain = explain(anchor, anchor.replace(rho=-0.3, returns=1.0), draws=2**12)
    for name, moved in smooth.contributions.items():
        error = math.hypot(moved.standard_error, plain.contributions[name].standard_error)
        assert moved.value == pytest.approx(plain.contributions[name].value, abs=4 * error)
        assert moved.standard_error < plain.contributions[name].standard_error


def test_errors_are_those_seen_between_seeds():
    other = BASE.replace(rho=-0.3, returns="loguniform(0.6, 5)")
    many = [explain(BASE, other, draws=2**9, seed=seed).contributions["returns"] for seed in range(24)]
    spread = np.std([moved.value for moved in many], ddof=1)
    claimed = math.sqrt(np.mean([moved.standard_error**2 for moved in many]))
    assert 0.6 < spread / claimed < 1.6


# -- which groups there are --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("group", "changes"),
    [
        ("substitution", {"rho": -0.4}),
        ("substitution", {"sigma": 0.8, "compute_share": 0.4}),
        ("substitution", {"rho_long_run": -0.05, "adjustment_years": 3.0}),
        ("workforce", {"initial_speedup": 8.0, "ramp_years": 1.0, "ramp_start": 0.1}),
        ("taste and smarter copies", {"labour_per_training": 1.0, "returns": "loguniform(0.2, 1.8)"}),
        ("experiments", {"compute_slowdown": 3.0}),
        ("returns", {"retraining": True}),
        ("returns", {"compute_adjustment": False}),
        ("limits", {"declining_returns": False}),
        ("pace today", {"software_growth": "lognormal(p10=0.3, p90=1.0)"}),
        ("hardware", {"hardware_growth": -0.1}),
        ("hardware", {"hardware_shock": 0.1, "hardware_shock_year": 0.1}),
    ],
)
def test_a_group_that_differs_alone_carries_the_whole_difference(group, changes):
    found = explain(BASE, BASE.replace(**changes), event="2 ooms in 6 months", draws=2**8)
    assert list(found.contributions) == [group]
    assert found.contributions[group] == found.alone[group] == found.last[group] == found.total
    assert any(name in found.differences[group] for name in changes)


def test_returns_are_exchanged_as_doublings_of_training_efficiency():
    """The same r at another labour_per_training is another belief about how hard ideas get per OOM."""
    base = ooms.load("davidson-houlden-2025")
    found = explain(base, base.replace(labour_per_training=1.0), draws=2**10)
    assert set(found.contributions) == {"returns", "taste and smarter copies"}
    assert found.contributions["returns"].value > 0 > found.contributions["taste and smarter copies"].value
    assert found.differences["returns"] == "returns: loguniform(0.4, 3.6) in both, with other labour_per_training"
    same = explain(base, base.replace(labour_per_training=1.0, returns="loguniform(0.2, 1.8)"), draws=2**10)
    assert same.alone["taste and smarter copies"].value == pytest.approx(
        found.alone["taste and smarter copies"].value, abs=1e-9
    )


def test_a_view_differs_in_nothing_from_itself_however_it_is_spelt():
    for other in (BASE, BASE.replace(sigma="0.9").replace(rho="uniform(-0.2, 0)")):
        found = explain(BASE, other, draws=2**8)
        assert not found.contributions
        assert found.start == found.end
        assert found.total == (0.0, 0.0)
    half = BASE.replace(rho=-1.0)
    assert not explain(half, half.replace(sigma=0.5), draws=2**8).contributions


def test_resources_explain_nothing():
    assert not explain(BASE, BASE.replace(training_cost=1e8), draws=2**8).contributions


def test_a_switch_reads_as_what_it_does():
    found = explain(BASE, BASE.replace(declining_returns=False, compute_adjustment=False, speed=8), draws=2**8)
    assert found.differences == {
        "limits": "software_limit: uniform(6, 16) -> none (declining_returns is off)",
        "returns": "returns: loguniform(0.4, 3.6) -> loguniform(0.4, 3.6) without compute_adjustment",
        "workforce": "speed: 30 -> 8",
    }


def test_a_statement_that_means_something_else_beside_others_is_said_to():
    found = explain(HOULDEN, HOULDEN.replace(software_growth=1.0), draws=2**8)
    text = "software_limit: software_limit_years ~ uniform(6, 16) in both, with other software_growth"
    assert found.differences["limits"] == text


def test_routes_belong_to_substitution(tmp_path):
    found = explain(BASE, routed(tmp_path), draws=2**8)
    assert list(found.contributions) == ["substitution"]
    assert found.differences["substitution"].startswith("routes: none -> routes.1.rho -0.1, routes.1.compute_share 0.3")
    one = routed(tmp_path)
    assert list(explain(one, routed(tmp_path, -0.2), draws=2**8).contributions) == ["substitution"]
    assert not explain(one, routed(tmp_path), draws=2**8).contributions


@pytest.mark.parametrize(
    ("clock", "group"),
    [
        ({"hardware_growth": 0.3}, "hardware, retraining"),
        ({"ramp_years": 2.0}, "workforce, retraining"),
        ({"rho_long_run": -0.05, "adjustment_years": 3.0}, "substitution, retraining"),
        ({"ramp_years": 2.0, "hardware_shock": 0.1, "hardware_shock_year": 0.5}, "workforce, hardware, retraining"),
    ],
)
def test_retraining_never_meets_calendar_time(clock, group):
    retrained, clocked = BASE.replace(retraining=True, returns=1.5), BASE.replace(**clock)
    for pair in ((retrained, clocked), (clocked, retrained)):
        found = explain(*pair, event="2 ooms in 6 months", draws=2**8)
        assert set(found.contributions) == {group, "returns"}
        assert "retraining: " in found.differences[group]
        assert "retraining" not in found.differences["returns"]


# -- how it is asked for, and shown ------------------------------------------------------------------------------------


def test_views_may_be_named_with_options():
    found = explain("davidson-houlden-2025", "davidson-houlden-2025+constant-returns", draws=2**8)
    assert list(found.contributions) == ["limits"]


def test_numbers_do_not_depend_on_threads():
    one, three = (explain(BASE, BASE.replace(rho=-0.4, speed=5), draws=2**15, threads=n) for n in (1, 3))
    assert one.contributions == three.contributions
    assert (one.start, one.end) == (three.start, three.end)


def test_progress_ends_with_everything_done():
    told = list[tuple[int, int]]()
    explain(BASE, BASE.replace(rho=-0.4, speed=5), draws=2**8, progress=lambda *seen: told.append(seen))
    assert told == [(2**8 * n, 2**10) for n in (1, 2, 3, 4)]


def test_a_difference_that_no_draw_shows_is_not_said_to_be_exact():
    late = BASE.replace(software_growth=0.7)
    found = explain(late, late.replace(hardware_shock=0.5, hardware_shock_year=50.0), draws=2**8)
    assert found.total == (0.0, 2**-8)


def test_without_anything_random_there_is_no_error():
    still = BASE.replace(**{n: b.marginal.middle for n, b in BASE.beliefs.items()})
    found = explain(still, still.replace(rho=-1.0), draws=2**8, event="1 oom in 1 year")
    assert found.start.standard_error == found.total.standard_error == 0.0


def test_everything_wrong_is_said_at_once():
    with pytest.raises(UserError) as caught:
        explain("davidson-2026", "no-such.toml", event="soon", draws=1000, seed=-1, threads=0)
    assert len(caught.value.problems) == 6


def test_data_has_every_number():
    found = explain(BASE, HOULDEN, draws=2**8)
    data = found.data
    assert list(data.group.values) == list(found.contributions)
    assert float(data.contribution.sum()) == pytest.approx(float(data.end - data.start))
    assert float(data["last"].sel(group="limits")) == found.last["limits"].value
    assert float(data.alone_standard_error.sel(group="limits")) == found.alone["limits"].standard_error
    assert str(data.difference.sel(group="substitution").item()) == found.differences["substitution"]
    assert data.attrs["event"] == EVENT
    assert explain(BASE, BASE, draws=2**8).data.sizes["group"] == 0


def test_its_text_is_the_way_from_one_view_to_the_other():
    found = explain(BASE, BASE.replace(rho=-0.4), draws=2**10)
    lines = repr(found).splitlines()
    assert lines[0] == "<Explanation of P(5 ooms in 1 year): 1024 draws, seed 0>"
    assert lines[1] == f"  davidson-2025: {found.start}"
    assert lines[2] == f"    substitution: {found.total}"
    assert lines[3] == f"  davidson-2025 (rho = -0.4): {found.end}"


def test_views_are_told_apart_wherever_they_are_named():
    found = explain(BASE, BASE.replace(rho=-0.4), draws=2**8)
    names = ("davidson-2025", "davidson-2025 (rho = -0.4)")
    data, said = found.data.attrs, found.plain()
    assert (data["a"], data["b"]) == (said["a"], said["b"]) == found.names == names
    same = explain(BASE, replace(BASE, title="as somebody else has it"), draws=2**8)
    assert same.names == ("davidson-2025 (the first)", "davidson-2025 (the second)")


def test_the_printed_table_has_signs_errors_and_what_differs(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    show(explain(BASE, HOULDEN, draws=2**10).document())
    shown = capsys.readouterr().out
    assert "P(5 OOMs in 1 year): from Davidson (2025) to Davidson & Houlden (2025)" in shown
    assert "  rho: uniform(-0.2, 0) -> 0" in shown
    row = next(line for line in shown.splitlines() if line.strip().startswith("substitution  "))
    assert row.count("+") == row.count(" ± ") == 3
    assert "Shapley values" in shown
    show(explain(BASE, BASE.replace(taste_ceiling=1e4), draws=2**8).document())
    shown = capsys.readouterr().out
    assert "from Davidson (2025) to Davidson (2025) with taste_ceiling = 10000" in shown
    assert "nothing to explain" in shown


def test_what_is_not_moved_is_printed_as_nothing(capsys):
    late = {"hardware_shock": 0.5, "hardware_shock_year": 50.0}
    base = BASE.replace(**{n: b.marginal.middle for n, b in BASE.beliefs.items()})
    show(explain(base, base.replace(**late), draws=2**8).document())
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("   hardware "))
    assert row.split() == ["hardware", "0", "0", "0"]


# -- correlations, and what moves nothing ------------------------------------------------------------------------------


def correlated(*pairs):
    return checked(replace(BASE, correlations=tuple(Correlation(*pair) for pair in pairs)), "tied.toml")


def test_a_changed_correlation_is_named_where_it_is_counted(capsys):
    a = correlated(("returns", "rho", 0.2), ("software_limit", "returns", 0.3))
    b = correlated(("returns", "rho", -0.5), ("software_limit", "returns", 0.3))
    found = explain(a, b, draws=2**9)
    text = "rank correlation of returns and rho: 0.2 -> -0.5"
    assert found.correlations == {"returns": (text,)}
    assert found.differences["returns"].split("; ")[0] == text
    show(found.document())
    printed = capsys.readouterr().out
    assert "returns (with a correlation)" in printed
    assert text in printed


def test_a_correlation_that_comes_or_goes_is_named():
    found = explain(BASE, correlated(("software_growth", "returns", 0.4)), draws=2**9)
    assert found.correlations == {"pace today": ("rank correlation of software_growth and returns: none -> 0.4",)}
    assert found.notes == ()


def test_a_switch_without_effect_is_named(capsys):
    kwa = ooms.load("kwa-2026")
    found = explain(kwa, kwa.replace(compute_adjustment=False, software_share=0.4), draws=2**9)
    assert any(note.startswith("compute_adjustment = false moves nothing in kwa-2026") for note in found.notes)
    assert "pace today: changes, and moves this event in no mixture of the two views" in found.notes
    show(found.document())
    assert "without effect: compute_adjustment" in capsys.readouterr().out


def test_readings_say_why_they_are_the_same():
    assert "nothing to adjust" in ooms.readings("kwa-2026", draws=2**8).unadjusted
    assert ooms.readings("davidson-2025", draws=2**8).unadjusted == ""
