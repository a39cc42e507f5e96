"""Pictures of a forecast: they show what was computed, hide nothing that never comes, and say it in words."""

from __future__ import annotations

import json
import math
import re
from itertools import pairwise

import numpy as np
import pytest

import ooms
from nested import datasets
from ooms.beliefs.draws import Sampler
from ooms.pictures.files import save_chart
from ooms.pictures.forecast.exceedance import STEPS_OF_PROGRESS, WINDOWS
from ooms.pictures.forecast.fan import DAYS
from ooms.pictures.forecast.pace import LABOUR
from ooms.pictures.registry import pictures_of
from ooms.pictures.theme import DARK, STEPS
from ooms.results.credence import Estimate
from ooms.results.numbers import duration

DRAWS = 2**12
PICTURES = {name: entry.picture for name, entry in pictures_of("a view").items()}


def made(view, draws=DRAWS, **changes):
    view = ooms.load(view)
    view = view.replace(**changes) if changes else view
    events = dict.fromkeys(event for picture in PICTURES.values() for event in picture.events)
    quantities = dict.fromkeys(name for picture in PICTURES.values() for name in picture.quantities)
    return ooms.forecast(view, draws=draws, events=events, quantities=quantities)


@pytest.fixture(scope="module")
def davidson():
    return made("davidson-2025")


HOSTILE = (
    'title = "</script><script>alert(1)</script>"\nextends = "davidson-2025"\n[parameters.rho]\n'
    'distribution = "uniform"\nlow = -0.3\nhigh = -0.1\nsource = "<img src=x onerror=alert(2)>"\n'
)


@pytest.mark.sweep(4)
@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(
    "view", ["davidson-2025", "finite-resources", "davidson-houlden-2025+constant-returns", "whitfill-wu-2025"]
)
def test_every_picture_of_every_kind_of_view_is_valid_and_asks_for_what_it_needs(name, view):
    picture = PICTURES[name]
    forecast = ooms.forecast(view, draws=2**9, events=picture.events, quantities=picture.quantities)
    known = {*forecast.events, *forecast.quantities}
    rows = picture.rows(forecast)
    assert {*forecast.events, *forecast.quantities} == known  # everything came from the first pass
    spec = picture.of(forecast).to_dict()  # checks it against the schema
    numbers = [x for each in rows.values() for row in each for x in row.values() if isinstance(x, float)]
    assert all(map(math.isfinite, numbers))
    json.dumps(spec, allow_nan=False)
    assert spec["description"] == picture.said(forecast)
    assert spec["title"]["text"] == picture.title
    assert "Credences under these assumptions, not facts." in " ".join(spec["title"]["subtitle"])


def test_the_distribution_after_a_year_adds_up(davidson):
    rows = PICTURES["progress"].rows(davidson)
    sketch = davidson.sketch("ooms after 1 year")
    top = rows["bars"][-1]["to"]
    assert sum(bar["share"] for bar in rows["bars"]) == pytest.approx(100 * sketch.at_most(top).value)
    for bar in rows["bars"]:
        share = sketch.at_most(bar["to"]).value - (sketch.at_most(bar["from"]).value if bar["from"] else 0.0)
        assert bar["share"] == pytest.approx(100 * share, abs=1e-9)
        assert (bar["side"] == "5 OOMs or more") == (bar["from"] >= 5)
    above = sum(bar["share"] for bar in rows["bars"] if bar["from"] >= 5) + 100 * (1 - sketch.at_most(top).value)
    assert above == pytest.approx(100 * davidson.probability("5 ooms in 1 year").value, abs=0.5)
    middle = rows["middle"][0]
    assert middle["median"] == pytest.approx(sketch.quantile(0.5).value)


def test_exceedance_is_the_probability_of_its_events(davidson):
    points = PICTURES["exceedance"].rows(davidson)["points"]
    assert len(points) == len(WINDOWS) * len(STEPS_OF_PROGRESS)
    for point in points:
        chance = davidson.probability(f"{point['n']} ooms in {point['window']}")
        assert (point["chance"], point["error"]) == (100 * chance.value, 100 * chance.standard_error)
    by_window = [[p["chance"] for p in points if p["window"] == w] for w in WINDOWS]
    assert all(np.all(np.diff(each) <= 1e-9) for each in by_window)
    assert all(np.all(np.subtract(later, sooner) >= -1e-9) for sooner, later in pairwise(by_window))


def test_what_never_comes_is_in_every_picture_of_time():
    forecast = made("finite-resources", draws=2**10)
    late = 1 - forecast.sketch("time to 5 ooms").at_most(100.0).value
    assert late > 0.5
    shown = f"{100 * late:.0f} %"
    rows = {row["n"]: row for row in PICTURES["times"].rows(forecast)["rows"]}
    assert rows[5]["never"] == shown
    assert rows[5]["middle"] is None
    assert shown in PICTURES["fan"].rows(forecast)["note"][0]["text"]
    assert f"never or after 100 years: {shown}" in PICTURES["times"].said(forecast)
    assert shown in PICTURES["fan"].said(forecast)


def test_bands_of_the_fan_are_quantiles_and_its_lines_are_draws(davidson):
    rows = PICTURES["fan"].rows(davidson)
    top = rows["frame"][0]["top"]
    for days, band in zip(DAYS, rows["bands"][1:], strict=True):
        found = davidson.quantiles(f"ooms after {days} days", (0.05, 0.5, 0.95))
        assert [band[key] for key in ("q05", "q50", "q95")] == [min(e.value, top) for e in found]
    kept = ooms.forecast("davidson-2025", draws=2**8, events=[], quantities=[f"ooms after {d} days" for d in DAYS]).kept
    for days in DAYS[::5]:
        drawn = {r["draw"]: r["ooms"] for r in rows["lines"] if r["year"] == days / 365.25}
        for draw, progress in drawn.items():
            assert progress == pytest.approx(min(kept[f"ooms after {days} days"][draw], top), rel=1e-6)


def test_pace_against_labour_is_the_production_function_of_the_draws(davidson):
    rows = PICTURES["pace"].rows(davidson)
    values = Sampler(davidson.view, davidson.seed).block(0, DRAWS).values
    for labour, row in list(zip(LABOUR, rows["curves"], strict=True))[::6]:
        paces = ooms.pace(labour, 1.0, rho=values["rho"], compute_share=values["compute_share"])
        assert row["q50"] == pytest.approx(np.median(paces), rel=1e-9)
    assert rows["curves"][0]["q05"] == pytest.approx(1.0)
    at = {row["text"].split(",")[1].split(":")[0].strip(): row["at"] for row in rows["ceilings"]}
    assert at["median"] == pytest.approx(davidson.quantiles("max speed", 0.5)[0].value)


def test_one_ceiling_for_all_draws_is_one_line():
    rows = PICTURES["pace"].rows(made("davidson-2025", draws=2**9, rho=-0.4))
    assert [row["text"] for row in rows["ceilings"]] == ["ceiling, all simulated futures: 5.7 times"]
    assert rows["ceilings"][0]["at"] == pytest.approx(0.5 ** (1 / -0.4))


def test_beliefs_have_a_panel_an_input_and_densities_that_come_to_one(davidson):
    rows = PICTURES["beliefs"].rows(davidson)
    assert tuple(rows) == davidson.inputs
    for name, (head, *points) in rows.items():
        at, height = (np.array([p[key] for p in points]) for key in ("at", "height"))
        even = np.log(at) if head["log"] else at
        share = np.trapezoid(height, even)
        inside = [np.interp(x, at, np.cumsum(height) / height.sum()) for x in (head["q05"], head["q50"], head["q95"])]
        assert share > 0
        assert inside == pytest.approx([0.05, 0.5, 0.95], abs=0.03), name


def test_drivers_are_those_of_the_forecast(davidson):
    rows, found = PICTURES["drivers"].rows(davidson), davidson.drivers("5 ooms in 1 year")
    assert [row["input"].split(" ")[0] for row in rows["inputs"]] == [d.name.split("_")[0] for d in found]
    assert [row["chance"] for row in rows["dots"][:4]] == [100 * e.value for e in found[0].by_quartile]


def test_a_view_without_random_inputs_has_pictures_too():
    view = ooms.load("davidson-2025")
    middle = {name: float(belief.marginal.middle) for name, belief in view.beliefs.items()}
    fixed = made("davidson-2025", draws=2**8, **middle)
    assert fixed.inputs == ()
    for name in ("progress", "exceedance", "times", "fan", "pace"):
        PICTURES[name].of(fixed).to_dict()
    assert PICTURES["beliefs"].said(fixed) == PICTURES["drivers"].said(fixed) == "Every input is fixed."


def test_every_method_of_plot_is_a_picture_and_works_out_what_was_not_asked():
    forecast = ooms.forecast("davidson-2025", draws=2**9, events=[], quantities=[], keep_draws=False)
    for name, picture in PICTURES.items():
        chart = getattr(forecast.plot, name)()
        assert chart.title.text == picture.title
    assert set(dir(forecast.plot)) == set(PICTURES)


def test_names_from_prior_files_cannot_end_a_script(tmp_path):
    path = tmp_path / "hostile.toml"
    path.write_text(HOSTILE)
    forecast = ooms.forecast(path, draws=2**8, events=[], quantities=[])
    out = tmp_path / "fan.html"
    save_chart(forecast.plot.fan, out)
    assert "<script>alert" not in out.read_text()


def test_steps_of_colour_go_from_light_to_dark_and_turn_round_in_the_dark():
    def light(colour):
        red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    assert all(b < a - 0.1 for a, b in pairwise(map(light, STEPS)))
    dark = [light(DARK[colour]) for colour in STEPS]
    assert all(b > a + 0.1 for a, b in pairwise(dark))
    assert all(re.fullmatch(r"#[0-9a-fA-F]{6}", colour) for colour in DARK.values())


@pytest.mark.slow
def test_every_colour_of_every_picture_is_exchanged_in_the_dark(davidson):
    known = {colour.lower() for colour in DARK}
    for picture in PICTURES.values():
        spec = json.dumps(picture.of(davidson).to_dict())
        assert {c.lower() for c in re.findall(r'"(#[0-9a-fA-F]{6})"', spec)} <= known, picture.name
        assert sum(map(len, datasets(picture.of(davidson).to_dict()))) < 2000


@pytest.mark.parametrize(
    ("years", "text"),
    [(1 / 365.25, "1.0 days"), (0.02, "1.0 weeks"), (0.5, "6.0 months"), (0.96, "0.960 years"),
     (1001.0, "over 1,000 years"), (math.inf, "never")],
)  # fmt: skip
def test_durations(years, text):
    assert duration(Estimate(years, 0.001 * years if math.isfinite(years) else math.nan)) == text
