"""A calibration: beliefs before and after they were confronted with surveys, and all that can be asked of it."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.calibrated import Calibrated
from ooms.beliefs.prior_file import prior_texts
from ooms.beliefs.reader import load
from ooms.beliefs.references import Reference
from ooms.beliefs.view import View
from ooms.calibrating import files
from ooms.calibrating.diagnostics import Diagnostics
from ooms.calibrating.held_out import HeldOut, held_out, held_out_events
from ooms.calibrating.leave_one_out import Contribution, contributions
from ooms.calibrating.posterior import DIGITS, ROWS, calibrated_view
from ooms.calibrating.power_scaling import ProbabilitySlopes, Sensitivity, power_scaling, probability_slopes
from ooms.calibrating.prior_posterior import Learnt, learnt
from ooms.calibrating.probability import chances
from ooms.calibrating.provenance import Provenance
from ooms.calibrating.request import check_keep
from ooms.calibrating.sampling import Fit
from ooms.calibrating.tree import group
from ooms.calibrating.what_if import WhatIf, what_if
from ooms.files.library import find, shipped_calibrations
from ooms.forecasting.forecast import forecast
from ooms.outcomes import HEADLINE, parse_event
from ooms.problems import Problem, Problems, UserError
from ooms.progress import StagedProgress, staged_meter_of
from ooms.results.credence import Estimate
from ooms.results.tables import dataframe, table_of

if TYPE_CHECKING:
    from xarray import DataTree

    from ooms.documents.document import Document
    from ooms.pictures.plots import Plots
    from ooms.results.tables import DataFrame

__all__ = ["HEADLINE", "Calibration", "open_calibration"]

Floats = NDArray[np.float64]


def open_calibration(path: str | Path) -> Calibration:
    """A calibration that was saved.

    Parameters
    ----------
    path : str or Path
        ``NAME.toml`` or ``NAME.nc``; or a shipped one, ``calibrated/NAME``.

    Raises
    ------
    UserError
        There is none, or it is damaged or of another version.

    Examples
    --------
    >>> c = open_calibration("calibrated/davidson-2025")
    >>> c.sound, "rho" in c.names
    (True, True)
    """
    place = find(path) if str(path) in shipped_calibrations() else Path(os.path.expanduser(path))
    tree, record, probabilities = files.read(place)
    return Calibration(
        files.prior_from(record["prior"], record["of"]),
        tree,
        Diagnostics.from_plain(record["diagnostics"]),
        Provenance.from_record(record),
        saved_view=load(place.with_suffix(".toml")),
        known_probabilities=probabilities,
        by_survey={
            event: tuple(map(Contribution.from_plain, each)) for event, each in record["contributions"].items()
        },
    )


@dataclass(frozen=True, eq=False, repr=False)
class Calibration:
    """Beliefs before and after they were confronted with surveys. Made by `ooms.calibrate` or `ooms.open_calibration`.

    Parameters
    ----------
    base : View
        The prior.
    data : DataTree
        Prior, posterior, predictive, log likelihood and more, over chain and draw (`ooms.calibrating.tree.assemble`).
    diagnostics : Diagnostics
        Whether the draws can be relied on.
    provenance : Provenance
        How it was made: command, seed, versions, digests of the survey files.
    fit : Fit or None
        The compiled model, for refits; None if the calibration was read from a file.
    cites : tuple of str
        Keys of the works that the surveys come from.
    references : mapping of str to Reference
        The works among these that the surveys' own files describe.
    saved_view : View or None
        The posterior as its prior file has it; None unless it was read from one.
    known_probabilities : mapping of str to (Estimate, Estimate)
        Probability of events before and after, as the file has them.
    by_survey : mapping of str to tuple of Contribution
        What each survey did to the probability of an event, where that was worked out (`with_contributions`).
    """

    base: View
    data: DataTree
    diagnostics: Diagnostics
    provenance: Provenance
    fit: Fit | None = None
    cites: tuple[str, ...] = ()
    references: Mapping[str, Reference] = MappingProxyType({})
    saved_view: View | None = None
    known_probabilities: files.Probabilities = MappingProxyType({})
    by_survey: Mapping[str, tuple[Contribution, ...]] = MappingProxyType({})
    # what was worked out when it was asked for: nothing that is shown or saved depends on what is in there
    _probabilities: dict[str, tuple[Estimate, Estimate]] = field(default_factory=dict[str, Any], init=False)
    _contributions: dict[str, tuple[Contribution, ...]] = field(default_factory=dict[str, Any], init=False)
    _chances: dict[str, Floats] = field(default_factory=dict[str, Any], init=False)

    def __repr__(self) -> str:
        state = "sound" if self.sound else f"unsound: {'; '.join(self.diagnostics.failed)}"
        return f"<Calibration of {self.base.name} on {', '.join(self.surveys)}: {state}>"

    def _repr_html_(self) -> str:
        rows = (
            (row.name, row.unit, *(f"{q[1]:.3g} ({q[0]:.3g} to {q[2]:.3g})" for q in (row.prior, row.posterior)))
            for row in self.learnt()
        )
        return table_of(self, ("quantity", "unit", "prior: median (90 %)", "posterior: median (90 %)"), rows).html

    # -- what it is --------------------------------------------------------------------------------------------------

    @property
    def surveys(self) -> tuple[str, ...]:
        """Names of the surveys it was fitted to."""
        return tuple(self.provenance.surveys)

    @property
    def fixed(self) -> tuple[str, ...]:
        """Parameters that the surveys speak of and the view fixes, so that nothing could be learnt about them."""
        return self.provenance.fixed

    @property
    def double_counted(self) -> tuple[str, ...]:
        """Where beliefs and surveys rest on the same work, which may count twice."""
        return self.provenance.double_counted

    @property
    def sound(self) -> bool:
        """Whether every check was passed."""
        return self.diagnostics.sound

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The view's parameters that were sampled."""
        return tuple(name for name in self.base.beliefs if name in self.posterior)

    @cached_property
    def posterior(self) -> dict[str, Floats]:
        """Draws of everything that was sampled, all chains one after the other, by name."""
        return group(self.data, "posterior")

    @property
    def shape(self) -> tuple[int, int]:
        """Chains, and stored draws of each."""
        sizes: Any = self.data["posterior"].sizes
        return int(sizes["chain"]), int(sizes["draw"])

    @property
    def relative_efficiency(self) -> float:
        """As many independent draws say as much as one stored draw: of the least well known parameter, at most 1."""
        total = self.shape[0] * self.shape[1]
        return float(np.clip(self.diagnostics.bulk.value / total, 1.0 / total, 1.0))

    @cached_property
    def log_likelihood(self) -> dict[str, Floats]:
        """Log likelihood of each item under each stored draw, by ``SURVEY.ITEM``."""
        return group(self.data, "log_likelihood")

    def survey_log_likelihood(self, survey: str) -> Floats:
        """Log likelihood of all answers of a survey under each stored draw."""
        items = [values for item, values in self.log_likelihood.items() if item.startswith(f"{survey}.")]
        return np.sum(items, axis=0)

    @cached_property
    def view(self) -> View:
        """The posterior as a view, as `save` writes it and `ooms.forecast` takes it."""
        return self.saved_view or self._view()

    def _view(self, rows: int = ROWS, digits: int | None = DIGITS) -> View:
        """The posterior as a view, with at most so many joint draws, to so many significant digits."""
        d, draws = self.diagnostics, {name: self.posterior[name].reshape(self.shape) for name in self.names}
        effective = max(int(d.bulk.value), 1) if np.isfinite(d.bulk.value) else 1
        command = str(self.provenance.command)
        about = Calibrated(self.base.name, self.surveys, command, effective, effective, d.failed, d.remedy)
        return calibrated_view(
            self.base, draws, about, rows=rows, digits=digits, cites=self.cites, references=self.references
        )

    # -- the probability of an event ---------------------------------------------------------------------------------

    def before(self, event: str = HEADLINE) -> Estimate:
        """Probability of an event under the prior: what `ooms.forecast` of it says."""
        return self.probabilities([event])[0][0]

    def after(self, event: str = HEADLINE) -> Estimate:
        """Probability of an event under the posterior: what `ooms.forecast` of the calibrated prior file says.

        Its error holds that of the Markov chains.
        """
        return self.probabilities([event])[0][1]

    def probabilities(self, events: Iterable[str]) -> list[tuple[Estimate, Estimate]]:
        """Probability of each event before and after, worked out once.

        There is one answer: that of forecasts of the prior and of the calibrated prior file, as they are run unless
        told otherwise. `save` stores it for some events with the file, and what is opened from it repeats them;
        others are worked out when they are asked for, and so are all from a file of a version whose numbers differed.
        """
        texts = [parse_event(event).text for event in events]
        known = {**self.known_probabilities, **self._probabilities}
        if new := list(dict.fromkeys(text for text in texts if text not in known)):
            prior, posterior = (
                forecast(view, events=new, quantities=(), keep_draws=False) for view in (self.base, self.view)
            )
            self._probabilities.update({text: (prior.probability(text), posterior.probability(text)) for text in new})
            known |= self._probabilities
        return [known[text] for text in texts]

    def chances(self, event: str = HEADLINE) -> Floats:
        """Probability of an event under each stored draw, over the draws of all else."""
        event = parse_event(event).text
        if event not in self._chances:
            draws = np.stack([self.posterior[name] for name in self.names], axis=-1)
            each = chances(self._view(rows=len(draws), digits=None), self.names, draws, event)
            # of a number of draws that 16 does not divide the view leaves out up to 15
            self._chances[event] = np.where(np.isnan(each), np.nanmean(each), each)
        return self._chances[event]

    # -- what was learnt, and from whom ------------------------------------------------------------------------------

    def learnt(self) -> list[Learnt]:
        """Prior beside posterior, for every parameter and for what surveys speak of."""
        return learnt(self)

    def known_contributions(self, event: str = HEADLINE) -> tuple[Contribution, ...] | None:
        """What each survey did to the probability of an event, if the calibration holds it (`with_contributions`)."""
        return self.by_survey.get(parse_event(event).text)

    def contributions(self, event: str = HEADLINE, progress: StagedProgress | None = None) -> tuple[Contribution, ...]:
        """What each survey did to the probability of an event: without it, and with it alone.

        Without a survey by weighing the draws anew where that can be relied on, else by a refit; alone by refits.

        Raises
        ------
        UserError
            The calibration was read from a file, which has no model to refit, and does not hold them.
        """
        event = parse_event(event).text
        known = self.by_survey.get(event) or self._contributions.get(event)
        if known is None:
            if self.fit is None:
                what = f"the effects of surveys on {event!r} are not in this file, and it has no model to refit"
                raise UserError([Problem("contributions", what, f"calibrate again: {self.provenance.command}")])
            known = self._contributions[event] = contributions(self, self.fit, event, staged_meter_of(progress))
        return known

    def with_contributions(self, event: str = HEADLINE, progress: StagedProgress | None = None) -> Calibration:
        """The same calibration, holding what each survey did to the probability of an event, to be shown and saved.

        Parameters
        ----------
        event : str
            Such as ``"5 ooms in 1 year"``.
        progress : callable, optional
            Called with what is going on, how much of it is done, and of how much.
        """
        each = self.contributions(event, progress)
        same = replace(self, by_survey={**self.by_survey, parse_event(event).text: each})
        same._probabilities.update(self._probabilities)
        same._chances.update(self._chances)
        return same

    def power_scaling(self) -> list[Sensitivity]:
        """How much each posterior moves if priors, or answers, count a little more."""
        return power_scaling(self)

    def probability_slopes(self, event: str = HEADLINE) -> ProbabilitySlopes:
        """How much the probability of an event moves if priors, or answers, count more: each alone and all."""
        return probability_slopes(self, parse_event(event).text)

    def held_out(self) -> list[HeldOut]:
        """What experts say of the outcome, which is kept for checking and not fitted, beside the probabilities here."""
        return held_out(self)

    def what_if(self, event: str = HEADLINE, *, weights: Mapping[str, float] | None = None, **priors: Any) -> WhatIf:
        """The posterior with other priors, or with surveys counted more or less, from the stored draws.

        Parameters
        ----------
        event : str
            What to give the probability of.
        weights : mapping of str to float, optional
            Powers of surveys' likelihoods: 0 leaves one out, 1 is as it was.
        **priors
            For parameters that were sampled: another prior, as text or as a `Marginal`.

        Raises
        ------
        UserError
            What was asked has no meaning, or the stored draws cannot answer it: says why, and what to do.
        """
        return what_if(self, event, weights or {}, priors)

    # -- its forms ---------------------------------------------------------------------------------------------------

    def to_dataframe(self) -> DataFrame:
        """What was learnt as a pandas DataFrame, a row a quantity: its prior and posterior quantiles (`learnt`).

        Examples
        --------
        >>> frame = open_calibration("calibrated/davidson-2025").to_dataframe().set_index("name")
        >>> bool(frame.loc["rho", "posterior 5 %"] < frame.loc["rho", "posterior 50 %"])
        True
        """
        quantiles = [f"{group} {level}" for group in ("prior", "posterior") for level in ("5 %", "50 %", "95 %")]
        ends = (("name", "meaning", "unit", "kind"), ("contraction", "shift"))
        records = [
            {key: getattr(row, key) for keys in ends for key in keys}
            | dict(zip(quantiles, (*row.prior, *row.posterior), strict=True))
            for row in self.learnt()
        ]
        return dataframe(records, (*ends[0], *quantiles, *ends[1]))

    def save(self, path: str | Path, *, force: bool = False, keep: int | None = None) -> None:
        """Write NAME.toml and NAME.csv, a prior file with the joint draws, and NAME.nc with everything.

        Parameters
        ----------
        path : str or Path
            Ends in ``.toml``.
        force : bool
            Write it even if its checks failed; the file then says so wherever it is used.
        keep : int, optional
            Draws of each chain to keep at most in NAME.nc, for a smaller file. Default: all.

        Raises
        ------
        UserError
            The checks failed, or the files cannot be written.
        """
        place, problems = Path(path), Problems()
        files.check_places(place, problems)
        check_keep(keep, self.shape[0], problems)
        if not force:
            for failure in self.diagnostics.failures:
                remedy = f"{failure.remedy}; or write it all the same, marked unsound: force=True"
                problems.add(str(path), f"not written: {failure}", remedy)
        problems.raise_if_any()
        record = self.provenance.record() | {
            "of": self.base.name,
            "prior": prior_texts(self.base, self.base.name),
            "diagnostics": self.diagnostics.plain(),
            "contributions": {event: [c.plain() for c in each] for event, each in self.by_survey.items()},
        }
        # of one that was opened all joint draws are kept, of which its own NAME.nc may hold fewer
        view = replace(self.view, name=place.stem)
        events = list(dict.fromkeys([*self.known_probabilities, HEADLINE, *self.by_survey, *held_out_events()]))
        probabilities = dict(zip(events, self.probabilities(events), strict=True))
        files.save(view, self.data if keep is None else files.fewer(self.data, keep), place, record, probabilities)

    def document(self, event: str = HEADLINE, *, all_checks: bool = False) -> Document:
        """What it says, as sections of plain data (`ooms.documents`)."""
        from ooms.documents.calibration import document

        return document(self, event, all_checks=all_checks)

    def plain(self, event: str = HEADLINE, written: Sequence[Path] = ()) -> dict[str, Any]:
        """Everything in plain form, as ``--json`` has it."""
        from ooms.calibrating.plain import calibration_plain

        return calibration_plain(self, event, written)

    @property
    def plot(self) -> Plots:
        """Pictures, each as an Altair chart: ``calibration.plot.learnt()``."""
        from ooms.pictures.plots import Plots

        return Plots("a calibration", self)

    def save_picture(self, path: str | Path, event: str = HEADLINE) -> None:
        """Draw prior and posterior, each survey's effect on an event and the fit to each: .svg, .png, .pdf or .html."""
        from ooms.pictures.files import save_chart

        save_chart(lambda: self.plot.calibration(event), Path(path))
