"""Exit codes of the commands, other than 0."""

__all__ = ["FAILED", "GIVEN_WRONG", "INTERRUPTED", "UNWRITABLE"]

FAILED = 1
"""A check failed, or something is left to do."""

UNWRITABLE = 1
"""A result cannot be written."""

GIVEN_WRONG = 2
"""The user gave something wrong."""

INTERRUPTED = 130
"""Ctrl-C."""
