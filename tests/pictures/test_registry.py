"""A picture is one file and one line of the registry: the command line, results and reports know it from there."""

from __future__ import annotations

import copy
import importlib
import inspect
import pickle
import pkgutil
import subprocess
import sys
from types import ModuleType

import altair as alt
import pytest
import xarray as xr

import ooms
import ooms.pictures
from ooms.cli import main
from ooms.pictures.picture import Picture
from ooms.pictures.plots import NoPictureError, Plots
from ooms.pictures.registry import REGISTRY, Entry


def test_files_of_pictures_are_the_registry():
    names = (found.name for found in pkgutil.walk_packages(ooms.pictures.__path__, "ooms.pictures."))
    holds = {name for name in names if hasattr(importlib.import_module(name), "PICTURE")}
    assert holds == {entry.module for entry in REGISTRY.values()}
    for entry in REGISTRY.values():
        assert entry.picture.title
        assert entry.picture.caption
        assert ("event" in inspect.signature(entry.picture.rows).parameters) == entry.by_event, entry.name


NEW = '''
"""How many draws it was worked out from."""
import altair as alt

from ooms.pictures.picture import Picture
from ooms.pictures.rows import data


def _rows(forecast):
    return [{"draws": forecast.draws}]


def _chart(rows):
    return alt.Chart(data(rows)).mark_text().encode(text="draws:Q")


def _words(rows):
    return f"{rows[0]['draws']} draws."


PICTURE = Picture("From how many draws?", "A number.", _rows, _chart, _words)
'''


def test_a_new_picture_is_one_file_and_one_line(monkeypatch):
    entry = Entry("amount", "a view", "from how many draws")
    module = ModuleType(entry.module)
    exec(NEW, module.__dict__)
    monkeypatch.setitem(sys.modules, entry.module, module)
    forecast = ooms.forecast("davidson-2025", draws=2**8, events=[], quantities=[])
    plot = Plots("a view", forecast, {**REGISTRY, entry.name: entry})
    assert set(dir(plot)) == {*dir(forecast.plot), "amount"}
    assert plot.amount().to_dict()["description"] == "256 draws."
    assert plot.amount.__doc__ == "From how many draws, as an Altair chart."


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("study")
    text = "draws = 256\nquantities = []\nevents = ['5 ooms in 1 year', '1 oom in 1 year']\n"
    (folder / "it.toml").write_text(f"{text}grid.rho = [-0.4, -0.2, -0.1]\ngrid.returns = [0.5, 1.0]\n")
    return {
        "a view": ooms.forecast("davidson-2025", draws=2**9),
        "views": ooms.compare(["davidson-2025", "finite-resources"], draws=2**9),
        "a calibration": ooms.open_calibration("calibrated/davidson-2025"),
        "a study": ooms.run_study(folder / "it.toml", folder / "it.zarr", threads=1),
    }


ELSEWHERE = {"calibration", "learnt"}
"""Pictures of which `test_calibration` checks whole charts too."""


@pytest.mark.parametrize("name", [
    pytest.param(name, marks=pytest.mark.slow if name in ELSEWHERE else ()) for name in REGISTRY
])  # fmt: skip
def test_every_picture_of_every_result_is_drawn_in_one_idiom_and_described(results, name):
    entry = REGISTRY[name]
    result = results[entry.of]
    draw = getattr(result.plot, name)
    assert draw.__doc__.startswith(entry.shows[0].upper() + entry.shows[1:])
    chart = draw()
    assert isinstance(chart, alt.TopLevelMixin)
    spec = chart.to_dict()  # checks it against the schema
    shown = result.data if entry.of == "a study" else result
    assert spec["description"] == entry.picture.said(shown)
    assert isinstance(entry.picture, Picture)


def test_one_may_choose_the_event(results):
    views, study = results["views"], results["a study"]
    event = "3 years in 1 year"
    said = views.plot.views(event).to_dict()["description"]
    assert said.startswith("Probability of 3 years in 1 year by position")
    highest = views.forecast(views.sorted(event).views[0]).view.position
    assert f"first: {highest} " in said
    assert "1 OOM in 1 year" in study.plot.lines("1 oom in 1 year").to_dict()["description"]


def test_an_unknown_name_says_what_was_meant(results):
    for result in results.values():
        (first, *_) = dir(result.plot)
        with pytest.raises(AttributeError, match=f"did you mean {first}"):
            getattr(result.plot, f"{first}x")
        assert not hasattr(result.plot, f"{first}x")
    with pytest.raises(ooms.UserError, match="no such picture of views"):
        results["views"].plot.fan  # noqa: B018
    assert issubclass(NoPictureError, ooms.UserError)


def test_pictures_survive_copies(results):
    plot = results["views"].plot
    assert dir(copy.copy(plot)) == dir(plot)
    assert dir(pickle.loads(pickle.dumps(Plots("views", None)))) == dir(plot)


def test_a_study_that_has_no_such_layout_says_which_it_has(results):
    data = results["a study"].data
    with pytest.raises(ooms.UserError, match=r"there is one(.|\n)*try lines"):
        Plots("a study", data.isel(returns=[0])).map()
    with pytest.raises(ooms.UserError, match=r"try dots"):
        Plots("a study", data.isel(returns=[0], rho=[0])).lines()


def test_a_study_that_is_opened_has_the_pictures_of_the_one_that_was_run(results):
    run = results["a study"]
    for opened in (ooms.open(run.folder), ooms.open_study(run.folder), ooms.open_study(run.folder).load()):
        assert dir(opened.plot) == dir(run.plot)
        assert opened.plot.lines().to_dict() == run.plot.lines().to_dict()
        assert opened.plot.lines("1 oom in 1 year").to_dict() == run.plot.lines("1 oom in 1 year").to_dict()
    part = opened.sel(returns=0.5)
    assert isinstance(part, xr.Dataset)
    assert "returns = 0.5" in part.plot.lines().to_dict()["title"]["subtitle"][0]
    assert callable(opened.plot.scatter)  # xarray's own
    with pytest.raises(AttributeError, match="did you mean lines"):
        opened.plot.line  # noqa: B018
    again = pickle.loads(pickle.dumps(opened))
    xr.testing.assert_identical(again, opened)
    assert dir(again.plot) == dir(run.plot)
    opened.close()


def test_neither_a_forecast_nor_its_list_of_pictures_needs_altair():
    code = (
        "import sys, ooms; f = ooms.forecast('davidson-2025', draws=256, events=[], quantities=[]);"
        "assert 'fan' in dir(f.plot) and f.plot.fan.__doc__; assert 'altair' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_command_line_draws_a_layout_of_a_study(results, tmp_path):
    out = tmp_path / "it.svg"
    assert main(["plot", "dots", str(results["a study"].folder), "-o", str(out)]) == 0
    assert "rho" in out.read_text()
