"""How pictures look: one palette, one set of sizes.

Colours are those of Okabe & Ito (2008), which people with any kind of colour vision can tell apart. The three that
stand for an order run from light to dark, so that they survive a print in grey.
"""

from __future__ import annotations

import altair as alt

__all__ = [
    "ACCENT", "BAND", "BAND_LABEL", "DARK", "FAINT", "FONT", "INK", "LABEL", "MARK", "QUIET", "SEQUENCE", "SMALL",
    "STEPS", "STRIPE", "TINT", "TITLE", "theme",
]  # fmt: skip

SEQUENCE = ("#56B4E9", "#0072B2", "#000000")
"""Sky blue, blue, black: less, more, most."""

STEPS = ("#9fd0ef", "#56B4E9", "#0072B2", "#00324f")
"""Four steps of one hue, from light to dark: least to most."""

TINT = "#d6ebf8"
"""The lightest of that hue: outer bands."""

ACCENT = "#D55E00"
"""Vermillion: the other kind of thing in a panel."""

INK, QUIET = "#1a1a1a", "#5f6368"
"""Text, and text that is read second."""

MARK, FAINT, STRIPE = "#9aa0a6", "#e4e6e9", "#f6f7f8"
"""Lines that are compared with; lines that are only looked along; every other row."""

BAND, BAND_LABEL = "#f0e6c8", "#7a5f10"
"""A band behind the data, and its name."""

DARK = {
    INK: "#e8eaed", "#000000": "#e8eaed", "black": "#e8eaed", "white": "#14171a", "#ffffff": "#14171a",
    QUIET: "#a9b0b7", MARK: "#7d858c", FAINT: "#333a41", STRIPE: "#1b2025", ACCENT: "#ff8f4a",
    TINT: "#17384d", STEPS[0]: "#27617f", STEPS[1]: "#3d9bd6", STEPS[2]: "#74bff0", STEPS[3]: "#e3f3fd",
    BAND: "#3d3720", BAND_LABEL: "#e0c875",
}  # fmt: skip
"""What each colour is exchanged for where pictures are looked at in the dark; light stays most and dark least there."""

FONT = "Helvetica, Arial, Liberation Sans, sans-serif"

TITLE, LABEL, SMALL = 16, 11.5, 10.5
"""Font sizes, pixels at the width of a README."""


def theme() -> alt.Config:
    """Fonts, sizes and faint lines, for a chart's `config`."""
    return alt.Config(
        font=FONT,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelFontSize=SMALL, labelColor=QUIET, gridColor=FAINT, domain=False, tickColor=FAINT, titleFontSize=SMALL,
            titleColor=INK,
        ),
        title=alt.TitleConfig(color=INK),
        legend=alt.LegendConfig(labelColor=INK, titleColor=INK, labelFontSize=LABEL, titleFontSize=LABEL),
        text=alt.MarkConfig(fontSize=LABEL, color=INK),
    )
