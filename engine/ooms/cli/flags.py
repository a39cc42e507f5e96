"""Problems in the language of the command line, where an argument of a function is a flag. One place knows both."""

from __future__ import annotations

import re
from dataclasses import replace

from ooms.problems import Problem

__all__ = ["flagged"]

_ARGUMENTS = (
    "chains", "dask", "draws", "event", "keep", "method", "over", "quantity", "seed", "simulations", "target_accept",
    "threads", "tune", "where", "workers",
)  # fmt: skip

_FLAGS = {name: f"--{name.replace('_', '-')}" for name in _ARGUMENTS} | {"changes": "--set", "mass": "--interval"}
"""The flag of every argument that a problem can be about."""

_REMEDIES = (
    (re.compile(r"\bforce=True\b"), "--force"),
    (re.compile(r"\bkeep_draws=False\b"), "leave -o out"),
    (re.compile(r'(?<![\w"-])([\w.]+)="(uniform\(\.\.\.\))"'), r'--set "\1 ~ \2"'),
)
"""Calls of Python in what a problem says to do, and the same in words of a command."""


def flagged(problem: Problem) -> Problem:
    """The problem as it is told on the command line.

    Examples
    --------
    >>> print(flagged(Problem("mass", "2 is not between 0 and 1", "give 0.9")))
    --interval: 2 is not between 0 and 1
        -> give 0.9
    >>> flagged(Problem("view", "fixed", 'open something: rho="uniform(...)"')).remedy
    'open something: --set "rho ~ uniform(...)"'
    """
    remedy = problem.remedy
    for call, words in _REMEDIES:
        remedy = call.sub(words, remedy)
    return replace(problem, place=_FLAGS.get(problem.place, problem.place), remedy=remedy)
