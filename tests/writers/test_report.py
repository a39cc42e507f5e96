"""Reports: what they say is what was computed, in every format; names do no harm; mistakes are told."""

from __future__ import annotations

import base64
import io
import json
import re
import shlex
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import numpy as np
import pypdf
import pytest

import ooms
from ooms.cli import main
from ooms.comparing.explain import GROUPS
from ooms.documents.brief import ASSUMPTIONS, _assumption, brief
from ooms.documents.document import Bullets, Code, Explorer, Figure, Paragraph, Section, Sources, Table
from ooms.files.library import shipped
from ooms.problems import Problems, UserError
from ooms.results.numbers import in_words
from ooms.writers.pdf import pdf
from ooms.writers.report import Report, read_date
from ooms.writers.subjects import kind_of
from studies import small

HEADLINE = "5 ooms in 1 year"
DRAWS = 2**10


@pytest.fixture(scope="module")
def davidson() -> Report:
    return ooms.report("davidson-2025", draws=DRAWS)


@pytest.fixture(scope="module")
def forecast():
    return ooms.forecast("davidson-2025", draws=DRAWS)


class _Text(HTMLParser):
    """The text of a page, and what it would ask the network for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.asked, self.ids, self._inside = "", list[str](), list[str](), ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._inside = tag if tag in ("script", "style") else ""
        if given.get("id"):
            self.ids.append(given["id"])
        self.asked += [given[key] for key in ("src", "data", "srcset") if given.get(key)]
        if tag == "link":
            self.asked.append(given.get("href", ""))

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        self.text += "" if self._inside else data


def tables(report: Report) -> dict[str, Table]:
    return {b.caption: b for s in report.document.sections for b in s.blocks if isinstance(b, Table)}


def test_it_leads_with_the_headline_in_plain_words(davidson, forecast):
    chance = forecast.probability(HEADLINE)
    first = davidson.document.sections[0].blocks[0]
    assert isinstance(first, Paragraph)
    assert first.lead
    assert first.text.startswith(f"A{in_words(chance.value)[1:]} ({100 * chance.value:.0f} %) on the assumptions of")
    assert "\u00b1" not in first.text  # the error is in the tables
    assert first.text in _Text(davidson.html).text
    assert f"{100 * chance.value:.1f}" in davidson.markdown


def test_everything_the_issue_asks_for_is_there(davidson):
    names = [section.name for section in davidson.document.sections]
    assert names == ["answer", "explore", "outcomes", "beliefs", "drivers", "words", "sources", "made"]
    assert [figure.name for figure in davidson.document.figures] == [
        "progress", "exceedance", "times", "fan", "pace", "beliefs", "drivers",
    ]  # fmt: skip
    for figure in davidson.document.figures:
        assert len(figure.said) > 20
        assert figure.said in _Text(davidson.html).text
    assert {"How likely", "How far, how soon, how fast", "Inputs by importance"} < tables(davidson).keys()


def test_numbers_are_the_forecasts_and_have_the_digits_of_their_errors(davidson, forecast):
    for event, chance, words, _ in tables(davidson)["How likely"].rows:
        found = forecast.probability(event)
        value, error = (float(x) for x in chance.split(" ± "))
        assert value == pytest.approx(100 * found.value, abs=10 ** np.floor(np.log10(error)))
        assert error == pytest.approx(100 * found.standard_error, rel=1.0)
        assert words == in_words(found.value)
    for name, _, low, middle, *_ in tables(davidson)["How far, how soon, how fast"].rows:
        for shown, level in ((low, 0.05), (middle, 0.5)):
            if " ± " in shown:
                found = forecast.quantiles(name, level)[0]
                value, error = (float(x) for x in shown.split(" ± "))
                assert value == pytest.approx(found.value, abs=10 ** np.floor(np.log10(error)))


def test_every_belief_has_its_source_and_every_work_is_listed(davidson):
    view = ooms.load("davidson-2025")
    rows = {row[0]: row for row in tables(davidson)["Assumptions of Davidson (2025)"].rows}
    assert rows.keys() == view.beliefs.keys()
    for name, belief in view.beliefs.items():
        assert belief.source in rows[name][-1]
        assert rows[name][2] == str(belief.marginal)
    works = next(b for s in davidson.document.sections for b in s.blocks if isinstance(b, Sources))
    cited = ooms.cite("davidson-2025")
    assert all(work.url in cited for work in works.items)
    assert "## Sources" in davidson.markdown


def test_a_view_with_a_change_says_so_and_names_the_command():
    found = ooms.report(ooms.load("davidson-2025").replace(rho=-0.4), draws=2**9, seed=3)
    code = next(b for s in found.document.sections for b in s.blocks if isinstance(b, Code))
    assert code.text == found.document.command
    assert code.text == "ooms report davidson-2025 --set 'rho = -0.4' --draws 512 --seed 3 -o report.html"
    told = [b for s in found.document.sections for b in s.blocks if isinstance(b, Bullets)]
    assert any("rho = -0.4" in text for bullets in told for _, text in bullets.items)
    assert "davidson-2025 (rho = -0.4)" in found.markdown
    assert "What if: rho = -0.4." in found.document.subtitle
    assert found.document.title.endswith("on the assumptions of Davidson (2025) with rho = -0.4?")


def test_the_page_asks_the_network_for_nothing_and_is_small(davidson):
    page = _Text(davidson.html)
    assert page.asked == []
    assert len(page.ids) == len(set(page.ids))
    assert "default-src 'none'" in davidson.html
    assert len(davidson.html.encode()) < 3e6


@pytest.mark.slow
def test_the_same_report_is_the_same_page(davidson):
    assert ooms.report("davidson-2025", draws=DRAWS).html == davidson.html


def unpacked(column):
    """Values of a column, and the step between them."""
    codes = np.frombuffer(base64.b64decode(column["codes"]), "<u2")
    step = (column["high"] - column["low"]) / 65534
    return np.where(codes == 65535, np.inf, column["low"] + codes * step), step


def test_draws_in_the_page_are_those_of_the_forecast(davidson, forecast):
    explorer = next(b for s in davidson.document.sections for b in s.blocks if isinstance(b, Explorer))
    data = json.loads(re.search(r'id="explorer-data">(.*?)</script>', davidson.html)[1])
    assert data == json.loads(json.dumps(explorer.data))
    for n, column in enumerate(data["times"], 1):
        times, step = unpacked(column)
        kept = forecast.kept[f"time to {n} oom{'s' * (n > 1)}"]
        soon = kept <= 1e4
        assert np.array_equal(np.isfinite(times), soon)
        assert times[soon] == pytest.approx(np.log(kept[soon]), abs=step)
    for given in data["inputs"]:
        values, step = unpacked(given["values"])
        inside = np.clip(forecast.kept[given["name"]], given["low"], given["high"])
        assert values == pytest.approx(np.log(inside) if given["log"] else inside, abs=step)


HEAVY = """
extends = "davidson-2025"

[parameters.workforce]
distribution = "lognormal"
p10 = 1
p90 = 1e4
source = "a test"

[parameters.speed]
distribution = "discrete"
values = [10, 30]
weights = [0.9999, 0.0001]
source = "a test"
"""


def test_heavy_tails_and_rare_values_are_packed_where_they_are_looked_at(tmp_path):
    path = tmp_path / "heavy.toml"
    path.write_text(HEAVY)
    found = ooms.report(path, draws=2**8)
    forecast = ooms.forecast(path, draws=2**8)
    explorer = next(b for s in found.document.sections for b in s.blocks if isinstance(b, Explorer))
    given = {one["name"]: one for one in explorer.data["inputs"]}
    values, _ = unpacked(given["workforce"]["values"])
    assert np.median(values) == pytest.approx(np.log(np.median(forecast.kept["workforce"])), abs=0.01)
    values, _ = unpacked(given["speed"]["values"])
    assert np.all(np.isfinite(values))


# other subjects


def test_views_side_by_side():
    found = ooms.report("epoch-2025", "davidson-houlden-2025", draws=2**9)
    compared = ooms.compare(["epoch-2025", "davidson-houlden-2025"], draws=2**9).sorted()
    rows = tables(found)["How likely, by position, %"].rows
    assert [row[0] for row in rows] == [ooms.load(view).position for view in compared.views]
    assert rows[0][1].startswith(f"{100 * compared.probability(compared.views[0], HEADLINE).value:.0f}")
    assert "views" in [figure.name for figure in found.document.figures]
    assert "Epoch" in found.markdown


@pytest.mark.sweep(1)
@pytest.mark.parametrize("view", shipped())
def test_every_shipped_view_has_a_report(view):
    found = ooms.report(view, draws=2**8)
    assert found.markdown.startswith("# ")
    assert isinstance(found.document.sections[0], Section)


@pytest.mark.slow
def test_a_calibration_shows_prior_posterior_and_what_surveys_did():
    found = ooms.report("calibrated/davidson-2025", draws=2**9)
    calibration = ooms.open_calibration("calibrated/davidson-2025")
    shown = tables(found)
    by_survey = shown["From whom: P(5 OOMs in 1 year), %"]
    assert {row[0] for row in by_survey.rows} == {*calibration.surveys, "all", "none"}
    assert {row[0] for row in shown["What was learnt"].rows} >= set(calibration.names)
    assert str(calibration.provenance.command) in found.markdown
    beliefs = next(table for caption, table in shown.items() if caption.startswith("Assumptions of"))
    assert sum("joint draws" in row[2] for row in beliefs.rows) == len(calibration.names)
    assert max(len(row[2]) for row in beliefs.rows) < 200
    assert any(isinstance(b, Figure) and b.name == "calibration-1" for s in found.document.sections for b in s.blocks)


@pytest.mark.slow
def test_an_unsound_calibration_says_so_first():
    view = ooms.load("calibrated/davidson-2025")
    bad = replace(view, calibration=replace(view.calibration, failed=("R-hat of rho is 1.2, not below 1.01",)))
    found = ooms.report(bad, draws=2**8)
    for text in (found.html, found.markdown):
        assert "UNSOUND" in text
        assert "R-hat of rho is 1.2" in text


def test_a_study_has_its_picture_and_its_cells(tmp_path):
    path = small(tmp_path)
    ooms.run_study(path, tmp_path / "store.zarr", threads=1)
    found = ooms.report(tmp_path / "store.zarr")
    table = next(t for caption, t in tables(found).items() if caption.startswith("Cells, by P("))
    data = ooms.open_study(tmp_path / "store.zarr")
    done = data["probability"].isel(event=0).to_numpy()
    assert len(table.rows) == done.size
    assert float(table.rows[0][-1].split(" ")[0]) == pytest.approx(100 * done.max(), rel=0.05)
    assert [figure.name for figure in found.document.figures] == ["study-1"]
    assert "explorer-data" not in found.html


# by whom, when, and on one page


def test_author_and_day_are_in_every_format():
    found = ooms.report("davidson-2025", draws=2**8, author="A. <i>Author</i>", date="2026-02-03")
    day, draws = "3 February 2026", "256 simulated futures, seed 0"
    line = f"A. <i>Author</i> \u00b7 {day} \u00b7 ooms {ooms.__version__} \u00b7 {draws}"
    assert found.document.byline == line
    assert line in _Text(found.html).text
    assert "3 February 2026" in found.markdown
    paper = read(found)
    assert "3 February 2026" in paper.pages[0].extract_text()
    assert paper.metadata.author == "A. <i>Author</i>"
    assert "--author 'A. <i>Author</i>' --date 2026-02-03" in found.document.command


def test_the_day_is_todays_unless_it_is_given(monkeypatch):
    problems = Problems()
    assert read_date("2026-02-03", "date", problems) == date(2026, 2, 3) == read_date(date(2026, 2, 3), "", problems)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert abs(read_date(None, "date", problems) - date.today()) <= timedelta(days=1)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1770076800")
    assert read_date(None, "date", problems) == date(2026, 2, 3)
    with pytest.raises(UserError, match="'soon' is no day"):
        ooms.report("davidson-2025", date="soon")


@pytest.fixture(scope="module")
def page() -> Report:
    return ooms.report("davidson-2025", draws=2**8, brief=True, author="A. Author", date="2026-02-03")


def read(found: Report) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf(found.document)))


def test_a_brief_is_one_page_that_stands_alone(page):
    names = [section.name for section in page.document.sections]
    assert names == ["question", "answer", "decides", "limits", "made"]
    paper = read(page)
    assert len(paper.pages) == 1
    assert sorted(map(float, paper.pages[0].mediabox[2:])) == pytest.approx([595.276, 841.89], abs=0.01)
    for text in (" ".join(paper.pages[0].extract_text().split()), _Text(page.html).text, page.markdown):
        assert "how likely is it that software alone makes AI training 100,000 times as effective" in text
        assert "about 2 in 3 across 12 other published positions" in text
        assert all(word in text for word in ("Kwa (2026)", "A. Author", "3 February 2026", ooms.__version__))
        assert "kwa-2026" not in text
    assert "explorer-data" not in page.html


def test_what_decides_is_worked_out(page):
    """Where returns are known, they decide nothing; where two positions differ in one assumption, it alone does."""
    decides = next(section for section in page.document.sections if section.name == "decides")
    assert [name.partition(",")[0] for name, _ in decides.blocks[0].items] == ["Returns", "Substitution"]
    view = ooms.load("davidson-2025").replace(returns=1.2)
    comparison = ooms.compare([view, view.replace(software_limit=8)], draws=2**10, events=[HEADLINE], quantities=[])
    main = comparison.views[0]
    (_, _, decides, *_) = brief(comparison, main, HEADLINE, named=2, calibration=None, command="")
    assert [name.partition(",")[0] for name, _ in decides.blocks[0].items] == ["Limits"]
    assert _assumption("returns") == ASSUMPTIONS["returns"]
    assert ASSUMPTIONS.keys() == GROUPS.keys()


@pytest.mark.slow
def test_a_posterior_stands_beside_its_own_published_view():
    found = ooms.report("calibrated/davidson-2025", draws=2**8, brief=True)
    assert "Davidson (2025), fitted to 10 surveys" in found.markdown
    assert "13 other published positions" in found.markdown
    assert "Before the answers of 10 surveys were learnt from" in found.markdown


def test_a_brief_of_a_study_names_its_axes_by_effect(tmp_path):
    ooms.run_study(small(tmp_path), tmp_path / "store.zarr", threads=1)
    found = ooms.report(tmp_path / "store.zarr", brief=True)
    assert len(read(found).pages) == 1
    (axes,) = next(s for s in found.document.sections if s.name == "decides").blocks
    assert [name.partition(",")[0] for name, _ in axes.items]
    assert "combinations of assumptions" in found.markdown


def test_of_several_views_the_range_comes_first():
    found = ooms.report("epoch-2025", "davidson-houlden-2025", draws=2**8)
    assert found.document.title == "How likely is a software intelligence explosion?"
    first, second, third = found.document.sections[:3]
    assert first.blocks[0].text.startswith("From ")
    assert first.blocks[0].text.endswith(" to about 1 in 2 across 2 positions.")
    assert "Davidson & Houlden (2025)" in first.blocks[1].text
    assert [second.name, third.name] == ["debate", "first"]
    assert third.title == "One position in full: Epoch (Erdil & Barnett 2025)"


@pytest.mark.slow
def test_no_section_is_empty_and_no_title_is_there_twice():
    found = ooms.report("epoch-2025", "davidson-houlden-2025", draws=2**8)
    outline = [entry["/Title"] for entry in read(found).outline]
    assert "Try other assumptions" not in outline  # of which paper has nothing
    assert "Try other assumptions" not in found.markdown
    assert "Try other assumptions" in found.html
    figure = next(figure for figure in found.document.figures if figure.name == "views")
    chart, below = figure.untitled
    assert "title" not in chart.to_dict()
    assert "title" in figure.chart.to_dict()
    assert "Thick line" in below
    assert below in _Text(found.html).text


# untrusted text

HOSTILE = """
title = "</title><script>alert(1)</script> [x](javascript:alert(2)) | `a` *b* _c_ $d$ #e"
description = "<img src=x onerror=alert(3)>"
citation = "'\\"><svg onload=alert(4)>"
url = "javascript:alert(5)"
extends = "davidson-2025"

[parameters.rho]
distribution = "uniform"
low = -0.3
high = -0.1
source = "</script><script>alert(6)</script> {{ 7 * 7 }} {% raw %}"
note = "| a | b |\\n- c"
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Report:
    path = tmp_path_factory.mktemp("hostile") / '<b>e role="vil&.toml'
    path.write_text(HOSTILE)
    return ooms.report(path, draws=2**9)


def test_what_users_write_is_text_in_a_page(hostile):
    page = hostile.html
    for tag in ("<script>alert", "<img src=x", "<svg onload", 'href="javascript', "<b>e role"):
        assert tag not in page
    text = _Text(page).text
    wrote = ("<script>alert(1)</script>", "<img src=x onerror=alert(3)>", "{{ 7 * 7 }}", "</script><script>alert(6)")
    for shown in wrote:
        assert shown in text
    assert "49" not in re.findall(r"alert\(6\)</script> (\S+)", text)


def test_what_users_write_is_text_in_markdown(hostile):
    text = hostile.markdown
    assert "<script" not in text.replace("\\<", "")
    assert "](javascript" not in text.replace("\\]", "")
    for line in text.splitlines():
        if line.startswith("| rho | rho | uniform"):
            assert len(re.findall(r"(?<!\\)\|", line)) == 6  # five cells, and no more
            assert "script" in line
            break
    else:
        pytest.fail("the belief is not there")


# the command


def test_the_command_writes_every_format_of_a_small_study(tmp_path, capsys, monkeypatch):
    """Of a study of one cell, which has one picture."""
    monkeypatch.chdir(tmp_path)
    ooms.run_study(small(tmp_path, grid={"rho": [-0.4]}, draws=256), "it.zarr", threads=1)
    outs = ["r.html", "r.md", "r.pdf"]
    words = ["report", "it.zarr", *(x for out in outs for x in ("-o", out))]
    assert main(words) == 0
    assert capsys.readouterr().out.split() == [x for out in outs for x in ("Saved", "to", out)]
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    assert "5 OOMs in 1 year" in (tmp_path / "r.md").read_text()
    page = (tmp_path / "r.html").read_text()
    assert "<svg" in page
    assert main(words) == 0
    assert (tmp_path / "r.html").read_text() == page


@pytest.mark.slow
def test_the_command_writes_every_format_and_says_where(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outs = ["r.html", "r.md", "r.pdf"]
    asked = ["--event", "3 ooms in 1 year", "--set", "rho=-0.4", *(x for out in outs for x in ("-o", out))]
    given = ["report", "davidson-2025", *asked, "--draws", "512"]
    assert main(given) == 0
    assert capsys.readouterr().out.split() == [x for out in outs for x in ("Saved", "to", out)]
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    text = (tmp_path / "r.md").read_text()
    assert shlex.join(["ooms", *given]) in text
    assert "3 OOMs in 1 year" in text
    made = (tmp_path / "r.html").read_text()
    assert main(given) == 0
    assert (tmp_path / "r.html").read_text() == made


def test_mistakes_are_told_all_at_once_and_nothing_is_written(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = ("davidson-2025", "davidson-2026", "calibrated/davidson-2025", "nowhere.zarr")
    wrong = ("-o", "r.doc", "-o", "no/r.pdf", "--draws", "1000", "--set", "roh=1", "--event", "soon")
    assert main(["report", *names, *wrong]) == 2
    told = capsys.readouterr().err
    for text in ("davidson-2026", "'.doc' is no report's", ".html, .pdf, .md", "no folder no", "draws = 1000", "'soon'",
                 "no parameter roh", "which no what-if changes", "nowhere.zarr"):  # fmt: skip
        assert text in told, text
    assert list(tmp_path.iterdir()) == []


def test_nothing_named_is_told_in_python():
    with pytest.raises(UserError, match="nothing is named"):
        ooms.report()


def test_kinds_of_subjects(tmp_path):
    names = ("davidson-2025", "a.toml", "a.nc", "calibrated/davidson-2025", "a.zarr", tmp_path)
    assert [kind_of(x) for x in names] == [
        "view", "view", "calibration", "calibration", "study", "study",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["progress", "drivers"])
def test_plot_writes_a_picture(name, tmp_path, capsys):
    out = tmp_path / "x.svg"
    assert main(["plot", name, "--draws", "512", "-o", str(out)]) == 0
    assert "<svg" in out.read_text()
    assert str(out) in capsys.readouterr().out


@pytest.mark.slow
def test_plot_tells_of_what_the_picture_cannot_show(tmp_path, capsys, recwarn):
    def told(*arguments):
        assert main(["plot", *arguments, "--draws", "512", "-o", str(tmp_path / "x.svg")]) == 0
        return " ".join(capsys.readouterr().out.split())

    assert "warning: no-effect: workforce = 1000 changes nothing" in told(
        "fan", "davidson-houlden-2025", "--set", "workforce=1000"
    )
    share = ("--set", "software_share=0.3")
    assert "warning: not-asked: software_share = 0.3 moves only answers in years of progress" in told("fan", *share)
    assert "warning: davidson-2025: not-asked: software_share" in told(
        "views", "davidson-2025", "--event", "5 ooms in 1 year", *share
    )
    assert "warning" not in told("fan", "--set", "rho=-0.4")
    assert "warning" not in told("beliefs", *share)
    assert not recwarn.list


def test_plot_lists_pictures_and_tells_mistakes(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["plot"]) == 0
    assert "exceedance" in capsys.readouterr().out
    assert main(["plot", "fann", "-o", "x.gif", "--draws", "3"]) == 2
    told = capsys.readouterr().err
    assert all(text in told for text in ("3 problems", "did you mean fan?", "'.gif' is no picture's", "draws = 3"))
    assert main(["plot", "fan", "a", "b", "--event", HEADLINE]) == 2
    assert main(["plot", "learnt", "--set", "rho=1"]) == 2
    assert main(["plot", "study"]) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_what_shares_a_name_is_shown_apart():
    """Two calibrations of one view, or two datasets of one title: neither is shown in the other's place."""
    from xarray import Dataset

    from ooms.writers.subjects import read_subjects

    one, other = (ooms.open_calibration("calibrated/davidson-2025") for _ in range(2))
    studies = [Dataset(attrs={"title": "a study", "number": k}) for k in range(2)]
    problems = Problems()
    found = read_subjects([one, other, *studies, studies[0]], problems)
    assert not len(problems)
    assert found.calibrations == {"davidson-2025": one, "davidson-2025 (2)": other}
    assert [data.attrs["number"] for data in found.studies.values()] == [0, 1]
    assert list(found.studies) == ["a study", "a study (2)"]
