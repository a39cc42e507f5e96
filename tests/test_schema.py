"""Schemas of the files that people write: shipped files hold to them, faulty ones do not."""

import json
import tomllib

import pytest
from jsonschema import Draft202012Validator

import ooms
from ooms.cli import main
from ooms.files.library import priors_folder
from ooms.results import plain

FOLDERS = {"views": "priors", "calibrated": "priors", "studies": "study", "surveys": "survey"}
FILES = [(kind, path) for folder, kind in FOLDERS.items() for path in sorted((priors_folder() / folder).glob("*.toml"))
         if path.stem != "sbc"]  # a record of simulations, no prior file
VALIDATORS = {kind: Draft202012Validator(ooms.schema(kind)) for kind in ("priors", "study", "survey")}

ITEM = """title = "x"
cites = ["x"]
population = "x"
bias = "x"
[items.x]
question = "x"
grade = "J"
source = "x"
"""


@pytest.mark.parametrize(("kind", "path"), FILES, ids=[path.stem for _, path in FILES])
def test_every_shipped_file_holds_to_its_schema(kind, path):
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    faults = [f"{fault.json_path}: {fault.message[:200]}" for fault in VALIDATORS[kind].iter_errors(table)]
    assert not faults


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("priors", 'parameters.roh = {value = -1, source = "x"}'),
        ("priors", "parameters.rho = {value = -1}"),
        ("priors", "parameters.rho = -1"),
        ("priors", 'parameters.rho = {value = 2, source = "x"}'),
        ("priors", 'parameters.rho = {value = "2", source = "x"}'),
        ("priors", 'parameters.returns = {distribution = "lognorm", p10 = 1, p90 = 4, source = "x"}'),
        ("priors", 'parameters.returns = {distribution = "uniform", low = 1, source = "x"}'),
        ("priors", 'parameters.returns = {distribution = "uniform", low = 1, hihg = 2, source = "x"}'),
        ("priors", 'options.mine = {title = "x"}'),
        ("priors", 'variants.retraining = "coded"'),
        ("priors", 'correlations = [{between = ["rho", "returns"], spearman = 1.5}]'),
        ("study", "grid.rho = {low = 0, high = 1}"),
        ("study", "grid.roh = [0, 1]"),
        ("study", "draws = 2.5"),
        ("survey", 'title = "x"'),
        ("survey", f'{ITEM}likelihood = {{kind = "order_statistics", n = "six", median = 2}}'),
        ("survey", f'{ITEM}likelihood = {{kind = "order_statistics", n = 6, median = {{low = 2}}}}'),
        ("survey", f'{ITEM}likelihood = {{kind = "heaped", counts = {{20 = 1.5}}}}'),
        ("survey", f'{ITEM}likelihood = {{kind = "studies", studies = [{{name = "A", value = 0}}]}}'),
        ("survey", f'{ITEM}likelihood = {{kind = "domains", domains = []}}'),
        ("survey", f'{ITEM}link = {{kind = "pace", compute = 0}}'),
    ],
)
def test_a_faulty_file_does_not(kind, text):
    assert not VALIDATORS[kind].is_valid(tomllib.loads(text))


def test_the_item_that_is_spoilt_above_is_sound():
    likelihood = 'likelihood = {kind = "order_statistics", n = 6, median = {low = 2, high = 3}}'
    assert VALIDATORS["survey"].is_valid(tomllib.loads(ITEM + likelihood))


@pytest.mark.parametrize("kind", VALIDATORS)
def test_schemas_are_sound(kind):
    Draft202012Validator.check_schema(ooms.schema(kind))


def test_the_command_writes_it(tmp_path):
    assert main(["schema", "study", "-o", str(tmp_path / "s.json")]) == 0
    assert json.loads((tmp_path / "s.json").read_text()) == ooms.schema("study")


def test_the_schema_of_results_is_the_one_that_every_command_is_held_to(capsys):
    assert main(["schema", "results"]) == 0
    published = json.loads(capsys.readouterr().out)
    assert published == ooms.schema("results") == plain.schema()
    assert main(["forecast", "--draws", "512", "--json"]) == 0
    assert Draft202012Validator(published).is_valid(json.loads(capsys.readouterr().out))


def test_tails_of_quantiles_that_leave_the_domain_get_the_ends_to_add():
    percentiles = "quantile_spline(p5=-2, p25=-0.8, p50=-0.4, p75=-0.1, p95=0.2"
    view = ooms.load("davidson-2025")
    with pytest.raises(ooms.UserError) as refused:
        view.replace(rho=f"{percentiles})")
    assert [p.remedy for p in refused.value.problems] == [
        "its quantiles are inside, its tails are not: add upper = 1 beside them"
    ]
    assert view.replace(rho=f"{percentiles}, upper=1)").beliefs["rho"].marginal.support()[1] == 1


def test_a_survey_without_a_bias_group_is_told_what_to_write(tmp_path):
    path = tmp_path / "poll.toml"
    path.write_text('title = "x"\ncites = ["davidson-houlden-2025"]\npopulation = "x"\n[items]\n', encoding="utf-8")
    with pytest.raises(ooms.UserError) as refused:
        ooms.load_survey(path)
    remedies = {p.what: p.remedy for p in refused.value.problems}
    assert remedies["bias is missing"] == 'add bias = "my-lab": a name that sources share if they may err together'
