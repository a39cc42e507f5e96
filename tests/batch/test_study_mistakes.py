"""Mistakes in study files that hide one another, or that a check could trip over; cells and texts at their limits."""

from __future__ import annotations

import os
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ooms.batch.axes import grid_axis, zipped_axis
from ooms.batch.expecting import expect
from ooms.batch.plan import Plan
from ooms.batch.study import load_study
from ooms.files.library import priors_folder, shipped, views_folder
from ooms.files.toml import toml
from ooms.problems import Problems
from studies import problems_of, study_of


def test_a_mistake_of_form_hides_no_other(tmp_path):
    (tmp_path / "base.toml").write_text("nonsense = 1\n[grid]\nrho = [2]", encoding="utf-8")
    text = 'extends = "base"\nviwes = []\ntitle = 3\nviews = ["davidson"]\ndraws = 1000\n[grid]\nreturns = [-1]'
    told = problems_of(tmp_path, text)
    assert {problem.place for problem in told} == {
        "study.toml: viwes", "study.toml: title", "study.toml: views", "study.toml: draws", "base.toml: nonsense",
        "base.toml: grid.rho[0]", "study.toml: grid.returns[0]",
    }  # fmt: skip
    assert len(told) == 7


def test_nor_does_a_study_that_is_not_there(tmp_path):
    places = [p.place for p in problems_of(tmp_path, 'extends = "nothing"\nseed = -1\n[grid]\nrho = [2]\nspeed = []')]
    assert places == ["study.toml: extends", "study.toml: grid.rho[0]", "study.toml: seed"]  # speed may be in it


def test_what_is_asked_wrongly_is_placed_in_the_file_that_asks(tmp_path):
    (tmp_path / "base.toml").write_text('events = ["soon"]\nquantities = ["time"]', encoding="utf-8")
    places = [p.place for p in problems_of(tmp_path, 'extends = "base"\ndraws = 1000\nseed = -1')]
    assert sorted(places) == ["base.toml: events", "base.toml: quantities", "study.toml: draws", "study.toml: seed"]


def test_studies_that_go_round_in_a_circle(tmp_path):
    for name, other in (("x", "y"), ("y", "z"), ("z", "x")):
        (tmp_path / f"{name}.toml").write_text(f'extends = "{other}"', encoding="utf-8")
    (problem,) = problems_of(tmp_path, 'extends = "x"')
    assert "study.toml -> x.toml -> y.toml -> z.toml -> x.toml" in problem.what


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ('extends = "substitution"\n[grid]\nretruns = []', "did you mean returns"),
        ('extends = "substitution"\n[zipped.rho]', "give values"),
    ],
)
def test_only_what_is_there_can_be_taken_away(tmp_path, text, remedy):
    (problem,) = problems_of(tmp_path, text)
    assert "no such axis to take away" in problem.what
    assert remedy in problem.remedy


@pytest.mark.parametrize("axis", ["grid.workforce = []", "zipped.path = {}"])
def test_an_empty_axis_of_a_study_that_extends_none_takes_nothing_away(tmp_path, axis):
    (problem,) = problems_of(tmp_path, f"grid.rho = [-0.1, 0]\n{axis}")
    assert (problem.what, problem.remedy) == ("is empty", "give values, or leave it out")


def test_one_that_is_no_text_hides_no_other(tmp_path):
    text = 'events = ["5 oms in 1 year", 3]\nquantities = [2, "pace"]\nset = ["rho = 3", true, "roh = 1"]\n'
    told = [f"{problem.place}: {problem.what}" for problem in problems_of(tmp_path, text)]
    for words in ("events[1]: events = 3 is not text", "events: '5 oms in 1 year'", "quantities[0]: quantities = 2",
                  "quantities: there is no quantity 'pace'", "set[1]: set = true", "set.rho: rho = 3 is outside",
                  "set: there is no parameter roh"):  # fmt: skip
        assert any(words in one for one in told), (words, told)
    assert len(told) == 7


def test_what_cannot_be_read_makes_no_second_mistake_and_hides_none(tmp_path):
    text = 'views = ["davidson-2024", 3]\n[grid]\nreturns = ["lognorm(1, 2)", 3, true]\nrho = {low = 0, hihg = 1}\n'
    told = [f"{p.place.partition(': ')[2]}: {p.what}" for p in problems_of(tmp_path, text)]
    assert told == [
        "views[1]: views = 3 is not text", "views: davidson-2024 is neither a shipped view nor a file",
        'grid.returns[0]: "lognorm(1, 2)" cannot be read: lognorm is not a distribution; did you mean lognormal?',
        "grid.returns[2]: returns = true is not a belief",
        "grid.rho.hihg: hihg is not known here", "grid.rho.high: high is missing", "grid.rho.points: points is missing",
    ]  # fmt: skip


def test_a_zipped_axis_is_taken_away_and_given_again(tmp_path):
    study_of(tmp_path, "[zipped.a]\nspeed = [1, 30]\n[zipped.b]\nworkforce = [1, 30]", "base")
    less = study_of(tmp_path, 'extends = "base"\n[zipped.a]', "less")
    assert [axis.name for axis in less.axes] == ["view", "b"]
    again = study_of(tmp_path, 'extends = "less"\n[zipped.a]\nskill = [1, 2, 3]')
    assert [(axis.name, axis.changed) for axis in again.axes[1:]] == [("a", ("skill",)), ("b", ("workforce",))]


HUGE = "1" + "0" * 400


@pytest.mark.parametrize(
    "text",
    [
        f"[grid]\nspeed = {{low = 1, high = {HUGE}, points = 3}}",
        f"[grid]\nspeed = [{HUGE}]",
        "[grid]\nspeed = {low = 1, high = inf, points = 3}",
        "[grid]\ntaste_start = {low = -1e308, high = 1e308, points = 3}",
        f"[zipped.path]\nlabel = [{HUGE}]\nspeed = [1]",
        "[zipped.path]\nlabel = [nan]\nspeed = [1]",
        "[grid]\nspeed = {low = 1, high = 2, points = 2.5}",
        "[grid]\nspeed = {low = 1, high = 2, points = true}",
        "title = " + "[" * 3000 + "]" * 3000,
        "[grid]\nrho = " + "[" * 900 + "]" * 900,
    ],
    ids=lambda text: text[:40],
)
def test_no_number_and_no_nesting_is_too_large_for_an_answer(tmp_path, text):
    (problem,) = problems_of(tmp_path, text)
    assert "->" in str(problem)


DATASET = (
    "view", "event", "quantity", "level", "randomisation", "end", "draw", "probability", "probability_error",
    "probability_by_randomisation", "share", "quantile", "quantile_error", "never", "never_error", "unit", "state",
    "problem", "cell", "seconds",
)  # fmt: skip


@pytest.mark.parametrize("name", DATASET)
def test_the_dataset_keeps_its_names(name):
    problems = Problems()
    assert zipped_axis(name, {"speed": [1]}, "here", problems) is None
    assert f"{name} cannot be the name of an axis" in problems.found[0].what


@pytest.mark.parametrize(("other", "value"), [("sigma", 0.5), ("max_speed", 2), ("rho", 0.5)])
def test_rival_spellings_name_both_places(tmp_path, other, value):
    (problem,) = problems_of(tmp_path, f"[grid]\nrho = [-0.4]\n[zipped.path]\n{other} = [{value}]\nspeed = [1]")
    assert "grid.rho" in problem.what
    assert problem.place == "study.toml: zipped.path"


def test_the_two_ceilings_go_together(tmp_path):
    study = study_of(tmp_path, "[grid]\nlabour_ceiling = [10, 20]\ncompute_ceiling = [10]")
    assert study.cell(0).view().beliefs.keys() >= {"labour_ceiling", "compute_ceiling"}


def test_a_view_is_the_same_however_it_is_named(tmp_path):
    shipped_file = toml(str(views_folder() / "davidson-2025.toml"))
    (problem,) = problems_of(tmp_path, f'views = ["davidson-2025", {shipped_file}]')
    assert "davidson-2025 is named twice" in problem.what
    inside = toml(os.path.relpath(priors_folder() / "calibrated" / "davidson-2025.toml", tmp_path))
    study = study_of(tmp_path, f'views = ["davidson-2025", {inside}]')
    assert study.axes[0].labels == study.paths == ("davidson-2025", "calibrated/davidson-2025")


def test_two_views_of_one_name(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.toml").write_text('extends = "davidson-2025"', encoding="utf-8")
    (problem,) = problems_of(tmp_path, 'views = ["a/mine.toml", "b/mine.toml"]')
    assert "two views are called mine" in problem.what


def test_all_shipped_views_are_the_shipped_ones(tmp_path):
    (tmp_path / "epoch-2025.toml").write_text('title = "mine"\nextends = "davidson-2025"', encoding="utf-8")
    study = study_of(tmp_path, 'views = "all"')
    assert study.axes[0].labels == study.paths == shipped()
    assert study.views["epoch-2025"].title != "mine"
    assert study_of(tmp_path, 'views = ["epoch-2025"]').views["epoch-2025"].title == "mine"


@pytest.mark.parametrize("index", [-1, 1000, 10**9])
def test_there_is_no_cell_beyond_the_last(index):
    with pytest.raises(IndexError, match="from 0 on"):
        load_study("map").cell(index)


def test_a_cell_alone_says_all_that_is_changed(tmp_path):
    assert study_of(tmp_path, "[grid]\nrho = [-0.4]").cell(0).label == "davidson-2025, rho = -0.4"
    two = study_of(tmp_path, "[grid]\nrho = [-0.4]\nreturns = [1, 2]")
    assert two.cell(1).label == "davidson-2025, returns = 2"


def test_no_view_outlives_its_cell():
    views = [weakref.ref(cell.view()) for cell in load_study("map").cells()]
    assert len(views) == 1000
    assert not any(view() for view in views)


def test_every_cell_of_the_debate_can_be():
    for cell in load_study("debate").cells():
        assert cell.view().compute_adjustment == cell.where["compute_adjustment"]


def test_what_is_asked_twice_is_asked_once_in_tidy_words(tmp_path):
    study = study_of(tmp_path, 'events = ["5 OOMs  in 1 year", "5 ooms in 1 year"]\nquantities = []')
    assert study.events == ("5 ooms in 1 year",)


NUMBERS = st.floats(-1e6, 0.99).map(lambda x: x + 0.0)


@given(st.lists(NUMBERS, min_size=1, max_size=6, unique=True), st.sampled_from(["", "a\nb", '"""', "\\ \x7f\t é"]))
@settings(max_examples=10, deadline=None)  # two studies are read: 0.1 s of a processor that others use too
def test_texts_read_back_as_they_were(tmp_path_factory, rho, description):
    folder = tmp_path_factory.mktemp("texts")
    text = f"description = {toml(description)}\n[grid]\nrho = {toml(rho)}\ndeclining_returns = [true, false]"
    study = study_of(folder, text)
    again = study_of(folder, study.text)
    assert again == study
    assert again.axes[1].labels == tuple(rho)


@given(st.floats(1e-6, 1e6), st.floats(1.001, 1e6), st.integers(2, 60), st.sampled_from(["linear", "log"]))
@settings(max_examples=60)
def test_ranges_rise_from_end_to_end(low, times, points, scale):
    problems = Problems()
    high = low * times
    axis = grid_axis("speed", {"low": low, "high": high, "points": points, "scale": scale}, "here", problems)
    problems.raise_if_any()
    assert (axis.labels[0], axis.labels[-1], len(axis.labels)) == (low, high, points)
    assert list(axis.labels) == sorted(axis.labels)


def test_long_axes_take_no_time_of_their_own():
    """Repeated labels are found in one go: comparing each with all before it took minutes."""
    problems = Problems()
    labels = [k % 10_000 for k in range(20_000)]
    zipped_axis("path", {"label": labels, "retraining": [True] * 20_000}, "here", problems)
    assert len(problems) == 10_000


@pytest.mark.slow
def test_a_million_cells_are_counted_and_some_of_them_looked_at(tmp_path, capsys):
    path = tmp_path / "million.toml"
    axis = "{{low = {}, high = {}, points = 1000}}"
    grid = f"rho = {axis.format(-1, 0)}\nreturns = {axis.format(0.5, 3)}"
    path.write_text(f'draws = 256\nevents = ["5 ooms in 1 year"]\nquantities = []\n[grid]\n{grid}', encoding="utf-8")
    study = load_study(path)
    plan = Plan(study, most=100)
    assert (study.size, len(plan.addresses), plan.cells[:3]) == (1_000_000, 100, range(0, 30_000, 10_000))
    assert all(plan.resolved(index).address == address for address, (index,) in plan.places.items())
    assert 900_000 < expect(plan).cells <= 1_000_000
    told = []
    Plan(study, lambda done, total: told.append((done, total)), most=2000)
    assert told == [(0, 2000), (1000, 2000)]


def test_more_axes_than_can_be_told_apart(tmp_path):
    text = "\n".join(f"[zipped.z{k}]\nlabel = ['a']\nrho = [-0.1]" for k in range(3000))
    (problem,) = problems_of(tmp_path, text)
    assert problem.what == "3,000 axes vary, more than 32"
