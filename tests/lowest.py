"""``make lowest``: the main commands, each in a process of its own, under whatever versions are installed.

Run in an environment of the lowest versions that pyproject.toml allows, it says whether the bounds are true. A command
passes if it ends with 0 (a calibration this short with 1, for it is unsound), says nothing to standard error, where
libraries complain, and no line of ooms warns.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
import tomllib
from importlib.metadata import version
from pathlib import Path

STUDY = """
draws = 256
events = ["5 ooms in 1 year"]
quantities = ["time to 1 oom"]
keep_draws = true
[grid]
rho = [-0.4, -0.1]
returns = [1, "loguniform(0.4, 3.6)"]
"""

FEW = "--draws 1024"
COMMANDS = f"""
forecast {FEW} --resources -o forecast.nc
compare davidson-2025 kwa-2026 epoch-2025 {FEW}
pool davidson-2025 kwa-2026 {FEW} -o pooled.toml --rows 256
forecast pooled.toml {FEW} --json
report davidson-2025 kwa-2026 {FEW} -o report.html -o report.md -o report.pdf
plot fan -o fan.svg -o fan.png -o fan.pdf -o fan.html {FEW}
batch check study.toml
batch run study.toml --store study.zarr --workers 1 --quiet
batch run study.toml --store again.zarr --from study.zarr --quiet
batch status study.zarr
batch table study.zarr --where rho=-0.4 -o table.parquet
report study.zarr -o study.pdf
plot study study.zarr -o study.svg
surveys check substitution-meta
calibration --json
calibrate --surveys compute-polls substitution-studies --draws 512 --tune 400 --chains 2 --quick --force -o c.toml
calibration c.toml
reproduce kwa-2026
cite davidson-2025
"""

OURS = """
import warnings
warnings.filterwarnings("error", module="ooms")
warnings.filterwarnings("ignore", "unsound-calibration")  # of so few draws
from ooms.cli import run
run()
"""
CLUSTER = """
import ooms
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        run = ooms.run_study("study.toml", "cluster.zarr", dask=cluster.scheduler_address)
    assert run.complete and run.progress.ran == 4
"""


def main() -> int:
    """Run every command; 1 if any fails."""
    began, failed = time.monotonic(), 0
    print(_versions())
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "study.toml").write_text(STUDY, encoding="utf-8")
        (Path(folder) / "cluster.py").write_text(CLUSTER, encoding="utf-8")
        for line in [*COMMANDS.split("\n")[1:-1], "cluster.py"]:
            words = [line] if line == "cluster.py" else ["-c", OURS, *line.split()]
            started = time.monotonic()
            done = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, check=False)
            wrong = done.returncode > line.startswith("calibrat") or bool(done.stderr.strip())
            failed += wrong
            print(f"{'FAILED' if wrong else 'fine  '} {time.monotonic() - started:5.1f} s  ooms {line}", flush=True)
            if wrong:
                print(f"exit code {done.returncode}\n{done.stdout[-500:]}\n{done.stderr[-3000:]}")
    print(f"{failed} failed, in {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


def _versions() -> str:
    """What is installed of what pyproject.toml asks for."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(one for many in project["optional-dependencies"].values() for one in many)]
    names = [re.split(r"[<>=\[;]", one)[0] for one in asked]
    return f"Python {sys.version.split()[0]}; " + ", ".join(f"{name} {version(name)}" for name in names)


if __name__ == "__main__":
    sys.exit(main())
