"""Lets the tests of this folder import `numbers_of` and `recurrence`, whatever import mode pytest runs in."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
