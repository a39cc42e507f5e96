"""The guide to study files is true."""

import re

import pytest

from ooms.batch.axes import Axis
from ooms.batch.plan import Plan
from ooms.batch.spec import StudySpec
from ooms.batch.study import load_study
from ooms.files.library import priors_folder

GUIDE = (priors_folder() / "studies" / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def study(tmp_path):
    (block,) = re.findall(r"^```toml\n(.*?)^```", GUIDE, flags=re.MULTILINE | re.DOTALL)
    (tmp_path / "my-study.toml").write_text(block, encoding="utf-8")
    return load_study(tmp_path / "my-study.toml")


def test_the_example_is_what_is_said_of_it(study):
    said = re.search(r"That is ([\dx ]+) = (\d+) cells", GUIDE)
    assert study.shape == tuple(map(int, said[1].split(" x ")))
    assert study.size == int(said[2])
    assert [axis.name for axis in study.axes] == ["view", "rho", "returns", "compute_adjustment", "hardware"]
    assert isinstance(study.axes[-1], Axis)
    assert "hardware_growth" in study.axes[-1].beside


def test_all_its_cells_can_be(study):
    assert Plan(study).failures == {}


def test_every_key_is_explained():
    table = GUIDE.partition("| key |")[2]
    for key in StudySpec.model_fields:
        assert f"`{key}`" in table or f"`[{key}]`" in table or f"`[{key}.NAME]`" in table, key
