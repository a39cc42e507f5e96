"""One mechanism declares distributions, links, likelihoods and ranges: the reader and the schema say the same."""

import copy

import pytest
from jsonschema import Draft202012Validator

import ooms
from ooms.batch.axes import Range, grid_axis
from ooms.calibrating.likelihoods import KINDS
from ooms.calibrating.links import LINKS
from ooms.distributions.marginals import REGISTRY, from_table
from ooms.files.forms import Spot, keys_of, read, schema
from ooms.problems import Problems

NESTED = {"$defs": ooms.schema("priors")["$defs"]}


def distribution(table, problems):
    return from_table(table, "here", problems)


def survey(kinds):
    def read_kind(table, problems):
        kind = kinds.pick(table, Spot("here", problems), "x = {}")
        return kind and kind.parse(table, "here", problems, **({"latents": {"uplift"}} if kinds is LINKS else {}))

    return read_kind


def axis(table, problems):
    return grid_axis("speed", dict(table), "here", problems)


def forms():
    shape = {"anyOf": [{"$ref": "#/$defs/distribution"}], **NESTED}
    for name, family in REGISTRY.items():
        yield name, family, distribution, shape, dict(family.example)
    for kinds in (LINKS, KINDS):
        shape = kinds.schema()
        for name, kind in kinds.items():
            yield name, kind, survey(kinds), shape, {"kind": name, **kind.example}
    yield "range", Range, axis, schema(Range), dict(Range.example)


FORMS = [pytest.param(*form[1:], id=form[0]) for form in forms()]
every = pytest.mark.parametrize(("form", "reader", "shape", "example"), FORMS)


def verdicts(reader, shape, table):
    """What the reader says is wrong, and whether the schema takes the table."""
    problems = Problems()
    made = reader(table, problems)
    assert (made is None) == (len(problems) > 0)
    return problems.found, Draft202012Validator(shape).is_valid(table)


@every
def test_the_example_of_each_is_read_and_holds_to_the_schema(form, reader, shape, example):
    assert verdicts(reader, shape, example) == ((), True)


@every
def test_a_key_that_is_not_known_is_told_with_the_nearest_one_and_refused_by_the_schema(form, reader, shape, example):
    near = next(iter(keys_of(form)), "kind")[:-1] + "x"
    (problem, *_), valid = verdicts(reader, shape, {**example, near: 3})
    assert problem.place == f"here.{near}"
    assert near in problem.what
    assert problem.remedy
    assert not valid


@every
def test_a_value_of_another_kind_is_refused_by_both(form, reader, shape, example):
    for key in example.keys() & keys_of(form).keys():
        problems, valid = verdicts(reader, shape, {**copy.deepcopy(example), key: True})
        assert any(problem.place == f"here.{key}" for problem in problems), key
        assert not valid, key


@every
def test_what_has_to_be_there_is_missed_by_both_with_a_way_to_write_it(form, reader, shape, example):
    by_quantiles = example.keys() - keys_of(form).keys() - {"distribution", "kind"}
    for key, declared in keys_of(form).items():
        if declared.needed and key in example and len(example) > 1 and not by_quantiles:
            table = {name: value for name, value in example.items() if name != key}
            problems, valid = verdicts(reader, shape, table)
            missing = [problem for problem in problems if problem.what == f"{key} is missing"]
            assert missing
            assert all(f"add {key} = " in problem.remedy or "for example" in problem.remedy for problem in missing)
            assert not valid


@every
def test_every_key_says_what_it_means(form, reader, shape, example):
    assert all(key.about for key in keys_of(form).values())


def test_all_that_is_wrong_is_told_at_once_rows_and_all():
    problems = Problems()
    rows = [{"name": 3, "value": "x"}, 7, {"nmae": "B", "value": 1, "se": -1}]
    assert read(KINDS["studies"], {"studies": rows, "more": 1}, Spot("here", problems)) is None
    assert [f"{p.place}: {p.what}" for p in problems.found] == [
        "here.more: more is not known here",
        "here.studies[0].value: value = 'x' is not a number",
        "here.studies[0].name: name = 3 is not a name",
        "here.studies[1]: 7 is not a table",
        "here.studies[2].nmae: nmae is not known here",
        "here.studies[2].name: name is missing",
        "here.studies[2].se: se = -1 is not above 0",
    ]
    assert problems.found[3].remedy == 'write it as {name = "Who and when", value = 0.5}'
    assert problems.found[4].remedy == "did you mean name?"
    assert problems.found[5].remedy == 'add name = "Who and when"'
