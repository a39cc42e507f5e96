"""One meter: a bar on a terminal, lines in a log where they are wanted, nothing for whoever wants none."""

import io
import sys

import ooms
from ooms.cli.progress import meter
from ooms.progress import SILENT, Meter, meter_of, staged_meter_of


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Kept(Meter):
    def __init__(self):
        self.reports = []

    def report(self, stage, done, total, state=""):
        self.reports.append((stage, done, total))


def terminal(monkeypatch):
    """In the test itself: pytest has its own standard error back when a fixture has ended."""
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm")
    return sys.stderr


def test_functions_and_meters_are_told_the_same():
    calls, staged, kept = [], [], Kept()
    for one in (meter_of(lambda *how: calls.append(how)), staged_meter_of(lambda *how: staged.append(how)), kept):
        one.part(1, 4).report("draws", 16, 64)
    assert calls == [(80, 256)]
    assert staged == kept.reports == [("draws", 80, 256)]
    assert meter_of(kept) is staged_meter_of(kept) is kept
    assert meter_of(None) is staged_meter_of(None) is SILENT


def test_everything_long_takes_a_meter(tmp_path):
    kept = Kept()
    ooms.forecast("davidson-2025", draws=256, threads=1, progress=kept)
    assert kept.reports == [("draws", 256, 256)]
    (tmp_path / "s.toml").write_text("draws = 256\nquantities = []\ngrid.rho = [-0.4, -0.1]", encoding="utf-8")
    ooms.run_study(tmp_path / "s.toml", tmp_path / "s.zarr", threads=1, planned=kept)
    assert kept.reports[1:] == [("planning", 0, 2)]


def test_a_terminal_has_a_bar_a_stage_what_went_wrong_and_the_words_of_a_stage(monkeypatch):
    screen = terminal(monkeypatch)
    with meter(patience=0.0) as bars:
        bars.report("compiling", 0, 0)
        bars.report("running", 3, 12, "3 of 12 cells, 2 a second")
        bars.note("a cell failed")
    shown = screen.getvalue()
    for text in ("compiling", "running", "3 of 12 cells, 2 a second", "a cell failed"):
        assert text in shown


def test_what_is_soon_over_shows_no_bar(monkeypatch):
    screen = terminal(monkeypatch)
    with meter() as bars:
        bars.report("draws", 3, 12)
    assert screen.getvalue() == ""


def test_a_log_has_lines_now_and_then_where_they_are_wanted(capsys, monkeypatch):
    for how in ({}, {"quiet": True, "log": True}):
        assert meter(**how) is SILENT
    with meter(log=True) as lines:
        lines.report("running", 1, 1000)
        assert capsys.readouterr().err == ""
        monkeypatch.setattr("ooms.cli.progress._EVERY", 0.0)
        lines.report("running", 2, 1000)
        lines.report("running", 3, 1000, "3 of 1,000 cells")
        lines.note("a cell failed")
    assert capsys.readouterr().err == "running: 2 of 1,000\n3 of 1,000 cells\na cell failed\n"
