"""What there is to choose from, as a list that shows itself as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, overload, override

from ooms.problems import Problem, UserError, did_you_mean
from ooms.results.tables import Table, dataframe

if TYPE_CHECKING:
    from ooms.results.tables import DataFrame

__all__ = ["Listing"]


@dataclass(frozen=True, repr=False)
class Listing[Entry: NamedTuple](Sequence[Entry]):
    """Entries of one kind, each with a name: a frozen sequence that shows itself as a table.

    Parameters
    ----------
    kind : str
        What it lists: ``views``.
    columns : tuple of str
        Fields of an entry; the first is its name.
    rows : tuple of NamedTuple
        The entries.

    Examples
    --------
    >>> import ooms
    >>> views = ooms.views()
    >>> views[0].name, "davidson-2025" in views, views["davidson-2025"].options
    ('davidson-2025', True, 8)
    """

    kind: str
    columns: tuple[str, ...]
    rows: tuple[Entry, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What the entries are called."""
        return tuple(str(_name(row)) for row in self.rows)

    @override
    def __len__(self) -> int:
        return len(self.rows)

    @override
    def __iter__(self) -> Iterator[Entry]:
        return iter(self.rows)

    @override
    def __contains__(self, value: object) -> bool:
        return value in self.names or value in self.rows

    @overload
    def __getitem__(self, index: int | str) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> Listing[Entry]: ...

    @override
    def __getitem__(self, index: int | str | slice) -> Entry | Listing[Entry]:
        if isinstance(index, slice):
            return Listing(self.kind, self.columns, self.rows[index])
        if isinstance(index, int):
            return self.rows[index]
        if index not in self.names:
            what = f"{index!r} is not among the {self.kind}"
            raise UserError([Problem(self.kind, what, did_you_mean(index, self.names))])
        return self.rows[self.names.index(index)]

    @property
    def _table(self) -> Table:
        return Table(f"{len(self)} {self.kind}", self.columns, self.rows)

    @override
    def __repr__(self) -> str:
        return str(self._table)

    def _repr_html_(self) -> str:
        return self._table.html

    def to_dataframe(self) -> DataFrame:
        """A pandas DataFrame, a row an entry."""
        return dataframe((dict(zip(self.columns, row, strict=True)) for row in self.rows), self.columns)


def _name(row: tuple[Any, ...]) -> Any:
    return row[0]
