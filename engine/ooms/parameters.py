"""Every parameter of the model, once: its symbol, unit, domain, neutral value and meaning.

Prior files, the sampler, the model, the tables people read and the checks all take their facts from here.
`PARAMETERS` are what the equation is written in; `SPELLINGS` are other ways to state them, which
`ooms.beliefs.spellings` converts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["MAX_ROUTES", "PARAMETERS", "ROUTE_FIELDS", "SPELLINGS", "Parameter", "known", "known_names"]

INF = float("inf")

MAX_ROUTES = 8
"""Research routes a view may add beside its main one (each has its own fixed columns of the sampler)."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the model.

    Parameters
    ----------
    name, symbol, unit : str
        As in prior files, in the equation, and in tables.
    low, high : float
        Its domain.
    meaning : str
        One sentence for a reader who knows the debate but not the code.
    column : int
        Its own dimension of the Sobol sequence. Never changed and never used again for another parameter: this is
        what keeps a parameter's draws the same when others come or go.
    neutral : float or None
        The value it has in a view that does not mention it; None if a view must say it (or must not need it).
    open_low, open_high : bool
        Whether the end itself is outside the domain.
    group : str
        Which part of the model it belongs to.
    """

    name: str
    symbol: str
    unit: str
    low: float
    high: float
    meaning: str
    column: int
    neutral: float | None = None
    open_low: bool = False
    open_high: bool = False
    group: str = "labour"

    def domain(self) -> str:
        """The domain in interval notation, e.g. ``(0, 1]``."""
        left = "(" if self.open_low or self.low == -INF else "["
        right = ")" if self.open_high or self.high == INF else "]"
        return f"{left}{self.low:g}, {self.high:g}{right}"

    def holds(self, low: float, high: float) -> bool:
        """Whether the interval from low to high lies inside the domain (open ends may be touched at zero mass)."""
        return self.low <= low and high <= self.high


_MODEL = (
    # production
    Parameter(
        "rho",
        "rho",
        "-",
        -INF,
        1,
        "CES substitution parameter between labour and compute: below 0 they are "
        "complements and unlimited labour meets a ceiling, 0 is Cobb-Douglas, towards 1 they substitute freely",
        0,
        open_high=True,
        group="production",
    ),
    Parameter(
        "compute_share",
        "a",
        "-",
        0,
        1,
        "CES weight of compute at today's inputs (the normalisation point)",
        8,
        open_high=True,
        group="production",
    ),
    # labour
    Parameter(
        "workforce",
        "N",
        "x today's human staff",
        0,
        INF,
        "parallel AI researchers at t = 0",
        11,
        neutral=1.0,
        open_low=True,
    ),
    Parameter(
        "speed",
        "v",
        "x human",
        0,
        INF,
        "serial thinking speed of an AI researcher; pays no parallel penalty",
        12,
        neutral=1.0,
        open_low=True,
    ),
    Parameter(
        "skill",
        "q",
        "x median human",
        0,
        INF,
        "engineering skill of an AI researcher; acts inside the bottleneck",
        13,
        neutral=1.0,
        open_low=True,
    ),
    Parameter(
        "parallelizability",
        "lambda",
        "-",
        0,
        1,
        "returns to more parallel researchers (below 1: stepping on toes)",
        5,
        open_low=True,
    ),
    # taste
    Parameter(
        "taste_multiplier",
        "m",
        "x",
        1,
        INF,
        "research pace if every researcher were as good as the best instead "
        "of the median, experiment selection only or all skills (say which)",
        6,
        neutral=1.0,
        group="taste",
    ),
    Parameter(
        "taste_start",
        "z0",
        "SD",
        -INF,
        INF,
        "where the AI stands among human researchers at t = 0",
        7,
        neutral=0.0,
        group="taste",
    ),
    Parameter(
        "taste_slope",
        "z1",
        "SD/OOM",
        -INF,
        INF,
        "how the AI's standing climbs per OOM of software progress",
        14,
        neutral=0.0,
        group="taste",
    ),
    Parameter(
        "taste_ceiling",
        "C",
        "x",
        1,
        INF,
        "research pace with unlimited taste, over that of a median researcher",
        15,
        neutral=1e4,
        open_low=True,
        group="taste",
    ),
    # experiments
    Parameter(
        "compute_exponent",
        "zeta",
        "-",
        0,
        1,
        "returns to more experiment compute",
        9,
        open_low=True,
        group="experiments",
    ),
    Parameter(
        "experiment_efficiency",
        "gamma",
        "-",
        -1,
        2,
        "how many more informative experiments per FLOP an OOM of "
        "labour-equivalent software buys: 0 if only near-frontier experiments count, 1 if experiments shrink as "
        "fast as software improves",
        4,
        neutral=0.0,
        group="experiments",
    ),
    Parameter(
        "hardware_growth",
        "h",
        "OOM/yr",
        -INF,
        INF,
        "growth of hardware: 0 is the question of a software intelligence explosion, below 0 resources are withdrawn",
        18,
        neutral=0.0,
        group="experiments",
    ),
    # returns
    Parameter(
        "returns",
        "r",
        "-",
        0,
        INF,
        "doublings of labour-equivalent software per doubling of cumulative research "
        "input, at fixed hardware, at the Cobb-Douglas point",
        1,
        open_low=True,
        group="returns",
    ),
    Parameter(
        "software_limit",
        "X",
        "OOM",
        0,
        INF,
        "distance to the effective limits of software; never reached",
        3,
        open_low=True,
        group="returns",
    ),
    Parameter(
        "software_growth",
        "g0",
        "OOM/yr",
        0,
        INF,
        "software's contribution to effective training compute at today's human pace",
        2,
        open_low=True,
        group="returns",
    ),
    Parameter(
        "labour_per_training",
        "u",
        "-",
        0,
        INF,
        "OOMs of labour-equivalent gain per OOM of training efficiency: 1 "
        "if efficiency only buys more copies, 2 if it also buys smarter ones",
        16,
        open_low=True,
        group="returns",
    ),
    Parameter(
        "software_share",
        "share",
        "-",
        0,
        1,
        "software's part of recent overall AI progress; turns OOMs into years of progress",
        17,
        neutral=0.5,
        open_low=True,
        group="returns",
    ),
    Parameter(
        "initial_speedup",
        "f",
        "x",
        0,
        INF,
        "pace right after full automation; replaces the one computed from labour and compute",
        10,
        open_low=True,
        group="labour",
    ),
    # variants
    Parameter(
        "rho_long_run",
        "rho_long",
        "-",
        -INF,
        1,
        "the rho that labs reach once they have reorganised",
        19,
        open_high=True,
        group="variants",
    ),
    Parameter(
        "adjustment_years",
        "T_adj",
        "yr",
        0,
        INF,
        "human years of reorganisation; passes `speed` times faster",
        20,
        open_low=True,
        group="variants",
    ),
    Parameter(
        "ramp_years",
        "T_ramp",
        "yr",
        0,
        INF,
        "years over which the workforce (or the initial speed-up) grows from 1 to its full value",
        21,
        open_low=True,
        group="variants",
    ),
    Parameter(
        "hardware_shock",
        "H_shock",
        "x",
        0,
        INF,
        "factor by which hardware jumps at `hardware_shock_year`",
        22,
        open_low=True,
        group="variants",
    ),
    Parameter("hardware_shock_year", "t_shock", "yr", 0, INF, "when the jump comes", 23, group="variants"),
    Parameter(
        "route_elasticity",
        "eta",
        "-",
        0,
        INF,
        "how routes combine: 1 adds them up, large values let the strongest link win",
        24,
        open_low=True,
        group="variants",
    ),
)

_SPELLINGS = (
    Parameter(
        "sigma", "sigma", "-", 0, INF, "elasticity of substitution, 1/(1 - rho)", 25, open_low=True, group="production"
    ),
    Parameter(
        "max_speed",
        "a^(1/rho)",
        "x",
        1,
        INF,
        "pace with unlimited labour at today's compute (rho below 0)",
        26,
        open_low=True,
        group="production",
    ),
    Parameter(
        "labour_ceiling",
        "A",
        "x",
        1,
        INF,
        "pace with unlimited labour; with compute_ceiling it fixes rho and a",
        27,
        open_low=True,
        group="production",
    ),
    Parameter(
        "compute_ceiling",
        "B",
        "x",
        1,
        INF,
        "pace with unlimited compute; with labour_ceiling it fixes rho and a",
        28,
        open_low=True,
        group="production",
    ),
    Parameter(
        "labour_exponent",
        "p",
        "-",
        0,
        INF,
        "lambda (1 - a), the elasticity of the pace to parallel labour at the "
        "Cobb-Douglas point; may imply lambda above 1",
        29,
        open_low=True,
    ),
    Parameter(
        "returns_total",
        "r_total",
        "-",
        0,
        INF,
        "doublings of software per doubling of all research input, labour and compute: r = (1 - a) r_total",
        30,
        open_low=True,
        group="returns",
    ),
    Parameter(
        "historical_labour_growth", "g_L", "ln/yr", 0, INF, "past growth of research labour", 31, group="returns"
    ),
    Parameter(
        "historical_compute_growth", "g_K", "ln/yr", 0, INF, "past growth of experiment compute", 32, group="returns"
    ),
    Parameter(
        "historical_software_growth",
        "g_S",
        "ln/yr",
        0,
        INF,
        "past growth of training efficiency",
        33,
        open_low=True,
        group="returns",
    ),
    Parameter(
        "taste_limit",
        "L",
        "-",
        0,
        INF,
        "how far taste can go beyond the top human, in top-human steps: C = m^(1 + L)",
        34,
        open_low=True,
        group="taste",
    ),
    Parameter(
        "compute_slowdown",
        "M",
        "x",
        1,
        INF,
        "slowdown of research with ten times less experiment compute; fixes zeta",
        35,
        open_low=True,
        group="experiments",
    ),
    Parameter(
        "software_limit_years",
        "X_years",
        "yr of progress",
        0,
        INF,
        "distance to the limits in years of recent overall progress: X = X_years g0 / share",
        36,
        open_low=True,
        group="returns",
    ),
)

ROUTE_FIELDS: Mapping[str, Parameter] = MappingProxyType(
    {
        "rho": _MODEL[0],
        "compute_share": _MODEL[1],
        "experiment_efficiency": next(p for p in _MODEL if p.name == "experiment_efficiency"),
        "productivity": Parameter(
            "productivity",
            "w_j",
            "x main route",
            0,
            INF,
            "today's productivity of the route over that of the main one",
            40,
            open_low=True,
            group="variants",
        ),
    }
)
"""What a further research route says for itself; everything else it shares with the main route."""


def _routes() -> dict[str, Parameter]:
    first = 40
    return {
        f"routes.{i + 1}.{field}": Parameter(
            f"routes.{i + 1}.{field}",
            f"{p.symbol}_{i + 1}",
            p.unit,
            p.low,
            p.high,
            p.meaning,
            first + 4 * i + k,
            p.neutral,
            p.open_low,
            p.open_high,
            "variants",
        )
        for i in range(MAX_ROUTES)
        for k, (field, p) in enumerate(ROUTE_FIELDS.items())
    }


PARAMETERS: Mapping[str, Parameter] = MappingProxyType({p.name: p for p in _MODEL})
"""The parameters that the equation is written in."""

SPELLINGS: Mapping[str, Parameter] = MappingProxyType({p.name: p for p in _SPELLINGS})
"""Other ways to state some of them."""

_ALL = {**PARAMETERS, **SPELLINGS, **_routes()}

JOINT_COLUMN = 39
"""The Sobol dimension that picks the row of an empirical joint distribution."""


def known(name: str) -> Parameter:
    """The parameter of that name: of the model, a spelling, or of a route (``routes.1.rho``)."""
    return _ALL[name]


def known_names() -> tuple[str, ...]:
    """Every name that may stand under ``[parameters]`` in a prior file."""
    return (*PARAMETERS, *SPELLINGS)
