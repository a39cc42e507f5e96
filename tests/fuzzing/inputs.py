"""Inputs made by changing sound ones: prior, study, survey and calibration files, and options of commands.

An input follows from a seed and a number alone. Its changes are drawn one by one, each from numbers of its own, so that
any of them can be left out and the rest stays what it was.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from beliefs.prior_texts import COMPLETE, PARENT, route
from fuzzing import values
from nested import places, toml
from ooms.beliefs.reader import load
from ooms.distributions.marginals import REGISTRY
from ooms.files.library import priors_folder, shipped, views_folder
from ooms.parameters import known_names

__all__ = ["KINDS", "MAIN", "STORE", "Input", "made", "sound"]

MAIN = "input.toml"
STORE = "@store@"
"""Stands for a small study's store, which is made once."""

KINDS: Mapping[str, int] = {"prior": 45, "options": 25, "study": 12, "survey": 17, "calibration": 1}
"""Kinds of inputs, and how many of a hundred are of each."""

_MOST = 4  # changes


@dataclass(frozen=True)
class Input:
    """Files in a folder, the first of which is the input, and words of a command.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    files : mapping of str to bytes
        By name.
    words : tuple of str
        Of a command, after ``ooms``.
    changes : int
        By how many changes it differs from a sound one.
    """

    kind: str
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    words: tuple[str, ...] = ()
    changes: int = 0


def made(seed: int, number: int, kind: str | None = None, leave_out: Collection[int] = ()) -> Input:
    """The input of that number.

    Parameters
    ----------
    seed, number : int
        What it follows from.
    kind : str, optional
        Of this kind; else of any.
    leave_out : collection of int
        Changes that are not made.
    """
    random = Random(f"{seed}:{number}")
    kind = kind or random.choices([*KINDS], [*KINDS.values()])[0]
    start = random.randrange(10**9)
    count = random.randint(1, _MOST)
    changes = [(k, Random(f"{seed}:{number}:{k}")) for k in range(count) if k not in leave_out]
    if kind == "options":
        words = _words(Random(start))
        for _, each in changes:
            words = _reworded(words, each)
        return Input(kind, words=tuple(words), changes=count)
    files = sound(kind, start)
    for _, each in changes:
        _change(kind, files, each)
    return Input(kind, files, changes=count)


# -- sound inputs -----------------------------------------------------------------------------------------------------


def sound(kind: str, which: int) -> dict[str, bytes]:
    """A sound input of a kind, its own file first."""
    known = _corpus()[kind]
    return dict(known[which % len(known)])


@cache
def _corpus() -> dict[str, list[dict[str, bytes]]]:
    folder, calibrated = priors_folder(), priors_folder() / "calibrated" / "davidson-2025.toml"
    views, surveys, studies = ([*(folder / each).glob("*.toml")] for each in ("views", "surveys", "studies"))
    rows = "".join(calibrated.with_suffix(".csv").read_text(encoding="utf-8").splitlines(keepends=True)[:65])
    whole = {path.name: path.read_bytes() for path in map(calibrated.with_suffix, (".toml", ".csv", ".nc"))}
    rich = (views_folder() / "davidson-2025.toml").read_text(encoding="utf-8") + (
        f'[parameters.route_elasticity]\nvalue = 3\nsource = "x"\n{route()}'
        '[[correlations]]\nbetween = ["rho", "returns"]\nspearman = 0.4\n[variants]\nretraining = true\n'
    )
    joint = "rho,returns\n" + "".join(f"{-k / 40},{0.4 + k / 10}\n" for k in range(1, 32))
    drawn = ", ".join(f'{name} = {{distribution = "empirical", draws = "draws.csv", source = "x"}}'
                      for name in ("rho", "returns"))  # fmt: skip
    own = 'parameters.rho = {distribution = "uniform", low = -0.5, high = -0.1, source = "x"}\n'
    priors = [
        *({MAIN: path.read_bytes()} for path in sorted(views)),
        {MAIN: rich.encode()},
        {MAIN: calibrated.read_bytes(), "davidson-2025.csv": rows.encode()},
        {MAIN: f'extends = "davidson-2025"\nparameters = {{{drawn}}}\n'.encode(), "draws.csv": joint.encode()},
        {MAIN: f'extends = "base"\n{own}'.encode(), "base.toml": COMPLETE.encode()},
        {MAIN: PARENT.encode()},
    ]
    mine = (
        'extends = "base.toml"\nviews = ["davidson-2025", "view.toml"]\nset = ["speed = 10"]\ndraws = 256\n'
        '[grid]\nreturns = [0.8, "loguniform(0.4, 3.6)"]\n[zipped.crisis]\nhardware_growth = [0.5, 0.2]\n'
        'hardware_shock = [0.1, 0.3]\nlabel = ["mild", "grave"]\n'
    )
    base = (
        'events = ["5 ooms in 1 year"]\nquantities = ["time to 3 ooms"]\n[grid]\n'
        "rho = {low = -1, high = 0, points = 3}\n"
    )
    view = f'extends = "kwa-2026"\n{own}'
    whole_study = {MAIN: mine.encode(), "base.toml": base.encode(), "view.toml": view.encode()}
    return {
        "prior": priors,
        "survey": [{MAIN: path.read_bytes()} for path in sorted(surveys)],
        "study": [
            *({MAIN: path.read_bytes()} for path in sorted(studies)),
            *[whole_study] * 3,
        ],
        "calibration": [whole],
    }


# -- changes of files -------------------------------------------------------------------------------------------------


def _change(kind: str, files: dict[str, bytes], random: Random) -> None:
    """One change of one file."""
    names = [*files]
    name = names[0] if random.random() < 0.7 else random.choice(names)
    content = files[name]
    if name.endswith(".csv"):
        files[name] = _rows(content, random)
    elif not name.endswith(".toml") or random.random() < 0.15:
        files[name] = _bytes(content, random)
    else:
        files[name] = _table(kind, content, random)


def _bytes(content: bytes, random: Random) -> bytes:
    """Some bytes lost, put in, turned over or repeated."""
    at, length = random.randrange(len(content) + 1), random.choice((0, 1, 1, 5, 64, 2000))
    new = random.choice((
        b"", bytes(length), random.randbytes(length), content[at : at + length] * 2, b"\xff", b"\xed\xa0\x80", b"'''",
        b"[" * 40, b"[[x]]\n", b"\n", b"\r", "\u202e\U0001f9e8".encode(), content[:length], b'"', b"#", b"= {",
    ))  # fmt: skip
    return content[:at] + new + content[at + length :] if random.random() < 0.9 else content[:at]


def _rows(content: bytes, random: Random) -> bytes:
    """Cells, rows and columns of joint draws."""
    lines = [line.split(b",") for line in content.splitlines()] or [[b""]]
    row = random.choice(lines) if random.random() < 0.7 else lines[0]
    at = random.randrange(len(row) + 1)
    match random.randrange(7):
        case 0:
            row[at : at + 1] = [random.choice((values.text(random), values.number_text(random))).encode()]
        case 1:
            row.insert(at, b"0.5")
        case 2:
            del row[at : at + 1]
        case 3:
            lines[0][at : at + 1] = [lines[0][0]]
        case 4:
            lines = [[*line, line[0]] if line else line for line in lines]
        case 5:
            lines = random.choice(([], lines[:1], lines[1:], lines * random.choice((2, 200))))
        case _:
            return _bytes(content, random)
    return b"\n".join(b",".join(line) for line in lines)


def _table(kind: str, content: bytes, random: Random) -> bytes:
    """One place of a TOML file."""
    try:
        table = tomllib.loads(content.decode())
    except (ValueError, RecursionError):  # an earlier change saw to that
        return _bytes(content, random)
    _edit(kind, table, random)
    try:
        return "\n".join(f"{toml(key)} = {toml(item)}" for key, item in table.items()).encode()
    except RecursionError:
        return content


def _edit(kind: str, table: dict[str, Any], random: Random) -> None:
    known = [path for path in places(table) if random.random() < 0.3 or path[-1] not in ("source", "note", "grade")]
    if not known:
        table[random.choice(("extends", "parameters", "title"))] = values.value(random)
        return
    *above, key = random.choice(known)
    inside: Any = table
    for step in above:
        inside = inside[step]
    match random.randrange(10):
        case 0 | 1:
            inside[key] = values.tweaked(random, inside[key])
        case 2:
            inside[key] = values.value(random)
        case 3:
            inside[key] = values.number(random)
        case 4:
            del inside[key]
        case 5:
            if isinstance(inside, dict):
                inside[random.choice((f"{key}x", values.text(random), *known_names()))] = inside.pop(key)
            else:
                random.shuffle(inside)
        case 6:
            inside[key] = copy.deepcopy(_part(table, random))
        case 7:
            other = sound(kind, random.randrange(10**9))
            inside[key] = _part(tomllib.loads(next(iter(other.values())).decode() or "x = 1"), random)
        case 8:
            new = values.distribution(random)
            if "parameters" in table and isinstance(table["parameters"], dict):
                table["parameters"][random.choice(known_names())] = new
            else:
                inside[key] = new
        case _:
            _add(inside, random)


def _part(table: dict[str, Any], random: Random) -> Any:
    inside: Any = table
    for step in random.choice([*places(table)]):
        inside = inside[step]
    return inside


def _add(inside: Any, random: Random) -> None:
    if isinstance(inside, list):
        inside.append(values.value(random))
    else:
        inside[values.text(random)] = values.value(random)


# -- options ----------------------------------------------------------------------------------------------------------


def _words(random: Random) -> list[str]:
    """Words of a command that is sound."""
    say = random.randrange(10)
    if say < 6:
        return ["forecast", _view(random), "--set", "rho=-0.4", "--event", "5 ooms in 1 year"]
    if say == 6:
        return ["pool", _view(random), "kwa-2026", "--weight", "kwa-2026=0.5", "--event", "3 years in 1 year"]
    if say == 7:
        return ["compare", _view(random), "kwa-2026", "--set", "speed=10", "--event", "3 years in 1 year"]
    return ["batch", "table", STORE, "--where", "rho=-0.4,-0.1", "--over", "returns"]


@cache
def _options(view: str) -> tuple[str, ...]:
    return tuple(load(view).options)


def _view(random: Random) -> str:
    view = random.choice(shipped())
    options = _options(view)
    return "+".join((view, *random.sample(options, min(len(options), random.randrange(3)))))


def _reworded(words: list[str], random: Random) -> list[str]:
    """One more option, one changed, or another view."""
    table = words[0] == "batch"
    say = random.random()
    if say < 0.15:
        at = random.randrange(3 if table else 1, len(words))
        return [*words[:at], str(values.tweaked(random, words[at])), *words[at + 1 :]]
    if say < 0.25 and not table:
        return [words[0], _odd_view(random), *words[2:]]
    if table:
        return [*words, *_of_table(random)]
    more = [lambda: ("--set", _change_text(random)), lambda: ("--event", values.event(random)),
            lambda: ("--quantity", values.quantity(random))]  # fmt: skip
    if words[0] == "pool":
        more.append(lambda: ("--weight", f"{random.choice(shipped())}={values.number_text(random)}"))
    if random.random() < 0.08:
        more = [lambda: (random.choice(("--seed", "--draws", "--threads")), values.number_text(random))]
    return [*words, *random.choice([*more, more[0], more[0]])()]


def _odd_view(random: Random) -> str:
    return random.choice((_view(random), f"{_view(random)}+{random.choice(('x', '', 'wide', values.text(random)))}",
                          values.text(random)))  # fmt: skip


def _change_text(random: Random) -> str:
    """A what-if."""
    name = random.choice((*known_names(), "retraining", "declining_returns", "compute_adjustment", values.text(random)))
    if random.random() < 0.9:
        name = random.choice(known_names())
    said = random.choice((values.number_text(random), values.distribution_text(random), values.text(random)))
    if random.random() < 0.3:
        family = random.choice(sorted(REGISTRY))
        said = f"{family}({values.number_text(random)}, {values.number_text(random)})"
    return f"{name}{random.choice((' = ', '=', ' ~ ', '~'))}{said}"


def _of_table(random: Random) -> tuple[str, str]:
    axis = random.choice(("rho", "returns", "view", "crisis", "hardware_growth", "event", "state", values.text(random)))
    listed = ",".join(values.number_text(random) for _ in range(random.choice((1, 2, 3, 400))))
    ranged = f"{values.number_text(random)}..{values.number_text(random)}"
    said = random.choice((listed, ranged, "mild, grave", "-0.4", values.text(random)))
    return random.choice((
        ("--where", f"{axis}={said}"), ("--where", values.text(random)), ("--over", axis),
        ("--event", values.event(random)), ("--quantity", values.quantity(random)),
        ("--interval", values.number_text(random)), ("--rows", values.number_text(random)),
    ))  # fmt: skip
