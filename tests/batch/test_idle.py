"""Axes and settings of a study along which no number changes."""

from __future__ import annotations

import pytest

import ooms
from ooms.batch.idle import without_effect
from ooms.cli.batch_printer import show_check

STUDY = """
views = ["davidson-houlden-2025", "davidson-2025"]
set = ["skill = 1.2", "taste_slope = 0"]
events = ["5 ooms in 1 year"]
quantities = ["time to 5 ooms"]
draws = 256

[grid]
workforce = [1, 30, 900]
returns = [0.6, 1.2]
software_share = [0.3, 0.5]

[zipped.shock]
label = ["early", "late"]
hardware_shock = [1, 1]
hardware_shock_year = [1, 2]
"""


def told(tmp_path, text):
    (tmp_path / "mine.toml").write_text(text)
    return without_effect(ooms.load_study(tmp_path / "mine.toml"))


def test_they_are_named_with_the_views_and_the_reason(tmp_path, capsys):
    texts = told(tmp_path, STUDY)
    assert [text.removeprefix("no-effect: ").partition(":")[0] for text in texts] == [
        "workforce changes nothing under davidson-houlden-2025",
        "software_share changes nothing under davidson-2025",
        "shock changes nothing",
        "skill changes nothing under davidson-houlden-2025",
        "taste_slope changes nothing",
    ]
    assert "initial_speedup replaces" in texts[0]
    assert 'ask for "3 years in 1 year"' in texts[1]
    assert "the same as before" in texts[-1]
    show_check(str(tmp_path / "mine.toml"), None)
    assert " ".join(capsys.readouterr().out.split()).count("warning: no-effect: ") == len(texts)


def test_an_axis_that_another_gives_an_effect_is_not_named(tmp_path):
    wide = STUDY.replace("workforce = [1, 30, 900]", "workforce = [1, 900]\nrho = [0, -0.3]")
    assert not any(text.startswith("no-effect: workforce") for text in told(tmp_path, wide))


def test_what_is_asked_decides(tmp_path):
    years = STUDY.replace("5 ooms in 1 year", "3 years in 1 year")
    assert not any("software_share" in text for text in told(tmp_path, years))


@pytest.mark.parametrize("name", ["map", "substitution"])
def test_shipped_studies_vary_nothing_without_effect(name):
    assert without_effect(ooms.load_study(name)) == ()
