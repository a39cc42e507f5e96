"""Files to fill in: commented templates of prior, study and survey files, made from what reads them.

Lines that begin with ``#`` and no space are TOML that is switched off: alternatives, each of which can be used.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from pydantic import BaseModel

from ooms.files.forms import keys_of
from ooms.files.toml import lines_of, toml
from ooms.parameters import PARAMETERS, ROUTE_FIELDS, SPELLINGS, Parameter, known
from ooms.schemas import described

__all__ = ["template"]

_MINE = "my own judgement"

_SAMPLES: Mapping[str, str] = {
    "rho": "uniform(-0.4, -0.1)", "skill": "2", "taste_slope": "0.1", "hardware_growth": "0.2",
    "difficulty": "uniform(0.1, 0.5)", "rho_long_run": "0", "adjustment_years": "loguniform(1, 10)",
    "initial_speedup": "lognormal(p10=3, p90=30)", "ramp_start": "0.2", "ramp_years": "2", "hardware_shock": "0.1",
    "hardware_shock_year": "0.5", "route_elasticity": "1", "rho_discrepancy": "normal(-0.2, 0.2)",
    "training_cost": "lognormal(p10=1e8, p90=1e9)", "training_energy": "5e4", "carbon_intensity": "0.35",
    "productivity": "0.1", "sigma": "uniform(0.7, 1.2)", "max_speed": "loguniform(3, 100)", "labour_ceiling": "10",
    "compute_ceiling": "10", "labour_exponent": "0.3", "returns_total": "2", "historical_labour_growth": "0.2",
    "historical_compute_growth": "0.9", "historical_software_growth": "1.1", "taste_limit": "3",
    "compute_slowdown": "3", "software_limit_years": "loguniform(5, 30)", "difficulty_exponent": "1.5",
    "historical_research_growth": "0.9", "training_compute_growth": "0.6", "taste_slope_yearly": "0.2",
}  # fmt: skip
"""Beliefs to fill in where the view that the template extends has none: of the right size, and nobody's."""

_TOGETHER = (
    ("rho_long_run", "adjustment_years"), ("initial_speedup", "ramp_years", "ramp_start"),
    ("hardware_shock", "hardware_shock_year"), ("labour_ceiling", "compute_ceiling"),
    ("historical_labour_growth", "historical_compute_growth", "historical_software_growth"),
)  # fmt: skip
"""Parameters that have a meaning only beside each other."""


def template(kind: Literal["priors", "study", "survey"], file: str = "FILE") -> str:
    """The text of a file to fill in, which passes its own check as it is.

    Parameters
    ----------
    kind : "priors", "study" or "survey"
        Which file.
    file : str
        What commands are to call it.

    Examples
    --------
    >>> template("priors").splitlines()[0]
    '#:schema priors.schema.json'
    """
    what, check, use = _USES[kind]
    schema = f"{kind}.schema.json"
    lines = {"priors": _priors, "study": _study, "survey": _survey}[kind]()
    return "\n".join([
        f"#:schema {schema}",
        f"# {what}",
        f"#   check it:                              ooms {check} {file}",
        f"#   use it:                                ooms {use} {file}",
        f"#   let editors complete it (first line):  ooms schema {kind} -o {schema}",
        "# A line that begins with # and no space can be switched on: take the # away, and put one before",
        "# the line that it replaces.",
        "",
        *lines,
    ])  # fmt: skip


_USES = {
    "priors": ("What you believe, and why.", "priors check", "forecast"),
    "study": ("What to ask of many combinations of beliefs.", "batch check", "batch run"),
    "survey": ("What people answered, or studies found.", "surveys check", "calibrate davidson-2025+open --surveys"),
}


def _prose(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, 100, initial_indent="# ", subsequent_indent=f"# {indent}", break_on_hyphens=False)


def _off(lines: Iterable[str]) -> list[str]:
    return [f"#{line}" for text in lines for line in text.splitlines()]


def _keys(form: type[BaseModel], values: Mapping[str, object], on: Iterable[str]) -> Iterator[str]:
    """Keys of a form with what they mean and a value, switched on or off."""
    for key, value in values.items():
        yield from _prose(_meaning(form, key))
        line = lines_of({key: value})
        yield from line if key in on else _off(line)


def _block(meaning: str, *tables: tuple[str, Mapping[str, object]]) -> list[str]:
    """Tables that are switched on together, after what they mean."""
    return ["", *_prose(meaning), *_off(line for name, table in tables for line in (name, *lines_of(table)))]


# -- priors -----------------------------------------------------------------------------------------------------------


def _priors() -> Iterator[str]:
    from ooms.beliefs.prior_file import distribution_table
    from ooms.beliefs.reader import load
    from ooms.beliefs.reparametrisation import rivals
    from ooms.beliefs.spec import ViewSpec
    from ooms.distributions.marginals import REGISTRY, parse
    from ooms.problems import Problems

    start = load("davidson-2025")

    def belief(name: str) -> dict[str, object]:
        sample = _SAMPLES.get(name.rpartition(".")[2])
        marginal = start.beliefs[name].marginal if sample is None else parse(sample, name, Problems())
        return {**(distribution_table(marginal) if marginal else {}), "source": _MINE}

    def entry(names: Iterable[str], on: bool = False) -> Iterator[str]:
        for name in names:
            yield from _prose(f"{name}: {described(known(name))}", "    ")
        lines = [f"{name} = {toml(belief(name))}" for name in names]
        yield from lines if on else _off(lines)

    def listed(parameters: Mapping[str, Parameter]) -> Iterator[tuple[str, ...]]:
        for name in parameters:
            together = next((names for names in _TOGETHER if name in names), (name,))
            if name == next(n for n in together if n in parameters) and name != "route_elasticity":
                yield together

    texts = {"title": "My view", "description": "What it is, in a few sentences.", "extends": "davidson-2025",
             "cites": ["davidson-2025"], "citation": "Me (2026). My view.", "url": "https://example.org"}  # fmt: skip
    yield from _keys(ViewSpec, texts, ("title", "extends"))
    yield from ("", "[parameters]")
    yield from _prose("Values are to start from: those of davidson-2025 where it has one. Say where yours come from.")
    for group in dict.fromkeys(parameter.group for parameter in PARAMETERS.values()):
        yield from ("", f"# -- {group}")
        for together in listed(PARAMETERS):
            if PARAMETERS[together[0]].group == group:
                yield from entry(together, on=together == ("rho",))
    yield from ("", "# -- other ways to state a parameter, each in place of those that it is named with")
    for together in listed(SPELLINGS):
        others = ", ".join(sorted({name for one in together for name in rivals(one)} - {*together}))
        yield from _prose(f"In place of {others}:")
        yield from entry(together)
    yield from ("", "# -- every distribution, with what it takes; any may stand for any parameter, inside its domain")
    for name, family in REGISTRY.items():
        yield from _prose(f"{name}: {_first(family)}", "    ")
        yield from _about(family)
        yield from _off([f"taste_start = {toml({**family.example, 'source': _MINE})}"])
    pair = {"between": ["rho", "returns"], "spearman": 0.3, "source": _MINE}
    yield from _block(_meaning(ViewSpec, "correlations"), ("[[correlations]]", pair))
    switches = {"declining_returns": False, "retraining": True, "compute_adjustment": False}
    yield from _block(_meaning(ViewSpec, "variants"), ("[variants]", switches))
    route = {field: belief(field) for field in ROUTE_FIELDS}
    combined = ("[parameters.route_elasticity]", belief("route_elasticity"))
    meaning = f"{_meaning(ViewSpec, 'routes')} route_elasticity: {described(known('route_elasticity'))}"
    yield from _block(meaning, combined, ("[[routes]]", route))
    faster = {"software_growth": {"value": 1.5, "source": _MINE}}
    option = {"title": "Software grows fast", "source": _MINE, "parameters": faster}
    yield from _block(_meaning(ViewSpec, "options"), ("[options.faster]", option))
    yield from _block(_meaning(ViewSpec, "references"), ("[references.my-work]", _WORK))


_WORK = {"type": "report", "author": ["Doe, Jane"], "title": "What I found", "year": 2026}


def _meaning(form: type[BaseModel], key: str) -> str:
    text = form.model_fields[key].description or ""
    return text if text.endswith(".") else f"{text[:1].upper()}{text[1:]}."


def _first(kind: type) -> str:
    """The first paragraph of what it is."""
    paragraph = (inspect.getdoc(kind) or "").partition("\n\n")[0]
    return " ".join(paragraph.replace("``", "").split())


def _about(kind: type) -> Iterator[str]:
    """Its keys, with what they mean."""
    named: dict[str, list[str]] = {}
    for name, key in keys_of(kind).items():
        named.setdefault(key.about.replace("``", ""), []).append(name)
    for about, names in named.items():
        if about:
            yield from _prose(f"  {', '.join(names)}: {about}", "      ")


# -- studies ----------------------------------------------------------------------------------------------------------


def _study() -> Iterator[str]:
    from ooms.batch.axes import Range
    from ooms.batch.spec import StudySpec

    texts = {"title": "My study", "description": "What it asks, and why.", "views": ["davidson-2025"],
             "set": ["speed = 10", "software_growth ~ lognormal(p10=0.3, p90=1.2)"], "events": ["5 ooms in 1 year"],
             "quantities": ["time to 5 ooms"], "draws": 4096, "seed": 1, "keep_draws": True,
             "extends": "substitution"}  # fmt: skip
    yield from _keys(StudySpec, texts, ("title", "views", "events", "quantities", "draws"))
    yield from ("", *_prose(_meaning(StudySpec, "grid")), "[grid]")
    yield from _prose(f"A range. {_first(Range)}", "    ")
    yield from _about(Range)
    yield 'rho = {low = -1, high = 0, points = 5, scale = "linear"}'
    yield from _prose("A list of numbers.")
    yield from _off(["returns = [0.8, 1.2, 2]"])
    yield from _prose("A list of distributions, as in prior files.")
    yield from _off(['software_growth = ["lognormal(p10=0.3, p90=1.2)", "loguniform(0.2, 2)"]'])
    yield from _prose("A switch.")
    yield from _off(["declining_returns = [true, false]"])
    path = {"label": ["as today", "withdrawn"], "hardware_growth": [0.2, -0.2], "workforce": [30, 10]}
    yield from _block(_meaning(StudySpec, "zipped"), ("[zipped.hardware]", path))


# -- surveys ----------------------------------------------------------------------------------------------------------


def _survey() -> Iterator[str]:
    from ooms.calibrating.likelihoods.registry import KINDS
    from ooms.calibrating.links.registry import LINKS
    from ooms.calibrating.surveys.spec import ItemSpec, SurveySpec

    texts = {"title": "A poll of my lab", "cites": ["my-work"], "population": "researchers of one lab, by e-mail",
             "bias": "my-lab", "note": "What else to know."}  # fmt: skip
    yield from _keys(SurveySpec, texts, ("title", "cites", "population", "bias"))
    kept = lines_of({"fitted": False, "why_not": "It is only kept for checking."})
    yield from (*_prose(f"{_meaning(SurveySpec, 'fitted')} {_meaning(SurveySpec, 'why_not')}"), *_off(kept))
    yield from ("", *_prose(_meaning(SurveySpec, "items")), "[items.tenfold]")
    answers = {"n": 12, "minimum": 1.05, "median": 1.5, "maximum": {"above": 3}}
    item: dict[str, object] = {
        "question": "Ten times the compute: how much faster would research go?", "n": 12, "grade": "J",
        "source": "the answers themselves, March 2026", "link": {"kind": "pace", "compute": 10},
        "likelihood": {"kind": "order_statistics", **answers}, "priors": {"spread": "lognormal(p10=0.3, p90=1.2)"},
        "self_reported": True, "bounded": False, "answers": answers, "outcome": "none: it is asked of no forecast",
        "note": "What else to know.",
    }  # fmt: skip
    yield from _keys(ItemSpec, item, ("question", "n", "grade", "source", "link", "likelihood"))
    said = {"question": "...", "grade": "J", "source": "..."}
    latent = {"distribution": "lognormal", "p10": 1, "p90": 3, "source": _MINE}
    yield from ("", "# -- links: what the model predicts for an item; a kind each")
    for kind, link in LINKS.items():
        stated = {"kind": "statement", "low": 0.8, "high": 1.2}
        item = {**said, "link": {"kind": kind, **link.example}, "likelihood": stated}
        own = [("[latent.uplift]", latent)] if kind == "latent" else []
        yield from _kind_block(kind, link, [*own, (f"[items.{kind}]", item)])
    yield from ("", "# -- likelihoods: how answers scatter about that; a kind each")
    for kind, likelihood in KINDS.items():
        asked = said | ({"n": likelihood.example["n"]} if "n" in likelihood.example else {})
        link = {"kind": "decade", "input": "workforce", "factor": 0.5} if kind == "heaped" else {"kind": "substitution"}
        asked = {**asked, "link": link, "likelihood": {"kind": kind, **likelihood.example}}
        yield from _kind_block(kind, likelihood, [(f"[items.answers-{kind.replace('_', '-')}]", asked)])
    yield from ("", *_prose(_meaning(SurveySpec, "references")), "[references.my-work]", *lines_of(_WORK))


def _kind_block(name: str, kind: type, tables: Iterable[tuple[str, Mapping[str, object]]]) -> list[str]:
    head = ["", *_prose(f"{name}: {_first(kind)}", "    "), *_about(kind)]
    return [*head, *_off(line for header, table in tables for line in (header.replace("_", "-"), *lines_of(table)))]
