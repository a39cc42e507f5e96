"""A calibration: beliefs before and after they were confronted with surveys, and all that can be asked of it."""

from __future__ import annotations

import json
import os.path
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ooms.beliefs.calibrated import Calibrated
from ooms.beliefs.reader import load
from ooms.beliefs.view import View
from ooms.calibrating import files
from ooms.calibrating.diagnostics import Diagnostics
from ooms.calibrating.held_out import Beside, asked_of_experts, laid_beside
from ooms.calibrating.leave_one_out import Contribution, contributions
from ooms.calibrating.power_scaling import ChanceMoves, Sensitivity, chance_moves, sensitivities
from ooms.calibrating.prior_posterior import Learnt, learnt
from ooms.calibrating.probability import chances
from ooms.calibrating.provenance import Asked
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
    tree = files.read(place)
    said: dict[str, Any] = tree.attrs["said"]
    base = files.prior_from(said.pop("prior"), said["of"])
    diagnostics = Diagnostics.from_json(json.dumps(said.pop("diagnostics")))
    found = Calibration(base, tree, diagnostics, None, {}, load(place.with_suffix(".toml")))
    found.known_chances |= tree.attrs.pop("chances")
    return found


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
    fit : Fit or None
        The compiled model, for refits; None if the calibration was read from a file.
    works : mapping
        Keys of the works that the surveys come from, and those that their files describe.
    view : View, optional
        The posterior as the prior file has it; made from the draws unless given.
    """

    def __init__(
        self, base: View, data: DataTree, diagnostics: Diagnostics, fit: Fit | None, works: Mapping[str, Any],
        view: View | None = None,
    ) -> None:  # fmt: skip
        self.base, self.data, self.diagnostics, self.fit, self._works = base, data, diagnostics, fit, works
        stored: Mapping[str, Any] = self.said.get("contributions", {})
        self._contributions = {event: tuple(map(Contribution.of, each)) for event, each in stored.items()}
        self._chances: dict[str, NDArray[np.float64]] = {}
        self._view, self.known_chances = view, dict[str, tuple[Estimate, Estimate]]()

    def __repr__(self) -> str:
        state = "sound" if self.sound else f"unsound: {'; '.join(self.diagnostics.failed)}"
        return f"<Calibration of {self.base.name} on {', '.join(self.surveys)}: {state}>"

    def _repr_html_(self) -> str:
        rows = (
            (each.name, each.unit, *(f"{q[1]:.3g} ({q[0]:.3g} to {q[2]:.3g})" for q in (each.prior, each.posterior)))
            for each in self.learnt()
        )
        return table_of(self, ("quantity", "unit", "prior: median (90 %)", "posterior: median (90 %)"), rows).html

    def to_dataframe(self) -> DataFrame:
        """What was learnt as a pandas DataFrame, a row a quantity: its prior and posterior quantiles (`learnt`).

        Examples
        --------
        >>> frame = open_calibration("calibrated/davidson-2025").to_dataframe().set_index("name")
        >>> bool(frame.loc["rho", "posterior 5 %"] < frame.loc["rho", "posterior 50 %"])
        True
        """
        levels, ends = ("5 %", "50 %", "95 %"), ("name", "meaning", "unit", "kind")
        records = [
            {key: getattr(each, key) for key in (*ends, "contraction", "shift")}
            | {f"prior {level}": value for level, value in zip(levels, each.prior, strict=True)}
            | {f"posterior {level}": value for level, value in zip(levels, each.posterior, strict=True)}
            for each in self.learnt()
        ]
        quantiles = [f"{which} {level}" for which in ("prior", "posterior") for level in levels]
        return dataframe(records, (*ends, *quantiles, "contraction", "shift"))

    @property
    def said(self) -> dict[str, Any]:
        """How it was made: command, seed, versions, hashes of the survey files."""
        return self.data.attrs["said"]

    @property
    def surveys(self) -> tuple[str, ...]:
        """Names of the surveys it was fitted to."""
        return tuple(self.said["surveys"])

    @property
    def asked(self) -> Asked:
        """What was asked for, as the command that asks for it again."""
        return Asked.of_plain(self.said["asked"])

    @property
    def twice(self) -> tuple[str, ...]:
        """Where beliefs and surveys rest on the same work, which may count twice."""
        return tuple(self.said["twice"])

    @property
    def settled(self) -> tuple[str, ...]:
        """Parameters that the surveys speak of and the view fixes, so that nothing could be learnt about them."""
        return tuple(self.said["settled"])

    @property
    def sound(self) -> bool:
        """Whether every check was passed."""
        return self.diagnostics.sound

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The view's parameters that were sampled."""
        return tuple(name for name in self.base.beliefs if name in self.posterior)

    @cached_property
    def posterior(self) -> dict[str, NDArray[np.float64]]:
        """Draws of everything that was sampled, all chains one after the other, by name."""
        return group(self.data, "posterior")

    @property
    def shape(self) -> tuple[int, int]:
        """Chains, and stored draws of each."""
        sizes: Any = self.data["posterior"].sizes
        return int(sizes["chain"]), int(sizes["draw"])

    @cached_property
    def calibrated(self) -> Calibrated:
        """What the prior file says about where it comes from."""
        d = self.diagnostics
        effective = max(int(d.bulk.value), 1) if np.isfinite(d.bulk.value) else 1
        return Calibrated(self.base.name, self.surveys, self.said["command"], effective, effective, d.failed, d.remedy)

    def view_of(self, rows: int = files.ROWS, name: str = "calibrated", digits: int | None = files.DIGITS) -> View:
        """The posterior as a view, with at most so many joint draws, to so many significant digits."""
        draws = {name: self.posterior[name].reshape(self.shape) for name in self.names}
        return files.calibrated_view(
            self.base, draws, self.calibrated, name=name, rows=rows, digits=digits,
            cites=self._works.get("cites", ()), references=self._works.get("references", {}),
        )  # fmt: skip

    @cached_property
    def view(self) -> View:
        """The posterior as a view, as `save` writes it and `ooms.forecast` takes it."""
        return self._view or self.view_of()

    def before(self, event: str = HEADLINE) -> Estimate:
        """Probability of an event under the prior: what `ooms.forecast` of it says."""
        return self.both([event])[0][0]

    def after(self, event: str = HEADLINE) -> Estimate:
        """Probability of an event under the posterior: what `ooms.forecast` of the calibrated prior file says.

        Its error holds that of the Markov chains.
        """
        return self.both([event])[0][1]

    def both(self, events: Iterable[str]) -> list[tuple[Estimate, Estimate]]:
        """Probability of each event before and after, worked out once.

        There is one answer: that of forecasts of the prior and of the calibrated prior file, as they are run unless
        told otherwise. `save` stores those that were asked for with the file, and what is opened from it repeats them;
        others are worked out when they are asked for, and so are all from a file of a version whose numbers differed.
        """
        texts = [parse_event(event).text for event in events]
        if new := list(dict.fromkeys(text for text in texts if text not in self.known_chances)):
            runs = [forecast(v, events=new, quantities=(), keep_draws=False) for v in (self.base, self.view)]
            self.known_chances |= {text: (runs[0].probability(text), runs[1].probability(text)) for text in new}
        return [self.known_chances[text] for text in texts]

    def learnt(self) -> list[Learnt]:
        """Prior beside posterior, for every parameter and for what surveys speak of."""
        return learnt(self)

    def known_contributions(self, event: str = HEADLINE) -> tuple[Contribution, ...] | None:
        """What each survey did to the probability of an event, if that was worked out already."""
        return self._contributions.get(parse_event(event).text)

    def contributions(self, event: str = HEADLINE, progress: StagedProgress | None = None) -> tuple[Contribution, ...]:
        """What each survey did to the probability of an event: without it, and with it alone.

        Without a survey by weighing the draws anew where that can be relied on, else by a refit; alone by refits.

        Raises
        ------
        UserError
            The calibration was read from a file, which has no model to refit, and does not hold them.
        """
        known, event = self.known_contributions(event), parse_event(event).text
        if known is None and self.fit is None:
            what = f"the effects of surveys on {event!r} are not in this file, and it has no model to refit"
            raise UserError([Problem("contributions", what, f"calibrate again: {self.said['command']}")])
        if known is None and self.fit is not None:
            known = self._contributions[event] = contributions(self, self.fit, event, staged_meter_of(progress))
        return known or ()

    def sensitivity(self) -> list[Sensitivity]:
        """How much each posterior moves if priors, or answers, count a little more: power-scaling."""
        return sensitivities(self)

    def chance_moves(self, event: str = HEADLINE) -> ChanceMoves:
        """How much the probability of an event moves if priors, or answers, count more: each alone and all."""
        return chance_moves(self, parse_event(event).text)

    def of_survey(self, survey: str) -> dict[str, NDArray[np.float64]]:
        """Log likelihood of each item of a survey under each stored draw."""
        return {item: values for item, values in self.log_likelihood.items() if item.startswith(f"{survey}.")}

    def beside(self) -> list[Beside]:
        """What experts say of the outcome, which is kept for checking and not fitted, beside the probabilities here."""
        return laid_beside(self)

    def chances(self, event: str = HEADLINE) -> NDArray[np.float64]:
        """Probability of an event under each stored draw, over the draws of all else."""
        event = parse_event(event).text
        if event not in self._chances:
            draws = np.stack([self.posterior[name] for name in self.names], axis=-1)
            found = chances(self.view_of(rows=len(draws), digits=None), self.names, draws, event)
            # of a number of draws that 16 does not divide the view leaves out up to 15
            self._chances[event] = np.where(np.isnan(found), np.nanmean(found), found)
        return self._chances[event]

    @cached_property
    def log_likelihood(self) -> dict[str, NDArray[np.float64]]:
        """Log likelihood of each item under each stored draw, by ``SURVEY.ITEM``."""
        return group(self.data, "log_likelihood")

    @property
    def relative(self) -> float:
        """As many independent draws say as much as one stored draw: of the least well known parameter, at most 1."""
        total = self.shape[0] * self.shape[1]
        return float(np.clip(self.diagnostics.bulk.value / total, 1.0 / total, 1.0))

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
        if not (self.sound or force):
            problems.extend(self.refusal(str(path)))
        problems.raise_if_any()
        # of one that was opened all joint draws are kept, of which its own NAME.nc may hold fewer
        view = self.view_of(name=place.stem) if self._view is None else replace(self._view, name=place.stem)
        said = self.said | {
            "of": self.base.name,
            "prior": files.prior_text(self.base),
            "diagnostics": json.loads(self.diagnostics.to_json()),
            "contributions": {event: [one.plain() for one in each] for event, each in self._contributions.items()},
        }
        self.both([HEADLINE, *self._contributions, *(event.text for event in asked_of_experts())])
        files.save(view, self.data if keep is None else files.fewer(self.data, keep), place, said, self.known_chances)

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

    def refusal(self, place: str) -> list[Problem]:
        """Why it must not be used, one problem for each check that failed; none if it is sound."""
        again = "; or write it all the same, marked unsound: force=True"
        return [Problem(place, f"not written: {f}", f.remedy + again) for f in self.diagnostics.failures]
