"""The likelihoods by the names that survey files use."""

from __future__ import annotations

from ooms.calibrating.likelihoods.base import Likelihood
from ooms.calibrating.likelihoods.domains import Domains
from ooms.calibrating.likelihoods.heaped import Heaped
from ooms.calibrating.likelihoods.interval import Interval
from ooms.calibrating.likelihoods.order_statistics import OrderStatistics
from ooms.calibrating.likelihoods.statement import Statement
from ooms.calibrating.likelihoods.studies import Studies
from ooms.files.forms import Registry

__all__ = ["KINDS"]

_CLASSES: tuple[type[Likelihood], ...] = (Interval, OrderStatistics, Heaped, Studies, Statement, Domains)

KINDS = Registry[Likelihood]("likelihood", "kind", {each.kind: each for each in _CLASSES})
"""What answers can be like, by the ``kind`` of a ``likelihood`` table."""
