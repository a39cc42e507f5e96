"""Tables in any terminal: nothing is cut off, names and numbers stay whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ooms.writers.tables import Sheet
from ooms.writers.terminal import Footnotes, hanging, saved, terminal


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


def sheet_of(names, titles, numbers, text, **how) -> Sheet:
    sheet = Sheet("title", **how)
    sheet.label("view")
    sheet.text("what it is")
    for title in titles:
        sheet.number(title)
    for name, row in zip(names, numbers, strict=True):
        sheet.row(name, text, *row)
    return sheet


@given(
    data=st.data(),
    names=st.lists(NAMES, min_size=1, max_size=4, unique=True),
    titles=TITLES,
    text=st.text("ab cd[/]e ", max_size=60),
    columns=st.integers(45, 200),
    several=st.booleans(),
    tall=st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_nothing_is_cut_off(printed, data, names, titles, text, columns, several, tall):
    numbers = [[data.draw(NUMBERS) for _ in titles] for _ in names]
    lines = printed(columns, sheet_of(names, titles, numbers, text, several=several, tall=tall).show)
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
    lines = printed(60, sheet_of(["a"], ["time to 5 ooms"], [["1.0 ± 0.1"]], "said").show)
    (row,) = (line for line in lines if "±" in line)
    assert row.split() == ["a", "said", "1.0", "±", "0.1"]


def test_several_tables_come_before_numbers_on_two_lines(printed):
    titles = ["3 years in 1 year"] * 5
    numbers = [["11.11 ± 0.01"] * 5]
    one, many = (printed(60, sheet_of(["a"], titles, numbers, "x", several=way).show) for way in (False, True))
    assert sum("title" in line for line in one) == 1
    assert not any("11.11 ± 0.01" in line for line in one)
    assert sum("title" in line for line in many) > 1
    assert sum(line.count("11.11 ± 0.01") for line in many) == 5


def test_a_terminal_for_a_few_letters_folds_and_does_not_cut(printed):
    lines = printed(12, sheet_of(["a-long-name-of-a-view"], ["x"], [["11.11 ± 0.01"]], "").show)
    assert max(map(len, lines)) <= 12
    assert "".join("".join(lines).split()).count("a-long-nam") == 1
    assert "e-of-a-view" in "".join(line.split()[0] for line in lines if line.split())


def test_a_sheet_without_rows_is_a_heading(printed):
    assert any("view" in line for line in printed(40, sheet_of([], [], [], "").show))


def test_footnotes_are_told_once_and_lettered(printed):
    notes = Footnotes()
    assert [notes.mark(f"note {k}") for k in range(27)][-2:] == ["z", "aa"]
    assert notes.mark("note 0") == "a"
    assert notes.mark("") == ""
    lines = printed(40, notes.show)
    assert len(lines) == 27
    assert lines[0] == "a  note 0"
    assert lines[-1] == "aa  note 26"


def test_further_lines_hang(printed):
    lines = printed(20, lambda console: hanging(console, "one two three four five", "  ", "    "))
    assert lines == ["  one two three four", "    five"]
    assert printed(20, lambda console: hanging(console, "", "a  ")) == ["a  "]


def test_text_is_no_markup(printed):
    assert printed(40, lambda console: console.print("[red]x[/] :smile:")) == ["[red]x[/] :smile:"]
    assert printed(10, lambda console: saved(console, "Saved to", ["/a/long/path [x]/f.nc"])) == [
        "Saved to /a/long/path [x]/f.nc"
    ]
