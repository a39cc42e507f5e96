"""Wrong tables: every problem at once, each with its place and a remedy."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ooms.calibrating.likelihoods import KINDS
from ooms.problems import Problems, UserError

MISTAKES = [
    ("interval", {}, ["answers: answers is missing"]),
    ("interval", {"answers": 3, "roundign": 1}, ["roundign: roundign is not known", "answers = 3 is not a list"]),
    (
        "interval",
        {"answers": [{"low": 3, "high": 2}, {"respondent": "R", "value": "2"}, 7, {"respondent": "S"}], "rounding": 0},
        [
            "answers[0].respondent: respondent is missing",
            "answers[0]: the range from 3 to 2 is empty",
            "answers[1].value: value = '2' is not a number",
            "answers[2]: 7 is not a table",
            "answers[3]: nothing is stated",
            "rounding: rounding = 0 is not above 0",
        ],
    ),
    ("interval", {"answers": [{"respondent": "R", "value": 2, "low": 1}]}, ["answers[0]: value and low say it twice"]),
    ("order_statistics", {"n": 6}, ["likelihood: nothing is stated"]),
    ("order_statistics", {"median": 2}, ["n: n is missing"]),
    ("order_statistics", {"n": 2.5, "median": 0}, ["n = 2.5 is not a whole", "median = 0 is not above 0"]),
    (
        "order_statistics",
        {"n": 6, "minimum": {"above": 2}, "median": 3, "maximum": 2},
        ["minimum.above: above is not known", "minimum.below: below is missing", "maximum = 2 is not above median = 3"],
    ),
    ("order_statistics", {"n": 2, "minimum": 1, "median": 2}, ["n = 2 answers have no minimum, median"]),
    (
        "order_statistics",
        {"n": 9, "minimum": 1, "median": {"low": 3, "high": 2}},
        ["median: a range of the median stands beside", "median: the range from 3 to 2 is empty"],
    ),
    ("order_statistics", {"n": 9, "minimum": {"below": 1}, "maximum": {"above": 2}}, ["there is no median"]),
    ("heaped", {}, ["counts: counts is missing"]),
    ("heaped", {"counts": {}}, ["counts: there are no answers"]),
    ("heaped", {"counts": 7}, ["counts: 7 is not a table"]),
    (
        "heaped",
        {"counts": {"20": -1, "many": 3}, "anchors": [50, 50, 101, "x"]},
        [
            "counts.20: -1 is not how many",
            "counts.many: the answer = 'many' is not a number",
            "anchors[1]: 50 is listed twice",
            "anchors[2]: 101 is not a whole percentage",
            "anchors[3]: 'x' is not a whole percentage",
        ],
    ),
    ("heaped", {"counts": [[20, 3], [20]]}, ["counts[1]: [20] is not an answer and a count"]),
    ("studies", {"studies": []}, ["studies = [] is not a list of one or more"]),
    (
        "studies",
        {"studies": [{"value": 0.4, "rounding": 0.5}, {"name": "B", "low": 0.5, "high": 0.7, "se": 0.1}]},
        [
            "studies[0].name: name is missing",
            "rounding = 0.5 is not below 0.4",
            "studies[1].se: se stands beside a range",
        ],
    ),
    ("studies", {"studies": [{"name": "A", "value": 0.01}]}, ["value = 0.01 is below the usual rounding"]),
    ("statement", {}, ["likelihood: nothing is stated"]),
    ("statement", {"value": 2, "low": 1, "sd": -1}, ["value and low say it twice", "sd = -1 is not above 0"]),
    (
        "domains",
        {
            "domains": [
                {"domain": "a", "value": 3, "low": 1, "high": 2},
                {"domain": 3, "value": True, "se": 1, "low": 2},
            ]
        },
        [
            "domains[0]: value = 3 is not between low = 1 and high = 2",
            "domains[1].domain: domain = 3 is not a name",
            "domains[1].value: value = True is not a number",
            "domains[1].se: se stands beside an interval",
            "domains[1]: the interval has low only",
        ],
    ),
    ("domains", {"domains": [{"domain": "a", "value": 3, "mass": 0.9}]}, ["mass: mass stands without an interval"]),
    (
        "domains",
        {
            "domains": [
                {"domain": "a", "value": 1.4, "low": 0.8, "high": 2.4, "mass": 1e-158},
                {"domain": "b", "value": 1, "low": 1e-300, "high": 1e300, "mass": 0.1},
                {"domain": "c", "value": 1e-300, "se": 1e300},
            ]
        },
        [
            "domains[0]: the standard error of the logarithm is inf: so vague an estimate says nothing",
            "domains[1]: the standard error of the logarithm is 5497",
            "domains[2].se: the standard error of the logarithm is inf",
        ],
    ),
    ("studies", {"studies": [{"name": "A", "value": 0.4, "se": 1e300}]}, ["[0].se: the standard error of the logar"]),
]


@pytest.mark.parametrize(("kind", "table", "expected"), MISTAKES)
def test_every_problem_is_said_with_a_remedy(kind, table, expected):
    problems = Problems()
    assert KINDS[kind].parse(table, "my.toml: items.x.likelihood", problems) is None
    assert len(problems) == len(expected)
    with pytest.raises(UserError) as error:
        problems.raise_if_any()
    text = str(error.value)
    assert all(part in text.replace("True", "True") or part.replace("True", "true") in text for part in expected)
    assert all(
        problem.place.startswith("my.toml: items.x.likelihood") and problem.remedy for problem in error.value.problems
    )


WRONG = st.one_of(
    st.none(), st.booleans(), st.floats(), st.text(max_size=3), st.lists(st.integers(), max_size=2), st.just({})
)


@given(st.sampled_from(sorted(KINDS)), st.randoms(use_true_random=False), WRONG)
def test_a_spoilt_table_never_ends_in_a_traceback(kind, random, wrong):
    """Any one value of the example replaced by anything: a likelihood comes out, or problems, never an exception."""
    table = copy.deepcopy(dict(KINDS[kind].example))
    holder: object = table
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = random.choice(keys)
        if isinstance(holder[key], dict | list) and holder[key] and random.random() < 0.7:
            holder = holder[key]
        else:
            holder[key] = wrong
            break
    problems = Problems()
    made = KINDS[kind].parse(table, "here", problems)
    assert (made is None) == (len(problems) > 0)
