"""Values that stand, or could stand, in an input: numbers at every edge, texts of every kind, tables and lists."""

from __future__ import annotations

import datetime
import math
from random import Random
from typing import Any

from ooms.beliefs.options import SWITCHES
from ooms.distributions.marginals import REGISTRY
from ooms.files.library import shipped
from ooms.outcomes import DEFAULT_EVENTS, DEFAULT_QUANTITIES, RESOURCE_QUANTITIES
from ooms.parameters import known_names

__all__ = ["OUTSIDE", "distribution", "distribution_text", "event", "number", "number_text", "quantity", "text",
           "tweaked", "value"]  # fmt: skip

OUTSIDE = "@outside@"
"""Stands for a folder beside the input's own, whose files nothing may read."""

_NUMBERS = (
    0, 1, -1, 2, 0.5, -0.5, 1e-9, -1e-9, 1e-16, 1e-300, 1e-307, 5e-324, -5e-324, 1e15, 1e18, 1e300, -1e300, 1e306,
    1e308, -1e308, math.inf, -math.inf, math.nan, 1 - 1e-16, 1 + 2e-16, 0.1 + 0.2, 2**53 + 1, 2**63, 10**30, 10**400,
)  # fmt: skip
_TEXTS = (
    "", " ", "\n", "\t", "x", "rho", "returns", "value", "fixed", "all", "true", "as coded", "nan", "-inf", "1e999",
    "\x1b[31mred\x1b[0m", "\x00", "\r\n", "\x7f", "\u202egnol\u202c", "\u2066x\u2069", "\ufeffx", "é", "e\u0301",
    "🧨🧨", "\U0001d7d9", "٣", "½", "%s%n{0}{x}", "[bold]x[/bold]", "<script>alert(1)</script>", "'; --",
    "$HOME", "../", "..", ".", "/",
    "~", "~root/.bashrc", "/etc/passwd", "/dev/zero", "/dev/stdin", "/proc/self/environ", "file:///etc/passwd",
    "http://localhost/x.csv", "C:\\x", "nul", "x" * 10_000, "x." * 5_000, "é" * 3_000, "(" * 2_000, "1," * 3_000,
    f"{OUTSIDE}/secret.toml", f"{OUTSIDE}/secret.csv", "../outside/secret.toml", "../outside/secret.csv",
    "sub/../../outside/secret.toml", "input.toml", "base.toml", "draws.csv", "davidson-2025+", "davidson-2025+x+x",
)  # fmt: skip
_KEYS = (
    "value", "distribution", "source", "p10", "p90", "p50", "p2", "low", "high", "mode", "values", "weights", "draws",
    "components", "interval", "mass", "shift", "excess_p10", "between", "spearman", "quantiles", "note", "grade",
    "cites", "label", "points", "scale", "title", "extends", "n", "answers", "link", "kind", "5", "",
)  # fmt: skip


def number(random: Random) -> float:
    """A number: ordinary, at an edge, or of any size."""
    match random.randrange(4):
        case 0:
            return random.choice(_NUMBERS)
        case 1:
            return round(random.uniform(-5, 5), random.randrange(4))
        case 2:
            return random.choice((1, -1)) * 10.0 ** random.uniform(-20, 20)
        case _:
            return random.choice((1, -1)) * math.ldexp(random.random(), random.randrange(-1070, 1024))


def number_text(random: Random) -> str:
    """A number as text."""
    found = number(random)
    return str(found) if isinstance(found, int) else f"{found:g}"


def tweaked(random: Random, old: Any) -> Any:
    """The same kind of thing, a little or much different."""
    if isinstance(old, bool):
        return not old
    if isinstance(old, int | float):
        factor = random.choice((-1, 0, 0.5, 2, 10, 1e-6, 1e6, 1e-300, 1e300, 1 + 1e-15))
        changed = min(float(old) if abs(old) < 1e300 else 1e300, 1e300) * factor + random.choice((0, 0, 1, -1, 1e-12))
        return int(changed) if isinstance(old, int) and math.isfinite(changed) and random.random() < 0.7 else changed
    if isinstance(old, str):
        at = random.randrange(len(old) + 1)
        return old[:at] + random.choice(("", "x", "+", " ", "é", "\u202e", "0", "e99", ",", "(", text(random))) + old[
            at + random.randrange(3) :
        ]
    if isinstance(old, list):
        return random.choice((old[::-1], old * 2, old[:1], old[1:], [old], [*old, value(random)], old * 500))
    return value(random)


def text(random: Random) -> str:
    """A text: a name that is known, one that is not, something odd, or one that says something."""
    say = random.choice
    return say((
        lambda: say(_TEXTS),
        lambda: say((*known_names(), *SWITCHES, *REGISTRY, *shipped())),
        lambda: "".join(chr(random.choice((random.randrange(32, 127), random.randrange(1, 0xD7FF)))) for _ in range(6)),
        lambda: distribution_text(random),
        lambda: event(random),
        lambda: quantity(random),
    ))()  # fmt: skip


def value(random: Random, depth: int = 2) -> Any:
    """Anything that TOML can say."""
    say = random.randrange(12)
    if say < 4:
        return number(random)
    if say < 6:
        return text(random)
    if say == 6 or depth == 0:
        return random.choice((True, False, [], {}, datetime.date(2025, 4, 1), datetime.datetime(2025, 4, 1, 12)))
    if say == 7:
        return distribution(random)
    if say == 8:
        return [value(random, depth - 1) for _ in range(random.randrange(4))]
    if say == 9:
        return {random.choice(_KEYS): value(random, depth - 1) for _ in range(random.randrange(4))}
    if say == 10:
        return _large(random)
    return random.choice((number(random), text(random)))


def _large(random: Random) -> Any:
    """Much of something, or deep."""
    one = number(random)
    match random.randrange(6):
        case 0:
            return [one] * random.choice((100, 20_000))
        case 1:
            return [k / 1e4 for k in range(10_000)]
        case 2:
            return {f"k{k}": one for k in range(2_000)}
        case 3:
            deep: Any = one
            for _ in range(random.choice((10, 80))):
                deep = [deep]
            return deep
        case 4:
            deep = {"value": one}
            for _ in range(random.choice((10, 80))):
                deep = {random.choice(("components", "x", "value")): deep}
            return deep
        case _:
            return [{"distribution": "uniform", "low": 0, "high": 1}] * 500


def distribution(random: Random) -> dict[str, Any]:
    """A distribution as a table, each of its numbers perhaps another."""
    if random.random() < 0.1:
        table: dict[str, Any] = {"value": number(random)}
    else:
        family = random.choice(sorted(REGISTRY))
        table = {"distribution": family, **REGISTRY[family].example}
    for key in list(table):
        if key != "distribution" and random.random() < 0.4:
            old = table[key]
            if isinstance(old, tuple | list) and old and random.random() < 0.7:
                table[key] = [number(random) if random.random() < 0.5 else item for item in old]
            else:
                table[key] = random.choice((number(random), tweaked(random, old)))
    return table | {"source": "x"}


def distribution_text(random: Random) -> str:
    """A distribution as it is written in what-ifs."""
    family, count = random.choice(sorted(REGISTRY)), random.randrange(1, 5)
    numbers = [number_text(random) if random.random() < 0.95 else text_of_number(random) for _ in range(count)]
    match random.randrange(6):
        case 0:
            return numbers[0]
        case 1:
            half = ", ".join(numbers)
            return f"{family}([{half}], [{half}])"
        case 2:
            keys = random.sample(("p10", "p90", "p50", "low", "high", "mode", "mean", "sd", "shift", "interval"), count)
            return f"{family}({', '.join(f'{k}={n}' for k, n in zip(keys, numbers, strict=True))})"
        case 3:
            return f"mixture({family}({', '.join(numbers)}), {numbers[0]})"
        case _:
            return f"{family}({', '.join(numbers)})"


def text_of_number(random: Random) -> str:
    """Something where a number belongs."""
    return random.choice(("", "x", "1e999", "--1", "1_0", "0x10", "٣", "1j", "None", "()", "rho"))


def event(random: Random) -> str:
    """An event, perhaps one without meaning."""
    if random.random() < 0.3:
        return random.choice(DEFAULT_EVENTS)
    unit, span = random.choice(("oom", "ooms", "years", "doublings")), random.choice(("year", "months", "weeks"))
    amounts = [_amount(random) for _ in range(3)]
    where = random.choice(("", "", " anywhere", " from the start", f" anywhere within {amounts[2]} years"))
    return f"{amounts[0]} {unit} in {amounts[1]} {span}{where}"


def _amount(random: Random) -> str:
    return number_text(random).lstrip("-") if random.random() < 0.5 else str(random.randrange(13))


def quantity(random: Random) -> str:
    """A quantity, perhaps one without meaning."""
    amount = _amount(random)
    return random.choice((
        *DEFAULT_QUANTITIES, *RESOURCE_QUANTITIES, f"time to {amount} ooms", f"ooms after {amount} years",
        f"years of progress after {amount} months", f"time of doubling {amount}", "peak pace", "max speed",
    ))  # fmt: skip
