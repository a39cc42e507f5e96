"""Results know their documents: every writer takes them, and they have words for readers, not names of commands."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache

import pytest

import ooms
from ooms.comparing.compare import with_each_option
from ooms.comparing.each_option import EachOption
from ooms.comparing.readings import SeveralReadings
from ooms.documents import survey, view
from ooms.documents.document import Document, Notice, Table
from ooms.documents.words import graded, positions
from ooms.files.library import shipped
from ooms.outcomes import DEFAULT_EVENTS, DEFAULT_QUANTITIES, parse_event, parse_quantity
from ooms.outcomes.words import outcome_words
from ooms.results.plain import as_json
from ooms.writers.html import html
from ooms.writers.markdown import markdown
from ooms.writers.pdf import pdf
from ooms.writers.terminal import show

DAVIDSON, EPOCH = "davidson-2025", "epoch-2025"


@cache
def result(kind: str):
    few = {"draws": 2**8}
    match kind:
        case "forecast":
            return ooms.forecast(DAVIDSON, **few)
        case "comparison":
            return ooms.compare([DAVIDSON, EPOCH], **few)
        case "options":
            stem = with_each_option(ooms.load("whitfill-wu-2025"))
            return EachOption(ooms.compare(stem, events=["5 ooms in 1 year"], quantities=(), **few), [stem])
        case "explanation":
            return ooms.explain(DAVIDSON, EPOCH, **few)
        case "pool":
            return ooms.pool([DAVIDSON, EPOCH], **few)
        case "reproduction":
            return ooms.reproduce([DAVIDSON], **few)
        case "calibration":
            return ooms.open_calibration("calibrated/davidson-2025")
        case _:
            raise AssertionError(kind)


@cache
def document(kind: str) -> Document:
    match kind:
        case "readings":
            return SeveralReadings([ooms.readings(DAVIDSON, draws=2**8)]).document()
        case "view":
            return view.document(ooms.load("davidson-houlden-2025"))
        case "survey":
            from ooms.calibrating.surveys import load_survey

            return survey.document(load_survey("compute-polls"))
        case _:
            return result(kind).document()


RESULTS = ("forecast", "comparison", "options", "explanation", "pool", "reproduction", "calibration")
KINDS = (*RESULTS, "readings", "view", "survey")


def tables(kind: str) -> list[Table]:
    return [block for section in document(kind).sections for block in section.blocks if isinstance(block, Table)]


@pytest.mark.sweep(3)
@pytest.mark.parametrize("kind", KINDS)
def test_every_writer_takes_every_document(kind, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "500")
    show(document(kind))
    shown, page, text = capsys.readouterr().out, html(document(kind)), markdown(document(kind))
    plain = re.sub(r"\\(.)", r"\1", text)
    cells = {cell.strip() for table in tables(kind) for row in table.rows for cell in row if "\n" not in cell}
    assert cells or kind == "survey"
    for cell in cells:
        assert " ".join(cell.split()) in " ".join(plain.split())
        assert len(cell) > 60 or " ".join(cell.split()) in " ".join(shown.split())
    assert page.count("<table") == len(tables(kind))
    assert pdf(document(kind)).startswith(b"%PDF")


@pytest.mark.parametrize("kind", RESULTS)
def test_a_plain_form_is_json_that_says_what_it_is(kind):
    plain = json.loads(as_json(result(kind).plain()))
    assert plain["kind"] == {"options": "comparison"}.get(kind, kind)
    assert plain["ooms"] == ooms.__version__


@pytest.mark.parametrize("kind", KINDS)
def test_rows_have_a_cell_for_each_column(kind):
    for table in tables(kind):
        assert {len(row) for row in table.rows} == {len(table.columns)}


@pytest.mark.parametrize("kind", ["forecast", "comparison", "explanation", "pool", "readings", "calibration"])
def test_readers_are_spared_names_of_commands(kind):
    for table in tables(kind):
        cells = [cell for row in table.rows for cell in row]
        read = " ".join([table.caption, table.note, *(column.title for column in table.columns), *cells])
        assert not re.search(r"\boo[mM]s?\b|\bOoms?\b", read)
        for name in ("initial speed-up", "max speed", "peak pace", "at fizzle", "accelerates at the start", "kappa is"):
            assert name not in read
        if kind != "calibration":  # whose surveys are named as they are asked for
            assert not re.search(r"davidson-2025|epoch-2025", read)


def test_a_report_and_the_terminal_have_the_same_tables():
    page = ooms.report(DAVIDSON, draws=2**8).document
    report = {b.caption: b for section in page.sections for b in section.blocks if isinstance(b, Table)}
    for table in tables("forecast")[:2]:
        assert table.columns == report[table.caption].columns
        shared = {row[0] for row in table.rows} & {row[0] for row in report[table.caption].rows}
        assert len(shared) >= 4
        both = [{row[0]: row for row in each.rows} for each in (table, report[table.caption])]
        assert all(both[0][name] == both[1][name] for name in shared)


def test_an_unsound_calibration_says_so_in_every_document(capsys):
    believed = ooms.load("calibrated/davidson-2025")
    bad = replace(believed, calibration=replace(believed.calibration, failed=("R-hat of rho is 1.2",)))
    found = ooms.forecast(bad, draws=2**8)
    notices = [b for section in found.document().sections for b in section.blocks if isinstance(b, Notice)]
    assert any(notice.danger and "R-hat of rho is 1.2." in notice.lines for notice in notices)
    show(found.document())
    assert "UNSOUND" in capsys.readouterr().out


# words


@pytest.mark.parametrize("name", [*DEFAULT_EVENTS, "max speed above 10", "peak pace", *DEFAULT_QUANTITIES])
def test_what_is_read_can_be_asked_for(name):
    words = outcome_words(name)
    assert "oom" not in words
    try:
        parsed = parse_event(words).text
    except ooms.UserError:
        parsed = parse_quantity(words).name
    assert parsed == name


def test_every_shipped_position_has_a_name_of_its_own():
    named = [ooms.load(name).position for name in shipped()]
    assert len(set(named)) == len(named)
    assert {"Kwa (2026)", "Davidson & Houlden (2025)", "Epoch (Erdil & Barnett 2025)"} <= set(named)
    assert max(map(len, named)) <= 42
    assert not set(named) & set(shipped())


def test_positions_that_read_alike_are_told_apart():
    believed = ooms.load(DAVIDSON)
    changed = believed.replace(rho=-0.4)
    assert positions({"a": believed, "b": changed}) == {"a": "Davidson (2025)", "b": "Davidson (2025) with rho = -0.4"}
    assert positions({"a": changed}) == {"a": "Davidson (2025)"}  # what is changed everywhere stands above
    assert positions({"a": believed, "b": replace(believed, name="b")}) == {"a": "a", "b": "b"}
    assert replace(believed, title="").position == DAVIDSON
    assert ooms.load("calibrated/davidson-2025").position == "Davidson (2025), fitted to 10 surveys"


def test_grades_are_words():
    assert graded("a poll", "PS") == "a poll [primary text or data, second-hand]"
    assert graded("a poll", None) == graded("a poll", "") == "a poll"
