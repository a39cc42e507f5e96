"""How pictures look: one palette, one set of sizes.

Colours are those of Okabe & Ito (2008), which people with any kind of colour vision can tell apart. The three that
stand for an order run from light to dark, so that they survive a print in grey.
"""

from __future__ import annotations

import altair as alt

__all__ = [
    "ACCENT", "BAND", "BAND_LABEL", "FAINT", "FONT", "INK", "LABEL", "MARK", "QUIET", "SEQUENCE", "SMALL", "STRIPE",
    "TITLE", "theme",
]  # fmt: skip

SEQUENCE = ("#56B4E9", "#0072B2", "#000000")
"""Sky blue, blue, black: less, more, most."""

ACCENT = "#D55E00"
"""Vermillion: the other kind of thing in a panel."""

INK, QUIET = "#1a1a1a", "#5f6368"
"""Text, and text that is read second."""

MARK, FAINT, STRIPE = "#9aa0a6", "#e4e6e9", "#f6f7f8"
"""Lines that are compared with; lines that are only looked along; every other row."""

BAND, BAND_LABEL = "#f0e6c8", "#7a5f10"
"""A band behind the data, and its name."""

FONT = "Helvetica, Arial, Liberation Sans, sans-serif"

TITLE, LABEL, SMALL = 16, 11.5, 10.5
"""Font sizes, pixels at the width of a README."""


def theme() -> alt.Config:
    """Fonts, sizes and faint lines, for a chart's `config`."""
    return alt.Config(
        font=FONT,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelFontSize=SMALL, labelColor=QUIET, gridColor=FAINT, domain=False, tickColor=FAINT, titleFontSize=SMALL
        ),
        title=alt.TitleConfig(color=INK),
        text=alt.MarkConfig(fontSize=LABEL, color=INK),
    )
