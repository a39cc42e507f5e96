"""Pictures: valid charts that show what was computed, and files that are whole."""

from __future__ import annotations

import json
import re
import struct
from dataclasses import replace

import altair as alt
import pytest

import ooms
from nested import datasets
from ooms.comparing.compare import compare
from ooms.pictures.files import save_chart
from ooms.pictures.theme import SEQUENCE
from ooms.problems import UserError
from ooms.results.credence import Estimate
from ooms.results.numbers import in_percent

DAVIDSON = ooms.load("davidson-2025")
HOULDEN = ooms.load("davidson-houlden-2025")


@pytest.fixture(scope="module")
def four():
    dwindling = DAVIDSON.replace(hardware_growth=-2)
    views = [DAVIDSON.replace(rho=-0.4), DAVIDSON, HOULDEN.with_options("retraining"), dwindling]
    return compare(views, draws=2**9, threads=1)


@pytest.fixture(scope="module")
def spec(four):
    return four.chart().to_dict()  # checks it against the schema


def rows_of(spec, field):
    """Rows of data with that field, each once, over all panels."""
    found = (row for rows in datasets(spec) for row in rows if field in row)
    return list({tuple(sorted(row.items(), key=lambda pair: pair[0])): row for row in found}.values())


def test_one_row_a_view_by_falling_probability(four, spec):
    names = rows_of(spec, "second")
    assert [row["view"] for row in names] == list(four.sorted().views)
    assert [row["y"] for row in names] == [0, 1, 2, 3]
    assert {(row["name"], row["second"]) for row in names} == {
        ("Davidson (2025)", ""),
        ("Davidson (2025)", "with rho = -0.4"),
        ("Davidson (2025)", "with hardware_growth = -2"),
        ("Davidson & Houlden (2025)", "with retraining"),
    }


def test_positions_of_one_name_are_told_apart():
    two = compare([DAVIDSON, replace(DAVIDSON, name="mine")], draws=256, threads=1, events=["5 ooms in 1 year"])
    names = {(row["name"], row["second"]) for row in rows_of(two.chart().to_dict(), "second")}
    assert names == {("Davidson (2025)", "davidson-2025"), ("Davidson (2025)", "mine")}


def test_it_shows_the_numbers(four, spec):
    for row in rows_of(spec, "chance"):
        value, error = four.probability(row["view"], "5 ooms in 1 year")
        assert row["chance"] == pytest.approx(100 * value)
        assert row["high"] - row["low"] == pytest.approx(400 * error) or row["low"] == 0
    for row in rows_of(spec, "q05"):
        if row["what"] == "time to 3 ooms":
            median = four.quantiles(row["view"], "time to 3 ooms", 0.5)[0].value
            assert row["middle"] == (pytest.approx(median) if 1 / 365.25 <= median <= 100 else None)
            assert row["q05"] <= row["q25"] <= row["q50"] <= row["q75"] <= row["q95"]
    assert len(rows_of(spec, "q05")) == 4 * (3 + 2)


def test_what_never_comes_is_shown(four, spec):
    never = "davidson-2025 (hardware_growth = -2)"
    assert four.never(never, "time to 5 ooms").value > 0.3
    late = [row["label"] for row in rows_of(spec, "label") if row["view"] == never and row.get("key") == "5 OOMs"]
    beyond = 1 - four.forecast(never).sketch("time to 5 ooms").at_most(100.0).value
    assert late == [f"{100 * beyond:.0f} %"]


def test_unlimited_speed_is_no_number(spec):
    top = {row["view"]: row for row in rows_of(spec, "sign")}
    assert top["davidson-houlden-2025+retraining"]["middle"] is None
    assert top["davidson-houlden-2025+retraining"]["sign"] == "\u221e"
    assert top["davidson-2025 (rho = -0.4)"]["median"] == "5.657"


def test_davidsons_credence_only_stands_behind_his_own_event(spec):
    assert "Davidson's own" in str(spec)
    other = compare([DAVIDSON], draws=256, threads=1, events=["3 years in 1 year"])
    shown = str(other.chart().to_dict())
    assert "Davidson's own" not in shown
    assert "P(3 years in 1 year)" in shown


def test_caption_says_how_it_was_computed(spec):
    said = " ".join(spec["title"]["subtitle"])
    assert "512 simulated futures (quasi-random draws) a position, seed 0" in said
    assert "not facts" in said


def luminance(colour: str) -> float:
    """Relative luminance of the sRGB standard (IEC 61966-2-1)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_order_of_colours_survives_grey():
    light = [luminance(colour) for colour in SEQUENCE]
    assert light[0] > 2 * light[1] > 4 * light[2]


@pytest.mark.parametrize(
    ("estimate", "said"),
    [
        ((0.3187, 0.0001), "32 %"), ((0.0951, 0.0001), "9.5 %"), ((0.0996, 1e-5), "10 %"), ((0.0033, 0.0001), "0.3 %"),
        ((0.0, 1e-5), "<0.1 %"), ((1.0, 1e-5), ">99.9 %"), ((1.0, 0.0), "100 %"),
        ((0.0, 0.0), "0 %"), ((0.9934, 0.0001), "99.3 %"), ((0.004, 0.003), "0.4 %"),
    ],
)  # fmt: skip
def test_labels_have_no_more_digits_than_help(estimate, said):
    assert in_percent(Estimate(*estimate)) == said


# -- files -----------------------------------------------------------------------------------------------------------


def test_svg(four, tmp_path):
    four.save_picture(tmp_path / "views.svg")
    text = (tmp_path / "views.svg").read_text()
    assert text.startswith("<svg")
    for name in ("Davidson &amp; Houlden (2025)", "with retraining", "rho = -0.4", "1 month", "or never"):
        assert name in text
    width = float(re.search(r'width="([\d.]+)"', text)[1])
    assert 850 < width < 1100  # legible where a README is shown


def test_png(four, tmp_path):
    four.save_picture(tmp_path / "views.PNG")
    content = (tmp_path / "views.PNG").read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">I", content[16:20])[0] > 1700  # two pixels of the file for one of the chart


def small() -> alt.Chart:
    return alt.Chart(alt.Data(values=[{"x": 1}])).mark_point().encode(x="x:Q")


def test_pdf(tmp_path):
    save_chart(small, tmp_path / "views.pdf")
    assert (tmp_path / "views.pdf").read_bytes().startswith(b"%PDF")


def test_html_needs_no_network(four, tmp_path):
    four.save_picture(tmp_path / "views.html")
    text = (tmp_path / "views.html").read_text()
    assert "davidson-houlden-2025" in text
    assert not re.search(r"<(script|link|img|iframe)[^>]*(src|href)\s*=\s*[\"']?(https?:)?//", text)
    assert not re.search(r"@import|import\(\s*[\"']https?:", text)


def test_a_picture_replaces_another_and_leaves_nothing_beside_it(tmp_path):
    (tmp_path / "views.svg").write_text("old")
    save_chart(small, tmp_path / "views.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["views.svg"]
    assert (tmp_path / "views.svg").read_text() != "old"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("views.jpg", "ending '.jpg' is no picture's"),
        ("views", "no ending"),
        ("no/such/views.svg", "there is no folder"),
        ("no/such/views.gif", "(?s)'.gif'.*there is no folder"),
        ("folder.svg", "is a folder, not a file"),
    ],
)
def test_places_that_cannot_be(four, tmp_path, name, said):
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(UserError, match=said):
        four.save_picture(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["folder.svg"]


def test_a_disk_that_is_full_leaves_the_old_picture(tmp_path, monkeypatch):
    (tmp_path / "views.svg").write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(UserError, match="No space left"):
        save_chart(small, tmp_path / "views.svg")
    assert [path.name for path in tmp_path.iterdir()] == ["views.svg"]
    assert (tmp_path / "views.svg").read_text() == "old"


def test_names_cannot_end_the_script_that_they_stand_in(tmp_path):
    """A page holds the chart's text inside a script, which a browser ends at the first closing tag in it."""
    import altair as alt

    evil = "</script><script>alert(1)</script><!--"
    chart = alt.Chart(alt.Data(values=[{"view": evil}])).mark_point().encode(x="view:N")
    path = tmp_path / "evil.html"
    save_chart(lambda: chart, path)
    text = path.read_text(encoding="utf-8")
    assert "alert(1)" in text
    assert "</script><script>alert" not in text
    spec = text[text.rindex("const spec = ") + 13 :]
    assert json.JSONDecoder().raw_decode(spec)[0]["data"]["values"][0]["view"] == evil
