"""The picture of a study: every cell is in it with its own number or as not worked out; contours are where they are."""

import re

import numpy as np
import pytest
import xarray as xr

import ooms
from nested import datasets, places
from ooms.pictures.files import save_chart
from ooms.pictures.study.contours import contours
from ooms.pictures.study.map import LEVELS
from ooms.pictures.study.shades import RAMP, ordered, shade
from ooms.pictures.study.study import study_chart
from ooms.pictures.words import harmless, position_named
from ooms.problems import UserError
from studies import written

RHO, RETURNS = np.linspace(-1.2, 0.0, 8), np.geomspace(0.4, 3.6, 8)
VIEWS = ["davidson-2025", "epoch-2025", "kwa-2026"]
LAYOUTS = {
    "map": {"rho": RHO, "returns": RETURNS},
    "map with panels": {"rho": RHO[::3], "view": VIEWS[:2], "returns": RETURNS[::3], "hardware_growth": [0.0, 0.3]},
    "lines": {"rho": [-0.1, -1.2, -0.4], "experiment_efficiency": [0.0, 0.5], "returns": [0.4, 0.8]},
    "lines of labels": {"view": VIEWS, "rho": [-0.4, -0.1]},
    "one line": {"rho": [-0.4, -0.1]},
    "a panel each": {"view": [f"view-{k}" for k in range(7)], "rho": RHO[:3]},
    "dots": {"view": VIEWS, "compute_adjustment": [True, False]},
    "dots with panels": {"view": VIEWS, "compute_adjustment": [True, False], "hardware": ["as today", "grows"]},
    "one cell": {"view": VIEWS[:1]},
}
HOSTILE = ("</script><script>alert(1)</script>", "x" * 5000, "datum.x \\ \" ' {{}} [0] \n\x00 &amp;", "\u7814 \u202e")


def texts(values):
    return np.array(values, dtype=np.dtypes.StringDType())


def study(axes, *, lost=0.0, error=0.01, probability=None, title="A study", events=("5 ooms in 1 year", "other")):
    """A dataset as `ooms.open_study` gives it; that share of cells is lost: half of them failed, half are to do."""
    random = np.random.default_rng(1)
    dims, shape = tuple(axes), tuple(len(values) for values in axes.values())
    chances = random.random((*shape, len(events))) if probability is None else probability[..., None]
    gone = random.permutation(np.arange(np.prod(shape)) < lost * np.prod(shape)).reshape(shape)
    state = np.where(gone, np.where(random.random(shape) < 0.5, 0, 2), 1).astype(np.int8)
    known = np.where(gone[..., None], np.nan, chances)
    labels = {name: texts(one) if isinstance(one[0], str) else np.asarray(one) for name, one in axes.items()}
    return xr.Dataset(
        {
            "probability": ((*dims, "event"), known),
            "probability_error": ((*dims, "event"), known * 0 + error),
            "state": (dims, state),
            "problem": (dims, texts(np.where(state == 2, "rho cannot be", "").tolist())),
        },
        coords={**labels, "event": texts(events[: known.shape[-1]])},
        attrs={"title": title, "draws": 512, "seed": 7},
    )


def cells_in(spec):
    """Cells in a chart, by where they are."""
    rows = [row for rows in datasets(spec) for row in rows if "probability" in row]
    found = {row["where"]: row for row in rows}
    assert all(found[row["where"]]["probability"] == row["probability"] for row in rows)
    return found


def words_in(spec):
    rows = [row for rows in datasets(spec) for row in rows]
    domains = (inside(spec, path) for path in places(spec) if path[-2:-1] == ("domain",))
    named = {row[name] for row in rows for name in ("text", "name", "panel", "series") if name in row}
    return named | {text for text in domains if isinstance(text, str)}


def inside(spec, path):
    for key in path:
        spec = spec[key]
    return spec


def where(point):
    return ", ".join(f"{name} = {label(value, name)}" for name, value in point.items()) or "the only cell"


def label(value, name):
    if name == "view":
        return position_named(value)
    if isinstance(value, float):
        return f"{value:.4g}".replace("-", "\u2212")
    return str(value).lower() if isinstance(value, bool) else value


# -- contours -------------------------------------------------------------------------------------------------------


def test_contour_of_a_plane_is_a_straight_line_from_edge_to_edge():
    x, y = np.linspace(-1, 2, 7), np.linspace(0, 3, 10)
    (line,) = contours(x, y, 2 * x[:, None] + 3 * y, 4.0)
    np.testing.assert_allclose(2 * line[:, 0] + 3 * line[:, 1], 4.0, atol=1e-12)
    ends = sorted(map(tuple, line[[0, -1]].round(12).tolist()))
    assert ends == [(-1.0, 2.0), (2.0, 0.0)]


@pytest.mark.parametrize("radius", [0.3, 0.77, 0.99])
def test_contour_of_a_circle_closes_and_has_its_radius_and_length(radius):
    x = np.linspace(-1, 1, 201)
    (line,) = contours(x, x, x[:, None] ** 2 + x**2, radius**2)
    assert (line[0] == line[-1]).all()
    np.testing.assert_allclose(np.hypot(*line.T), radius, rtol=2e-4)
    np.testing.assert_allclose(np.hypot(*np.diff(line, axis=0).T).sum(), 2 * np.pi * radius, rtol=1e-3)


@pytest.mark.parametrize("level", [0.001, -0.001, 0.3, -0.3])
def test_contours_of_a_saddle_are_the_two_branches_of_a_hyperbola(level):
    x = np.linspace(-1, 1, 20)  # the square in the middle has opposite corners above
    branches = contours(x, x, x[:, None] * x, level)
    assert len(branches) == 2
    for line in branches:
        assert len({tuple(signs) for signs in np.sign(line).tolist()}) == 1  # each in a quadrant of its own
        apart = np.hypot(*line.T) > 0.15
        np.testing.assert_allclose(line[apart].prod(axis=1), level, atol=0.003)


def test_contours_go_once_through_every_side_that_they_cross_whatever_the_function():
    values = np.random.default_rng(3).random((15, 11))
    lines = contours(np.arange(15.0), np.arange(11.0), values, 0.5)
    above = values >= 0.5
    crossed = (above[1:] != above[:-1]).sum() + (above[:, 1:] != above[:, :-1]).sum()
    assert sum(len(line) - (line[0] == line[-1]).all() for line in lines) == crossed
    for x, y in np.concatenate(lines):
        i, j, k, m = int(x), int(y), int(np.ceil(x)), int(np.ceil(y))
        share = (x - i) + (y - j)
        assert values[i, j] + share * (values[k, m] - values[i, j]) == pytest.approx(0.5)


def test_contours_stop_where_nothing_is_known_and_do_not_repeat_points_of_the_grid():
    x = np.arange(5.0)
    values = x[:, None] + 0 * x
    (whole,) = contours(x, x, values, 2.0)
    assert whole.tolist() == [[2.0, y] for y in x]
    values[2, 2] = np.nan
    assert sorted(line[:, 1].tolist() for line in contours(x, x, values, 2.0)) == [[0.0, 1.0], [3.0, 4.0]]
    assert contours(x, x, values, 9.0) == contours(x, x, values * np.nan, 1.0) == []


# -- colours --------------------------------------------------------------------------------------------------------


def lightness(colour):
    rgb = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return 116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16


def test_the_ramp_is_even_to_the_eye_and_so_in_grey():
    steps = np.diff([lightness(colour) for colour in RAMP])
    assert steps == pytest.approx([-10.4] * 8, abs=0.3)
    assert [shade(k / 8) for k in range(9)] == [colour.lower() for colour in RAMP]
    assert len(set(ordered(7))) == 7
    assert (np.diff([lightness(colour) for colour in ordered(7)]) < -9).all()


# -- cells ----------------------------------------------------------------------------------------------------------


@pytest.mark.sweep(5)
@pytest.mark.parametrize("axes", LAYOUTS.values(), ids=LAYOUTS)
def test_every_cell_is_in_the_picture_with_its_own_number_or_as_not_worked_out(axes, tmp_path):
    data = study(axes, lost=0.2)
    chart = study_chart(data)
    spec = chart.to_dict()
    found = cells_in(spec)
    labels = {name: data[name].values.tolist() for name in axes if data.sizes[name] > 1}
    states, chances = data["state"].values, data["probability"].values
    assert len(found) == states.size
    for place in np.ndindex(*states.shape):
        at = {name: labels[name][k] for name, k in zip(axes, place, strict=True) if name in labels}
        row, chance = found[where(at)], float(chances[*place, 0])
        if states[place] == 1:
            assert (row["probability"], row["error"], row["chance"]) == (chance, 0.01, 100 * chance)
            assert row["low"] == pytest.approx(max(100 * chance - 2, 0))
            assert row["high"] == pytest.approx(min(100 * chance + 2, 100))
        else:
            reason = "rho cannot be" if states[place] == 2 else "still to do"
            assert row["probability"] is None
            assert row["shown"] == f"not worked out: {reason}"
    assert any(text.startswith("not worked out (") for text in words_in(spec))  # the key says it
    save_chart(lambda: chart, tmp_path / "it.svg")
    text = (tmp_path / "it.svg").read_text()
    assert float(re.search(r'width="([\d.]+)"', text)[1]) < 970
    assert "5 OOMs in 1 year" in text
    assert "A study" in text


@pytest.mark.parametrize("name", ["map", "lines", "dots"])
def test_the_key_of_a_whole_study_has_nothing_that_was_not_worked_out(name):
    assert not any("not worked out" in text for text in words_in(study_chart(study(LAYOUTS[name])).to_dict()))


def test_a_line_is_broken_where_a_cell_was_not_worked_out(tmp_path):
    data = study({"rho": [-0.4, -0.3, -0.2, -0.1, 0.0]})
    data["state"][2] = 2
    save_chart(lambda: study_chart(data), tmp_path / "it.svg")
    (path,) = re.findall(r'"line mark" d="([^"]+)"', (tmp_path / "it.svg").read_text())
    assert [len(part.split("L")) for part in path.split("M")[1:]] == [2, 2]


def test_contours_of_a_map_are_labelled_and_lie_where_the_probability_is_theirs():
    across = 0.5 * (RHO + 1.2)[:, None] / 1.2 + 0.0 * RETURNS  # straight along rho: no error of the grid
    spec = study_chart(study({"rho": RHO, "returns": RETURNS}, probability=across)).to_dict()
    rows = [row for rows in datasets(spec) for row in rows if "level" in row]
    assert {row["level"] for row in rows} == {level for level in LEVELS if level < 50} | {50.0}
    for row in rows:
        assert 50 * (row["x"] + 1.2) / 1.2 == pytest.approx(row["level"])
        assert 0.4 - 1e-9 <= row["y"] <= 3.6 + 1e-9
    assert {"1 %", "5 %", "10 %", "25 %"} < words_in(spec)


def test_views_stand_by_their_probability_and_other_labels_as_in_the_study():
    chances = np.array([0.1, 0.9, np.nan, 0.5])
    for axis, expected in (("view", ["b", "d", "a", "c"]), ("hardware", ["a", "b", "c", "d"])):
        chart = study_chart(study({axis: ["a", "b", "c", "d"]}, probability=chances))
        assert chart.to_dict()["layer"][0]["encoding"]["y"]["scale"]["domain"] == expected


def test_another_event_and_a_selection_of_cells():
    data = study({"rho": [-0.4, -0.1], "view": VIEWS})
    other = study_chart(data, "other").to_dict()
    assert "P(other)" in other["title"]["text"][0]
    one = data.sel(view="epoch-2025", event="other")
    found = cells_in(study_chart(one).to_dict())
    assert [row["probability"] for row in found.values()] == one["probability"].values.tolist()
    assert "view = Epoch (Erdil & Barnett 2025)" in study_chart(one).to_dict()["title"]["subtitle"][0]


def test_a_study_that_was_run_is_described_in_a_sentence(tmp_path):
    ooms.run_study(written(tmp_path), tmp_path / "it.zarr", threads=1)
    data = ooms.open_study(tmp_path / "it.zarr").load()
    spec = study_chart(data).to_dict()
    chance = data["probability"].isel(view=0, event=0)
    assert spec["description"] == (
        f"Probability of 5 OOMs in 1 year over rho and returns: lowest {100 * float(chance.min()):.1g} % at "
        f"rho = \u22121.2, returns = 0.8, highest {100 * float(chance.max()):.2g} % at rho = \u22120.1, returns = 1.6."
    )
    small = " ".join(spec["title"]["subtitle"])
    for words in ("A small study", "512 simulated futures a cell", "seed 0", "not facts", "view = Davidson (2025)"):
        assert words in small


def test_nothing_worked_out_is_said():
    chart = study_chart(study({"view": VIEWS, "rho": [-0.4, -0.1]}, lost=1.0))
    assert "no cell was worked out" in chart.to_dict()["description"]


# -- what others wrote ----------------------------------------------------------------------------------------------


@pytest.mark.sweep(2)
@pytest.mark.parametrize("axes", [
    {"view": [*HOSTILE, "plain"], "rho": [-0.4, -0.1], "zipped": list(HOSTILE)},
    {"view": [*HOSTILE, "plain"], "zipped": list(HOSTILE)},
    {"rho": RHO[::3], "returns": RETURNS[::3], "zipped": list(HOSTILE[:2])},
])  # fmt: skip
def test_hostile_names_are_shown_and_do_no_harm(axes, tmp_path):
    data = study(axes, lost=0.1, title=HOSTILE[0], events=(HOSTILE[0],))
    data["problem"][:] = HOSTILE[0]
    chart = study_chart(data)
    spec = chart.to_dict()
    for path in places(spec):
        if path[-1] in ("labelExpr", "filter", "expr", "test", "calculate", "signal"):
            assert "datum.x" not in inside(spec, path)
            assert "alert" not in inside(spec, path)
    words = [*words_in(spec), *cells_in(spec)]
    assert all(any(harmless(name) in text for text in words) for name in axes["zipped"])
    for ending in ("svg", "html"):
        save_chart(lambda: chart, tmp_path / f"it.{ending}")
    assert "<script>alert" not in (tmp_path / "it.html").read_text()
    svg = (tmp_path / "it.svg").read_text()
    assert "<script" not in svg
    assert float(re.search(r'width="([\d.]+)"', svg)[1]) < 970  # what is long is cut, and pushes nothing aside


@pytest.mark.parametrize(("axes", "remedy"), [
    ({name: [1.0, 2.0] for name in "abcde"}, "c=[0]"),
    ({"a": [1.0, 2.0], "b": [f"{k}" for k in range(70)]}, "b=[0]"),
    ({"b": [f"{k}" for k in range(70)]}, "b=slice(0, 60)"),
    ({"a": np.arange(200.0), "b": np.arange(150.0)}, "a=slice(None, None, 2)"),
])  # fmt: skip
def test_what_one_picture_cannot_show_is_said_with_a_slice_that_can_be_chosen(axes, remedy):
    with pytest.raises(UserError, match=re.escape(f"data.isel({remedy})")):
        study_chart(study(axes))


def test_the_slices_that_are_said_can_be_shown():
    study_chart(study({name: [1.0, 2.0] for name in "abcde"}).isel(c=[0]))
    study_chart(study({"b": [f"{k}" for k in range(70)]}).isel(b=slice(0, 60)))


def test_an_event_that_the_study_did_not_ask_for():
    data = study({"rho": [-0.4, -0.1]})
    with pytest.raises(UserError, match="did not ask for '3 ooms in 1 year'"):
        study_chart(data, "3 ooms in 1 year")
    with pytest.raises(UserError, match="asked for no events"):
        study_chart(data.drop_dims("event"))
    with pytest.raises(UserError, match="holds no cell"):
        study_chart(data.isel(rho=[]))
