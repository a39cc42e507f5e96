"""What every calibration believes about surveys themselves (``priors/calibration.toml``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from ooms.beliefs.spec import read_table
from ooms.beliefs.view import Belief
from ooms.calibrating.surveys.priors import read_latent
from ooms.files.library import priors_folder
from ooms.problems import Problems

__all__ = ["BIAS_SCALE", "COMMON", "EXTRAPOLATION", "SELF_REPORT", "common_beliefs"]

BIAS_SCALE, SELF_REPORT, EXTRAPOLATION = COMMON = ("bias_scale", "self_report", "extrapolation")


@lru_cache
def common_beliefs() -> Mapping[str, Belief]:
    """Priors of the scale of bias groups, of the self-report bias and of the extrapolation of sigma, by name."""
    problems, path = Problems(), priors_folder() / "calibration.toml"
    latents = (read_table(path, problems) or {}).get("latent", {})
    read = {n: read_latent(latents.get(n), f"{path.name}: latent.{n}", path.name, problems) for n in COMMON}
    return {name: problems.sound(belief) for name, belief in read.items()}
