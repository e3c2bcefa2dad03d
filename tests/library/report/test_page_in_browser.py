"""The page in a browser: nothing scrolls sideways, nothing is fetched, all works without script."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forvent.records import Backtest
from forvent.report import backtest_page

CHROMIUM = shutil.which("chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for all tests of this file."""
    # Only needed here, and slow to load.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def report(html: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the shop as a file."""
    return _written(html, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module", params=["html", "backtest_html", "armenian_backtest_html"])
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of findings or of a backtest as a file."""
    return _written(request.getfixturevalue(request.param), tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def armenian_backtest_html(backtest: Backtest) -> str:
    """The backtest in the language with the longest words."""
    return backtest_page(backtest, language="hy", title="«Առաքում»")


def _written(html: str, folder: Path) -> Path:
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8")
    return path


WIDTHS = (320, 390, 641, 961, 1081, 1280)


def test_the_page_never_scrolls_sideways(browser: Any, file: Path) -> None:
    page = browser.new_page()
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
    page.close()
    page.close()


def test_nothing_is_asked_of_the_network_and_nothing_is_blocked(browser: Any, file: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert complaints == []
    page.close()


def test_one_of_both_widths_of_a_picture_is_shown(browser: Any, file: Path) -> None:
    for width, seen in ((390, "narrow"), (1280, "wide")):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(file.as_uri())
        shown = page.evaluate(
            "[...document.querySelectorAll('svg.wide, svg.narrow')]"
            ".filter(each => each.getBoundingClientRect().width > 0)"
            ".map(each => each.classList.contains('wide') ? 'wide' : 'narrow')"
        )
        assert set(shown) == {seen}
        page.close()


def test_quotes_open_by_keyboard(browser: Any, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    summary = page.locator("#gap-on_time summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#gap-on_time blockquote").first.is_visible()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.close()
