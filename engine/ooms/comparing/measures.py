"""What readings of one question count, and in which time."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["MEASURES", "WINDOW"]

MEASURES: Mapping[str, str] = {
    "5 ooms": "5 OOMs of effective training compute",
    "33.2 doublings": "the same in doublings of labour-equivalent software, where u = 2",
    "40 doublings": "the same where a year of progress is called 10x",
    "16.6 doublings": "5 OOMs of labour-equivalent software itself",
}
"""What is counted, and what it stands for."""

WINDOW = "1 year"
"""The time in which it has to come."""
