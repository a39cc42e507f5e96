"""What a number was computed by: versions of everything, and the processor's features."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, cast

import numpy as np

from ooms import __version__
from ooms.forecasting import NUMBERS

__all__ = ["cpu_features", "machine", "versions"]

_PACKAGES = ("numpy", "xarray", "zarr", "h5netcdf", "pydantic", "distributed")


@cache
def versions() -> dict[str, str]:
    """Versions of this package, of its numbers, of Python and of the packages that a batch runs on."""
    known = {"ooms": __version__, "ooms numbers": str(NUMBERS), "python": platform.python_version()}
    for name in _PACKAGES:
        try:
            known[name] = version(name)
        except PackageNotFoundError:
            continue
    return known


@cache
def cpu_features() -> tuple[str, ...]:
    """Extensions of the processor's instructions that NumPy uses here: with others the last bits of a number differ."""
    extensions = cast("dict[str, Any]", np.show_config(mode="dicts") or {}).get("SIMD Extensions", {})
    return tuple(dict.fromkeys([*extensions.get("baseline", ()), *extensions.get("found", ())]))


@cache
def machine() -> dict[str, Any]:
    """Where this process runs."""
    return {
        "system": platform.platform(),
        "architecture": platform.machine(),
        "cpu_features": list(cpu_features()),
        "numpy": np.__version__,
    }
