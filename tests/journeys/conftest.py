"""A real browser before a real server: Chromium, and the workspace with its worker run by the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer
from visitor import Visitor

from forvent.simulate import sample_business, write_sample

#: Where Chromium is looked for, where $CHROMIUM names none.
PLACES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path. One that is named has to be there; where none is, these tests are skipped."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        assert Path(named).exists(), f"$CHROMIUM names {named}, which is not there."
        return named
    found = next((path for place in PLACES if (path := shutil.which(place))), None)
    if found is None:
        pytest.skip("No Chromium was found: install it, or say where it is in $CHROMIUM.")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for a file of tests, closed with it: its loop runs in this thread, where Django lets nobody
    look into the store from inside a loop unless told so, and where other tests start loops of their own."""
    with pytest.MonkeyPatch.context() as changed, sync_playwright() as playwright:
        changed.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@pytest.fixture
def visit(
    browser: Browser, transactional_db: None, live_server: LiveServer
) -> Iterator[Callable[..., Visitor]]:
    """Opens a window of the browser on the workspace; what the page's script complains of fails the test."""
    opened: list[Visitor] = []

    def open_window(language: str = "en", **options: object) -> Visitor:
        opened.append(Visitor(browser, address=live_server.url, language=language, **options))
        return opened[-1]

    yield open_window
    for visitor in opened:
        visitor.close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an invented business's voices and orders."""
    folder = tmp_path_factory.mktemp("sample")
    write_sample(sample_business(customers=120, seed=3), folder)
    return folder
