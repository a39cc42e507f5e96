"""The page of a report as readers meet it: offline, on a phone, in the dark, without scripts, and questioned."""

from __future__ import annotations

import base64
import json
import re
import time

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

import ooms
from ooms.pictures.forecast.beliefs import input_name
from ooms.pictures.forecast.pace import LABOUR

pytestmark = pytest.mark.browser

DRAWS = 2**12
LEVELS = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
PICTURES = ("progress", "exceedance", "times", "fan", "pace", "drivers")
HOSTILE = """
title = "</title><script>alert(1)</script>"
description = "<img src=x onerror=alert(3)>"
url = "javascript:alert(5)"
extends = "davidson-2025"

[parameters.rho]
distribution = "uniform"
low = -0.3
high = -0.1
source = "</script><script>alert(6)</script>"
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """A page of each kind."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "hostile.toml").write_text(HOSTILE)
    (folder / "small.toml").write_text("draws = 512\nquantities = []\ngrid.rho = [-0.4, -0.1]\ngrid.returns = [1, 2]\n")
    ooms.run_study(folder / "small.toml", folder / "small.zarr", threads=1)
    made = {
        "view": ooms.report("davidson-2025", draws=DRAWS),
        "views": ooms.report("davidson-houlden-2025", "epoch-2025", "finite-resources", draws=2**9),
        "calibration": ooms.report("calibrated/davidson-2025", draws=DRAWS),
        "study": ooms.report(folder / "small.zarr"),
        "hostile": ooms.report(folder / "hostile.toml", draws=DRAWS),
    }
    for name, report in made.items():
        report.save(folder / f"{name}.html")
    return {name: folder / f"{name}.html" for name in made}


@pytest.mark.parametrize("kind", ["view", "views", "calibration", "study", "hostile"])
@pytest.mark.parametrize(("width", "dark"), [(1100, False), (390, True)])
def test_a_page_opens_without_a_network_and_fits(opened, pages, kind, width, dark):
    page = opened(pages[kind], width=width, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".picture").count() == page.locator(".picture svg:visible").count()
    for picture in page.locator(".picture svg:visible").all():
        box = picture.bounding_box()
        assert box is not None
        assert box["width"] > 200
        assert box["height"] > 80


@pytest.mark.parametrize("kind", ["view", "views", "calibration", "study"])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(opened, pages, kind, dark):
    page = opened(pages[kind], dark=dark)
    found = Axe().run(page)
    told = [(v["id"], v["help"], [n["html"][:200] for n in v["nodes"]][:3]) for v in found.response["violations"]]
    assert told == []


def test_without_scripts_the_pictures_are_there(opened, pages):
    page = opened(pages["view"], scripts=False)
    for name in PICTURES:
        assert page.locator(f"#figure-{name} svg").is_visible()
    assert "About 1 in 3" in page.locator(".lead").inner_text()


@pytest.mark.parametrize("width", [320, 390, 700, 1100])
def test_keys_of_pictures_are_whole_however_narrow_the_page(opened, pages, width):
    page = opened(pages["view"], width=width)
    for name, labels in (("drivers", ("lowest", "highest")), ("exceedance", ("1 month", "4 years"))):
        picture = page.locator(f"[data-live={name}] svg")
        edge = picture.bounding_box()
        for label in labels:
            box = picture.locator(f"text:text-is('{label}')").first.bounding_box()
            assert box["width"] > 20
            assert edge["x"] <= box["x"]
            assert box["x"] + box["width"] <= edge["x"] + edge["width"], (name, label)


def test_pictures_have_words(opened, pages):
    page = opened(pages["view"])
    for picture in page.locator(".picture").all():
        assert len(picture.get_attribute("aria-label") or "") > 20


def test_text_of_pictures_can_be_read_in_the_dark(opened, pages):
    page = opened(pages["view"], dark=True)
    colours = page.evaluate(
        "[...document.querySelectorAll('.picture svg text')]"
        ".filter(e => e.textContent && e.getAttribute('opacity') !== '0').map(e => getComputedStyle(e).fill)"
    )
    assert len(colours) > 50
    for colour in set(colours):
        red, green, blue = (int(x) / 255 for x in re.findall(r"\d+", colour)[:3])
        assert 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.3, colour


# questioning it


def until(page, condition: str) -> None:
    """Wait for a condition; not by Playwright's own way, which the page's security policy forbids."""
    end = time.monotonic() + 10
    while not page.evaluate(condition):
        assert time.monotonic() < end, condition
        page.wait_for_timeout(50)


class Draws:
    """The draws in a page, read by NumPy: an independent second way to everything its script works out."""

    def __init__(self, page) -> None:
        data = json.loads(page.locator("#explorer-data").text_content())
        self.inputs = {one["name"]: self._packed(one["values"]) for one in data["inputs"]}
        self.axes = {one["name"]: one for one in data["inputs"]}
        self.times = np.exp(np.array([self._packed(column) for column in data["times"]]))
        self.year = self._packed(data["year"])
        self.path = np.array([self._packed(column) for column in data["path"]])
        self.days, self.randomisations = data["days"], data["randomisations"]

    def _packed(self, column):
        codes = np.frombuffer(base64.b64decode(column["codes"]), "<u2")
        values = column["low"] + codes * (column["high"] - column["low"]) / 65534
        return np.where(codes == 65535, np.inf, values)

    def value(self, name, step):
        """A place of a slider, on the scale on which the input is kept: even in logs, or even."""
        low, high = (self.axes[name][end] for end in ("low", "high"))
        log = self.axes[name]["log"]
        low, high = np.log([low, high]) if log else (low, high)
        place = low + (high - low) * step / 200
        # a bound has four digits, so that a link says all of it
        return np.log(float(f"{np.exp(place):.4g}")) if log else float(f"{place:.4g}")


def quantiles(values, q):
    values = np.sort(values)
    place = q * (len(values) - 1)
    low, high = values[int(place)], values[min(int(place) + 1, len(values) - 1)]
    if low == high:
        return low
    return np.inf if np.isinf(high) else low + (place - int(place)) * (high - low)


@pytest.fixture
def chosen(opened, pages):
    """The page with rho in the upper half of its axis and returns below three quarters, and which draws those are."""
    page = opened(pages["view"])
    draws = Draws(page)
    page.evaluate("explorer.choose('rho', 100, 200); explorer.choose('returns', 0, 150)")
    until(page, "document.body.classList.contains('chosen')")
    kept = (draws.inputs["rho"] >= draws.value("rho", 100)) & (draws.inputs["returns"] <= draws.value("returns", 150))
    return page, draws, kept


def test_the_answer_is_that_of_the_draws_that_are_left(chosen):
    page, draws, kept = chosen
    text = page.inner_text("#explorer-answer")
    form = r"\(([\d.]+) ± ([\d.]+) %\) .* from ([\d,]+) simulated futures, of the 4,096"
    share, error, left = re.search(form, text).groups()
    assert int(left.replace(",", "")) == kept.sum()
    reached = draws.times[4] <= 1
    assert float(share) == pytest.approx(100 * reached[kept].mean(), abs=0.06)
    groups = np.arange(len(kept)) % draws.randomisations
    hits, sizes = (np.bincount(groups, weights=w * kept) for w in (reached, np.ones(len(kept))))
    squares = np.sum((hits - reached[kept].mean() * sizes) ** 2) * draws.randomisations / (draws.randomisations - 1)
    assert float(error) == pytest.approx(100 * np.sqrt(squares) / kept.sum(), rel=0.5)
    assert "rho: at least \u22120.1; returns r: at most" in page.inner_text("#explorer-chosen")


def test_rows_of_pictures_are_those_of_the_draws_that_are_left(chosen):
    page, draws, kept = chosen
    rows = {name: page.evaluate(f"explorer.of('{name}')") for name in PICTURES}
    for point in rows["exceedance"]["points"]:
        window = {"1 month": 1 / 12, "3 months": 0.25, "1 year": 1.0, "4 years": 4.0}[point["window"]]
        assert point["chance"] == pytest.approx(100 * np.mean(draws.times[point["n"] - 1][kept] <= window))
    for row in rows["times"]["rows"]:
        times = draws.times[row["n"] - 1][kept]
        for key, level in LEVELS.items():
            assert row[key] == pytest.approx(np.clip(quantiles(times, level), 1 / 365.25, 100))
        assert (row["middle"] is None) == (not 1 / 365.25 <= quantiles(times, 0.5) <= 100)
        late = 100 * np.mean(~(times <= 100))
        assert float(row["never"].strip("<% ")) == pytest.approx(late, abs=0.5) or late < 0.1
    for day, band in enumerate(rows["fan"]["bands"][1:]):
        for key, level in LEVELS.items():
            progress = quantiles(draws.path[day][kept], level)
            assert band[key] == pytest.approx(min(progress, rows["fan"]["frame"][0]["top"]))
    assert len({row["draw"] for row in rows["fan"]["lines"]}) == 16
    edges = [bar["to"] for bar in rows["progress"]["bars"]]
    shares = np.diff([0, *(100 * np.mean(draws.year[kept] <= edge) for edge in edges)])
    assert [bar["share"] for bar in rows["progress"]["bars"]] == pytest.approx(shares)
    some = np.flatnonzero(kept)[:2048]
    for labour, row in list(zip(LABOUR, rows["pace"]["curves"], strict=True))[::9]:
        paces = ooms.pace(labour, 1.0, rho=draws.inputs["rho"][some], compute_share=0.5)
        assert row["q50"] == pytest.approx(np.median(paces), rel=1e-3)
    by_name = {row["input"].split(" ")[0]: row for row in rows["drivers"]["inputs"]}
    order = np.argsort(draws.inputs["returns"][kept], kind="stable")
    quarters = [100 * (draws.times[4][kept][part] <= 1).mean() for part in np.array_split(order, 4)]
    ends = [by_name["returns"][end] for end in ("low", "high")]
    assert ends == pytest.approx([min(quarters), max(quarters)], abs=0.3)


def test_importance_in_the_page_is_that_of_the_engine(opened, pages):
    page = opened(pages["view"])
    rows = page.evaluate("explorer.of('drivers')")["inputs"]
    engine = ooms.forecast("davidson-2025", draws=DRAWS).drivers("5 ooms in 1 year")
    shown = {row["input"]: float(row["text"].strip(" %")) for row in rows}
    for driver in engine:
        assert shown[input_name(driver.name)] == pytest.approx(100 * driver.importance.value, abs=2.5)


def test_every_picture_follows_and_reset_brings_everything_back(opened, pages):
    page = opened(pages["view"])
    shapes = "name => document.querySelector(`[data-live=${name}] svg`).innerHTML"
    before = {name: page.evaluate(shapes, name) for name in PICTURES}
    answer = page.inner_text("#explorer-answer")
    page.evaluate("explorer.choose('returns', 120, 200)")
    page.wait_for_timeout(700)
    for name in PICTURES:
        after = page.evaluate(shapes, name)
        assert after != before[name] or name == "pace", name  # rho was not chosen among
    assert page.inner_text("#explorer-answer") != answer
    page.locator(".explorer-reset").first.click()
    page.wait_for_timeout(700)
    assert page.inner_text("#explorer-answer") == answer
    texts = "name => [...document.querySelectorAll(`[data-live=${name}] svg text`)].map(e => e.textContent).join()"
    again = opened(pages["view"])
    for name in PICTURES:
        assert page.evaluate(texts, name) == again.evaluate(texts, name)


def test_all_draws_are_the_forecasts_own_rows(opened, pages):
    page = opened(pages["view"])
    forecast = ooms.forecast("davidson-2025", draws=DRAWS)
    points = page.evaluate("explorer.rows('exceedance')")["points"]
    for point in points[::5]:
        chance = forecast.probability(f"{point['n']} ooms in {point['window']}")
        assert point["chance"] == pytest.approx(100 * chance.value)


def test_a_link_opens_the_same_choice(opened, pages):
    page = opened(pages["view"])
    page.evaluate("explorer.choose('rho', 50, 150)")
    until(page, "location.hash.startsWith('#!')")
    link = page.evaluate("location.hash")
    again = opened(pages["view"], link=link)
    assert again.inner_text("#explorer-chosen") == page.inner_text("#explorer-chosen") != "no assumption is changed"
    assert again.inner_text("#explorer-answer") == page.inner_text("#explorer-answer")
    page.evaluate("location.hash = '#!returns=..1.2'")
    until(page, "document.querySelector('#explorer-chosen').textContent.includes('returns')")
    broken = opened(pages["view"], link="#!rho=9..a&nothing=1..2&%E0%A4%A=1..3&rho=50-150")
    assert broken.inner_text("#explorer-chosen") == "no assumption is changed"


def test_ones_own_value_takes_the_futures_nearest_to_it_and_says_how_many(opened, pages):
    page = opened(pages["view"])
    draws = Draws(page)
    own = page.locator(".explorer-input .around").first  # rho
    own.fill("-0.13")
    own.press("Enter")
    until(page, "document.body.classList.contains('chosen')")
    low, high = (float(x) for x in re.search(r"rho=(.*)\.\.(.*)", page.evaluate("location.hash")).groups())
    assert low < -0.13 < high
    kept = (draws.inputs["rho"] >= low) & (draws.inputs["rho"] <= high)
    assert 180 < kept.sum() < 220
    assert f"from {kept.sum()} simulated futures, of the 4,096" in page.inner_text("#explorer-answer")
    own.fill("-0.7")
    own.press("Enter")
    until(page, "!document.body.classList.contains('chosen')")
    beyond = page.locator(".explorer-input .beyond").first.inner_text()
    assert "go from \u22120.2 to 0" in beyond
    assert 'ooms forecast davidson-2025 --set "rho=-0.7"' in beyond


def test_what_scrolls_sideways_says_so(opened, pages):
    page = opened(pages["view"], width=390)
    boxes = page.evaluate(
        "[...document.querySelectorAll('.scroll')].map(b => [b.scrollWidth > b.clientWidth + 1, "
        "getComputedStyle(b.previousElementSibling).display !== 'none'])"
    )
    assert [scrolls for scrolls, _ in boxes] == [says for _, says in boxes]
    assert any(scrolls for scrolls, _ in boxes)
    legend = page.locator("#figure-drivers svg").get_by_text("highest").bounding_box()
    picture = page.locator("#figure-drivers svg").bounding_box()
    assert legend["x"] + legend["width"] <= picture["x"] + picture["width"]


def test_histograms_have_an_axis(opened, pages):
    page = opened(pages["view"])
    for row in page.locator(".explorer-input").all():
        assert row.locator(".ticks span").count() >= 2


def test_too_few_draws_are_told_and_say_nothing(opened, pages):
    page = opened(pages["view"])
    page.evaluate("explorer.choose('rho', 100, 101); explorer.choose('returns', 0, 3)")
    until(page, "document.querySelector('#explorer-answer').textContent.startsWith('Only')")
    assert "too few to say anything" in page.inner_text("#explorer-answer")
    assert page.evaluate("document.body.classList.contains('few')")


def test_words_of_pictures_say_that_they_were_redrawn(opened, pages):
    page = opened(pages["view"])
    picture = page.locator("[data-live=progress]")
    before = picture.get_attribute("aria-label")
    page.evaluate("explorer.choose('returns', 120, 200)")
    until(page, "document.body.classList.contains('chosen')")
    words = picture.get_attribute("aria-label")
    assert words.startswith("Redrawn for the simulated futures that are left. Davidson (2025): a")
    page.evaluate("explorer.reset()")
    until(page, "!document.body.classList.contains('chosen')")
    assert picture.get_attribute("aria-label") == before


def test_keys_and_mice_choose(opened, pages):
    page = opened(pages["view"])
    row = page.locator(".explorer-input").first
    row.locator("input").first.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    until(page, "document.body.classList.contains('chosen')")
    assert row.locator("output").inner_text().startswith("at least")
    box = page.locator(".explorer-input svg").nth(5).bounding_box()
    page.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 20, steps=4)
    page.mouse.up()
    page.wait_for_timeout(300)
    assert " to " in page.locator(".explorer-input output").nth(5).inner_text()


# on paper


def on_paper(page, tmp_path):
    """The text of the page as it is printed, and what is visible of its pictures."""
    from pypdf import PdfReader

    page.emulate_media(media="print")
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    return " ".join(" ".join(one.extract_text() for one in PdfReader(tmp_path / "page.pdf").pages).split())


def test_a_choice_of_draws_is_printed_with_all_that_follows_it(chosen, tmp_path):
    """A page that was filtered and printed had the headline of all draws over pictures of few, and no word of it."""
    page, *_ = chosen
    answer, ranges = page.inner_text("#explorer-answer"), page.inner_text("#explorer-chosen")
    assert not page.locator(".filter").first.is_visible()
    paper = on_paper(page, tmp_path)
    assert page.locator("#explorer-answer").is_visible()
    assert not page.locator(".status button").is_visible()
    for name in PICTURES:
        line = page.locator(f"#figure-{name} .filter")
        assert line.is_visible(), name
        assert line.inner_text() == f"Only simulated futures with {ranges}. {answer}"
    assert paper.count(f"Only simulated futures with {ranges}.") == len(PICTURES)
    after = "e => getComputedStyle(e, '::after').content"
    for what in (".lead", "table caption"):
        for element in page.locator(what).all():
            assert element.evaluate(after) == '" (all simulated futures)"'
    assert "(all simulated futures)" in paper


def test_nothing_is_chosen_and_nothing_is_said_of_it_on_paper(opened, pages, tmp_path):
    page = opened(pages["view"])
    page.evaluate("explorer.choose('rho', 50, 150)")
    until(page, "document.body.classList.contains('chosen')")
    page.evaluate("explorer.reset()")
    until(page, "!document.body.classList.contains('chosen')")
    paper = on_paper(page, tmp_path)
    assert "Only simulated futures with" not in paper
    assert "(all simulated futures)" not in paper
    assert not page.locator(".status").is_visible()


def test_too_few_draws_leave_no_stale_picture_on_paper(opened, pages, tmp_path):
    page = opened(pages["view"])
    page.evaluate("explorer.choose('rho', 100, 101); explorer.choose('returns', 0, 3)")
    until(page, "document.body.classList.contains('few')")
    paper = on_paper(page, tmp_path)
    assert paper.count("too few to say anything") >= len(PICTURES)
    for name in PICTURES:
        assert not page.locator(f"[data-live={name}]").is_visible()


def test_a_link_chooses_what_it_says_and_nothing_else(opened, pages, tmp_path):
    page = opened(pages["view"], link="#!rho=-0.15..-0.05")
    page.evaluate("location.hash = '#!returns=..1.2'")
    until(page, "document.querySelector('#explorer-chosen').textContent.includes('returns')")
    assert "rho" not in page.inner_text("#explorer-chosen")
    assert f"Only simulated futures with {page.inner_text('#explorer-chosen')}." in on_paper(page, tmp_path)


def test_paper_is_white_in_the_dark_too(opened, pages):
    page = opened(pages["view"], dark=True)
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate("['background-color', 'color'].map(c => getComputedStyle(document.body)[c])")
    assert colours == ["rgb(255, 255, 255)", "rgb(26, 26, 26)"]
