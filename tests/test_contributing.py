"""CONTRIBUTING's map is the tree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ENGINE = ROOT / "engine/ooms"
MAP = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("engine/ooms/\n")[2].partition("\ntests/")[0]
ROOMS = {room[1]: room[0] for room in re.finditer(r"^  (\w+)/ .*\n(?:    .*\n?)*", f"{MAP}\n", re.MULTILINE)}


def test_every_room_is_on_the_map():
    assert set(ROOMS) == {path.name for path in ENGINE.iterdir() if path.is_dir() and path.name != "__pycache__"}


@pytest.mark.parametrize("room", ROOMS)
def test_what_stands_in_a_room_is_on_the_map_and_what_the_map_names_is_there(room):
    """Commands are named by the line of their room."""
    inside = (path for path in (ENGINE / room).rglob("*") if "__pycache__" not in path.parts)
    there = {path.relative_to(ENGINE / room).as_posix() for path in inside}
    files = {name for name in there if name.endswith(".py") and "/" not in name and not name.startswith("__")}
    folders = {name for name in there if (ENGINE / room / name).is_dir() and "/" not in name}
    assert set(re.findall(r"[\w/]+\.py\b", ROOMS[room])) <= there
    assert {name for name in folders if f"{name}/" not in ROOMS[room]} == set()
    assert room == "cli" or {name for name in files if not re.search(rf"\b{name}", ROOMS[room])} == set()
