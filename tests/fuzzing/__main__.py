"""``make fuzz``: thousands of inputs made by changing sound ones, and what none of them may do."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from fuzzing.crew import ROOM, Task, judged
from fuzzing.inputs import KINDS, Input, made
from fuzzing.verdicts import LIMIT, Fault

_SHOWN = 30  # lines of what was changed
_EXAMPLES = 8  # inputs of one fault that are named


def main() -> int:
    """Judge so many inputs; 1 if there is any fault."""
    asked = _asked()
    numbers = [asked.only] if asked.only is not None else range(asked.first, asked.first + asked.count)
    found: dict[str, list[tuple[Task, Fault]]] = defaultdict(list)
    began, count = time.monotonic(), 0
    tasks = ((asked.seed, number, asked.kind, ()) for number in numbers)
    for task, fault in judged(tasks, 1 if asked.only is not None else asked.workers):
        count += 1
        if fault is not None:
            if fault.signature not in found:
                print(f"  {task[1]}: {fault.signature}", flush=True)
            found[fault.signature].append((task, fault))
        if count % 500 == 0:
            print(f"{count:,} inputs in {time.monotonic() - began:,.0f} s", flush=True)
    for number, cases in enumerate(sorted(found.values(), key=len, reverse=True), start=1):
        print(f"\n--- {number}. {_told(cases)}")
    faulty = sum(map(len, found.values()))
    print(f"\n{count:,} inputs in {time.monotonic() - began:,.0f} s, seed {asked.seed}: {faulty:,} with a fault, "
          f"{len(found)} faults")  # fmt: skip
    if asked.only is not None:
        print(f"the input is in {_written(made(asked.seed, asked.only, asked.kind))}")
    return 1 if found else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fuzzing", description=(
        "Inputs made by changing sound ones. Each is refused with complete problems or answered with numbers, in under "
        f"{LIMIT:g} s of processor time and {ROOM // 2**20:,} MiB, and nothing else is read."))  # fmt: skip
    parser.add_argument("--count", type=int, default=20_000, help="how many inputs (default: 20,000)")
    parser.add_argument("--seed", type=int, default=0, help="which inputs (default: 0)")
    parser.add_argument("--first", type=int, default=0, help="number of the first input (default: 0)")
    parser.add_argument("--only", type=int, help="this input alone, which is kept")
    parser.add_argument("--kind", choices=KINDS, help="inputs of this kind alone")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (default: one a core)")
    return parser.parse_args()


def _told(cases: list[tuple[Task, Fault]]) -> str:
    """A fault, the least change that shows it, and how to run it again."""
    task, fault = min(cases, key=lambda case: made(*case[0]).changes)
    (seed, number, kind, _), smallest = task, _least(task, fault)
    again = f"make fuzz FUZZ='--seed {seed} --only {number}{f' --kind {kind}' * bool(kind)}'"
    others = [str(other[1]) for other, _ in cases if other != task][:_EXAMPLES]
    lines = [f"{fault.signature} ({len(cases)} inputs)", *_difference(made(*smallest), made(*smallest[:3], range(99)))]
    lines += [*fault.details.strip().splitlines()[-_SHOWN:], f"again: {again}"]
    lines += [f"the same: {', '.join(others)}"] if others else []
    return "\n    ".join(line[:300] for line in lines)


def _least(task: Task, fault: Fault) -> Task:
    """The same input with all changes left out that the fault does without."""
    seed, number, kind, left_out = task
    if fault.kind in ("hangs", "process ends"):
        return task
    for k in range(made(seed, number, kind).changes):
        tried = (seed, number, kind, (*left_out, k))
        ((_, again),) = judged([tried], 1)
        if again is not None and again.signature == fault.signature:
            left_out = tried[3]
    return seed, number, kind, left_out


def _difference(changed: Input, sound: Input) -> list[str]:
    """How it differs from the sound input that it was made from; words of a command as they are."""
    if changed.words:
        return ["ooms " + " ".join(repr(word) for word in changed.words)]
    lines: list[str] = []
    for name, content in changed.files.items():
        old = sound.files.get(name, b"")
        if content != old:
            pair = (_lines(old), _lines(content))
            lines += [line for line in difflib.unified_diff(*pair, "", name, lineterm="", n=0) if line[:2] != "@@"]
    return lines[:_SHOWN]


def _lines(content: bytes) -> list[str]:
    """A file's lines, tables of TOML written as they are when they have been read."""
    import tomllib

    from nested import places

    text = content.decode(errors="backslashreplace")
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError):
        return [ascii(line)[1:-1] for line in text.splitlines()]
    leaves: list[str] = []
    for path in places(table):
        inside = table
        for step in path:
            inside = inside[step]
        if not isinstance(inside, dict | list) or not inside:
            leaves.append(f"{'.'.join(map(str, path))} = {inside!a}")
    return leaves


def _written(given: Input) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="ooms-fuzz-kept-"))
    for name, content in given.files.items():
        (folder / name).write_bytes(content)
    (folder / "command.txt").write_text(" ".join(given.words), encoding="utf-8", errors="backslashreplace")
    return folder


if __name__ == "__main__":
    sys.exit(main())
