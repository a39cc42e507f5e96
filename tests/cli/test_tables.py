"""Tables in any terminal: nothing is cut off, names and numbers stay whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ooms.documents.document import Column, Footnotes, Table
from ooms.writers.tables import show_table
from ooms.writers.terminal import hanging, saved, show_blocks, terminal


@pytest.fixture(scope="module")
def printed():
    """What something prints in a terminal of so many columns."""

    def run(columns: int, show) -> list[str]:
        console = terminal()
        console.width = columns
        with console.capture() as capture:
            show(console)
        return capture.get().splitlines()

    return run


NAMES = st.from_regex(r"[a-z]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
NUMBERS = st.builds("{:.2f} ± {:.2f}".format, st.floats(0, 999), st.floats(0, 9)) | st.sampled_from(["-", "never", "0"])
TITLES = st.lists(st.sampled_from(["3 years in 1 year", "time to 5 ooms", "accelerates at the start"]), max_size=7)


def table_of(names, titles, numbers, text, *, apart=False) -> Table:
    columns = [Column("view"), Column("what it is"), *(Column(title, "number") for title in titles)]
    rows = [(name, text, *row) for name, row in zip(names, numbers, strict=True)]
    return Table("title", columns, rows, apart=apart)


def of(table: Table):
    return lambda console: show_table(console, table)


@given(
    data=st.data(),
    names=st.lists(NAMES, min_size=1, max_size=4, unique=True),
    titles=TITLES,
    text=st.text("ab cd[/]e ", max_size=60),
    columns=st.integers(45, 200),
    apart=st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_nothing_is_cut_off(printed, data, names, titles, text, columns, apart):
    numbers = [[data.draw(NUMBERS) for _ in titles] for _ in names]
    lines = printed(columns, of(table_of(names, titles, numbers, text, apart=apart)))
    assert max(map(len, lines)) <= columns
    words = " ".join(lines).split()
    for name in names:
        assert name in words
    for row in numbers:
        for number in row:
            assert set(number.split()) <= set(words)
    said = "".join(" ".join(lines).split())
    assert "".join(sorted(c for c in "[/]" for _ in range(text.count(c) * len(names)))) == "".join(
        sorted(c for c in said if c in "[/]")
    )


def test_where_there_is_room_it_is_one_table_with_a_row_a_line(printed):
    lines = printed(60, of(table_of(["a"], ["time to 5 ooms"], [["1.0 ± 0.1"]], "said")))
    (row,) = (line for line in lines if "±" in line)
    assert row.split() == ["a", "said", "1.0", "±", "0.1"]


def test_several_tables_come_before_numbers_on_two_lines(printed):
    titles = ["3 years in 1 year"] * 5
    numbers = [["11.11 ± 0.01"] * 5]
    one, many = (printed(60, of(table_of(["a"], titles, numbers, "x", apart=way))) for way in (False, True))
    assert sum("title" in line for line in one) == 1
    assert not any("11.11 ± 0.01" in line for line in one)
    assert sum("title" in line for line in many) > 1
    assert sum(line.count("11.11 ± 0.01") for line in many) == 5


def test_a_terminal_for_a_few_letters_folds_and_does_not_cut(printed):
    lines = printed(12, of(table_of(["a-long-name-of-a-view"], ["x"], [["11.11 ± 0.01"]], "")))
    assert max(map(len, lines)) <= 12
    assert "".join("".join(lines).split()).count("a-long-nam") == 1
    assert "e-of-a-view" in "".join(line.split()[0] for line in lines if line.split())


def test_a_table_without_rows_is_a_heading(printed):
    assert any("view" in line for line in printed(40, of(table_of([], [], [], ""))))


def test_footnotes_are_made_once_and_lettered(printed):
    notes = Footnotes()
    assert notes.blocks == []
    assert [notes.mark(f"note {k}") for k in range(27)][-2:] == ["z", "aa"]
    assert notes.mark("note 0") == "a"
    assert notes.mark("") == ""
    lines = printed(40, lambda console: show_blocks(console, notes.blocks))
    assert len(lines) == 27
    assert lines[0] == "a: note 0"
    assert lines[-1] == "aa: note 26"


def test_units_go_below_names_and_errors_below_numbers_where_room_is_scarce(printed):
    columns = [Column("Quantity"), Column("Unit", "unit"), *(Column(level, "number") for level in ("5 %", "95 %"))]
    table = Table("", columns, [("time to 5 OOMs", "years", "0.128 ± 0.004", "3.84 ± 0.09")])
    wide, narrow = (printed(columns, of(table)) for columns in (60, 40))
    assert any(" ".join(line.split()) == "time to 5 OOMs years 0.128 ± 0.004 3.84 ± 0.09" for line in wide)
    (row,) = (k for k, line in enumerate(narrow) if line.split() == ["time", "to", "5", "OOMs", "0.128", "3.84"])
    assert narrow[row + 1].split() == ["years", "±", "0.004", "±", "0.09"]
    assert narrow[row + 1].startswith("   years")


def test_intervals_begin_below_each_other(printed):
    table = Table("", [Column("a"), Column("b", "number")], [("x", "1.2 (0.3\u201314)"), ("y", "11.25 (4\u20135)")])
    first, second = (line for line in printed(40, of(table)) if "(" in line)
    assert first.index("(") == second.index("(")


@pytest.mark.parametrize("columns", [30, 80])
def test_bars_are_as_long_as_their_numbers(printed, columns):
    table = Table("", [Column("n"), Column("share", "bar")], [("1", "20 %"), ("2", "10 %"), ("3", "0 %")])
    long, half, none = (line.count("█") for line in printed(columns, of(table)) if "%" in line)
    assert long == 2 * half > none == 0
    assert all(f" {share} %" in " ".join(printed(columns, of(table))) for share in (20, 10, 0))


def test_further_lines_hang(printed):
    lines = printed(20, lambda console: hanging(console, "one two three four five", "  ", "    "))
    assert lines == ["  one two three four", "    five"]
    assert printed(20, lambda console: hanging(console, "", "a  ")) == ["a  "]


def test_text_is_no_markup(printed):
    assert printed(40, lambda console: console.print("[red]x[/] :smile:")) == ["[red]x[/] :smile:"]
    assert printed(10, lambda console: saved(console, "Saved to", ["/a/long/path [x]/f.nc"])) == [
        "Saved to /a/long/path [x]/f.nc"
    ]
