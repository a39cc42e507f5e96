"""What every picture of a forecast is: rows worked out from the forecast, and a chart drawn from rows alone.

The two are kept apart so that a page can work out the same rows from some of the draws and have the same chart drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, override

import altair as alt

from ooms.outcomes import parse_event, parse_quantity
from ooms.pictures import picture
from ooms.pictures.rows import Rows
from ooms.pictures.theme import SMALL
from ooms.pictures.words import harmless, wrapped
from ooms.problems import Problem, UserError

if TYPE_CHECKING:
    from ooms.forecasting.forecast import Forecast

__all__ = ["QUANTILES", "WIDTH", "Chart", "Picture", "end_label", "named", "percent_axis"]

Chart = alt.LayerChart | alt.ConcatChart

WIDTH = 640.0
"""Pixels across, where nothing else says how wide."""

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
"""The median and the ends of the 50 % and 90 % equal-tailed intervals, by their names in rows."""

_LETTERS = 112  # of small text across


@dataclass(frozen=True)
class Picture(picture.Picture):
    """A picture of a forecast; its words are of the forecast, too.

    Parameters
    ----------
    events, quantities : sequence of str
        What it needs, so that one pass over the draws can work it all out.
    live : bool
        Whether a page can work its rows out again from draws.
    of_inputs : bool
        Whether it shows random inputs, so that there must be some.
    """

    events: Sequence[str] = ()
    quantities: Sequence[str] = ()
    live: bool = True
    of_inputs: bool = False

    @override
    def said(self, result: Forecast, event: str | None = None) -> str:
        return self.words(result)

    @override
    def of(self, result: Forecast, event: str | None = None) -> Chart:
        """The chart with its title, how it was made, and how to read it.

        What it needs and the forecast was not asked for is worked out from the same draws.

        Raises
        ------
        UserError
            It shows random inputs, and there are none.
        """
        if self.of_inputs and not result.inputs:
            what = "every input is fixed, so that there is nothing to draw"
            raise UserError([Problem(result.view.label, what, "name a view that is uncertain about something")])
        events = [e for e in map(parse_event, self.events) if e.text not in result.events]
        quantities = [q for q in map(parse_quantity, self.quantities) if q.name not in result.quantities]
        if events or quantities:
            result.work(events, quantities)
        position = harmless(result.view.position)
        made = f"{position}: {result.draws:,} simulated futures (quasi-random draws), seed {result.seed}. "
        small = f"{made}{self.caption} Credences under these assumptions, not facts.".replace(" %", "\u00a0%")
        return self.framed(self.rows(result), ([self.title], wrapped(small, _LETTERS)), self.words(result))


def named(rows: Rows, name: str) -> alt.InlineData:
    """The rows of a data set, under a name by which a page can replace them."""
    return alt.InlineData(values=tuple(rows[name]), name=name)  # as in `rows.data`


def percent_axis(title: str, **more: Any) -> alt.Axis:
    """An axis of percents."""
    return alt.Axis(title=title, labelExpr="datum.label + ' %'", tickCount=5, **more)


def end_label(rows: Rows, name: str, colour: str, **more: Any) -> alt.Chart:
    """Words in the upper right corner, from the field ``text`` of a data set."""
    mark = alt.Chart(named(rows, name)).mark_text(align="right", baseline="top", color=colour, fontSize=SMALL, **more)
    return mark.encode(x=alt.value(alt.ExprRef("width")), y=alt.value(0), text="text:N")
