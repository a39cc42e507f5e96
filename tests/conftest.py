"""Hypothesis: new examples every time at a desk, the same ones in continuous integration."""

import os
import sys
from pathlib import Path

from hypothesis import settings

# Workers and the commands that tests start inherit this. With more, two processes on two cores wait for one another:
# a density takes ten times as long.
for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

sys.path.insert(0, str(Path(__file__).parent))  # lets tests in every folder import nested

settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")
