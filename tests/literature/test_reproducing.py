"""Published numbers as data: what is asked of them, how they are judged, and what is said about mistakes in them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ooms
from ooms.beliefs.draws import Sampler
from ooms.beliefs.reparametrisation import resolve
from ooms.literature.reproducing import reproduce
from ooms.literature.reproducing.parameters import SPELLED, believed, check_parameter
from ooms.literature.reproducing.questions import read_question
from ooms.literature.reproducing.report import difference, within
from ooms.model.inputs import Inputs
from ooms.parameters import PARAMETERS
from ooms.problems import Problems
from ooms.results.credence import Estimate

HEAD = 'view = "davidson-houlden-2025"\n'
NUMBER = """
[[numbers]]
what = "a number"
published = 57
tolerance = 1
because = "so"
source = "page 1"
"""
OUT = '\n[[out_of_reach]]\nwhat = "a year"\npublished = 2032.8\nreason = "not asked"\nsource = "page 2"\n'


@pytest.fixture
def file(tmp_path):
    def write(*parts: str, name: str = "mine.toml"):
        path = tmp_path / name
        path.write_text("\n".join(parts), encoding="utf-8")
        return path

    return write


def asked(**table):
    problems = Problems()
    question = read_question(table, table.get("unit"), "x", problems)
    problems.raise_if_any()
    return question


def said(path, **options):
    """Everything that is said about a file that cannot be used."""
    with pytest.raises(ooms.UserError) as caught:
        reproduce(path, draws=256, **options)
    return str(caught.value)


# -- answers ---------------------------------------------------------------------------------------------------------


def test_events_quantities_and_parameters_are_those_of_a_forecast(file):
    path = file(
        HEAD,
        NUMBER + 'event = "3 years in 1 year anywhere"',
        NUMBER + 'quantity = "time to 3 ooms"\nunit = "days"\nat = 0.25',
        NUMBER + 'quantity = "time to 3 ooms"\nabove = 2',
        NUMBER + 'quantity = "time to 3 ooms"\nbelow = 2',
        NUMBER + 'quantity = "time to 3 ooms"\nunit = "months"\nat = "central"',
        NUMBER + 'parameter = "returns"\nbelow = 1',
    )
    found = reproduce(path, draws=2**10, seed=5)
    forecast = ooms.forecast(
        "davidson-houlden-2025", draws=2**10, seed=5, events=["3 years in 1 year anywhere"], quantities=[]
    )
    ours = [row.ours for row in found.rows]
    event = forecast.probability("3 years in 1 year anywhere")
    (quarter,) = forecast.quantiles("time to 3 ooms", 0.25)
    assert ours[0] == (100 * event.value, 100 * event.standard_error)
    assert ours[1].value == pytest.approx(365.25 * quarter.value)
    assert ours[2].value + ours[3].value == pytest.approx(100)
    assert ours[4].value == pytest.approx(12 * forecast.central("time to 3 ooms"))
    assert ours[5].value == pytest.approx(100 * np.log(1 / 0.4) / np.log(9))
    assert [row.unit for row in found.rows] == ["%", "days", "%", "%", "months", "%"]


def test_options_and_what_ifs_change_the_answer(file):
    event = 'event = "3 years in 1 year anywhere"\n'
    path = file(HEAD, NUMBER + event, NUMBER + event + "set = {returns = 3.5, initial_speedup = 30}")
    path = file(path.read_text(), NUMBER + event + 'options = ["constant-returns"]')
    plain, changed, option = reproduce(path, draws=2**10).rows
    assert plain.ours.value < option.ours.value < changed.ours.value
    assert (changed.changes, option.changes) == (("initial_speedup = 30", "returns = 3.5"), ("constant-returns",))


def test_other_readings_follow_their_number_and_are_not_judged(file):
    path = file(
        HEAD,
        NUMBER.replace("57", "0") + 'event = "3 years in 1 year anywhere"',
        '[[numbers.other_readings]]\nreading = "harder"\nevent = "10 years in 1 year anywhere"',
        '[[numbers.other_readings]]\nreading = "hopeless"\nset = {returns = 0.1}',
        OUT,
    )
    found = reproduce(path, draws=2**10)
    assert [row.verdict for row in found.rows] == ["differs", "other reading", "other reading", "out of reach"]
    number, harder, hopeless, year = found.rows
    assert number.ours.value > harder.ours.value > hopeless.ours.value
    assert (harder.reading, hopeless.asked) == ("harder", number.asked)
    assert (year.ours, year.published, year.because) == (None, "2032.8", "not asked")
    assert not found.agrees
    assert found.counts == {"agrees": 0, "goes in": 0, "differs": 1, "other reading": 2, "out of reach": 1}


def test_a_view_of_ones_own_beside_the_file(file):
    file('extends = "davidson-2025"\n[parameters.rho]\nvalue = -0.3\nsource = "me"\n', name="my-view.toml")
    path = file('view = "my-view.toml"', NUMBER.replace("57", "-0.3") + 'parameter = "rho"\nat = "central"')
    (row,) = reproduce(path, draws=256).rows
    assert (row.view, row.verdict, row.difference) == ("mine", "agrees", 0)


def test_what_a_published_number_looks_like(file):
    rho = 'parameter = "sigma"\nat = "central"\n'
    path = file(
        HEAD,
        *(
            NUMBER.replace("published = 57", published) + rho
            for published in ("published = [0.5, 2]", "at_most = 1", "at_least = 3", "published = inf")
        ),
    )
    rows = reproduce(path, draws=256).rows
    assert [row.published for row in rows] == ["0.5 to 2", "at most 1", "at least 3", "unlimited"]
    assert [row.difference for row in rows] == [0, 0, -2, -math.inf]
    assert [row.verdict for row in rows] == ["agrees", "agrees", "differs", "differs"]


def test_the_rows_as_data():
    found = reproduce("davidson-2025", draws=256)
    data = found.data
    assert data.sizes == {"row": len(found.rows)}
    assert data.attrs["draws"] == 256
    assert data.ours.values[0] == found.rows[0].ours.value
    assert set(data.verdict.values) <= {"agrees", "goes in"}
    assert repr(found).startswith("<Reproduction: ")


def test_progress_is_that_of_the_whole():
    told = []
    reproduce("davidson-houlden-2025", draws=2**10, progress=lambda done, total: told.append((done, total)))
    totals = {total for _, total in told}
    assert len(totals) == 1
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] <= totals.pop()


def test_numbers_do_not_depend_on_what_else_is_asked():
    alone = reproduce("ho-whitfill-2025", draws=2**10).rows
    together = reproduce(["davidson-2025", "ho-whitfill-2025", "ho-whitfill-2025"], draws=2**10, threads=1).rows
    assert [row.ours for row in together if row.view == "ho-whitfill-2025"] == [row.ours for row in alone]


# -- beliefs, in any spelling ----------------------------------------------------------------------------------------

POSITIVE = st.floats(0.1, 5)


@given(
    rho=st.floats(-3, -0.05), a=st.floats(0.1, 0.9), lam=st.floats(0.2, 1), zeta=st.floats(0.2, 1), r=POSITIVE,
    gamma=st.floats(0, 1), u=st.floats(0.5, 2), g0=POSITIVE, share=st.floats(0.2, 1), x=st.floats(1, 20),
    m=st.floats(1.5, 20), c=st.floats(1.1, 5), z1=st.floats(-2, 2),
)  # fmt: skip
def test_every_spelling_is_that_of_the_parameter_and_back(rho, a, lam, zeta, r, gamma, u, g0, share, x, m, c, z1):
    own = {
        "rho": rho, "compute_share": a, "parallelizability": lam, "compute_exponent": zeta,
        "difficulty": lam * (1 - a) / r + a * zeta * gamma,
        "experiment_efficiency": gamma, "labour_per_training": u, "software_growth": g0, "software_share": share,
        "software_limit": x, "taste_multiplier": m, "taste_ceiling": m**c, "taste_slope": z1,
    }  # fmt: skip
    own = {name: np.array(value) for name, value in own.items()}
    rest = {name: np.array(p.neutral or 0.0) for name, p in PARAMETERS.items() if p.neutral is not None}
    inputs = Inputs(**{**rest, **own})
    groups = [("sigma", "rho"), ("max_speed", "rho"), ("labour_exponent", "parallelizability")]
    groups += [("compute_slowdown", "compute_exponent"), ("taste_limit", "taste_ceiling")]
    groups += [("returns", "difficulty"), ("returns_total", "difficulty")]
    groups += [("difficulty_exponent", "difficulty"), ("historical_research_growth", "difficulty")]
    groups += [("taste_slope_yearly", "taste_slope"), ("software_limit_years", "software_limit")]
    for spelling, target in groups:
        stated = {name: value for name, value in own.items() if name != target} | {spelling: SPELLED[spelling](inputs)}
        assert resolve(stated)[target] == pytest.approx(own[target], rel=1e-7, abs=1e-9), spelling
    ceilings = {name: SPELLED[name](inputs) for name in ("labour_ceiling", "compute_ceiling")}
    back = resolve(ceilings)
    assert (back["rho"], back["compute_share"]) == (pytest.approx(rho, rel=1e-7), pytest.approx(a, rel=1e-7))


def test_a_parameter_that_is_stated_is_exact_and_one_that_is_not_comes_from_draws():
    view = ooms.load("davidson-houlden-2025")
    stated = believed(view, asked(parameter="labour_exponent", at=0.25), 256, 0)
    worked_out = believed(view, asked(parameter="parallelizability", at=0.25), 2**12, 0)
    assert stated.standard_error == 0 < worked_out.standard_error
    assert worked_out.value == pytest.approx(2 * stated.value, abs=5 * worked_out.standard_error)
    same = believed(view, asked(parameter="parallelizability", below=0.6), 2**12, 0)
    assert same.value == pytest.approx(view.beliefs["labour_exponent"].marginal.cdf(0.3).item(), abs=1e-3)
    assert believed(view, asked(parameter="sigma", below=5), 256, 0) == (1, 1 / 256)


def test_draws_are_those_of_the_forecast_whatever_their_number():
    view = ooms.load("davidson-houlden-2025")
    question = asked(parameter="software_limit", at=0.5)
    drawn = Sampler(view, 3).block(0, 2**17).inputs.software_limit
    assert believed(view, question, 2**17, 3).value == pytest.approx(np.median(drawn))


def test_a_chance_that_no_draw_differs_in_has_the_error_that_so_many_draws_can_show():
    view = ooms.load("davidson-houlden-2025")
    assert believed(view, asked(parameter="parallelizability", above=0.1), 1024, 0) == (1, 1 / 1024)


def test_without_the_compute_adjustment_returns_are_those_used_and_total_ones_those_meant():
    view = ooms.load("davidson-houlden-2025").replace(returns=1.2, compute_adjustment=False)
    assert believed(view, asked(parameter="returns", at="central"), 256, 0).value == pytest.approx(2.4)
    total = [believed(view.replace(compute_adjustment=on), asked(parameter="returns_total", at="central"), 256, 0)
             for on in (True, False)]  # fmt: skip
    assert [t.value for t in total] == pytest.approx([2.4, 2.4])


@pytest.mark.parametrize(
    ("name", "words"), [("adjustment_years", "is off in"), ("historical_labour_growth", "does not say")]
)
def test_a_parameter_that_the_view_does_not_have(name, words):
    problems = Problems()
    check_parameter(ooms.load("davidson-2025"), asked(parameter=name, at=0.5), "x", problems)
    with pytest.raises(ooms.UserError, match=words):
        problems.raise_if_any()


# -- judging ---------------------------------------------------------------------------------------------------------


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1e3))
def test_differences(ours, low, wide):
    got = difference(ours, low, low + wide)
    assert got == pytest.approx(max(low - ours, ours - low - wide, 0) * (1 if ours > low else -1), abs=2e-3)
    assert within(Estimate(ours, 0.0), low, low + wide, abs(got))
    assert within(Estimate(ours, abs(got)), low, low + wide, 0.0)
    if abs(got) > 1e-6:
        assert not within(Estimate(ours, math.nan), low, low + wide, abs(got) / 2)


# -- mistakes --------------------------------------------------------------------------------------------------------

EVENT = 'event = "3 years in 1 year anywhere"\n'

MISTAKES = {
    "nothing asked": ("", ["numbers[0]: no question is put", "give exactly one of event, quantity, parameter"]),
    "two questions": (EVENT + 'quantity = "peak pace"\nat = 0.5', ["event and quantity are two questions"]),
    "unknown event": ('event = "3 yeras in 1 year"', ["numbers[0].event", "cannot be read"]),
    "unknown quantity": ('quantity = "peak pase"\nat = 0.5', ["numbers[0].quantity", "did you mean peak pace"]),
    "unknown parameter": ('parameter = "retuns"\nat = 0.5', ["numbers[0].parameter", "did you mean returns"]),
    "event with a quantile": (EVENT + "at = 0.5", ["numbers[0].at", "leave out at"]),
    "no quantile": ('quantity = "peak pace"', ["it is not said what of the quantity is meant"]),
    "quantile outside": ('quantity = "peak pace"\nat = 1', ["at = 1 is not between 0 and 1"]),
    "no number": ('parameter = "returns"\nabove = "one"', ["above = 'one' is not a number"]),
    "wrong unit": (EVENT + 'unit = "days"', ["cannot be had in 'days'", "use 'share' or '%'"]),
    "unknown key": (EVENT + 'becuase = "x"', ["becuase is not known here", "did you mean because"]),
    "negative tolerance": (EVENT.replace("event", "tolerance = -1\nevent"), ["tolerance = -1 is not a size"]),
    "unknown option": (EVENT + 'options = ["retrianing"]', ["numbers[0].options", "did you mean retraining"]),
    "options no list": (EVENT + 'options = "retraining"', ["numbers[0].options", "write it as a list"]),
    "unknown what-if": (EVENT + "set = {retuns = 1}", ["numbers[0].set", "did you mean returns"]),
    "what-if outside": (EVENT + "set = {rho = 1.5}", ["numbers[0].set", "rho = 1.5"]),
    "what-if no belief": (EVENT + "set = {rho = [1]}", ["numbers[0].set.rho", "is not a belief"]),
    "range upside down": (EVENT.replace("event", "published = [4, 3]\nevent"), ["numbers[0].published", "lower end"]),
    "not a number": (EVENT.replace("event", "published = nan\nevent"), ["numbers[0].published"]),
    "nothing published": (EVENT.replace("event", "published = 0\nat_most = 1\nevent"), ["are given together"]),
    "reading unreadable": (
        EVENT + '[[numbers.other_readings]]\nreading = "x"\nevent = "y"',
        ["numbers[0].other_readings[0].event"],
    ),
    "reading nameless": (EVENT + "[[numbers.other_readings]]\nset = {rho = 0}", ["other_readings[0].reading"]),
}


@pytest.mark.parametrize(("text", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_named_with_their_place_and_remedy(file, text, expected):
    number = NUMBER
    for key in ("published", "tolerance"):
        if f"{key} =" in text:
            number = "\n".join(line for line in number.splitlines() if not line.startswith(key))
    told = said(file(HEAD, number + "\n" + text))
    assert "mine.toml: numbers[0]" in told
    for words in expected:
        assert words in told


def test_all_mistakes_are_told_at_once(file):
    path = file(
        HEAD, NUMBER + 'event = "x"', NUMBER + 'parameter = "y"\nat = 0.5', NUMBER.replace("57", '"many"') + EVENT
    )
    told = said(path, seed=-1)
    for words in ("seed = -1", "numbers[0].event", "numbers[1].parameter", "numbers[2].published"):
        assert words in told


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("davidson-2052", "did you mean davidson-2025"),
        ("no/such.toml", "no such file"),
        ("", "has no published numbers"),
        ("taste-limited", "has published no numbers"),
    ],
)
def test_what_there_is_no_file_of(name, words):
    assert words in said(name)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "there are no numbers in it"),
        ("x = ", "is not TOML"),
        ("numbers = 3", "numbers = 3"),
        ('view = "nobody-2025"\n' + OUT, "nobody-2025 is neither a shipped view nor a file"),
        ('title = "x"\n' + OUT, "title is not known here"),
        ('[[out_of_reach]]\nwhat = "x"\nsource = "y"\n', "reason is missing"),
    ],
)
def test_files_that_cannot_be_used(file, text, words):
    path = file(text)
    assert words in said(path).replace("nobody-2025: is", "nobody-2025 is")


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe\xff")
    assert "is not UTF-8" in said(tmp_path / "mine.toml")
