"""Every parameter of the model, once: its symbol, unit, domain, neutral value and meaning.

Prior files, the sampler, the model, the tables people read and the checks all take their facts from here.
`PARAMETERS` are what the equation is written in; `SPELLINGS` are other ways to state them, which
`ooms.beliefs.reparametrisation` converts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

__all__ = [
    "JOINT_COLUMN",
    "MAX_ROUTES",
    "PARAMETERS",
    "ROUTE_FIELDS",
    "SPELLINGS",
    "VIEW_COLUMN",
    "Parameter",
    "known",
    "known_names",
]

MAX_ROUTES = 8
"""Research routes a view may add beside its main one (each has its own fixed columns of the sampler)."""

JOINT_COLUMN = 39
"""The column of the point set that picks the row of joint draws."""

VIEW_COLUMN = 79
"""The column that picks the view that a row of a pooled prior comes from."""

_ROUTE_COLUMNS = 40
"""The first column of the routes."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the model.

    Parameters
    ----------
    name, symbol, unit : str
        As in prior files, in the equation, and in tables.
    low, high : float
        Its domain.
    open_low, open_high : bool
        Whether the end itself is outside the domain.
    column : int
        Its own dimension of the Sobol sequence. Never changed and never used again for another parameter: this is
        what keeps a parameter's draws the same when others come or go.
    group : str
        Which part of the model it belongs to.
    meaning : str
        One sentence for a reader who knows the debate but not the code.
    neutral : float or None
        The value it has in a view that does not mention it; None if a view must say it (or must not need it).
    """

    name: str
    symbol: str
    unit: str
    low: float
    high: float
    open_low: bool
    open_high: bool
    column: int
    group: str
    meaning: str
    neutral: float | None = None

    def domain(self) -> str:
        """The domain in interval notation, e.g. ``(0, 1]``."""
        return f"{'(' if self.open_low else '['}{self.low:g}, {self.high:g}{')' if self.open_high else ']'}"

    def holds(self, low: float, high: float) -> bool:
        """Whether the interval from low to high lies inside the domain (open ends may be touched at zero mass)."""
        return self.low <= low and high <= self.high


def _parameter(
    name: str, symbol: str, unit: str, domain: str, column: int, group: str, meaning: str, neutral: float | None = None
) -> Parameter:
    """A parameter, its domain read from interval notation."""
    low, high = domain[1:-1].split(",")
    return Parameter(
        name,
        symbol,
        unit,
        float(low),
        float(high),
        domain[0] == "(",
        domain[-1] == ")",
        column,
        group,
        meaning,
        neutral,
    )


# fmt: off
_MODEL = (
    _parameter("rho", "rho", "-", "(-inf, 1)", 0, "production",
               "CES substitution parameter between labour and compute: below 0 they are complements and unlimited "
               "labour meets a ceiling, 0 is Cobb-Douglas, towards 1 they substitute freely"),
    _parameter("compute_share", "a", "-", "[0, 1)", 8, "production",
               "CES weight of compute at today's inputs (the normalisation point)"),
    _parameter("workforce", "N", "x today's human staff", "(0, inf)", 11, "labour",
               "parallel AI researchers at t = 0", neutral=1.0),
    _parameter("speed", "v", "x human", "(0, inf)", 12, "labour",
               "serial thinking speed of an AI researcher; pays no parallel penalty", neutral=1.0),
    _parameter("skill", "q", "x median human", "(0, inf)", 13, "labour",
               "engineering skill of an AI researcher; acts inside the bottleneck", neutral=1.0),
    _parameter("parallelizability", "lambda", "-", "(0, 1]", 5, "labour",
               "returns to more parallel researchers (below 1: stepping on toes)"),
    _parameter("taste_multiplier", "m", "x", "[1, inf)", 6, "taste",
               "research pace if every researcher were as good as the best instead of the median, experiment selection "
               "only or all skills (say which)", neutral=1.0),
    _parameter("taste_start", "z0", "SD", "(-inf, inf)", 7, "taste",
               "where the AI stands among human researchers at t = 0", neutral=0.0),
    _parameter("taste_slope", "z1", "SD/OOM", "(-inf, inf)", 14, "taste",
               "how the AI's standing climbs per OOM of software progress", neutral=0.0),
    _parameter("taste_ceiling", "C", "x", "(1, inf)", 15, "taste",
               "research pace with unlimited taste, over that of a median researcher", neutral=10000.0),
    _parameter("compute_exponent", "zeta", "-", "(0, 1]", 9, "experiments",
               "returns to more experiment compute"),
    _parameter("experiment_efficiency", "gamma", "-", "[-1, 2]", 4, "experiments",
               "how many more informative experiments per FLOP an OOM of labour-equivalent software buys: 0 if only "
               "near-frontier experiments count, 1 if experiments shrink as fast as software improves", neutral=0.0),
    _parameter("hardware_growth", "h", "OOM/yr", "(-inf, inf)", 18, "experiments",
               "growth of hardware: 0 is the question of a software intelligence explosion, below 0 resources are "
               "withdrawn", neutral=0.0),
    _parameter("difficulty", "beta", "-", "(-inf, inf)", 80, "returns",
               "how much harder ideas get: each doubling of labour-equivalent software makes the same research output "
               "2^beta times less productive"),
    _parameter("software_limit", "X", "OOM", "(0, inf)", 3, "returns",
               "distance to the effective limits of software; never reached"),
    _parameter("software_growth", "g0", "OOM/yr", "(0, inf)", 2, "returns",
               "software's contribution to effective training compute at today's human pace"),
    _parameter("labour_per_training", "u", "-", "(0, inf)", 16, "returns",
               "OOMs of labour-equivalent gain per OOM of training efficiency: 1 if efficiency only buys more copies, "
               "2 if it also buys smarter ones"),
    _parameter("software_share", "share", "-", "(0, 1]", 17, "returns",
               "software's part of recent overall AI progress; turns OOMs into years of progress", neutral=0.5),
    _parameter("initial_speedup", "f", "x", "(0, inf)", 10, "labour",
               "research output right after full automation, taste aside; replaces the one computed from labour and "
               "compute"),
    _parameter("rho_long_run", "rho_long", "-", "(-inf, 1)", 19, "variants",
               "the rho that labs reach once they have reorganised"),
    _parameter("adjustment_years", "T_adj", "yr", "(0, inf)", 20, "variants",
               "human years of reorganisation; passes `speed` times faster"),
    _parameter("ramp_years", "T_ramp", "yr", "(0, inf)", 21, "variants",
               "years over which the workforce (or the initial speed-up) grows from 1 to its full value"),
    _parameter("hardware_shock", "H_shock", "x", "(0, inf)", 22, "variants",
               "factor by which hardware jumps at `hardware_shock_year`"),
    _parameter("hardware_shock_year", "t_shock", "yr", "[0, inf)", 23, "variants",
               "when the jump comes"),
    _parameter("route_elasticity", "eta", "-", "(0, inf)", 24, "variants",
               "how routes combine: 1 adds them up, large values let the strongest link win"),
    _parameter("ramp_start", "f0", "x", "(0, inf)", 77, "variants",
               "speed-up on top of today's pace with which a ramp starts, growing exponentially to initial_speedup: "
               "the pace is 1 + f0 (f/f0)^(t/T_ramp) times today's"),
    _parameter("rho_discrepancy", "delta", "ln", "(-inf, inf)", 37, "variants",
               "how far substitution at a vast surplus of labour lies from the stated one, as the log of the ratio of "
               "their elasticities: sigma is multiplied by exp(delta)", neutral=0.0),
    _parameter("training_cost", "$", "dollars", "(0, inf)", 74, "resources",
               "cost of one frontier training run at t = 0, hardware and energy"),
    _parameter("training_energy", "E", "MWh", "(0, inf)", 75, "resources",
               "electricity of one frontier training run at t = 0"),
    _parameter("carbon_intensity", "CI", "kg CO2e/kWh", "[0, inf)", 76, "resources",
               "greenhouse gases of a unit of that electricity"),
)

_SPELLINGS = (
    _parameter("sigma", "sigma", "-", "(0, inf)", 25, "production",
               "elasticity of substitution, 1/(1 - rho)"),
    _parameter("max_speed", "a^(1/rho)", "x", "(1, inf)", 26, "production",
               "pace with unlimited labour at today's compute (rho below 0)"),
    _parameter("labour_ceiling", "A", "x", "(1, inf)", 27, "production",
               "pace with unlimited labour; with compute_ceiling it fixes rho and a"),
    _parameter("compute_ceiling", "B", "x", "(1, inf)", 28, "production",
               "pace with unlimited compute; with labour_ceiling it fixes rho and a"),
    _parameter("labour_exponent", "p", "-", "(0, inf)", 29, "labour",
               "lambda (1 - a), the elasticity of the pace to parallel labour at the Cobb-Douglas point; may imply "
               "lambda above 1"),
    _parameter("returns", "r", "-", "(0, inf)", 1, "returns",
               "doublings of labour-equivalent software per doubling of cumulative research input, at fixed hardware, "
               "at the Cobb-Douglas point: beta = lambda (1 - a)/r + a zeta gamma"),
    _parameter("returns_total", "r_total", "-", "(0, inf)", 30, "returns",
               "doublings of software per doubling of all research input, labour and compute: r = (1 - a) r_total"),
    _parameter("historical_labour_growth", "g_L", "ln/yr", "[0, inf)", 31, "returns",
               "past growth of research labour"),
    _parameter("historical_compute_growth", "g_K", "ln/yr", "[0, inf)", 32, "returns",
               "past growth of experiment compute"),
    _parameter("historical_software_growth", "g_S", "ln/yr", "(0, inf)", 33, "returns",
               "past growth of training efficiency"),
    _parameter("taste_limit", "L", "-", "(0, inf)", 34, "taste",
               "how far taste can go beyond the top human, in top-human steps: C = m^(1 + L)"),
    _parameter("compute_slowdown", "M", "x", "(1, inf)", 35, "experiments",
               "slowdown of research with ten times less experiment compute; fixes zeta"),
    _parameter("software_limit_years", "X_years", "yr of progress", "(0, inf)", 36, "returns",
               "distance to the limits in years of recent overall progress: X = X_years g0 / share"),
    _parameter("difficulty_exponent", "phi", "-", "(-inf, inf)", 38, "returns",
               "how much harder ideas get: the pace falls as the power -phi of training efficiency (Jones: 1 - phi is "
               "the exponent of past progress); beta = phi/u"),
    _parameter("historical_research_growth", "g_R", "ln/yr", "(0, inf)", 72, "returns",
               "past growth of research output, which kept software growing at today's rate: phi = g_R/(g0 ln 10)"),
    _parameter("training_compute_growth", "g_C", "OOM/yr", "[0, inf)", 78, "returns",
               "growth of training compute beside software in recent progress: share = g0/(g0 + g_C)"),
    _parameter("taste_slope_yearly", "z1'", "SD/yr of progress", "(-inf, inf)", 73, "taste",
               "how the AI's standing climbs per year of recent overall progress: z1 = slope share / g0"),
)
# fmt: on

PARAMETERS: Mapping[str, Parameter] = MappingProxyType({p.name: p for p in _MODEL})
"""The parameters that the equation is written in."""

SPELLINGS: Mapping[str, Parameter] = MappingProxyType({p.name: p for p in _SPELLINGS})
"""Other ways to state some of them."""

_PRODUCTIVITY = _parameter("productivity", "w_j", "x main route", "(0, inf)", _ROUTE_COLUMNS, "variants",
                           "today's productivity of the route over that of the main one")  # fmt: skip

ROUTE_FIELDS: Mapping[str, Parameter] = MappingProxyType(
    {
        p.name: p
        for p in (PARAMETERS["rho"], PARAMETERS["compute_share"], PARAMETERS["experiment_efficiency"], _PRODUCTIVITY)
    }
)
"""What a further research route says for itself; everything else it shares with the main route."""


def _routes() -> dict[str, Parameter]:
    """The parameters of every possible route, ``routes.1.rho`` and so on, each with its column."""
    fields = [(route, field) for route in range(1, MAX_ROUTES + 1) for field in ROUTE_FIELDS.values()]
    renamed = [
        replace(field, name=f"routes.{route}.{field.name}", column=_ROUTE_COLUMNS + k, group="variants")
        for k, (route, field) in enumerate(fields)
    ]
    return {p.name: p for p in renamed}


_ALL = {**PARAMETERS, **SPELLINGS, **_routes()}


def known(name: str) -> Parameter:
    """The parameter of that name: of the model, a spelling, or of a route (``routes.1.rho``)."""
    return _ALL[name]


def known_names() -> tuple[str, ...]:
    """Every name that may stand under ``[parameters]`` in a prior file."""
    return (*PARAMETERS, *SPELLINGS)
