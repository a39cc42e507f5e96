"""The dataset of a study as xarray has it, with the study's pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, override

from xarray import Dataset

if TYPE_CHECKING:
    from ooms.pictures.plots import Plots

__all__ = ["StudyDataset"]


class StudyDataset(Dataset):
    """An xarray Dataset that knows its pictures, as do its selections: ``study.sel(view="kwa-2026").plot.lines()``."""

    __slots__ = ()

    @classmethod
    def of(cls, data: Dataset) -> Self:
        """A dataset that was opened; closing it closes the same files."""
        study = cls(data.data_vars, data.coords, data.attrs)
        study.encoding = data.encoding
        study.set_close(data.close)
        return study

    @property
    @override
    def plot(self) -> Plots:  # pyright: ignore[reportIncompatibleVariableOverride]
        """Pictures, each as an Altair chart: ``plot.study()``, ``map``, ``lines`` or ``dots``; and xarray's own."""
        from ooms.pictures.plots import Plots

        return Plots("a study", self, others=super().plot)
