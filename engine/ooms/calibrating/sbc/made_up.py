"""A joint model of one made-up survey, so that a likelihood is tested through the code that calibrations use."""

from __future__ import annotations

from typing import ClassVar

from ooms.beliefs.marginals import parse
from ooms.beliefs.reader import load
from ooms.beliefs.view import Belief
from ooms.calibrating.joint import Joint
from ooms.calibrating.likelihoods import KINDS, Likelihood
from ooms.calibrating.links import Link
from ooms.calibrating.links.levels import Latent
from ooms.calibrating.surveys.survey import Item, Survey
from ooms.problems import Problems

__all__ = ["joint_of"]

_SURVEY, _LEVEL = "made-up", "level"

_AT_HOME = {
    "interval": "lognormal(p10=1, p90=4)",
    "order_statistics": "lognormal(p10=0.9, p90=1.8)",
    "heaped": "beta(6, 4)",
    "studies": "lognormal(p10=0.35, p90=1.1)",
    "statement": "lognormal(p10=0.9, p90=1.8)",
    "domains": "lognormal(p10=0.7, p90=2.2)",
}
"""Priors of what is asked about, around where the example of each likelihood is at home."""
_ANYWHERE = "lognormal(p10=0.7, p90=2.2)"


class _Share(Latent):
    """A share, of which bias must not make more than all: an effect, its ln at or below 0."""

    effect: ClassVar[bool] = True


_LINKS: dict[str, type[Link]] = {"heaped": _Share}
"""Links other than that to a level: percentages lost know no share left above 1, and the sampler sticks at the kink."""


def joint_of(likelihood: str | Likelihood) -> Joint:
    """The joint model of one item about one latent quantity, without any parameter of a view.

    Parameters
    ----------
    likelihood : str or Likelihood
        The likelihood of the item; a kind stands for its example.

    Examples
    --------
    >>> joint = joint_of("statement")
    >>> joint.names, [term.name for term in joint.terms]
    ((), ['made-up.statement'])
    >>> [name for name in joint.latents if "made-up" in name]
    ['made-up.level', 'made-up.statement.softness']
    """
    problems = Problems()
    answered = _example(likelihood, problems) if isinstance(likelihood, str) else likelihood
    link = _LINKS.get(answered.kind, Latent).parse({"name": _LEVEL}, _SURVEY, problems, [_LEVEL])
    marginal = parse(_AT_HOME.get(answered.kind, _ANYWHERE), _SURVEY, problems)
    problems.raise_if_any()
    assert marginal is not None
    item = Item(answered.kind, "made up", None, "J", "made up", link, answered)
    belief = Belief(marginal, "made up", "", "J", _SURVEY)
    survey = Survey(
        name=_SURVEY,
        title="made up",
        cites=(),
        references={},
        population="nobody",
        bias=_SURVEY,
        fitted=True,
        why_not="",
        note="",
        latents={_LEVEL: belief},
        items={item.name: item},
        file=_SURVEY,
    )
    return Joint(load("davidson-2025"), [survey])  # any view will do: no link needs a parameter of it


def _example(kind: str, problems: Problems) -> Likelihood:
    found = KINDS[kind].parse(KINDS[kind].example, f"example of {kind}", problems)
    problems.raise_if_any()
    assert found is not None
    return found
