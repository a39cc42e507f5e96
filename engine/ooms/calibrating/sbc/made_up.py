"""A joint model of one made-up survey, so that a likelihood is tested through the code that calibrations use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ooms.beliefs.reader import load
from ooms.beliefs.view import Belief
from ooms.calibrating.joint import Joint
from ooms.calibrating.likelihoods import KINDS, Likelihood
from ooms.calibrating.links.levels import Latent
from ooms.calibrating.surveys.survey import Item, Survey
from ooms.distributions.marginals import parse
from ooms.problems import Problems

__all__ = ["MODELS", "joint_of"]

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

_SHARE, _SPEEDUP = "beta(6, 4)", "shifted_lognormal(1, 1, 0.8)"
_BOUNDED: Mapping[str, tuple[str, str, Mapping[str, object]]] = MappingProxyType(
    {
        "slowdown_order_statistics": (
            "order_statistics", _SHARE, {"n": 6, "minimum": 0.2, "median": 0.6, "maximum": 1.0}
        ),
        "speedup_order_statistics": (
            "order_statistics", _SPEEDUP, {"n": 6, "minimum": 1.01, "median": 1.18, "maximum": {"above": 1.5}}
        ),
        "slowdown_interval": (
            "interval", _SHARE,
            {"answers": [{"respondent": "R1", "value": 1.0}, {"respondent": "R1", "low": 0.5, "high": 0.7},
                         {"respondent": "R2", "below": 0.4}, {"respondent": "R3", "value": 0.8}]},
        ),
        "speedup_interval": ("interval", _SPEEDUP, KINDS["interval"].example),
        "speedup_statement": ("statement", _SPEEDUP, {"low": 1.15, "high": 1.3}),
    }
)  # fmt: skip
"""Likelihoods whose answers are bounded: kind, prior of what is asked about, and answers."""

MODELS = (*KINDS, *_BOUNDED)
"""Every likelihood, and those whose answers can be bounded so as well; each is a model to test by itself."""


def joint_of(likelihood: str | Likelihood) -> Joint:
    """The joint model of one item about one latent quantity, without any parameter of a view.

    Parameters
    ----------
    likelihood : str or Likelihood
        The likelihood of the item; one of `MODELS` stands for its example.

    Examples
    --------
    >>> joint = joint_of("statement")
    >>> joint.names, [term.name for term in joint.terms]
    ((), ['made-up.statement'])
    >>> [name for name in joint.latents if "made-up" in name]
    ['made-up.level', 'made-up.statement.softness']
    """
    problems = Problems()
    kind, prior, table = _BOUNDED.get(str(likelihood), (str(likelihood), "", {}))
    if isinstance(likelihood, str):
        table = table or KINDS[kind].example
        likelihood = problems.sound(KINDS[kind].parse(table, f"example of {kind}", problems))
    prior = prior or _AT_HOME.get(likelihood.kind, _ANYWHERE)
    link = problems.sound(Latent.parse({"name": _LEVEL}, _SURVEY, problems, [_LEVEL]))
    marginal = problems.sound(parse(prior, _SURVEY, problems))
    likelihood = problems.sound(likelihood.bounded(link.side({_LEVEL: marginal.support()}), _SURVEY, problems))
    item = Item(likelihood.kind, "made up", None, "J", "made up", link, likelihood)
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
        latents={_LEVEL: Belief(marginal, "made up", "", "J", _SURVEY)},
        items={item.name: item},
        file=_SURVEY,
    )
    return Joint(load("davidson-2025"), [survey])  # any view will do: no link needs a parameter of it
