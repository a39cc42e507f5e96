"""``python -m ooms``."""

from ooms.cli import run

run()
