"""A command is one file and one word in `ooms.cli.COMMANDS`: help, errors and exit codes come with it."""

from __future__ import annotations

import sys

import pytest

import ooms.cli
from ooms.cli import COMMANDS, app, main, register

ODDS = '''
"""``ooms odds``: the odds of an event."""

from __future__ import annotations

import ooms

__all__ = ["odds"]


def odds(view: str = "davidson-2025", /, *, event: str = "5 ooms in 1 year") -> None:
    """Odds against an event, under a view.

    Example: `ooms odds davidson-2025`.

    Parameters
    ----------
    view
        A view or a prior file.
    event
        What may happen.
    """
    chance = ooms.forecast(view, draws=2**9, events=[event]).probability(event).value
    print(f"{event}: {(1 - chance) / chance:.1f} to 1 against")
'''


@pytest.fixture
def odds(tmp_path, monkeypatch):
    (tmp_path / "odds.py").write_text(ODDS)
    monkeypatch.setattr(ooms.cli, "__path__", [*ooms.cli.__path__, str(tmp_path)])
    register("odds")
    yield
    del app["odds"]
    del sys.modules["ooms.cli.odds"]


@pytest.mark.usefixtures("odds")
def test_a_new_command_is_a_file_and_a_word(capsys):
    assert main(["odds", "davidson-2025"]) == 0
    assert capsys.readouterr().out == "5 ooms in 1 year: 2.1 to 1 against\n"
    assert main(["--help"]) == 0
    assert "Odds against an event, under a view." in capsys.readouterr().out
    assert main(["odds", "nobody-2025"]) == 2
    assert "nobody-2025" in capsys.readouterr().err


def test_every_command_is_registered_by_its_name():
    assert set(COMMANDS) < set(app)
    assert "odds" not in app
