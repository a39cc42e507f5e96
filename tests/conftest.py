"""Hypothesis: new examples every time at a desk, the same ones in continuous integration; and what `sweep` means."""

import os
import sys
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings

# Workers and the commands that tests start inherit this. With more, two processes on two cores wait for one another:
# a density takes ten times as long.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# Where the environment keeps bytecode from being written, every command that tests start would compile all modules.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

sys.path.insert(0, str(Path(__file__).parent))  # lets tests in every folder import nested

settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test marked `sweep(n)` n instances, always the same, are in the default suite; the others are slow."""
    sweeps: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("sweep"):
            sweeps.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for name, instances in sweeps.items():
        (count,) = instances[0].get_closest_marker("sweep").args
        kept = Random(zlib.crc32(name.encode())).sample(range(len(instances)), min(count, len(instances)))
        for k, item in enumerate(instances):
            if k not in kept:
                item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module")
def few_draws() -> Iterator[None]:
    """Forecasts of a calibration from 2^10 draws: they are most of the time that it takes to write or show one."""
    import ooms

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("ooms.calibrating.calibration.forecast", partial(ooms.forecast, draws=2**10))
        yield
