"""A view: everything somebody believes about the parameters of the model, with sources."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from numbers import Real
from pathlib import Path
from types import MappingProxyType
from typing import Any, override

from ooms.beliefs.calibrated import Calibrated
from ooms.beliefs.checks import check
from ooms.beliefs.inert import without_effect
from ooms.beliefs.names import no_parameter, stands_for
from ooms.beliefs.options import SWITCHES, Option, Stated, Switches, WhatIf
from ooms.beliefs.prior_file import check_prior_place, write_prior
from ooms.beliefs.references import Reference, shipped_references
from ooms.beliefs.reparametrisation import rivals, settled, used
from ooms.distributions.copula import Correlation
from ooms.distributions.marginals import Fixed, Marginal, parse
from ooms.distributions.marginals.words import written
from ooms.model.inputs import Retraining
from ooms.parameters import PARAMETERS, known, known_names
from ooms.problems import Problem, Problems, UserError, did_you_mean
from ooms.results.tables import Table

__all__ = ["Belief", "BeliefWarning", "View", "warn"]

_CLOCKS = ("hardware_growth", "hardware_shock", "ramp_years", "rho_long_run")

_CHANGED = "the changed view"

_LONGEST_POSITION = 60
"""Characters of a title that are a name; where it is longer, the view's own name is better."""

AS_CODED = "as coded"
"""The other way in which `retraining` can be on."""


class BeliefWarning(UserWarning):
    """Beliefs that can be forecast from but look like a mistake; the message starts with the warning's name."""


_ENGINE = str(Path(__file__).parents[1])


def warn(message: str) -> None:
    """Warn at the line outside of `ooms` that asked, however deep the question went."""
    warnings.warn(message, BeliefWarning, skip_file_prefixes=(_ENGINE,))


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed about one parameter.

    Parameters
    ----------
    marginal : Marginal
        Its distribution.
    source, note : str
        Where it comes from, and what to know about it.
    grade : str or None
        Provenance: P primary text, C primary code, A abstract, S second-hand, J our judgement.
    file : str
        The prior file that says it.
    joint : str or None
        What the joint draws are called that it is a column of; those of a view are drawn together, a row at a time.
    rows : str
        Which these are: the digest of their file, for a name can stand for two files and a file have two names.
    cites : tuple of str
        Keys of the works the source names (`View.references`).
    without_effect : bool
        Whether its file says itself that it has no effect on the view as it is: it is there for options and what-ifs.
    """

    marginal: Marginal
    source: str
    note: str = ""
    grade: str | None = None
    file: str = ""
    joint: str | None = None
    cites: tuple[str, ...] = ()
    without_effect: bool = False
    rows: str = field(default="", repr=False)


@dataclass(frozen=True)
class View:
    """Everything somebody believes about the parameters of the model.

    Read one with `ooms.load`, or make one with `View.build`; change it with `replace`; write it with `save`. Views are
    immutable. As a collection a view is that of the names of the parameters it states.

    Parameters
    ----------
    name : str
        Short name, as in ``ooms forecast NAME``.
    beliefs : mapping of str to Belief
        By parameter name, in whatever spelling the file uses.
    correlations : tuple of Correlation
        Spearman rank correlations.
    declining_returns : bool
        Whether returns fall to zero at the software limit (else: constant r, no limit).
    retraining : bool or "as coded"
        Whether part of every gain goes into shorter training runs (as coded: with a slip in Davidson & Houlden's code).
    compute_adjustment : bool
        Whether `returns` is at fixed hardware. If not, it is taken to be returns to all research input, labour and
        compute, and used as if it were at fixed hardware: r/(1 - a). Without effect in a view that states difficulty.
    cites : tuple of str
        Keys of the works that the view as a whole comes from.
    references : mapping of str to Reference
        The works that its file and those it extends describe, besides the shipped ones.
    options : mapping of str to Option
        Named sets of changes that can be switched on (`with_options`).
    chosen : tuple of str
        Those that are on.
    changes : tuple of str
        What `replace` changed since the file was read.
    calibration : Calibrated or None
        The calibration that its joint draws come from, if they come from one.
    warnings : tuple of str
        What looks like a mistake, or has no effect; each starts with the warning's name.
    ground, layers : View or None, tuple of Stated
        What it was made from: its file, options and what-ifs, one on top of the other (`ooms.beliefs.inert`).
    idle : frozenset
        What its file itself states without effect: parameters, switches and correlations.
    """

    name: str
    beliefs: Mapping[str, Belief]
    title: str = ""
    description: str = ""
    citation: str = ""
    url: str = ""
    correlations: tuple[Correlation, ...] = ()
    declining_returns: bool = True
    retraining: Retraining = False
    compute_adjustment: bool = True
    cites: tuple[str, ...] = ()
    references: Mapping[str, Reference] = field(default=MappingProxyType({}), compare=False)
    options: Mapping[str, Option] = field(default=MappingProxyType({}), compare=False)
    chosen: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    calibration: Calibrated | None = None
    warnings: tuple[str, ...] = field(default=(), compare=False)
    unread: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    """What is stated in a way that cannot be read (`Stated.unread`): only while what is wrong is being collected."""
    ground: View | None = field(default=None, compare=False, repr=False)
    layers: tuple[Stated, ...] = field(default=(), compare=False, repr=False)
    idle: frozenset[str | Correlation] = field(default=frozenset(), compare=False, repr=False)

    @staticmethod
    def build(table: Mapping[str, Any], name: str = "mine") -> View:
        """A view from a table of the same shape as a prior file, read and checked as files are.

        Parameters
        ----------
        table : mapping
            What a prior file holds: ``title``, ``extends``, ``parameters``, ``correlations`` and so on.
        name : str
            What it is called. Files that it names are looked for in the working directory, as from ``NAME.toml``.

        Raises
        ------
        UserError
            Everything that is wrong with the table, each with its place and what to do.

        Examples
        --------
        >>> import ooms
        >>> rho = {"distribution": "uniform", "low": -0.5, "high": -0.1, "source": "my own judgement"}
        >>> mine = ooms.View.build({"extends": "davidson-2025", "parameters": {"rho": rho}})
        >>> print(mine["rho"].marginal, len(mine) == len(ooms.load("davidson-2025")))
        uniform(-0.5, -0.1) True
        """
        import ooms  # by way of its public names: whoever reads views makes them, and so knows of this module

        return ooms.build_view(table, name)

    def save(self, path: str | Path) -> None:
        """Write it as a prior file that stands on its own, with its joint draws beside it if it has any.

        The file repeats what the view takes from files that it extends. Options that are not on are left out.

        Parameters
        ----------
        path : str or Path
            Where to; ends in ``.toml``. A file of that name is only replaced once the new one is whole.

        Raises
        ------
        UserError
            The place is none for a prior file, or the file cannot be written.

        Examples
        --------
        >>> import ooms, tempfile
        >>> view = ooms.load("davidson-2025").replace(rho=-0.4)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     view.save(f"{folder}/mine.toml")
        ...     print(ooms.load(f"{folder}/mine.toml")["rho"].marginal)
        fixed(-0.4)
        """
        problems, place = Problems(), Path(path).expanduser()
        check_prior_place(place, problems)
        problems.raise_if_any()
        write_prior(self, place)

    @property
    def parameters(self) -> Mapping[str, Belief]:
        """What it states, by parameter name, read-only.

        Examples
        --------
        >>> import ooms
        >>> list(ooms.load("davidson-2025").parameters)[:2]
        ['rho', 'compute_share']
        """
        return MappingProxyType(dict(self.beliefs))

    def __getitem__(self, name: str) -> Belief:
        """What is believed about a parameter: by name, symbol, or a name that the literature has for it.

        Raises
        ------
        UserError
            There is no such parameter, or the view does not state it in this way.

        Examples
        --------
        >>> import ooms
        >>> view = ooms.load("davidson-2025")
        >>> print(view["rho"].marginal), view["alpha"] == view["compute_share"]
        uniform(-0.2, 0)
        (None, True)
        """
        if (parameter := self._stated(name)) is not None:
            return self.beliefs[parameter]
        meant = stands_for(name)
        if meant is None:
            raise UserError([Problem(name, *no_parameter(name))])
        others = [other for other in rivals(meant) if other in self.beliefs and other != meant]
        neutral = self.neutral.get(meant)
        what = f"{self.name} says nothing about {meant}"
        if others:
            raise UserError([Problem(name, what, f"it states {' and '.join(others)} instead: ask for that")])
        if neutral is not None:
            what += f", so that it has the neutral value {neutral:g}"
        raise UserError([Problem(name, what, "ask for one that it states: `view.parameters`")])

    def _stated(self, name: object) -> str | None:
        """The parameter that a name stands for, if the view states it."""
        if not isinstance(name, str) or name in self.beliefs:
            return name if isinstance(name, str) else None
        meant = stands_for(name)
        return meant if meant in self.beliefs else None

    def __contains__(self, name: object) -> bool:
        return self._stated(name) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self.beliefs)

    def __len__(self) -> int:
        return len(self.beliefs)

    def __bool__(self) -> bool:
        return True

    @property
    def _table(self) -> Table:
        title = f": {' '.join(self.title.split())}" if self.title and self.title != self.name else ""
        rows = [
            (name, known(name).symbol, str(belief.marginal), known(name).unit, belief.source)
            for name, belief in self.beliefs.items()
        ]
        return Table(f"<View {self.label}{title}>", ("parameter", "symbol", "belief", "unit", "source"), rows)

    @override
    def __repr__(self) -> str:
        return str(self._table)

    def _repr_html_(self) -> str:
        return self._table.html

    def replace(self, **changes: float | str | bool | Marginal) -> View:
        """The same view with some beliefs changed: a what-if. A change without effect is named in `warnings`.

        Parameters
        ----------
        **changes
            For a parameter (in any spelling): a number, a distribution as text (``"loguniform(0.4, 3.6)"``) or as a
            `Marginal`. For `declining_returns`, `retraining` and `compute_adjustment`: True or False (`retraining` also
            "as coded"). A spelling replaces whatever spelling of the same parameter was used before.

        Raises
        ------
        UserError
            Everything that is wrong with the changes, or with the view they make.

        Examples
        --------
        >>> import ooms
        >>> ooms.load("davidson-2025").replace(rho=-0.4, returns="loguniform(0.4, 3.6)").changes
        ('rho = -0.4', 'returns ~ loguniform(0.4, 3.6)')
        """
        problems = Problems()
        return checked(self._changed(changes, problems), _CHANGED, problems)

    def changed(self, changes: Mapping[str, float | str | bool | Marginal]) -> View:
        """The same as `replace`, without looking for changes that have no effect: for very many what-ifs."""
        problems = Problems()
        return checked(self._changed(changes, problems), _CHANGED, problems, effects=False)

    def _changed(self, changes: Mapping[str, float | str | bool | Marginal], problems: Problems) -> View:
        new, unread = dict[str, Belief](), set[str]()
        switches: dict[str, Any] = {}
        said = list(self.changes)
        for name, value in changes.items():
            if name in SWITCHES:
                if not isinstance(value, bool) and (name, value) != ("retraining", AS_CODED):
                    remedy = f'give True or False, or "{AS_CODED}"' if name == "retraining" else "give True or False"
                    problems.add(name, f"{value!r} is not a switch position", remedy)
                switches[name] = value
                said.append(f"{name} = {str(value).lower()}")
                continue
            if name not in known_names():
                problems.add(name, *no_parameter(name, SWITCHES))
                continue
            marginal = _marginal(name, value, problems)
            if marginal is None:
                unread.add(name)
            else:
                new[name] = Belief(marginal, "changed by the user")
                fixed = isinstance(marginal, Fixed)
                said.append(f"{name} = {written(marginal.value)}" if fixed else f"{name} ~ {marginal}")
        view = self.overlaid(WhatIf(new, switches=Switches(**switches), unread=frozenset(unread)))
        return replace(view, changes=tuple(said))

    def with_options(self, *names: str) -> View:
        """The same view with some of its options on, one after the other.

        Parameters
        ----------
        *names : str
            Names of options (`View.options`).

        Raises
        ------
        UserError
            There is no such option, or what it says does not go with the rest.

        Examples
        --------
        >>> import ooms
        >>> ooms.load("davidson-houlden-2025").with_options("retraining").name
        'davidson-houlden-2025+retraining'
        """
        problems = Problems()
        view = self.switched(names, problems)
        return checked(view, view.name, problems)

    def switched(self, names: Sequence[str], problems: Problems) -> View:
        """The same view with some of its options on, not yet checked; what is wrong with their names in `problems`."""
        view = self
        for name in names:
            if name in view.chosen:
                problems.add(f"{self.name}+{name}", f"{name} is on already", "name it once")
            elif name in self.options:
                view = replace(view.overlaid(self.options[name]), chosen=(*view.chosen, name))
            elif "options" not in view.unread:
                remedy = did_you_mean(name, self.options) if self.options else "ask for the view itself"
                problems.add(f"{self.name}+{name}", f"{self.name} has no option {name!r}", remedy)
        return replace(view, name="+".join((self.name, *names)))

    def overlaid(self, stated: Stated) -> View:
        """The same view with what is stated on top, not yet checked.

        What is stated replaces other spellings of the same parameter, correlations of the same pair, and all routes if
        it states any.
        """
        new = stated.beliefs
        replaced = {rival for name in (*new, *stated.unread) for rival in rivals(name)} | stated.unread
        if stated.has_routes:
            replaced |= {name for name in self.beliefs if name.startswith("routes.")}
        beliefs = {n: b for n, b in self.beliefs.items() if n not in replaced} | dict(new)
        pairs = {frozenset(c[:2]) for c in stated.correlations}
        varies = {n for n, b in beliefs.items() if not isinstance(b.marginal, Fixed) and b.joint is None}
        kept = (c for c in self.correlations if frozenset(c[:2]) not in pairs and {*c[:2]} <= varies)
        switched = {f.name: getattr(stated.switches, f.name) for f in fields(stated.switches)}
        return replace(
            self,
            beliefs=MappingProxyType(beliefs),
            unread=(self.unread - replaced - new.keys()) | stated.unread,
            correlations=(*kept, *stated.correlations),
            ground=self.ground if self.layers else self,
            layers=(*self.layers, stated),
            **{name: value for name, value in switched.items() if value is not None},
        )

    @property
    def neutral(self) -> dict[str, float]:
        """Parameters the view does not mention, with the neutral values they have."""
        silent = {n: p.neutral for n, p in PARAMETERS.items() if p.neutral is not None}
        said = {parameter for name in self.beliefs for parameter in settled(name)}
        return {n: value for n, value in silent.items() if n not in said}

    @property
    def label(self) -> str:
        """Its name, and what was changed about it: ``davidson-2025 (rho = -0.4)``."""
        return f"{self.name} ({'; '.join(self.changes)})" if self.changes else self.name

    @property
    def position(self) -> str:
        """Whose position it is, for readers: author and year, as its title or its work has them, and what was changed.

        Examples
        --------
        >>> import ooms
        >>> ooms.load("kwa-2026").position, ooms.load("davidson-2025").replace(rho=-0.4).position
        ('Kwa (2026)', 'Davidson (2025) with rho = -0.4')
        """
        if not self.changes:
            return self.stated_position
        return f"{self.stated_position}{', ' if self._options else ' with '}{', '.join(self.changes)}"

    @property
    def stated_position(self) -> str:
        """The same without what was changed.

        Examples
        --------
        >>> import ooms
        >>> ooms.load("taste-limited").position, ooms.load("economists-2025").position
        ('Taste-limited (Rumbelow 2022)', "The economists' objection (Davidson 2025)")
        """
        name = self.title.partition(": ")[0].partition(", ")[0]
        if not 0 < len(name) <= _LONGEST_POSITION:
            name = self.name.partition("+")[0]
        works = (self.references.get(key) or shipped_references().get(key) for key in self.cites)
        work = next(filter(None, works), None)
        if work is not None and not re.search(r"\b\d{4}\b", name):
            name += f" ({work.authors} {work.year})"
        if self.calibration is not None:
            name += f", fitted to {len(self.calibration.surveys)} surveys"
        return name + (f" with {', '.join(self._options)}" if self._options else "")

    @property
    def _options(self) -> Sequence[str]:
        """Options that were chosen; the view that a calibration keeps as text has them in its name alone."""
        return self.chosen or self.name.split("+")[1:]

    @property
    def clocks(self) -> frozenset[str]:
        """Parameters it states that bring calendar time into the pace."""
        growth = self.beliefs.get("hardware_growth")
        still = {"hardware_growth"} if growth is None or growth.marginal == Fixed(0.0) else set[str]()
        return frozenset(name for name in _CLOCKS if name in self.beliefs) - still

    @property
    def states_returns(self) -> bool:
        """Whether it says how hard ideas get by what returns are, which is what the compute adjustment is about."""
        return any(rule.names == ("returns",) for rule in used(self.beliefs))

    @property
    def routes(self) -> int:
        """How many routes there are beside the main one."""
        return len({n.split(".")[1] for n in self.beliefs if n.startswith("routes.")})


def _marginal(name: str, value: object, problems: Problems) -> Marginal | None:
    if isinstance(value, Marginal):
        return value
    if isinstance(value, str):
        return parse(value, name, problems, known(name))
    if isinstance(value, bool) or not isinstance(value, Real):
        problems.add(name, f"{value!r} is not a belief", 'give a number or a distribution: "normal(0, 1)"')
        return None
    try:
        return Fixed(float(value))
    except OverflowError:
        problems.add(name, "the number is too large for a computer's floating-point numbers", "give a smaller number")
    except UserError as error:
        problems.extend(Problem(name, p.what, p.remedy) for p in error.problems)
    return None


def checked(view: View, place: str, problems: Problems | None = None, *, effects: bool = True) -> View:
    """The view with its named warnings, if its beliefs can stand together; else `UserError` with every problem.

    Problems that were met before it was put together may be in `problems` already. With `effects`, what its file,
    options and what-ifs say without effect is among the warnings.
    """
    problems = problems if problems is not None else Problems()
    found = check(view, place, problems)
    problems.raise_if_any()
    if effects and view.layers:
        found += without_effect(view)
    for warning in found:
        warn(warning)
    return replace(view, warnings=found)
