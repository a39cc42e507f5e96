"""Executes the notebooks and keeps their outputs: ``make notebooks``, after any change to what they show."""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "notebooks"


def main() -> None:
    for path in sorted(FOLDER.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        with tempfile.TemporaryDirectory() as folder:
            where = {"metadata": {"path": folder}}
            NotebookClient(notebook, timeout=600, record_timing=False, resources=where).execute()
        notebook.metadata["language_info"] = {"name": "python"}  # versions of Python would change with every machine
        for cell in notebook.cells:
            cell.metadata.clear()
        nbformat.write(notebook, path)
        print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
