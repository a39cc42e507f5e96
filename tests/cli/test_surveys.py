"""``ooms surveys``: what it prints, and what it says to whom gives it something wrong."""

from __future__ import annotations

import re

import pytest

from ooms.calibrating.surveys import load_survey, shipped_surveys
from ooms.cli.surveys import surveys
from ooms.problems import UserError

WIDTHS = pytest.mark.parametrize("columns", [60, 80, 110, 160])


@pytest.fixture
def says(capsys, monkeypatch):
    """What ``ooms surveys`` prints."""

    def run(*arguments: str, columns: int = 160) -> str:
        monkeypatch.setenv("COLUMNS", str(columns))
        surveys(arguments, result_action="return_value", exit_on_error=False)
        return capsys.readouterr().out

    return run


def test_the_list(says):
    out = says(columns=200)
    for name in shipped_surveys():
        survey = load_survey(name)
        (row,) = [line for line in out.splitlines() if line.split()[:1] == [name]]
        assert row.split()[-1] == ("yes" if survey.fitted else "no")
        assert f" {len(survey.items)} " in row
    assert re.search(r"compute-polls .* 6-185 .*order_statistics +primary text or data +yes", out)


def test_one(says):
    out = " ".join(says("show", "compute-polls").split())
    for text in (
        "Kokotajlo, D., & Lifland, E. (2025).",
        "bias group: compute-polls",
        "(n = 185)",
        "pace with other inputs: compute = 10",
        "by way of: compute_exponent, compute_share, rho",
        "found: n: 6, minimum: 1.01, median: 1.18, maximum: (above: 1.5)",
        "spread ~ lognormal(",
        "shaded down from the poll's 60 %",
    ):
        assert text in out


def test_one_that_is_not_fitted(says):
    out = " ".join(says("show", "expert-credences").split())
    assert "not fitted: they are conclusions" in out
    assert "credence: [0.1, 0.4]" in out
    assert "lay it beside: event: 5 ooms in 1 year" in out


def test_latents_and_claims(says):
    out = " ".join(says("show", "staff-uplift").split())
    assert "uplift-mythos, a quantity of this survey alone" in out
    assert "likelihood: statement, self-reported" in out


@pytest.mark.sweep(8)
@WIDTHS
@pytest.mark.parametrize("command", [(), *(("show", name) for name in shipped_surveys())])
def test_nothing_is_cut_off(says, columns, command):
    def words(columns: int) -> set[str]:
        out = says(*command, columns=columns)
        assert max(map(len, out.splitlines())) <= columns
        assert "…" not in out
        return {word for word in out.split() if len(word) < 24}

    assert words(500) <= words(columns)


def test_checking(says, tmp_path):
    assert says("check", "compute-polls", "expert-credences") == (
        "compute-polls: fine, 3 items, 3 of them fitted\nexpert-credences: fine, 11 items, kept for checking\n"
    )
    (tmp_path / "a.toml").write_text("title = 3\n")
    (tmp_path / "b.toml").write_text("= 3\n")
    with pytest.raises(UserError) as caught:
        says("check", str(tmp_path / "a.toml"), "compute-polls", str(tmp_path / "b.toml"))
    text = str(caught.value)
    assert "a.toml: title: title = 3 is not text" in text
    assert "a.toml: bias: bias is missing" in text
    assert "b.toml: is not TOML" in text
    with pytest.raises(UserError, match="no file is named"):
        says("check")
