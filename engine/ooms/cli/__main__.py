"""``python -m ooms.cli``."""

from ooms.cli import run

run()
