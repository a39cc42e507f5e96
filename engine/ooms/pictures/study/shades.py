"""Colours of a study's picture: one hue from light to dark, and kinds that anybody can tell apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

__all__ = ["KINDS", "MISSING", "MISSING_LINE", "RAMP", "SHAPES", "ordered", "shade"]

RAMP = ("#EDF6FD", "#B9DCF5", "#7FC2EE", "#4AA7DE", "#2D8AC6", "#026EAC", "#0A528A", "#0A3869", "#062144")
"""Steps of equal lightness (CIELAB, 96 down to 13) through Okabe & Ito's two blues: even to the eye, and in grey."""

KINDS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Okabe & Ito's colours without yellow, which cannot be seen on white: for what has no order."""

SHAPES = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right")
"""Beside the colours of what has no order, for a print in grey."""

MISSING, MISSING_LINE = "#d5d7da", "#84888d"
"""A cell that was not worked out, and the line across it: grey, which the ramp never is."""

_LIGHTEST = 0.26  # of the ramp: what is lighter cannot be seen as a line on white


def shade(share: float) -> str:
    """The colour that far along the ramp.

    Examples
    --------
    >>> shade(0.0), shade(0.0625), shade(1.0)
    ('#edf6fd', '#d3e9f9', '#062144')
    """
    steps = np.linspace(0.0, 1.0, len(RAMP))
    channels = [[int(colour[i : i + 2], 16) for colour in RAMP] for i in (1, 3, 5)]
    return "#" + "".join(f"{round(float(np.interp(share, steps, channel))):02x}" for channel in channels)


def ordered(n: int) -> Sequence[str]:
    """That many colours for what has an order, light to dark; the darkest where there is but one."""
    return [shade(1.0 - (1.0 - _LIGHTEST) * (n - 1 - k) / max(n - 1, 1)) for k in range(n)]
