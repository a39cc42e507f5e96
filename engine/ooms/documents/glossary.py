"""What the words mean, what is assumed, what it rests on, and how to make it again."""

from __future__ import annotations

import math
import platform
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import ooms
from ooms.beliefs.draws import RANDOMISATIONS
from ooms.documents.document import Bullets, Code, Paragraph, Section, Source, Sources
from ooms.literature.citing import citations
from ooms.outcomes import ACCELERATES

if TYPE_CHECKING:
    from ooms.beliefs.view import View
    from ooms.forecasting.forecast import Forecast
    from ooms.forecasting.sweep import EventResult

__all__ = ["endings", "made", "meanings", "units", "works"]


_WHOLE = "the position as a whole"
"""What a work is behind that no single parameter comes from."""


def meanings(forecast: Forecast | None) -> Section:
    """Definitions, units and assumptions."""
    words = [
        ("Software intelligence explosion", "at least 5 OOMs of effective training compute from software alone in "
         "under a year, after AI has taken over all AI R&D, with no more hardware (Davidson 2025)."),
        ("OOM", f"an order of magnitude: ten times. {_ooms(forecast)}"),
        ("Year of progress", "a year of recent overall AI progress, of which software was a part (software_share)."),
        ("From the start, anywhere", "counted from full automation, or over the fastest stretch along the way."),
        ("Simulated future", "one draw of everything that is uncertain about the assumptions, followed through the "
         "equation; a probability is the share of such draws."),
        ("Never", "the share of simulated futures that stall, or meet the limits of software first. It stays in every "
         "quantile."),
        ("Equal-tailed interval", "leaves the same probability below and above; its mass is given with it."),
        ("Standard error (\u00b1)", f"Monte Carlo error from {RANDOMISATIONS} independent randomisations of the "
         "quasi-random points. Digits stop where it starts."),
        ("Progress speeds itself up", "kappa, the elasticity of the pace to software, is above 0: progress speeds "
         "further progress up."),
        ("Pace", "progress per year over today's human-only pace."),
        ("rho, sigma", "substitution parameter and elasticity of substitution of labour and compute in research: sigma "
         "= 1/(1 - rho). At rho = -0.2 (sigma 0.83) unlimited labour makes research 32 times as fast at most, at half "
         "weight for compute."),
    ]  # fmt: skip
    assumed = [
        ("One equation", "pace = baseline rate x taste x CES(labour, compute) x how much harder ideas have become; "
         "progress feeds back on labour, and on compute through cheaper experiments."),
        ("Start", "AI does all AI R&D from the first day, unless the position says that it comes gradually."),
        ("Left out", "what the position does not mention is neutral (see above); time to build, deployment, regulation "
         "and hardware progress count only where a position states them."),
    ]  # fmt: skip
    return Section("words", "What the words mean, and what is assumed", [Bullets(words), Bullets(assumed)])


def _ooms(forecast: Forecast | None) -> str:
    return units(forecast)[0] if forecast else "1 OOM = 10x effective training compute from software alone."


def works(*views: View) -> Section:
    """Everything the numbers rest on."""
    each = [citations(view) for view in views]
    items: dict[str, Source] = {}
    judged: list[tuple[str, str]] = []
    for found in each:
        if not any(work.own for work in found.works) and found.view.citation:
            items.setdefault(found.view.citation, Source(found.view.citation, _WHOLE, found.view.url))
        for work in found.works:
            text, use = work.reference.text(link=False), "; ".join(work.uses) or _WHOLE
            items.setdefault(text, Source(text, use, work.reference.link))
        judged += [*found.judgements.items(), *found.without_work.items()]
        judged += [("changed", said) for said in found.changed]
    software = each[0].software.text()
    items[software] = Source(software, "for the numbers")
    blocks = [Sources(list(items.values()))]
    return Section("sources", "Sources", [*blocks, *([Bullets(judged)] if judged else [])])


def made(forecast: Forecast | None, command: str, day: str) -> Section:
    """The command that makes the same report again, and what it was made with."""
    facts = list[tuple[str, str]]()
    if forecast is not None:
        view = forecast.view
        files = dict.fromkeys(Path(belief.file).name for belief in view.beliefs.values() if belief.file)
        facts += [
            ("Simulated futures", f"{forecast.draws:,} quasi-random draws (Sobol points, {forecast.randomisations} "
             f"Owen scramblings), seed {forecast.seed}"),
            ("Position", f"{view.label}; from {', '.join(files)}"),
        ]  # fmt: skip
    versions = f"ooms {ooms.__version__}, NumPy {np.__version__}, Python {platform.python_version()}"
    facts += [("Versions", versions), ("Date", f"{day}; with --date {day} the same file is made on any day")]
    blocks = [Paragraph("The same report, from the same files:"), Code(command), Bullets(facts)]
    return Section("made", "How it was made", blocks)


def endings(result: EventResult) -> str:
    """How the draws end that do not reach an event, with their shares."""
    if result.event.is_acceleration:
        return "does not accelerate"
    if result.event.bound is not None:
        return result.event.bound.otherwise
    names = {
        "not by the horizon": "later",
        "stalled": "stalled",
        "beyond the software limit": "out of reach (limit of software)",
    }
    shares = ((names[code], share) for code, share in result.shares.items() if code in names and share >= 0.005)
    return ", ".join(f"{name} {100 * share:.0f} %" for name, share in shares)


def units(forecast: Forecast) -> list[str]:
    """What the words mean, in lines; those that belong to the one before are indented."""
    lines = [
        f"1 OOM = 10x effective training compute from software alone; 5 OOMs = {_doublings(forecast.view)}.",
        "Probabilities are credences under this position, not facts; errors are Monte Carlo errors only.",
    ]
    needs = dict.fromkeys(name for quantity, _ in forecast.quantities.values() for name in quantity.needs)
    if needs:
        from ooms.beliefs.resources import equipped

        beliefs = equipped(forecast.view, needs).beliefs
        lines.append("By hardware alone: as one training run, at prices, efficiency and carbon intensity of its date:")
        lines += [f"  {name} ~ {beliefs[name].marginal}: {beliefs[name].source}" for name in needs]
    if ACCELERATES in forecast.events:
        lines.append("Progress speeds itself up: kappa, the elasticity of the pace to software, is above 0.")
    return lines


def _doublings(view: View) -> str:
    """5 OOMs in doublings of labour-equivalent software: one number, or as many as u makes of them."""
    marginal = view.beliefs["labour_per_training"].marginal
    low, high = (float(marginal.ppf(level)) for level in (0.05, 0.95))
    least, most = (f"{5 * u / math.log10(2):.3g}" for u in (low, high))
    if low == high:
        return f"{least} doublings of labour-equivalent software (u = {low:g})"
    return f"{least} to {most} doublings of labour-equivalent software (u = {low:.3g} to {high:.3g}, 90 % interval)"
