"""What a person meets in a notebook: names that complete, lists, views, estimates that are numbers, tables, files."""

from __future__ import annotations

import copy
import importlib
import math
import pickle
from dataclasses import replace

import numpy as np
import pytest

import ooms
from ooms.outcomes import parse_event
from ooms.problems import UserError
from ooms.results.credence import Estimate
from ooms.results.tables import Table

EVENT = "5 ooms in 1 year"


@pytest.fixture(scope="module")
def view():
    return ooms.load("davidson-2025")


@pytest.fixture(scope="module")
def forecast(view):
    return ooms.forecast(view, draws=2**10, quantities=["time to 5 ooms"])


@pytest.fixture(scope="module")
def comparison(view):
    return ooms.compare([view, view.replace(rho=-0.4)], draws=2**10, quantities=["time to 5 ooms"])


# -- names and lists -----------------------------------------------------------------------------------------------


def test_every_public_name_is_listed_and_can_be_had():
    assert set(dir(ooms)) == set(ooms.__all__)
    assert all(getattr(ooms, name) is not None for name in dir(ooms))


def test_parameters_is_a_list_whether_or_not_its_module_was_imported():
    module = importlib.import_module("ooms.parameters")
    assert ooms.parameters().names == module.known_names()
    assert ooms.parameters()["returns"].symbol == "r"


@pytest.mark.parametrize("name", ["views", "surveys", "studies", "events", "quantities", "parameters"])
def test_a_list_is_a_frozen_sequence_of_named_entries_and_a_table(name):
    listing = getattr(ooms, name)()
    first = listing[0]
    assert len(listing) == len(list(listing)) == len(set(listing.names)) > 2
    assert listing[first.name] == first
    assert first.name in listing
    assert first in listing
    assert "nothing of the kind" not in listing
    assert listing[1:].names == listing.names[1:]
    assert list(listing.to_dataframe()["name"]) == list(listing.names)
    assert repr(listing).splitlines()[0] == f"{len(listing)} {name}"
    assert listing._repr_html_().count("<tr>") == len(listing) + 1
    with pytest.raises(UserError, match="nothing"):
        listing["nothing"]
    with pytest.raises(AttributeError):
        listing.rows = ()


def test_every_event_that_is_listed_can_be_asked():
    assert [parse_event(name).text for name in ooms.events().names] == list(ooms.events().names)


# -- views ---------------------------------------------------------------------------------------------------------


def test_a_view_gives_beliefs_by_name_symbol_and_the_words_of_the_literature(view):
    assert view["rho"] is view["\N{GREEK SMALL LETTER RHO}"] is view["substitution"] is view.beliefs["rho"]
    assert view["a"] is view["alpha"] is view["compute_share"]
    assert "alpha" in view
    assert "sigma" not in view
    assert list(view) == list(view.parameters)
    assert len(view) == len(view.parameters)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("sigma", "it states rho instead"), ("retruns", "did you mean returns"), ("rho_discrepancy", "neutral value 0")],
)
def test_what_a_view_does_not_state_is_told_with_what_it_does(view, name, remedy):
    with pytest.raises(UserError, match=remedy):
        view[name]


def test_the_parameters_of_a_view_cannot_be_changed(view):
    with pytest.raises(TypeError):
        view.parameters["rho"] = view["returns"]


def test_a_view_built_from_a_table_is_that_of_the_file_with_the_same_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text(
        'title = "Mine"\nextends = "davidson-2025"\n[parameters]\nrho = {value = -0.3, source = "a guess"}\n'
    )
    table = {"title": "Mine", "extends": "davidson-2025", "parameters": {"rho": {"value": -0.3, "source": "a guess"}}}
    assert ooms.View.build(table, "mine") == ooms.load("mine.toml")
    assert table["parameters"]["rho"] == {"value": -0.3, "source": "a guess"}


def test_everything_that_is_wrong_with_a_built_view_is_told_at_once():
    with pytest.raises(UserError) as caught:
        ooms.View.build({"extends": "davidson-2025", "parameters": {"rho": {"value": 2}, "alpha": 3}, "wat": 1})
    assert {problem.place for problem in caught.value.problems} >= {
        "mine.toml: wat",
        "mine.toml: parameters.rho.source",
        "mine.toml: parameters.alpha",
        "mine.toml: parameters.rho",
    }


def test_a_saved_view_reads_back_with_the_same_beliefs(view, tmp_path):
    changed = view.replace(rho="uniform(-0.5, -0.1)", retraining=True)
    changed.save(tmp_path / "mine.toml")
    back = ooms.open(tmp_path / "mine.toml")
    assert isinstance(back, ooms.View)
    assert {n: (b.marginal, b.source) for n, b in back.parameters.items()} == {
        n: (b.marginal, b.source) for n, b in changed.parameters.items()
    }
    assert (back.retraining, back.correlations) == (True, changed.correlations)
    with pytest.raises(UserError, match=r"does not end in \.toml"):
        view.save(tmp_path / "mine.txt")


def test_a_view_is_shown_as_a_table_of_a_row_a_parameter(view):
    lines = repr(view).splitlines()
    assert lines[0].startswith("<View davidson-2025: Davidson (2025)")
    assert len(lines) == len(view) + 2
    assert "uniform(-0.2, 0)" in repr(view)


# -- estimates -----------------------------------------------------------------------------------------------------


def test_an_estimate_is_a_number_among_numbers():
    p = Estimate(0.25, 0.03125)
    assert (float(p), math.sqrt(p), round(p, 1), f"{p:.3f}", f"{p}") == (0.25, 0.5, 0.2, "0.250", str(p))
    assert p > 0.2 and p >= 0.25 and p < 1 and p <= np.float64(0.25) and 0.2 < p < 0.3  # noqa: PT018
    assert 2 * p == p * 2 == p / 0.5 == Estimate(0.5, 0.0625)
    assert 1 - p == -(p - 1) == Estimate(0.75, 0.03125)
    assert 1 / p == Estimate(4.0, 0.5)
    assert abs(-p) == p
    value, error = p
    assert (value, error) == (0.25, 0.03125)
    with pytest.raises(TypeError):
        p + "1"


def test_the_difference_of_two_forecasts_has_the_error_of_paired_draws(comparison):
    first, second = (comparison.probability(name, EVENT) for name in comparison.views)
    found, paired = first - second, comparison.difference(EVENT)
    assert tuple(found) == pytest.approx(tuple(paired), rel=1e-9)


def test_noise_that_two_forecasts_share_cancels_in_their_difference(view, forecast):
    near = ooms.forecast(view.replace(rho="uniform(-0.22, 0)"), draws=2**10, events=[EVENT], quantities=[])
    difference = forecast.probability(EVENT) - near.probability(EVENT)
    assert 0 < difference.value < 0.05
    assert difference.standard_error < 0.5 * near.probability(EVENT).standard_error


def test_a_sum_and_its_parts_agree_whatever_the_way_to_it(forecast):
    a, b = forecast.probability(EVENT), forecast.probability("3 years in 1 year")
    assert tuple((a + b) - b) == pytest.approx(tuple(a))
    assert tuple((a / b) * b) == pytest.approx(tuple(a))
    assert tuple(sum([a, b])) == pytest.approx(tuple(a + b))
    assert tuple(a - a) == (0.0, 0.0)
    assert tuple(a + a) == pytest.approx(tuple(2 * a))
    assert tuple(a * a) == pytest.approx((a.value**2, 2 * a.value * a.standard_error))


def test_where_no_draw_differs_a_difference_is_not_certain(forecast):
    once, again = forecast.probability(EVENT), copy.copy(forecast.probability(EVENT))
    assert tuple(once - again) == (0.0, 1 / forecast.draws)


def test_errors_that_may_be_shared_are_not_taken_to_be_independent(forecast):
    (median,) = forecast.quantiles("time to 5 ooms", 0.5)
    with pytest.raises(UserError, match="is not known"):
        median - forecast.probability(EVENT)
    assert float(median) - float(forecast.probability(EVENT)) > 0


def test_what_an_estimate_knows_of_its_randomisations_is_kept_and_shown_nowhere(forecast):
    p = forecast.probability(EVENT)
    assert len(p.replicates) == 16
    assert np.mean(p.replicates) == pytest.approx(p.value)
    assert pickle.loads(pickle.dumps(p)).replicates == p.replicates
    assert p == Estimate(*p)
    assert "replicates" not in repr(p)


# -- tables --------------------------------------------------------------------------------------------------------


def test_a_forecast_as_a_dataframe_has_its_numbers(forecast):
    frame = forecast.to_dataframe()
    event = frame[frame["outcome"] == EVENT].iloc[0]
    assert (event["value"], event["standard_error"]) == tuple(forecast.probability(EVENT))
    median = frame[(frame["outcome"] == "time to 5 ooms") & (frame["level"] == 0.5)].iloc[0]
    assert median["value"] == forecast.quantiles("time to 5 ooms", 0.5)[0].value
    assert median["unit"] == "years"


def test_a_comparison_and_a_pool_as_dataframes_have_their_numbers(comparison):
    frame = comparison.to_dataframe().query("statistic == 'probability'")
    stated = [comparison.probability(view, event).value for view in comparison.views for event in comparison.events]
    assert list(frame["value"]) == stated
    pool = ooms.pool(["davidson-2025", "epoch-2025"], draws=2**8, events=[EVENT], quantities=[])
    assert pool.to_dataframe()["value"].tolist() == [pool.probability(EVENT).value]


def test_an_explanation_as_a_dataframe_has_a_row_a_group(view):
    explanation = ooms.explain(view, view.replace(rho=-0.4), event=EVENT, draws=2**8)
    assert explanation.to_dataframe().set_index("group")["contribution"].to_dict() == {
        name: moved.value for name, moved in explanation.contributions.items()
    }
    assert "<table>" in explanation._repr_html_()


def test_results_in_notebooks_are_tables_with_all_text_escaped(view, forecast, comparison):
    odd = replace(view, title="<script>alert(1)</script>")
    for result in (odd, forecast, comparison, ooms.load_study("map")):
        html = result._repr_html_()
        assert html.startswith("<table>")
        assert "<script" not in html
        assert "color" not in html
    assert "&lt;script&gt;" in odd._repr_html_()
    assert EVENT in forecast._repr_html_()
    assert "rho = -0.4" in comparison._repr_html_()


def test_a_table_of_nothing_is_its_heading():
    assert str(Table("<nothing>", ("a", "b"), ())) == "<nothing>"


# -- files ---------------------------------------------------------------------------------------------------------


def test_a_saved_forecast_opens_as_the_tree_that_it_was(forecast, comparison, tmp_path):
    forecast.save(tmp_path / "f.nc")
    tree = ooms.open(tmp_path / "f.nc")
    assert float(tree["events"]["probability"].sel(event=EVENT)) == forecast.probability(EVENT).value
    comparison.save(tmp_path / "c.nc")
    assert list(ooms.open(tmp_path / "c.nc")["view"].values) == list(comparison.views)


@pytest.mark.parametrize(("kind", "folder", "name"), [("View", "views", "epoch-2025"), ("Study", "studies", "map"),
                                                      ("Survey", "surveys", "compute-polls"),
                                                      ("Calibration", "calibrated", "davidson-2025")])  # fmt: skip
def test_every_shipped_file_opens_as_what_it_is(kind, folder, name):
    from ooms.files.library import priors_folder

    assert isinstance(ooms.open(priors_folder() / folder / f"{name}.toml"), getattr(ooms, kind))


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("none.toml", None, "no such file"),
        ("empty.toml", b"", "neither a prior file"),
        ("odd.toml", b"= 3", "is not TOML"),
        ("deep.toml", b"a = " + b"[" * 10_000, "too deep|is not TOML"),
        ("odd.nc", b"\x89HDF\r\n\x1a\nwhatever", "damaged, or no NetCDF"),
        ("odd.csv", b"a,b", "ends in .csv"),
        ("lone.nc", "calibrated", "without its prior file"),
    ],
)
def test_what_ooms_did_not_save_or_is_damaged_is_told(tmp_path, name, content, what):
    from ooms.files.library import priors_folder

    if content == "calibrated":
        content = (priors_folder() / "calibrated" / "davidson-2025.nc").read_bytes()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=what):
        ooms.open(tmp_path / name)


def test_a_folder_that_is_no_store_is_told(tmp_path):
    with pytest.raises(UserError, match="no store of a study"):
        ooms.open(tmp_path)
