"""The published numbers, from the files that `ooms reproduce` reads: they stand nowhere else."""

from __future__ import annotations

from functools import cache

from ooms.files.library import priors_folder
from ooms.literature.reproducing.spec import read_published
from ooms.problems import Problems


@cache
def published(name):
    problems = Problems()
    found = read_published(priors_folder() / "published" / f"{name}.toml", problems)
    problems.raise_if_any()
    return found


def claims(name, start=""):
    """Published numbers by what they are, those whose names start so."""
    return {claim.what: claim for claim in published(name).claims if claim.what.startswith(start)}


def value(name, what):
    claim = claims(name)[what]
    assert claim.low == claim.high
    return claim.low
