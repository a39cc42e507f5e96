"""The posterior as a view: thinned joint draws in place of the beliefs that were calibrated."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.calibrated import Calibrated
from ooms.beliefs.draws import RANDOMISATIONS
from ooms.beliefs.prior_file import as_written
from ooms.beliefs.references import Reference
from ooms.beliefs.view import View
from ooms.distributions.marginals import Empirical

__all__ = ["DIGITS", "ROWS", "calibrated_view", "thinned"]

ROWS = 4096
"""Joint draws in a prior file."""

DIGITS = 6
"""Significant digits of joint draws: their rounding is far below what any survey can tell apart."""

_JOINT = "posterior draws"
"""What the joint draws are called until they are in a file."""


def thinned(draws: NDArray[np.float64], rows: int) -> NDArray[np.float64]:
    """Rows for a file of joint draws: evenly thinned, and ordered so that forecasts can tell their error.

    The kept draws of all chains, one chain after the other, are cut into 16 pieces; row k is from piece k % 16, as
    randomisation k % 16 of a forecast takes it (`ooms.beliefs.draws.Sampler`). The spread between long pieces of a
    chain holds the autocorrelation within them, as batch means do.

    Parameters
    ----------
    draws : array, shape (chains, draws, ...)
        Draws.
    rows : int
        Rows at most; of 16 and more, a multiple of 16 is kept.

    Examples
    --------
    >>> thinned(np.arange(64.0).reshape(4, 16), 32)[:18].tolist()
    [0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0, 28.0, 32.0, 36.0, 40.0, 44.0, 48.0, 52.0, 56.0, 60.0, 2.0, 6.0]
    """
    flat = draws.reshape(-1, *draws.shape[2:])
    count = min(rows, len(flat))
    if count >= RANDOMISATIONS:
        count -= count % RANDOMISATIONS
    kept = flat[np.arange(count) * len(flat) // count]
    if count < RANDOMISATIONS:
        return kept
    pieces = kept.reshape(RANDOMISATIONS, count // RANDOMISATIONS, *draws.shape[2:])
    return np.swapaxes(pieces, 0, 1).reshape(kept.shape)


def calibrated_view(
    base: View,
    posterior: Mapping[str, NDArray[np.float64]],
    calibration: Calibrated,
    *,
    name: str = "calibrated",
    rows: int = ROWS,
    digits: int | None = None,
    cites: Collection[str] = (),
    references: Mapping[str, Reference] = MappingProxyType({}),
) -> View:
    """A view with posterior draws in place of the beliefs that were calibrated; the others stay as they were.

    Parameters
    ----------
    base : View
        The view that was calibrated.
    posterior : mapping of str to array, shape (chains, draws)
        The posterior draws of the parameters that were sampled, by name.
    calibration : Calibrated
        What the file is to say about it; its `draws` becomes the number of rows that are kept.
    name : str
        The view's name.
    rows : int
        Joint draws to keep at most.
    digits : int, optional
        Significant digits of the draws, so that the view is the one that its file gives back; all unless given.
    cites : collection of str
        Keys of the works that the surveys come from.
    references : mapping of str to Reference
        The works among these that the surveys' own files describe.
    """
    names = list(posterior)
    kept = thinned(np.stack([np.asarray(posterior[n], dtype=np.float64) for n in names], axis=-1), rows)
    about = replace(calibration, draws=len(kept))
    count = len(about.surveys)
    surveys = f"{count} survey{'' if count == 1 else 's'}"
    beliefs = dict(base.beliefs)
    for parameter, column in zip(names, kept.T, strict=True):
        prior = base.beliefs[parameter]
        note = f"prior: {prior.marginal} ({prior.source})"
        beliefs[parameter] = replace(
            prior,
            marginal=Empirical(tuple(as_written(value, parameter, digits) for value in column.tolist())),
            source=f"posterior of {about.of} given {surveys}, which [calibration] names",
            note=f"{note}; {prior.note}" if prior.note else note,
            grade="J",
            joint=_JOINT,
        )
    names_of_surveys = ", ".join(about.surveys) or "no surveys"
    failed = "" if about.sound else f" It failed its checks: {'; '.join(about.failed)}."
    return replace(
        base,
        name=name,
        title=f"{base.title} (calibrated on {surveys})",
        description=f"Posterior of {about.of} given {names_of_surveys}: {len(kept)} joint draws of "
        f"{', '.join(names)}; made by `{about.command}`. All other beliefs are those of {about.of}.{failed}\n\n"
        f"{base.description.strip()}".strip(),
        beliefs=MappingProxyType(beliefs),
        correlations=tuple(pair for pair in base.correlations if not {pair.first, pair.second} & set(names)),
        cites=tuple(dict.fromkeys((*base.cites, *cites))),
        references=MappingProxyType({**references, **base.references}),
        options=MappingProxyType({}),
        chosen=(),
        changes=(),
        calibration=about,
        warnings=tuple(text for text in (about.warning, *base.warnings) if text),
    )
