"""The notebooks are what their code makes today: they run, without a warning, and are committed as they came out."""

import re
import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

FOLDER = Path(__file__).parent.parent / "notebooks"
NAMES = (
    "1-first-forecast",
    "2-views-compared",
    "3-calibrate-against-surveys",
    "4-batch-study-to-report",
)

STRICT = "import warnings\n\nwarnings.simplefilter('error')"
"""Run before a notebook's own cells, so that a warning stops it."""

FOREIGN = re.compile(r"/(?:work|root|tmp|home|Users)/|[A-Z]:\\\\")
"""The beginning of a path of some machine."""

AT_MOST = 1_500_000  # bytes of a notebook
SECONDS = 400  # that a notebook may take; 15 to 60 on two idle cores

each_notebook = pytest.mark.parametrize("name", NAMES)


def read(name: str) -> NotebookNode:
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def code_of(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def texts_of(output: NotebookNode) -> list[str]:
    """What an output says in words; pictures have none."""
    if output.output_type == "stream":
        return [output.text]
    return [text for kind, text in output.get("data", {}).items() if kind.startswith("text/")]


def said_on_stderr(notebook: NotebookNode) -> list[str]:
    streams = (output for cell in code_of(notebook) for output in cell.outputs if output.output_type == "stream")
    return [stream.text for stream in streams if stream.name == "stderr"]


def test_every_notebook_is_tested() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == list(NAMES)


@each_notebook
def test_form(name: str) -> None:
    notebook = read(name)
    nbformat.validate(notebook)
    assert (FOLDER / f"{name}.ipynb").stat().st_size < AT_MOST
    assert notebook.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert all(not cell.metadata for cell in notebook.cells), "no times of execution, no editor's marks"


@each_notebook
def test_outputs_are_those_of_one_run_from_top_to_bottom(name: str) -> None:
    cells = code_of(read(name))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert sum(bool(cell.outputs) for cell in cells) > len(cells) / 2
    assert any("image/png" in output.get("data", {}) for cell in cells for output in cell.outputs)


@each_notebook
def test_no_error_or_warning_is_shown(name: str) -> None:
    notebook = read(name)
    kinds = {output.output_type for cell in code_of(notebook) for output in cell.outputs}
    assert "error" not in kinds
    assert said_on_stderr(notebook) == []


@each_notebook
def test_nothing_is_shown_of_the_machine(name: str) -> None:
    notebook = read(name)
    sources = [cell.source for cell in notebook.cells]
    shown = [text for cell in code_of(notebook) for output in cell.outputs for text in texts_of(output)]
    assert [text for text in sources + shown if FOREIGN.search(text)] == []


@each_notebook
def test_ends_with_what_not_to_conclude(name: str) -> None:
    words = [cell.source for cell in read(name).cells if cell.cell_type == "markdown"]
    headings = re.findall(r"^#+ (.+)$", "\n\n".join(words), flags=re.MULTILINE)
    assert headings[-1] == "What not to conclude"
    assert read(name).cells[-1].cell_type == "markdown"


@pytest.mark.slow
@pytest.mark.alone
@each_notebook
def test_runs_without_a_warning(name: str, tmp_path: Path) -> None:
    notebook = read(name)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(STRICT))
    client = NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(tmp_path)}})
    start = time.monotonic()
    client.execute()
    assert time.monotonic() - start < SECONDS
    assert said_on_stderr(notebook) == []
    assert list(tmp_path.iterdir()) == [], "a notebook leaves no files behind"
