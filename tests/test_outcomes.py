"""What can be asked, how it may be written, and how draws end."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ooms
from ooms.beliefs.draws import Sampler, central_inputs
from ooms.outcomes import (
    CODES,
    DEFAULT_EVENTS,
    DEFAULT_QUANTITIES,
    Run,
    parse_event,
    parse_quantity,
)
from ooms.problems import UserError

BASE = ooms.load("davidson-2025")


def run_of(view, top=16, count=1024):
    return Run(Sampler(view).block(0, count).inputs, top, dense=True)


EVENTS = {
    "5 ooms in 1 year": ("5 ooms in 1 year", 5, "ooms", 1, False),
    "5 oom in year": ("5 ooms in 1 year", 5, "ooms", 1, False),
    "5ooms in 1year": ("5 ooms in 1 year", 5, "ooms", 1, False),
    "  5   OOMs  In 1\tYear  ": ("5 ooms in 1 year", 5, "ooms", 1, False),
    "5.0 ooms in 1.00 years": ("5 ooms in 1 year", 5, "ooms", 1, False),
    "5. ooms in .5 years": ("5 ooms in 0.5 years", 5, "ooms", 0.5, False),
    "1 oom in 2 years": ("1 oom in 2 years", 1, "ooms", 2, False),
    "1 ooms in 3 months": ("1 oom in 3 months", 1, "ooms", 0.25, False),
    "1 year in 1 month": ("1 year in 1 month", 1, "years", 1 / 12, False),
    "3 years in 4 months anywhere": ("3 years in 4 months anywhere", 3, "years", 1 / 3, True),
    "3 Years In 4 Months AnyWhere": ("3 years in 4 months anywhere", 3, "years", 1 / 3, True),
    "10 years in 1 year from the start": ("10 years in 1 year", 10, "years", 1, False),
    "2 weeks": None,
    "1 doubling in 2 weeks": ("1 doubling in 2 weeks", 1, "doublings", 14 / 365.25, False),
    "33.2193 doublings in 1 year": ("33.2193 doublings in 1 year", 33.2193, "doublings", 1, False),
    "2 doublings in 10 days": ("2 doublings in 10 days", 2, "doublings", 10 / 365.25, False),
    "0.25 ooms in 1 day": ("0.25 ooms in 1 day", 0.25, "ooms", 1 / 365.25, False),
    "5 ooms in < 1 year": ("5 ooms in 1 year", 5, "ooms", 1, False),
    "5 ooms within a year": ("5 ooms in 1 year", 5, "ooms", 1, False),
    "5 ooms within 1 year": ("5 ooms in 1 year", 5, "ooms", 1, False),
    "5 ooms in less than 1 year": ("5 ooms in 1 year", 5, "ooms", 1, False),
    "5 ooms in 1y": ("5 ooms in 1 year", 5, "ooms", 1, False),
    "5 OOMs in under a year": ("5 ooms in 1 year", 5, "ooms", 1, False),
    "more than 3 years in 4 mo anywhere": ("3 years in 4 months anywhere", 3, "years", 1 / 3, True),
    "accelerates at the start": ("accelerates at the start", 0, "ooms", 0, False),
    " Accelerates ": ("accelerates at the start", 0, "ooms", 0, False),
}


@pytest.mark.parametrize(("text", "expected"), [(t, e) for t, e in EVENTS.items() if e])
def test_events_are_read_as_english(text, expected):
    event = parse_event(text)
    assert (event.text, event.amount, event.unit, event.anywhere) == (*expected[:3], expected[4])
    assert event.window == pytest.approx(expected[3], rel=1e-15)
    assert event.is_acceleration == (expected[1] == 0)


BOUNDS = {
    "max speed above 10": ("max speed", lambda values: values > 10),
    "Max speed > 10x": ("max speed", lambda values: values > 10),
    "initial speed-up below 2.5": ("initial speed-up", lambda values: values < 2.5),
    "acceleration at the start above -0.25": ("acceleration at the start", lambda values: values > -0.25),
}


@pytest.mark.parametrize("text", BOUNDS)
def test_what_is_known_at_the_start_can_be_asked_to_lie_above_or_below_a_number(text):
    name, holds = BOUNDS[text]
    f = ooms.forecast("davidson-2025", draws=1024, events=[text], quantities=[name])
    (event,) = f.events
    assert parse_event(event) == parse_event(text)
    assert f.probability(text).value == np.mean(holds(f.kept[name]))


def test_acceleration_has_two_spellings():
    f = ooms.forecast("davidson-2025", draws=1024)
    assert f.probability("accelerates") == f.probability("acceleration at the start above 0")


@pytest.mark.parametrize("text", ["peak pace above 3", "time to 5 ooms below 1", "speed above 3", "max speed above"])
def test_what_is_not_known_at_the_start_has_a_distribution_instead(text):
    with pytest.raises(UserError) as error:
        parse_event(text)
    (problem,) = error.value.problems
    assert problem.remedy


@given(
    amount=st.decimals("0.001", 60, places=3),
    unit=st.sampled_from(["oom", "ooms", "year", "years", "doubling", "doublings"]),
    span=st.decimals("0.01", 999, places=2),
    span_unit=st.sampled_from(["year", "years", "month", "months", "week", "weeks", "day", "days"]),
    where=st.sampled_from(["", " anywhere", " from the start"]),
)
@settings(max_examples=200, deadline=None)
def test_the_canonical_name_reads_back_as_the_same_event(amount, unit, span, span_unit, where):
    event = parse_event(f"{amount} {unit} in {span} {span_unit}{where}")
    assert parse_event(event.text) == event
    assert parse_event(event.text.upper()) == event
    assert event.amount == float(amount)


@given(text=st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_other_text_is_an_error_with_a_remedy(text):
    for parse in (parse_event, parse_quantity):
        try:
            parse(text)
        except UserError as error:
            (problem,) = error.problems
            assert problem.place
            assert repr(text) in problem.what
            assert problem.remedy


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "5 ooms",
        "ooms in 1 year",
        "five ooms in 1 year",
        "-5 ooms in 1 year",
        "5 ooms in -1 year",
        "5 ooms in 1 fortnight",
        "5 flops in 1 year",
        "5 ooms in 1 year somewhere",
        "2 weeks",
        "1e1 ooms in 1 year",
        "nan ooms in 1 year",
        "5 ooms in 1 year anywhere anywhere",
    ],
)
def test_what_is_no_event_is_told_how_to_write_one(text):
    with pytest.raises(UserError) as caught:
        parse_event(text)
    (problem,) = caught.value.problems
    assert problem.place == "event"
    assert repr(text) in problem.what
    assert '"5 ooms in 1 year"' in problem.remedy


@pytest.mark.parametrize(
    "text",
    ["0 ooms in 1 year", "5 ooms in 0 years", "61 ooms in 1 year", "0.0 years in 1 year", "99999 doublings in 1 year"],
)
def test_what_cannot_be_followed_is_told_what_can(text):
    with pytest.raises(UserError, match="more than 0 and at most 60 OOMs, in more than no time"):
        parse_event(text)


VAST, TINY, SUBNORMAL = "9" * 400, "0." + "0" * 400 + "1", "0." + "0" * 320 + "1"


@pytest.mark.parametrize("number", ["0", "0.0", VAST, TINY, SUBNORMAL, "0.0000000001", "10000000000"])
@pytest.mark.parametrize(
    "text",
    [
        "{} ooms in 1 year", "{} years in 1 year", "{} doublings in 1 year anywhere", "5 ooms in {} years",
        "5 ooms in {} years anywhere", "5 ooms in 1 year anywhere within {} years", "time to {} ooms",
        "ooms after {} years", "years of progress after {} years", "cost by hardware alone after {} years",
    ],
)  # fmt: skip
def test_nothing_and_what_is_lost_in_rounding_or_without_end_is_refused(text, number):
    """A stretch "anywhere within 0 years" had probability 0, and all draws were said to stall."""
    parse = parse_quantity if text.startswith(("time", "ooms", "years of", "cost")) else parse_event
    with pytest.raises(UserError, match="ask for more than"):
        parse(text.format(number))


@pytest.mark.parametrize("number", ["-5", "nan", "inf", "1e-300", "1e300", "5,5", "+5", "1/2", "0x5", "5 5", "\u221e"])
@pytest.mark.parametrize("text", ["{} ooms in 1 year", "5 ooms in {} years", "5 ooms in 1 day anywhere within {} days"])
def test_what_is_no_plain_number_cannot_be_read(text, number):
    with pytest.raises(UserError, match="cannot be read"):
        parse_event(text.format(number))


EDGES = ("0.000000001", "0.00001", "0.3", "1000000000")


@pytest.mark.parametrize("time", EDGES)
def test_small_and_large_times_have_names_that_read_back(time):
    for text in (f"0.00001 ooms in {time} years", f"5 ooms in 1 year anywhere within {time} years"):
        assert parse_event(parse_event(text).text) == parse_event(text)
    assert parse_quantity(f"ooms after {time} years").name == f"ooms after {time} years"


@pytest.mark.parametrize("time", EDGES[::3])
@pytest.mark.parametrize("amount", ["0.000000001 ooms", "60 ooms", "0.000000001 years", "1200 years", "1200 doublings"])
def test_whatever_is_not_refused_has_an_answer_and_a_name_that_reads_back(amount, time):
    events = [f"{amount} in {time} years", f"{amount} in {time} years anywhere"]
    events.append(f"{amount} in 1 year anywhere within {time} years")
    quantities = [f"ooms after {time} years", f"years of progress after {time} years"]
    found = ooms.forecast("davidson-2025", draws=256, threads=1, events=events, quantities=quantities)
    for name, result in found.events.items():
        assert parse_event(name) == result.event
        assert result.probability.value == pytest.approx(0.5, abs=0.5 + 1e-12)
        assert sum(result.shares.values()) == pytest.approx(1.0)
    for name in found.quantities:
        assert parse_quantity(name).name == name
        assert found.quantiles(name, 0.5)[0].value >= 0.0


def test_a_stretch_that_ends_after_the_horizon_does_not_stall():
    """Ends of an event within so many years differ from those without an end only in what comes too late."""
    view = ooms.load("davidson-2025")
    texts = ["12 ooms in 4 years anywhere", "12 ooms in 4 years anywhere within 1 year", "12 ooms in 50 years"]
    found = ooms.forecast(view, draws=2**10, threads=1, events=texts, quantities=())
    ever, soon, first = (found.event(text).shares for text in texts)
    assert soon["reached"] < ever["reached"]
    for end in ("stalled", "beyond the software limit"):
        assert ever[end] == soon[end] == first[end]
    assert soon["beyond the software limit"] > 0
    assert soon["not by the horizon"] > 0


def test_events_that_differ_in_late_digits_have_different_names():
    assert parse_event("33.21928 doublings in 1 year").text != parse_event("33.21929 doublings in 1 year").text


QUANTITIES = {
    "time to 5 ooms": ("time to 5 ooms", "years"),
    "Time  To 1 OOM": ("time to 1 oom", "years"),
    "time to 2.5 ooms": ("time to 2.5 ooms", "years"),
    "ooms after 1 year": ("ooms after 1 year", "OOM"),
    "ooms after year": ("ooms after 1 year", "OOM"),
    "ooms after 6 months": ("ooms after 6 months", "OOM"),
    "OOMs after 2 weeks": ("ooms after 2 weeks", "OOM"),
    "years of progress after 1 years": ("years of progress after 1 year", "years of recent progress"),
    "initial speed-up": ("initial speed-up", "x today's pace"),
    "peak pace": ("peak pace", "x today's pace"),
    "time to peak pace": ("time to peak pace", "years"),
    "ooms at fizzle": ("ooms at fizzle", "OOM"),
    "acceleration at the start": ("acceleration at the start", "kappa"),
    "Labour share at the start": ("labour share at the start", "share"),
}


@pytest.mark.parametrize(("text", "expected"), QUANTITIES.items())
def test_quantities_are_read_as_english(text, expected):
    quantity = parse_quantity(text)
    assert (quantity.name, quantity.unit) == expected
    assert parse_quantity(quantity.name).name == quantity.name


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("time to 5 years", "time to 5 ooms"),
        ("peak pase", "did you mean peak pace"),
        ("oms after 1 year", "did you mean ooms after 1 year"),
        ("zzz", "use one of"),
        ("time to 0 ooms", "more than 0"),
        ("time to 61 ooms", "at most 60"),
    ],
)
def test_what_is_no_quantity_is_told_what_there_is(text, remedy):
    with pytest.raises(UserError) as caught:
        parse_quantity(text)
    (problem,) = caught.value.problems
    assert problem.place == "quantity"
    assert remedy in problem.remedy


def test_all_that_is_asked_by_default_can_be_asked():
    assert [parse_event(text).text for text in DEFAULT_EVENTS] == list(DEFAULT_EVENTS)
    assert [parse_quantity(text).name for text in DEFAULT_QUANTITIES] == list(DEFAULT_QUANTITIES)
    assert len(set(DEFAULT_QUANTITIES)) == len(DEFAULT_QUANTITIES)


def codes(view, text, top=16):
    run = run_of(view, top)
    event = parse_event(text)
    years = run.spread(event.years_taken(run))
    return event.codes(run, years), years, run


LATE = {
    "reached": (
        BASE.replace(software_growth=3.0, rho=0.0, returns="uniform(2.5, 3)", taste_start=0.0),
        "1 oom in 1 year",
    ),
    "not by the horizon": (BASE.replace(software_growth=0.01), "5 ooms in 1 month"),
    "beyond the software limit": (BASE.replace(software_limit="uniform(3, 4)"), "5 ooms in 1 year"),
    "stalled": (BASE.replace(hardware_growth=-20.0, rho=-0.4, returns=0.5), "5 ooms in 100 years"),
}


@pytest.mark.parametrize("code", CODES)
def test_every_way_to_end_has_a_view_that_ends_so(code):
    view, text = LATE[code]
    found, years, _ = codes(view, text)
    assert {list(CODES)[k] for k in np.unique(found)} == {code}
    assert np.all(np.isinf(years) == (code in ("stalled", "beyond the software limit")))


@pytest.mark.parametrize(
    "text", [*DEFAULT_EVENTS, "3 years in 4 months anywhere", "8 ooms in 4 years anywhere", "20 doublings in 6 months"]
)
@pytest.mark.parametrize("view", [BASE, ooms.load("davidson-houlden-2025")], ids=lambda v: v.name)
def test_every_draw_ends_in_one_way(view, text):
    result = ooms.forecast(view, draws=1024, events=[text], quantities=[], threads=1).event(text)
    assert list(result.shares) == list(CODES)
    assert math.fsum(result.shares.values()) == pytest.approx(1.0, abs=1e-12)
    assert all(0 <= share <= 1 for share in result.shares.values())
    error = max(result.probability.standard_error, 0.01)
    assert result.shares["reached"] == pytest.approx(result.probability.value, abs=4 * error)


@pytest.mark.parametrize("limit", [5.0, "uniform(4.9, 5)"])
def test_a_limit_at_what_is_asked_is_beyond(limit):
    found, _, _ = codes(BASE.replace(software_limit=limit), "5 ooms in 1 year")
    assert np.all(found == list(CODES).index("beyond the software limit"))


def test_accelerates_at_the_start_is_the_sign_of_kappa():
    run = run_of(BASE)
    years = parse_event("accelerates").years_taken(run)
    kappa = parse_quantity("acceleration at the start").values(run)
    assert np.array_equal(years == 0.0, kappa > 0)
    assert np.array_equal(np.isinf(years), kappa <= 0)


@pytest.mark.parametrize("span", ["3 months", "1 year", "2 years"])
def test_years_of_progress_are_ooms_times_share_over_the_rate(span):
    run = run_of(BASE.replace(software_share="uniform(0.3, 0.7)"))
    years = parse_quantity(f"years of progress after {span}").values(run)
    gained = parse_quantity(f"ooms after {span}").values(run)
    assert np.array_equal(years, gained * run.inputs.software_share / run.inputs.software_growth)


def test_an_event_in_years_asks_for_the_ooms_of_so_many_years():
    run = run_of(BASE.replace(software_share="uniform(0.3, 0.7)"))
    asked = parse_event("3 years in 1 year").ooms(run.inputs)
    assert asked == pytest.approx(3 * run.inputs.software_growth / run.inputs.software_share, rel=1e-14)
    hit = parse_event("3 years in 1 year").years_taken(run) <= 1.0
    gained = parse_quantity("years of progress after 1 year").values(run)
    assert np.mean(hit != (gained >= 3.0)) < 0.002


def test_the_units_trap():
    """5 OOMs are 33.2 doublings of labour-equivalents at u = 2, and 16.6 at u = 1."""
    inputs = central_inputs(BASE)[1]
    assert parse_event("33.219280948873624 doublings in 1 year").ooms(inputs) == pytest.approx(5.0, rel=1e-15)
    once = central_inputs(BASE.replace(labour_per_training=1.0))[1]
    assert parse_event("16.609640474436812 doublings in 1 year").ooms(once) == pytest.approx(5.0, rel=1e-15)
    texts = ["5 ooms in 1 year", "33.21928 doublings in 1 year", "40 doublings in 1 year", "16.6 doublings in 1 year"]
    f = ooms.forecast(BASE, draws=2**12, events=texts, quantities=[])
    five, same, ten_fold, half = (f.probability(text).value for text in texts)
    assert same == pytest.approx(five, abs=1e-4)
    assert ten_fold < five - 0.03
    assert half > five + 0.15


@pytest.mark.parametrize("text", ["5 ooms in 1 year", "2.5 ooms in 1 year", "4 ooms in 6 months"])
def test_time_to_and_progress_after_tell_the_same(text):
    run, event = run_of(BASE), parse_event(text)
    hit = event.years_taken(run) <= event.window
    assert np.mean(hit != (run.progress_after(event.window) >= event.amount)) <= 0.002


def test_anywhere_is_at_least_as_fast_as_from_the_start():
    run = run_of(BASE)
    for text in ("5 ooms in 1 year", "3 years in 1 year", "10 doublings in 1 month", "0.1 ooms in 1 year"):
        event, anywhere = parse_event(text), parse_event(text + " anywhere")
        slower = anywhere.years_taken(run) > event.years_taken(run) * 1.005
        soon = event.years_taken(run) < 100
        assert not np.any(slower & soon & (event.ooms(run.inputs) < run.inputs.software_limit - 1))
        assert np.mean(slower & (event.years_taken(run) <= event.window)) <= 1e-3


def test_shrinking_hardware_can_mean_never():
    f = ooms.forecast(LATE["stalled"][0], draws=256, events=[LATE["stalled"][1]], quantities=["time to 5 ooms"])
    assert f.probability(LATE["stalled"][1]).value == 0.0
    assert f.never("time to 5 ooms").value == 1.0
    assert str(f.quantiles("time to 5 ooms", [0.5])[0]) == "infinite"


def test_constant_returns_have_no_limit_to_be_beyond():
    view = BASE.replace(declining_returns=False)
    f = ooms.forecast(view, draws=1024, events=["20 ooms in 1 year"], quantities=["time to 20 ooms"])
    shares = f.event("20 ooms in 1 year").shares
    assert shares["beyond the software limit"] == 0
    assert shares["reached"] > 0
    assert shares["not by the horizon"] > 0
    assert f.never("time to 20 ooms").value == 0


def test_the_initial_speed_up_is_the_one_stated():
    view = ooms.load("davidson-houlden-2025")
    block = Sampler(view).block(0, 256)
    speedup = parse_quantity("initial speed-up").values(Run(block.inputs, 1, dense=False))
    assert speedup == pytest.approx(block.values["initial_speedup"], rel=1e-12)


def test_with_a_ramp_the_speed_up_starts_from_today():
    view = ooms.load("davidson-houlden-2025").replace(ramp_years=1.0)
    run = run_of(view, 4, 256)
    assert run.initial_speedup() == pytest.approx(np.ones(256), rel=1e-12)


def test_the_peak_is_no_lower_than_the_start():
    run = run_of(BASE)
    peak, when = (parse_quantity(name).values(run) for name in ("peak pace", "time to peak pace"))
    assert np.all(peak >= run.initial_speedup() * (1 - 1e-12))
    assert np.all((when == 0) | (peak > run.initial_speedup() * (1 - 1e-9)))
    fizzle = parse_quantity("ooms at fizzle").values(run)
    assert np.all(fizzle <= run.inputs.software_limit)
