"""Templates of the files that people write: each is sound as it is, and so is every alternative in it, switched on."""

import re
import tomllib

import pytest
from jsonschema import Draft202012Validator

import ooms
from ooms.batch.spec import StudySpec
from ooms.batch.study import load_study
from ooms.beliefs.reparametrisation import rivals
from ooms.beliefs.spec import ViewSpec
from ooms.calibrating.likelihoods import KINDS
from ooms.calibrating.links import LINKS
from ooms.calibrating.surveys.spec import ItemSpec, SurveySpec
from ooms.cli import main
from ooms.distributions.marginals import REGISTRY
from ooms.parameters import known_names
from ooms.templates import template

TEXTS = {kind: template(kind) for kind in ("priors", "study", "survey")}
LOADERS = {"priors": ooms.load, "study": load_study, "survey": ooms.load_survey}
OFF = re.compile(r"(?:^#(?![ :]).*\n)+", re.MULTILINE)
"""Lines that are switched on together."""
ALTERNATIVES = [(kind, match.span()) for kind, text in TEXTS.items() for match in OFF.finditer(f"{text}\n")]


def key_of(line: str) -> str:
    return line.partition(" = ")[0]


def switched(text: str, span: tuple[int, int]) -> str:
    """The text with lines on, and off those that they replace: of the same key, or another way to state the same."""
    text = f"{text}\n"
    on = [line[1:] for line in text[slice(*span)].splitlines()]
    headed = on[0].startswith("[")
    replaced = set() if headed else {name for line in on for name in (key_of(line), *others(key_of(line)))}
    before = [line for line in text[: span[0]].splitlines() if key_of(line) not in replaced]
    after = [line for line in text[span[1] :].splitlines() if key_of(line) not in replaced]
    return "\n".join([*before, *on, *after])


def others(key: str) -> frozenset[str]:
    return rivals(key) if key in known_names() else frozenset()


@pytest.mark.parametrize("kind", TEXTS)
def test_a_template_passes_its_check_and_its_schema_and_gives_an_answer(kind, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", kind, "-o", "mine.toml"]) == 0
    checked = {"priors": ["priors", "check"], "study": ["batch", "check"], "survey": ["surveys", "check"]}[kind]
    assert "mine.toml: every line says what it is" in capsys.readouterr().out
    assert " ".join(["ooms", *checked, "./mine.toml"]) in (tmp_path / "mine.toml").read_text("utf-8")
    assert main([*checked, "./mine.toml"]) == 0
    answer, options = {
        "priors": (["forecast"], ["--draws", "256"]),
        "study": (["batch", "run"], ["--store", "mine.zarr"]),
        "survey": (["surveys", "show"], []),
    }[kind]
    assert main([*answer, "./mine.toml", *options]) == 0
    table = tomllib.loads((tmp_path / "mine.toml").read_text("utf-8"))
    assert Draft202012Validator(ooms.schema(kind)).is_valid(table)


@pytest.mark.filterwarnings("ignore::ooms.beliefs.view.BeliefWarning")  # what is sound may be worth a word
@pytest.mark.parametrize(("kind", "span"), ALTERNATIVES, ids=str)
def test_every_alternative_can_be_switched_on(kind, span, tmp_path):
    text = switched(TEXTS[kind], span)
    table = tomllib.loads(text)
    assert table != tomllib.loads(TEXTS[kind])
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    LOADERS[kind](tmp_path / "mine.toml")
    faults = [fault.message[:300] for fault in Draft202012Validator(ooms.schema(kind)).iter_errors(table)]
    assert not faults


@pytest.mark.parametrize("kind", TEXTS)
def test_it_names_all_that_there_is(kind):
    """So that none goes stale."""
    names = {
        "priors": [*known_names(), *REGISTRY, *(key for key in ViewSpec.model_fields if key != "calibration")],
        "study": StudySpec.model_fields,
        "survey": [*LINKS, *KINDS, *SurveySpec.model_fields, *ItemSpec.model_fields],
    }[kind]
    assert not [name for name in names if not re.search(rf"\b{re.escape(name)}\b", TEXTS[kind])]


def test_it_is_printed_and_never_written_over_a_file(tmp_path, capsys):
    assert main(["new", "survey"]) == 0
    assert capsys.readouterr().out == f"{TEXTS['survey']}\n"
    path = tmp_path / "mine.toml"
    path.write_text("mine")
    assert main(["new", "survey", "-o", str(path)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert path.read_text() == "mine"


@pytest.mark.parametrize("kind", TEXTS)
def test_the_first_line_names_the_schema_and_the_next_ones_how_to_make_it(kind):
    first, *rest = TEXTS[kind].splitlines()
    assert first == f"#:schema {kind}.schema.json"
    assert f"ooms schema {kind} -o {kind}.schema.json" in " ".join(line.removeprefix("# ") for line in rest[:4])
