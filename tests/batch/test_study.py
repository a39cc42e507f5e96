"""Study files: what they mean, and everything that is wrong with one at once."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ooms
from ooms.batch.axes import Axis
from ooms.batch.spec import shipped_studies
from ooms.batch.study import Study, load_study
from ooms.comparing.compare import COMPARED_QUANTITIES
from ooms.files.library import shipped
from ooms.outcomes import DEFAULT_EVENTS
from ooms.problems import UserError
from studies import problems_of, small, study_of, written


@pytest.mark.parametrize(
    ("name", "shape"), [("substitution", (1, 7, 5, 5)), ("debate", (len(shipped()), 2)), ("map", (1, 40, 25))]
)
def test_the_shipped_studies(name, shape):
    study = load_study(name)
    assert (study.shape, study.name) == (shape, name)
    assert study.title
    assert study.description
    for cell in (study.cell(0), study.cell(study.size - 1)):
        assert cell.view().beliefs


def test_they_are_all_listed():
    assert shipped_studies() == ("substitution", "debate", "map")
    assert load_study("map").size == 1000
    assert any("anywhere" in event for event in load_study("debate").events)


def test_a_shipped_study_by_its_old_name(tmp_path):
    with pytest.raises(UserError) as raised:
        load_study("seed")
    assert str(raised.value) == "seed: the shipped study seed is called substitution now\n    -> write substitution"
    with pytest.raises(UserError, match="extends: seed the shipped study seed is called substitution now"):
        study_of(tmp_path, 'extends = "seed"')


def test_a_file_may_have_the_old_name_of_a_shipped_study(tmp_path):
    study_of(tmp_path, 'title = "mine"', "seed")
    assert study_of(tmp_path, 'extends = "seed"').title == "mine"


def test_what_is_not_said_has_a_default(tmp_path):
    study = study_of(tmp_path, "")
    assert study.views.keys() == {"davidson-2025"}
    assert (study.draws, study.seed, study.keep_draws, study.title) == (2**16, 0, False, "study")
    assert study.events == DEFAULT_EVENTS
    assert study.quantities == COMPARED_QUANTITIES
    assert [cell.label for cell in study.cells()] == ["davidson-2025"]


def test_axes_come_as_they_stand_in_the_file_views_first(tmp_path):
    study = study_of(
        tmp_path,
        """
        views = ["epoch-2025", "davidson-2025+long-run"]
        set = ["speed ~ lognormal(p10=10, p90=100)", "retraining = false"]
        [grid]
        compute_adjustment = [true, false]
        rho = [-0.4, 0, "uniform(-0.2, 0)"]
        [zipped.hardware]
        label = ["flat", "grows"]
        hardware_growth = [0, 0.5]
        hardware_shock = [0.5, 0.1]
        hardware_shock_year = [1, 1]
        """,
    )
    assert [axis.name for axis in study.axes] == ["view", "compute_adjustment", "rho", "hardware"]
    assert study.shape == (2, 2, 3, 2)
    assert study.axes[1].labels == (True, False)
    assert study.axes[2].labels == ("-0.4", "0", "uniform(-0.2, 0)")
    assert study.axes[3].beside["hardware_growth"] == (0.0, 0.5)
    cell = study.cell(study.size - 1)
    assert cell.where == {
        "view": "davidson-2025+long-run", "compute_adjustment": False, "rho": "uniform(-0.2, 0)", "hardware": "grows",
    }  # fmt: skip
    assert cell.label == (
        "davidson-2025+long-run, compute_adjustment = false, rho = uniform(-0.2, 0), hardware = grows"
    )
    assert cell.changes == {
        "speed": "lognormal(p10=10, p90=100)", "retraining": False, "compute_adjustment": False,
        "rho": "uniform(-0.2, 0)", "hardware_growth": 0.5, "hardware_shock": 0.1, "hardware_shock_year": 1.0,
    }  # fmt: skip
    view = cell.view()
    assert str(view.beliefs["rho"].marginal) == "uniform(-0.2, 0)"
    assert not view.compute_adjustment


def test_ranges_go_from_end_to_end(tmp_path):
    study = study_of(
        tmp_path,
        "[grid]\nrho = {low = -1.2, high = 0, points = 5}\n"
        'returns = {low = 0.4, high = 3.6, points = 3, scale = "log"}',
    )
    assert study.axes[1].labels == (-1.2, -0.9, -0.6, -0.3, 0.0)
    assert study.axes[2].labels == (0.4, 1.2, 3.6)


def test_without_labels_the_settings_are_the_labels(tmp_path):
    study = study_of(tmp_path, "[zipped.path]\nspeed = [1, 30]\nworkforce = [1000.5, 30]")
    assert study.axes[1].labels == ("speed = 1, workforce = 1000.5", "speed = 30, workforce = 30")


@pytest.mark.parametrize(
    "text",
    ['draws = "2^12"', 'draws = "2 ** 12"', "draws = 4096", "draws = 4_096", "draws = 4.096e3", 'draws = "4_096"'],
)
def test_draws_in_words(tmp_path, text):
    assert study_of(tmp_path, text).draws == 4096


def test_a_study_extends_another_axis_by_axis(tmp_path):
    written(tmp_path, name="base", title="base", draws=256, seed=3)
    study = study_of(
        tmp_path,
        """
        extends = "base"
        title = "child"
        quantities = []
        [grid]
        returns = [1, 2, 3]
        speed = [1, 30]
        """,
    )
    assert (study.title, study.draws, study.seed, study.quantities) == ("child", 256, 3, ())
    assert [axis.name for axis in study.axes] == ["view", "rho", "returns", "speed"]
    assert study.axes[2].labels == (1.0, 2.0, 3.0)
    less = study_of(tmp_path, 'extends = "study"\n[grid]\nrho = []', name="less")
    assert [axis.name for axis in less.axes] == ["view", "returns", "speed"]
    assert load_study("substitution").size * 2 == study_of(tmp_path, 'extends = "substitution"\n[grid]\nspeed = [1, 30]', "more").size


def test_views_are_found_beside_the_file_that_names_them(tmp_path):
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "mine.toml").write_text('title = "mine"\nextends = "davidson-2025"', encoding="utf-8")
    written(tmp_path / "base", name="base", views=["mine.toml", "davidson-2025", "mine+long-run"])
    study = study_of(tmp_path, 'extends = "base/base.toml"')
    assert study.axes[0].labels == ("mine", "davidson-2025", "mine+long-run")
    assert study.views["mine"].title == "mine"


WRONG = {
    "viwes = []": "viwes is not known here",
    "views = 3": "views = 3 is not a list of views",
    'views = ["davidson"]': "did you mean davidson-2025",
    "views = []": "views: is empty",
    'views = ["epoch-2025", "epoch-2025"]': "epoch-2025 is named twice",
    "title = 3": "title = 3 is not text",
    'events = "5 ooms in 1 year"': "is not a list",
    'events = ["5 oms in 1 year"]': "'5 oms in 1 year' cannot be read",
    'quantities = ["time"]': "there is no quantity 'time'",
    "events = []\nquantities = []": "asks for neither events nor quantities",
    "draws = 1000": "draws = 1000 is not a power of two",
    'draws = "many"': "draws = 'many' is not a number of draws",
    "seed = -1": "seed = -1 is negative",
    "seed = 1.5": "seed = 1.5 is not a whole number",
    "keep_draws = 1": "keep_draws = 1 is not a switch position",
    'set = ["rho"]': "'rho' cannot be read",
    'set = ["roh = 1"]': "there is no parameter roh",
    'set = ["rho = 2"]': "outside its domain",
    'set = ["rho = -0.4"]\n[grid]\nrho = [-0.1]': "rho is changed here and at set.rho",
    'set = ["sigma = 0.4"]\n[grid]\nrho = [-0.1]': "rho states the same as sigma, which is changed at set.sigma",
    "[grid]\nroh = [1]": "did you mean rho",
    "[grid]\nrho = 1": "rho = 1 is neither a list nor a range",
    "[grid]\nrho = [0.5, 2]": "grid.rho[1]: rho = 2 is outside its domain",
    '[grid]\nrho = ["unifrom(-1, 0)"]': "grid.rho[0]",
    '[grid]\nrho = ["normal(0, 1)"]': "outside its domain",
    "[grid]\nrho = [true]": "rho = true is not a belief",
    "[grid]\nrho = [nan]": "is not a number to compute with",
    "[grid]\nrho = [-0.1, -0.1]": "-0.1 is there twice",
    "[grid]\nrho = [0.0, -0.0]": "0 is there twice",
    "[grid]\nretraining = [1]": "retraining = 1 is not a switch position",
    '[grid]\nretraining = ["as"]': 'or "as coded"',
    "[grid]\nrho = {low = 0, high = -1, points = 3}": "low = 0 is not below high = -1",
    "[grid]\nrho = {low = -1, high = 0, points = 1}": "points = 1 is not a whole number of 2 or more",
    "[grid]\nrho = {low = -1, high = 0}": "points is missing",
    "[grid]\nrho = {high = 0, points = 3}": "low is missing",
    '[grid]\nrho = {low = -1, high = 0, points = 3, scale = "log"}': "low = -1 has no logarithm",
    '[grid]\nrho = {low = -1, high = 0, points = 3, scale = "cube"}': "scale = 'cube' is not known",
    "[grid]\nrho = {low = -1, high = 0, points = 3, step = 1}": "step is not known here",
    "[grid]\nspeed = {low = 1, high = 2, points = 2000}\nrho = {low = -1, high = 0, points = 2000}": "4,000,000 cells",
    "[zipped.rho]\nspeed = [1]": "rho is a parameter",
    "[zipped.level]\nspeed = [1]": "level cannot be the name of an axis",
    "[zipped.path]\nspeed = [1, 2]\nworkforce = [1]": "speed has 2, workforce has 1",
    '[zipped.path]\nlabel = ["a"]': "changes nothing",
    '[zipped.path]\nlabel = ["a", "a"]\nspeed = [1, 2]': "a is there twice",
    "[zipped.path]\nspeed = 1": "speed = 1 is not a list",
    "[zipped.path]\nlabel = [[1]]\nspeed = [1]": "labels are neither numbers nor text",
    "[zipped]\npath = 3": "path = 3 is not a table",
    'extends = "nothing"': "is neither a shipped study nor a file",
    'extends = "study"': "break the circle",
    "views = [": "is not TOML",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_told(tmp_path, text):
    told = list(map(str, problems_of(tmp_path, text)))
    assert len(told) == 1
    assert WRONG[text] in told[0]
    assert "\n    -> " in told[0]


def test_everything_that_is_wrong_is_told_at_once(tmp_path):
    told = problems_of(
        tmp_path,
        """
        views = ["davidson"]
        draws = 1000
        events = ["soon"]
        set = ["roh = 1", "speed = -3"]
        [grid]
        rho = [2, 3]
        returns = [1, 1]
        [zipped.level]
        speed = 3
        """,
    )
    assert len(told) == 10


def test_there_is_no_such_study(tmp_path):
    with pytest.raises(UserError, match="did you mean substitution"):
        load_study("substition")
    with pytest.raises(UserError, match="no such file"):
        load_study(tmp_path / "none.toml")


@pytest.mark.parametrize("name", shipped_studies())
def test_the_text_of_a_study_makes_the_same_study(name, tmp_path):
    study = load_study(name)
    again = study_of(tmp_path, study.text, name)
    assert again.text == study.text
    for field in ("name", "title", "axes", "events", "quantities", "draws", "seed", "keep_draws", "set"):
        assert getattr(again, field) == getattr(study, field)


def test_and_of_one_with_everything(tmp_path):
    (tmp_path / "mine.toml").write_text('title = "a \\"quoted\\" one"\nextends = "davidson-2025"', encoding="utf-8")
    study = small(
        tmp_path, views=["mine"], set=["speed = 3", "retraining=true"], keep_draws=True,
        grid={"returns": [1, "uniform(1, 2)"]},
        zipped={"hardware": {"label": ["a", "b"], "workforce": [1, 2.5], "compute_adjustment": [True, False]}},
    )  # fmt: skip
    again = study_of(tmp_path, study.text, "small")
    assert again.axes == study.axes
    assert again.set == study.set
    assert [cell.view().beliefs for cell in again.cells()] == [cell.view().beliefs for cell in study.cells()]


AXES = st.lists(st.integers(1, 4), min_size=0, max_size=4)


@given(AXES)
@settings(max_examples=40)
def test_cells_are_the_product_of_the_axes_the_last_fastest(counts):
    view = ooms.load("davidson-2025")
    axes = [Axis("view", ("a", "b"), ({}, {}))]
    for k, count in enumerate(counts):
        labels = tuple(float(j) for j in range(count))
        axes.append(Axis(f"x{k}", labels, tuple({f"x{k}": label} for label in labels)))
    study = Study("s", "", "", "", tuple(axes), {"a": view, "b": view}, ("a", "b"), {}, (), ())
    product = list(itertools.product(*(axis.labels for axis in axes)))
    assert study.size == len(product)
    assert [tuple(cell.where.values()) for cell in study.cells()] == product
    assert [cell.index for cell in study.cells()] == list(range(study.size))
    assert all(cell.changes == {key: cell.where[key] for key in cell.where if key != "view"} for cell in study.cells())


def test_a_seed_of_128_bits_is_in_the_store_and_in_what_is_made_of_it(tmp_path):
    seed = 243799254704924441050048792905230269161
    text = f'events = ["5 ooms in 1 year"]\nquantities = []\ndraws = 256\nseed = {seed}\n[grid]\nrho = [-0.4, -0.2]\n'
    (tmp_path / "large.toml").write_text(text)
    ooms.run_study(tmp_path / "large.toml", tmp_path / "large.zarr", threads=1)
    data = ooms.open_study(tmp_path / "large.zarr")
    assert int(data.attrs["seed"]) == load_study(tmp_path / "large.toml").seed == seed
    data.load().to_netcdf(tmp_path / "large.nc", engine="h5netcdf")
    alone = ooms.forecast(ooms.load("davidson-2025").replace(rho=-0.2), draws=256, seed=seed, threads=1, quantities=())
    assert data["probability"].isel(event=0).sel(rho=-0.2).item() == alone.probability("5 ooms in 1 year").value
