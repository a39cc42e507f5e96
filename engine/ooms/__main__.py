"""``python -m ooms``."""

from ooms.cli import run

if __name__ == "__main__":  # and not where worker processes import it
    run()
