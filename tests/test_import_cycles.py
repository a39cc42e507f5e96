"""No circle of imports: what a module imports, wherever in it, leads nowhere back to it.

Imports inside functions count, as a circle hidden in one is a circle all the same. Those for type checkers alone are
counted apart: they are never run, and tell how far the types of modules know of each other.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

ENGINE = Path(__file__).parent.parent / "engine"
PUBLIC = "ooms"
"""It gives the public names when they are first used (`__getattr__`), and nothing else does so."""


@cache
def modules() -> dict[str, Path]:
    """Every module by its name."""
    paths = (path.relative_to(ENGINE).with_suffix("") for path in ENGINE.rglob("*.py"))
    return {".".join(path.parts).removesuffix(".__init__"): ENGINE / path.with_suffix(".py") for path in paths}


def imported(tree: ast.AST, *, for_types: bool) -> Iterator[str]:
    """Modules of ours that are imported, wherever in the tree; as a rule, or where only type checkers look."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            if for_types:
                yield from imported(ast.Module(node.body, []), for_types=True)
            yield from imported(ast.Module(node.orelse, []), for_types=for_types)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in modules() or node.module in modules():
                    yield whole if whole in modules() else str(node.module)
        else:
            yield from imported(node, for_types=for_types)


def arrows(*, for_types: bool) -> dict[str, set[str]]:
    """What each module imports."""
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in modules().items()}
    return {name: {*imported(tree, for_types=for_types)} - {name, PUBLIC} for name, tree in trees.items()}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Sets of modules of which each leads to all others (Tarjan 1972: strongly connected components)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        open_.append(name)
        for other in sorted(graph[name]):
            if other not in order:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in open_:
                lowest[name] = min(lowest[name], order[other])
        if lowest[name] == order[name]:
            part = open_[open_.index(name) :]
            del open_[open_.index(name) :]
            if len(part) > 1:
                found.append(sorted(part))

    for name in sorted(graph):
        if name not in order:
            visit(name)
    return found


def shown(found: Iterable[list[str]]) -> str:
    return "\n".join(" <-> ".join(part) for part in found)


def test_nothing_imports_itself_by_way_of_others():
    found = circles(arrows(for_types=False))
    assert not found, shown(found)


TYPED, LARGEST = 46, 9
"""Modules whose types know of each other, in all and in one circle: 79 and 56 once. They may fall, and not rise."""


def test_few_modules_know_of_each_other_in_their_types():
    found = circles(arrows(for_types=True))
    assert sum(map(len, found)) <= TYPED, shown(found)
    assert max(map(len, found)) <= LARGEST, shown(found)


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}, [["a", "b", "c"]]),
        ({"a": {"b"}, "b": {"a"}, "c": {"d", "a"}, "d": {"c"}}, [["a", "b"], ["c", "d"]]),
    ],
)
def test_circles_are_found(graph, expected):
    assert circles(graph) == expected


def test_imports_in_functions_count_and_those_for_types_do_not():
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ooms.beliefs.view import View\n"
    text += "def f():\n    import ooms.problems\n    from ooms import parameters\n"
    tree = ast.parse(text)
    assert [*imported(tree, for_types=False)] == ["ooms.problems", "ooms.parameters"]
    assert [*imported(tree, for_types=True)] == ["ooms.beliefs.view", "ooms.problems", "ooms.parameters"]


CONTRIBUTING = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
FLOORS = {
    room: number
    for number, floor in enumerate(re.findall(r"one way: ([^.(]*)", CONTRIBUTING)[0].split("->"))
    for room in re.findall(r"\w+", floor)
}
"""Rooms by the floor they stand on, 0 the highest, as CONTRIBUTING has them."""

FACADES = re.compile(r"ooms\.documents\.\w+|ooms\.pictures\.(plots|files)|ooms\.results\.tables")
"""What a result, or a view, knows of itself is made on higher floors, when it is asked for."""


def climbs(graph: dict[str, set[str]]) -> list[str]:
    """Imports that lead from a floor to a higher one."""
    rooms = {name: FLOORS.get(name.split(".")[1]) for name in graph if name.count(".")}
    return [
        f"{name} -> {other}"
        for name, others in graph.items()
        for other in others
        if (lower := rooms.get(name)) is not None and (higher := rooms.get(other)) is not None and higher < lower
    ]


def test_imports_lead_down_from_floor_to_floor():
    """So no journey of a command climbs back but by way of what it was handed."""
    assert [text for text in climbs(arrows(for_types=False)) if not FACADES.fullmatch(text.partition(" -> ")[2])] == []
    assert {path.parent.name for path in ENGINE.glob("ooms/*/__init__.py")} == FLOORS.keys() - {
        path.stem for path in ENGINE.glob("ooms/*.py")
    }


def test_a_climb_is_noticed():
    assert climbs({"ooms.model.pace": {"ooms.outcomes.events"}, "ooms.outcomes.events": {"ooms.model.pace"}}) == [
        "ooms.model.pace -> ooms.outcomes.events"
    ]
