"""How many examples Hypothesis takes, what `sweep` means, and what tests share: shipped views, and charts checked once.

Hypothesis tries a few new examples every time at a desk; in continuous integration as many as a test asks for, always
the same ones.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import is_hypothesis_test, settings

if TYPE_CHECKING:
    from ooms.beliefs.spec import Parsed
    from ooms.beliefs.view import View
    from ooms.problems import Problems

# Workers and the commands that tests start inherit this. With more, two processes on two cores wait for one another:
# a density takes ten times as long.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# Where the environment keeps bytecode from being written, every command that tests start would compile all modules.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False  # nor need every worker rewrite the assertions of all tests again

sys.path.insert(0, str(Path(__file__).parent))  # lets tests in every folder import nested

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

EXAMPLES = int(os.environ.get("EXAMPLES", 15))
"""The most that Hypothesis tries of a test at a desk."""

SAMPLE = 12
"""The most instances of a slow test that `make slow`, and so CI, runs; or so many as a `sweep(n, most)` says."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test marked `sweep(n)` n instances, always the same, are in the default suite; the others are slow."""
    sweeps: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("sweep"):
            sweeps.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for name, instances in sweeps.items():
        count, *_ = instances[0].get_closest_marker("sweep").args
        kept = Random(zlib.crc32(name.encode())).sample(range(len(instances)), min(count, len(instances)))
        for k, item in enumerate(instances):
            if k not in kept:
                item.add_marker(pytest.mark.slow)
    _sample(items)
    if not os.environ.get("CI"):
        for item in items:
            if is_hypothesis_test(test := getattr(item, "function", None)):
                asked = getattr(test, "_hypothesis_internal_use_settings", None) or settings.default
                test._hypothesis_internal_use_settings = settings(asked, max_examples=min(asked.max_examples, EXAMPLES))


def _sample(items: list[pytest.Item]) -> None:
    """Of a slow test with many instances some, always the same, stay in `make slow`; the others are exhaustive."""
    slow: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("alone"):
            slow.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for name, instances in slow.items():
        sweep = instances[0].get_closest_marker("sweep")
        most = sweep.args[1] if sweep and len(sweep.args) > 1 else SAMPLE
        kept = Random(zlib.crc32(name.encode())).sample(range(len(instances)), min(most, len(instances)))
        for k, item in enumerate(instances):
            if k not in kept:
                item.add_marker(pytest.mark.exhaustive)


def pytest_collection_finish() -> None:
    """Charts are checked against their schema as wholes, when they become JSON, and not at every step on the way."""
    if "altair" in sys.modules:
        import altair.utils.schemapi

        altair.utils.schemapi.disable_debug_mode()


def _read_once() -> None:
    """Shipped views are read once in a process, which takes as long as a small forecast; they warn each time."""
    from ooms.beliefs import reader
    from ooms.beliefs.view import warn
    from ooms.files.library import priors_folder

    read, views = reader._loaded, {}

    def loaded(path: Path, options: tuple[str, ...], parse: Callable[[Problems], Parsed | None]) -> View:
        if not path.is_relative_to(priors_folder()):
            return read(path, options, parse)
        if (view := views.get((path, options))) is not None:
            for warning in view.warnings:
                warn(warning)
            return view
        return views.setdefault((path, options), read(path, options, parse))

    loaded.__code__ = loaded.__code__.replace(co_filename=reader.__file__)  # warnings point beyond the engine's files
    reader._loaded = loaded


_read_once()


@pytest.fixture(scope="session")
def few_draws() -> Iterator[None]:
    """Forecasts of a calibration from 2^10 draws: they are most of the time that it takes to write or show one."""
    import ooms

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ooms.calibrating.calibration.forecast", partial(ooms.forecast, draws=2**10))
        yield
