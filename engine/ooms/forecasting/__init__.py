"""From a request to a forecast."""

__all__ = ["NUMBERS"]

NUMBERS = 4
"""Version of what the engine makes of the same inputs: raised whenever any number changes (`tests/batch` notices).

Cells of another version are never used again."""
