"""The in-place inner loop equals the equation it is a copy of."""

import numpy as np
import pytest

import ooms
from ooms.beliefs.draws import Sampler
from ooms.model.kernel import Kernel
from ooms.model.pace import Pace
from ooms.parameters import PARAMETERS

VIEWS = {
    "default": {},
    "no cheaper experiments": {"experiment_efficiency": 0.0},
    "Cobb-Douglas": {"rho": 0.0},
    "substitutes": {"rho": 0.6},
    "almost no compute share": {"compute_share": 1e-6},
    "climbing taste": {"taste_slope": 0.3, "labour_per_training": 1.0},
    "everything fixed but the limit": {
        "rho": -0.1, "parallelizability": 0.5, "experiment_efficiency": 0.3, "taste_multiplier": 5, "taste_start": 0.2,
        "returns": 1.2, "software_growth": 0.7,
    },
}  # fmt: skip


@pytest.mark.parametrize("changes", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("x", [0.0, 0.37, 5.5])
def test_the_kernel_is_the_pace(changes: dict[str, float], x: float) -> None:
    inputs = Sampler(ooms.load("davidson-2025").replace(**changes)).block(0, 256).inputs
    pace = Pace(inputs)
    out = np.empty(256)
    with np.errstate(over="ignore"):
        Kernel(pace, np.empty(256))(x, out)
    np.testing.assert_allclose(out, np.broadcast_to(pace.level - pace.log(x), 256), rtol=1e-12, atol=1e-12)


def test_every_parameter_of_the_kernel_may_be_one_number_or_many() -> None:
    fixed = {n: b.marginal.middle for n, b in ooms.load("davidson-2025").beliefs.items() if n in PARAMETERS}
    for name in ("rho", "returns", "software_limit", "parallelizability", "experiment_efficiency", "compute_share"):
        others = {n: v for n, v in fixed.items() if n != name}
        view = ooms.load("davidson-2025").replace(**others)
        if name == "compute_share":
            view = view.replace(compute_share="uniform(0.3, 0.7)")
        inputs = Sampler(view).block(0, 256).inputs
        pace, out = Pace(inputs), np.empty(256)
        Kernel(pace, np.empty(256))(2.0, out)
        np.testing.assert_allclose(out, np.broadcast_to(pace.level - pace.log(2.0), 256), rtol=1e-12, atol=1e-12)
