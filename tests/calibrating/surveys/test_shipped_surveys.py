"""The shipped survey files: they load, and their numbers are the published ones, typed here a second time."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from ooms.beliefs.references import shipped_references
from ooms.calibrating.surveys import load_survey, read_surveys, shipped_surveys
from ooms.outcomes import parse_event
from ooms.parameters import PARAMETERS
from ooms.problems import Problems

SURVEYS = {name: load_survey(name) for name in shipped_surveys()}
FITTED = [survey for survey in SURVEYS.values() if survey.fitted]


def likelihood(survey: str, item: str):
    return SURVEYS[survey].items[item].likelihood


@pytest.mark.parametrize("name", SURVEYS)
def test_each_is_complete(name):
    survey = SURVEYS[name]
    assert survey.name == name
    assert set(survey.cites) <= set(shipped_references())
    assert not survey.references
    assert survey.fitted == bool(survey.fitted_items) == (not survey.why_not)
    for item in survey.items.values():
        assert item.answers, item.name
        assert item.n is None or item.n >= 1
        assert item.link is None or item.link.needs <= {*PARAMETERS, "returns"}, item.name
    used = {latent for item in survey.items.values() if item.link for latent in item.link.latents}
    assert used == set(survey.latents)


def test_all_that_the_literature_offers_is_there():
    assert {survey.name for survey in FITTED} == {
        "compute-polls",
        "researcher-quality",
        "leibowich-interviews",
        "espai-2023",
        "staff-uplift",
        "self-report-bias",
        "labour-elasticity-2026",
        "substitution-studies",
        "substitution-ai-labs",
        "returns-by-domain",
    }
    assert set(SURVEYS) - {survey.name for survey in FITTED} == {
        "espai-intelligence-explosion",
        "expert-credences",
        "substitution-meta",
    }
    assert {item.likelihood.kind for survey in FITTED for item in survey.fitted_items} == {
        "interval", "order_statistics", "heaped", "studies", "statement", "domains",
    }  # fmt: skip


def test_what_is_read_by_default_is_what_is_fitted():
    problems = Problems()
    assert [survey.name for survey in read_surveys(None, problems)] == [survey.name for survey in FITTED]
    assert not len(problems)


def test_self_reported_are_claims_about_ones_own_work_only():
    claimed = {(s.name, item.name) for s in SURVEYS.values() for item in s.items.values() if item.self_reported}
    assert claimed == {
        ("staff-uplift", "opus-4-5"),
        ("staff-uplift", "opus-4-6"),
        ("staff-uplift", "mythos"),
        ("labour-elasticity-2026", "uplift-needed-claimed"),
    }


def test_sources_that_err_together():
    groups = Counter(survey.bias for survey in FITTED)
    assert groups["anthropic"] == 2
    assert sum(groups.values()) == len(groups) + 1


def test_compute_polls():
    survey = SURVEYS["compute-polls"]
    assert [item.n for item in survey.items.values()] == [6, 6, 185]
    assert [item.link.compute for item in survey.items.values()] == [10, 0.1, 10]
    assert all(item.link.progress == "software" for item in survey.items.values())
    up, down, many = (item.likelihood for item in survey.items.values())
    assert (up.n, up.minimum, up.median) == (6, 1.01, 1.18)
    assert (down.n, down.minimum, down.median, down.maximum) == (6, 0.2, 0.6, 1.0)
    assert many.n == 185


def test_researcher_quality():
    survey = SURVEYS["researcher-quality"]
    assert [(item.n, item.likelihood.n, item.likelihood.median) for item in survey.items.values()] == [
        (8, 8, 3.25),
        (8, 8, 6.25),
    ]
    assert all(item.link.researchers == "best" for item in survey.items.values())
    assert [item.link.skill for item in survey.items.values()] == [1.0, "best-skill"]


def test_interviews():
    item = SURVEYS["leibowich-interviews"].items["overall-pace"]
    assert (item.link.workforce, item.link.speed, item.link.progress) == (30, 30, "overall")
    assert Counter(answer.respondent for answer in item.likelihood.answers) == {
        "R1": 3,
        "R2": 1,
        "R3": 1,
        "R4": 2,
        "R5": 2,
    }
    data = item.likelihood.data()
    # more labour makes nothing slower, so that what scatters is the gain
    assert item.likelihood.side == 1
    gain = np.exp([data["low"], data["high"]])
    low = [1.5 / 1.05, 2, 3 / 1.05, 5 / 1.5 / 1.05, 20 / 1.05, 10 / 1.05, 2.5, 3 / 1.05, 5]
    high = [1.5 * 1.05, 2.5, 3 * 1.05, 5 / 1.5 * 1.05, 20 * 1.05, 10 * 1.05, 10 / 3, 3 * 1.05, 10]
    assert 1 + gain == pytest.approx(np.array([low, high]), rel=1e-4)  # 3.3333 stands for 10/3


C_1 = {0: 5, 1: 1, 5: 2, 10: 28, 15: 9, 20: 38, 25: 12, 30: 26, 35: 2, 40: 7, 45: 1, 50: 27, 60: 10, 65: 2, 70: 10,
       75: 9, 80: 7, 90: 3, 95: 1, 100: 1}  # fmt: skip
C_2 = {0: 2, 5: 2, 10: 7, 15: 3, 20: 15, 25: 4, 30: 9, 35: 1, 40: 10, 45: 2, 50: 46, 60: 9, 65: 2, 66: 1, 70: 5,
       75: 31, 80: 22, 85: 3, 90: 13, 95: 6, 99: 2, 100: 1}  # fmt: skip


@pytest.mark.parametrize(
    ("item", "n", "counts", "outside", "anchors"),
    [("researchers", 202, C_1, 1, (20, 50)), ("compute-cost", 196, C_2, 0, (50, 75))],
)
def test_espai(item, n, counts, outside, anchors):
    asked = SURVEYS["espai-2023"].items[item]
    found = asked.likelihood.data()["count"]
    assert asked.n == n == found.sum()
    assert found.shape == (102,)
    assert {a: int(c) for a, c in enumerate(found[:101]) if c} == counts
    assert found[101] == outside
    assert tuple(asked.likelihood.anchors) == anchors


@pytest.mark.parametrize(
    ("item", "n", "median"),
    [("data", 197, 50), ("funding", 192, 50), ("algorithms", 192, 50), ("researchers", 202, 30)],
)
def test_espai_medians(item, n, median):
    asked = SURVEYS["espai-2023"].items[item]
    counts = asked.answers.get("counts", asked.answers)
    answers = np.repeat([float(a) for a in counts], list(counts.values()))
    assert len(answers) == n == asked.n
    assert np.median(answers[answers <= 100]) == median


def test_the_paths_of_the_decade():
    researchers, cost = (SURVEYS["espai-2023"].items[item].link for item in ("researchers", "compute-cost"))
    assert (researchers.input, researchers.factor) == ("workforce", 0.5)
    assert (cost.input, cost.growth_from, cost.growth_to) == ("compute_cost", 20, 5)


def test_staff_uplift():
    survey = SURVEYS["staff-uplift"]
    assert {name: item.n for name, item in survey.items.items()} == {
        "opus-4-5": 18, "opus-4-6": 16, "mythos": 130, "mythos-overall": None,
    }  # fmt: skip
    first, second, third, _ = (item.likelihood for item in survey.items.values())
    assert (first.n, first.median) == (18, 1 + 1.00)
    assert (second.n, second.minimum, second.median, second.maximum) == (16, 1 + 0.3, 1 + 1.0, 1 + 7.0)
    assert third.value == 4
    assert third.sd == pytest.approx(math.hypot(1 / math.sqrt(130), 0.5 / 4 / math.sqrt(3)), abs=0.005)
    assert survey.items["mythos-overall"].answers == {"below": 2}
    assert not survey.items["mythos-overall"].fitted  # it follows from labour-elasticity-2026


def test_self_report_bias():
    stated = likelihood("self-report-bias", "claimed-over-measured")
    assert stated.value == pytest.approx(1.33 * 1.19, abs=5e-4)
    assert math.log(stated.value) == pytest.approx(0.46, abs=0.005)
    error = (math.log(1.39) - math.log(1.02)) / (2 * 1.96)
    assert error == pytest.approx(0.079, abs=5e-4)
    assert stated.sd == pytest.approx(math.hypot(error, 0.4), abs=0.005)


def test_labour_elasticity():
    survey = SURVEYS["labour-elasticity-2026"]
    assert survey.items["twice-the-labour"].link.workforce == 2
    data = likelihood("labour-elasticity-2026", "twice-the-labour").data()
    assert 1 + np.exp([data["low"].item(), data["high"].item()]) == pytest.approx([1.15, 1.3])
    assert likelihood("labour-elasticity-2026", "uplift-needed-claimed").value == 10 * 4
    assert likelihood("labour-elasticity-2026", "twice-the-progress").value == 2


def test_substitution_studies():
    studies = likelihood("substitution-studies", "sigma").studies
    assert len(studies) == SURVEYS["substitution-studies"].items["sigma"].n == 7
    data = likelihood("substitution-studies", "sigma").data()
    assert np.exp(data["low"][:3]) == pytest.approx([0.5, 0.3, 0.35])
    assert np.exp(data["high"][:6]) == pytest.approx([0.7, 0.5, 0.45, 0.62, 1, 1])
    assert np.exp(data["low"][6]) == pytest.approx(1)
    assert SURVEYS["substitution-studies"].items["sigma"].link.relative == "manufacturing-over-ai"
    assert SURVEYS["substitution-ai-labs"].items["sigma"].link.relative == 1
    assert data["high"][6] > 20


def test_substitution_at_ai_labs():
    raw, frontier = likelihood("substitution-ai-labs", "sigma").studies
    assert raw.log_error == pytest.approx(0.657 / 2.583)
    data = likelihood("substitution-ai-labs", "sigma").data()
    assert np.exp(data["low"][0]) < 2.583 < np.exp(data["high"][0])
    assert np.exp(data["high"][1]) == pytest.approx(1)
    assert frontier.log_error == 0


def test_returns():
    domains = {domain.domain: domain for domain in likelihood("returns-by-domain", "returns").domains}
    assert {name: round(domain.value, 1) for name, domain in domains.items()} == {
        "computer chess": 0.8, "computer vision": 1.4, "reinforcement learning": 1.6, "SAT solvers": 3.5,
        "linear programming": 1.1,
    }  # fmt: skip
    assert domains["computer chess"].log_error == pytest.approx(0.151 / 0.832)
    assert domains["computer vision"].log_error == pytest.approx(math.log(2.42 / 0.821) / (2 * 1.644854))
    link = SURVEYS["returns-by-domain"].items["returns"].link
    assert (link.input, link.output) == ("all", "efficiency")


def test_the_likert_scale():
    items = SURVEYS["espai-intelligence-explosion"].items
    counts = items["argument-2023"].answers["counts"]
    assert list(counts.values()) == [26, 55, 70, 71, 67]
    assert sum(counts.values()) == items["argument-2023"].n == 289
    percent = items["argument-2016"].answers["percent"]
    assert list(percent.values()) == [12, 17, 21, 24, 26]
    assert sum(percent.values()) == 100
    assert items["argument-2022"].n == 386


def test_outcomes_can_be_asked_for():
    for survey in SURVEYS.values():
        for item in survey.items.values():
            if item.outcome.startswith("event: "):
                parse_event(item.outcome.removeprefix("event: "))
            else:
                assert item.outcome in ("", "sigma") or item.outcome.startswith("none: "), item.name


def test_what_is_said_of_the_outcome_is_not_fitted():
    assert SURVEYS["expert-credences"].items["davidson-2025"].answers == {"credence": [0.1, 0.4]}
    for name in ("expert-credences", "espai-intelligence-explosion"):
        assert not SURVEYS[name].fitted_items
