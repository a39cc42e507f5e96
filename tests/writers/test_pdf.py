"""The report as a PDF: everything is in it as text, nothing in it is taken for markup, and its bytes never change."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import altair as alt
import pypdf
import pytest

from ooms.documents.document import (
    Bullets,
    Code,
    Document,
    Explorer,
    Figure,
    Notice,
    Paragraph,
    Section,
    Source,
    Sources,
    Table,
    left,
    right,
)
from ooms.problems import UserError
from ooms.writers import pdf as module
from ooms.writers.pdf import pdf

HOSTILE = [
    '#import "x"', '#panic("x")', "#{1/0}", "$a^2$ and $", "*bold* _slanted_", "back\\slash \\n \\u{1F600}", '"quoted"',
    "'single'", "@ref", "<label>", "</script>", "`raw`", "// comment", "/* open", "= Heading", "- item", "+ item",
    "~ -- --- ...", "https://a.example/x", "#set page(width: 1pt)", "] [", "{ }", "100 % sure", "fi ffl",
]  # fmt: skip

LONG = "The survey asked how much faster progress would be with ten times the compute, and with a tenth of it. "

COMMAND = "ooms report davidson-2025 --set hardware_growth=0.5 --output 'a  b.pdf'"


def chart(title="How many OOMs", name="davidson", width=640):
    rows = [{"x": k, "y": k * k, "who": name} for k in range(5)]
    drawn = alt.Chart(alt.InlineData(values=rows), width=width, height=200).mark_bar()
    return drawn.encode(x=alt.X("x:Q", title=title), y=alt.Y("y:Q", title="Share of draws"), color="who:N")


def one(*blocks, title="A section"):
    return Document("A title", "", [Section("s", title, blocks)], COMMAND)


def read(content):
    return pypdf.PdfReader(io.BytesIO(content))


def squeezed(text):
    """Without what setting adds: spaces, ends of lines, ligatures."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def text_of(content):
    return squeezed("".join(page.extract_text() for page in read(content).pages))


def texts(value):
    """Every text that a document shows, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts(part)
    elif isinstance(value, Figure):
        yield from (value.title, value.caption, value.said)
    elif not isinstance(value, Explorer):
        names = {"name", "kind", "lead", "aside", "danger", "styles", "ends", "apart", "author", "date", "one_page"}
        yield from texts([part for key, part in vars(value).items() if key not in names])


@pytest.fixture(scope="module")
def document():
    rows = [[f"parameter-{k}", f"{k * 1.37:.2f}", LONG[: 30 + 2 * k] * 2] for k in range(60)]
    return Document(
        "How likely is an explosion?",
        "davidson-2025 & others",
        [
            Section("answer", "The answer", [
                Paragraph("A chance of 32 %.", lead=True), Paragraph(LONG * 3),
                Notice(["It failed its checks.", "Do not rely on it."]),
                Table("Chances", left("Event") + right("Chance"), [["5 OOMs", "32 %"]], "Errors are small."),
            ]),
            Section("pictures", "Pictures", [
                Figure("a", "How far?", "Bars: draws.", "Most gain three.", chart()),
                Figure("b", "All of it", "Dots: medians.", "Views differ.", chart("Years", width=960), wide=True),
                Explorer("Choose.", {}),
            ]),
            Section("beliefs", "Beliefs", [
                Table("All beliefs", left("Parameter") + right("Median") + left("Why"), rows),
                Bullets([("rho", "how inputs replace each other"), ("", "only this"), ("only that", "")]),
                Sources([Source("Davidson (2025).", "for rho", "https://example.org/a_paper"),
                         Source("A trap.", "", "javascript:alert(1)")]),
            ]),
            Section("made", "How it was made", [Code(COMMAND)]),
        ],
        COMMAND,
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(document):
    return pdf(document)


def test_every_text_is_in_it(document, made):
    found = text_of(made)
    assert not [text for text in texts(document) if squeezed(text) not in found]
    assert squeezed("lets its reader choose among the draws") in found


def test_the_command_is_shown_once(document, made):
    assert text_of(made).count(squeezed(COMMAND)) == 1
    assert text_of(pdf(one(Paragraph("No command here.")))).count(squeezed(COMMAND)) == 1


def test_words_of_pictures_are_text(made):
    found = text_of(made)
    for words in ("How many OOMs", "Share of draws", "davidson", "Years"):
        assert squeezed(words) in found


def test_pictures_are_lines_not_pixels(made):
    assert not any(page.images for page in read(made).pages)


def test_pages_are_a4_numbered_and_carry_the_title(document, made):
    pages = read(made).pages
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        assert sorted(map(float, page.mediabox[2:])) == pytest.approx([595.276, 841.89], abs=0.01)
        assert squeezed(f"{number} / {len(pages)}") in squeezed(page.extract_text())
        assert squeezed(document.title) in squeezed(page.extract_text())


def test_only_wide_pictures_turn_the_page(made):
    turned = [page for page in read(made).pages if page.mediabox.width > page.mediabox.height]
    assert ["All of it" in page.extract_text() for page in turned] == [True]


def test_heads_of_tables_are_repeated(made):
    pages = [page.extract_text() for page in read(made).pages]
    with_rows = [page for page in pages if "parameter-" in page]
    assert len(with_rows) > 1
    assert all("Median" in page and "Why" in page for page in with_rows)


def test_it_says_what_it_is(document, made):
    reader = read(made)
    assert reader.metadata.title == document.title
    assert [entry["/Title"] for entry in reader.outline] == [section.title for section in document.sections]
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("en")
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


def test_pictures_are_described(made):
    described = [node["/Alt"] for node in tree(read(made).trailer["/Root"]["/StructTreeRoot"]) if "/Alt" in node]
    assert described == ["Most gain three.", "Views differ."]


def tree(node):
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        found = child.get_object()
        if isinstance(found, dict):
            yield found
            yield from tree(found)


def test_only_addresses_of_the_web_are_links(made):
    actions = [note.get_object().get("/A") for page in read(made).pages for note in page.get("/Annots", [])]
    assert {action["/URI"] for action in actions if action} == {"https://example.org/a_paper"}


def test_the_same_report_is_the_same_bytes(document, made):
    assert pdf(document) == made
    assert "/CreationDate" not in read(made).metadata


def test_hostile_text_is_shown_as_it_is():
    many = list(HOSTILE)
    content = pdf(
        Document(
            many[0], many[1],
            [Section("s", text, [Paragraph(text)]) for text in many]
            + [Section("all", "All", [
                Notice(many), Bullets([(text, text) for text in many]), Code("\n".join(many)),
                Table(many[3], left(*many[:3]), [[text] * 3 for text in many], many[4]),
                Sources([Source(text, text, text) for text in many]),
                Figure("f", many[5], many[6], many[7], chart(many[8], many[9])),
            ])],
            many[2],
        )
    )  # fmt: skip
    reader, found = read(content), text_of(content)
    assert reader.metadata.title == many[0]
    for text in many:
        # heading, contents, paragraph, notice, two in bullets, code, three in the table, three in sources
        assert found.count(squeezed(text)) >= 13, text
    assert {entry["/Title"].replace("\u00a0", " ") for entry in reader.outline} >= set(many)


def test_what_cannot_be_seen_is_marked():
    found = text_of(pdf(one(Paragraph("a\x00b\x1b[31mc\u202ed\ud800e\u200bf"), Code("g\x07h"))))
    assert "a\ufffdb\ufffd[31mc\ufffdd\ufffde\ufffdf" in found
    assert "g\ufffdh" in found


def test_letters_that_no_font_has_cost_a_claim_and_nothing_else():
    content = pdf(one(Paragraph("before \U0001f600 \u4e2d\u6587 after"), title="\u4e2d"))
    assert {"before", "after"} <= set(re.findall("before|after", text_of(content)))
    assert b"pdfuaid" not in read(content).trailer["/Root"]["/Metadata"].get_data()
    assert read(content).trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.mark.slow
def test_words_without_an_end_stay_on_the_page():
    long = "x" * 400
    table = Table(long, left(long, "B") + right("9" * 90), [[long, long, "9" * 300]], long)
    figure, source = Figure("f", long, long, long, chart()), Source(long, long, f"https://a.example/{long}")
    blocks = [Paragraph(long), Notice([long]), Bullets([(long, long)]), Code(long), table, Sources([source]), figure]
    content = pdf(Document(long, long, [Section("s", long, blocks)] * 2, long))
    lines = [line for page in read(content).pages for line in page.extract_text().splitlines()]
    assert max(map(len, lines)) < 160  # a word that ran off the page would be one line
    assert text_of(content).count("x") > 2 * 14 * 400


@pytest.mark.sweep(1)
@pytest.mark.parametrize("long", ["word " * 4000, "w" * 6000], ids=["words", "letters"])
def test_cells_longer_than_a_page_go_on(long):
    content = pdf(one(Table("T", left("A", "B"), [["a", long], ["last", "row"]])))
    assert len(read(content).pages) > 1
    assert text_of(content).count("w") >= long.count("w")
    assert "lastrow" in text_of(content)


@pytest.mark.parametrize(
    "document",
    [
        Document("", "", [], ""),
        Document("T", "", [Section("s", "", [])], ""),
        one(Paragraph(""), Notice([]), Bullets([]), Code(""), Sources([]), Sources([Source("")])),
        one(Table("", left("A"), []), Table("", left("", ""), [["", ""]]), Bullets([("", "")])),
    ],
    ids=["nothing", "section", "blocks", "tables"],
)
def test_empty_parts_are_no_fault(document):
    assert pdf(document).startswith(b"%PDF-")


def test_a_chart_with_its_own_looks_keeps_them():
    own = chart().configure_axis(labelFontSize=20)
    drawn, width, height = module._drawn(own)
    assert b"22.00px" in drawn
    assert width > 640
    assert height > 200


def test_a_fault_of_typesetting_is_told_not_raised(monkeypatch, tmp_path):
    broken = tmp_path / "broken.typ"
    broken.write_text("#panic(42)")
    monkeypatch.setattr(module, "_TEMPLATE", broken)
    with pytest.raises(UserError, match="cannot be set as a PDF"):
        pdf(one(Paragraph("x")))


def test_nothing_is_left_behind(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pdf(one(Paragraph("x")))
    assert not list(tmp_path.iterdir())


def test_the_template_asks_for_nothing_but_the_report():
    source = Path(module.__file__).with_name("report.typ").read_text(encoding="utf-8")
    assert re.findall(r"\bjson\(.*\)", source) == ['json("report.json")']
    assert not re.search(r"#?\b(import|include|read|plugin|eval)\b\s*[(\"@]", source)
    assert "@preview" not in source


def test_importing_it_imports_nothing_heavy():
    code = "import sys, ooms.writers.pdf; print({'typst', 'altair', 'vl_convert', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
