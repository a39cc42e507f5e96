"""Prints the ratios; the clock passes and fails nothing."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("ratios", Path(__file__).with_name("ratios.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
ratios = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(ratios)


@pytest.mark.slow
def test_print_the_ratios(capsys):
    found = ratios.rows()
    with capsys.disabled():
        print("\n" + ratios.table(found))
    assert len(found) == 10
    assert all(float(row.found.replace(",", "")) > 0 for row in found)


def test_the_table_is_aligned():
    text = ratios.table([ratios.Row("a", "1.00", "at most 2"), ratios.Row("something longer", "12.00", "at least 10")])
    assert len({len(line) for line in text.splitlines()}) == 1
