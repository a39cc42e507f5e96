"""Priors that stand in a survey file: of its latent quantities, and of what a likelihood does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ooms.beliefs.spec import Documentation, checked
from ooms.beliefs.view import Belief
from ooms.distributions.marginals import Marginal, from_table, parse
from ooms.problems import Problems

__all__ = ["read_latent", "read_nuisance_priors"]


def read_latent(table: object, place: str, file: str, problems: Problems) -> Belief | None:
    """What a survey file believes about a quantity that only it knows, before the answers; above 0.

    Parameters
    ----------
    table : object
        A distribution as in a prior file, with its source.
    place : str
        Where it stands, for the problems.
    file : str
        The file.
    problems : Problems
        Collects everything that is wrong.

    Examples
    --------
    >>> table = {"distribution": "lognormal", "p10": 1, "p90": 4, "source": "a guess"}
    >>> print(read_latent(table, "my-poll.toml: latent.uplift", "my-poll.toml", Problems()).marginal)
    lognormal(p10=1, p90=4)
    """
    if not isinstance(table, Mapping):
        remedy = 'write it as a table: {distribution = "lognormal", p10 = 1, p90 = 4, source = "..."}'
        problems.add(place, "is not a table", remedy)
        return None
    rest = dict(cast("Mapping[str, Any]", table))
    said = {key: rest.pop(key) for key in ("source", "note", "grade") if key in rest}
    documentation = checked(Documentation, said, place, problems)
    marginal = _continuous(from_table(rest, place, problems), place, problems)
    if marginal is not None and marginal.support()[0] < 0:
        what = f"{marginal} reaches {marginal.support()[0]:g}; a latent quantity is a multiple or a share, above 0"
        problems.add(place, what, 'give a distribution above 0, such as "lognormal", "beta" or "loguniform"')
    if marginal is None or documentation is None:
        return None
    return Belief(marginal, documentation.source, documentation.note or "", documentation.grade, file)


def read_nuisance_priors(given: object, place: str, problems: Problems) -> dict[str, Marginal]:
    """Priors of what a likelihood does not know, by name: each a distribution as text, or as a table.

    Examples
    --------
    >>> {name: str(p) for name, p in read_nuisance_priors({"spread": "lognormal(0.4, 0.5)"}, "", Problems()).items()}
    {'spread': 'lognormal(0.4, 0.5)'}
    """
    found: dict[str, Marginal] = {}
    if not isinstance(given, Mapping):  # the form of the item has told already
        return found
    for name, prior in cast("Mapping[str, object]", given).items():
        at = f"{place}.{name}"
        if isinstance(prior, str):
            marginal = parse(prior, at, problems)
        elif isinstance(prior, Mapping):
            marginal = from_table(cast("Mapping[str, object]", prior), at, problems)
        else:
            remedy = f'give a distribution in quotes: {name} = "lognormal(0.4, 0.5)"'
            problems.add(at, f"{str(prior)[:60]} is not a distribution", remedy)
            continue
        if (marginal := _continuous(marginal, at, problems)) is not None:
            found[name] = marginal
    return found


def _continuous(marginal: Marginal | None, place: str, problems: Problems) -> Marginal | None:
    """The distribution, if it has a density: the sampler follows its slope."""
    if marginal is None or not marginal.discrete:
        return marginal
    problems.add(place, f"{marginal} has no density, which fitting needs", 'give a distribution such as "lognormal"')
    return None
