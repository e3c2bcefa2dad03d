"""A visitor of the workspace: a window of the browser, the words of its language, what it complained of."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, ViewportSize, expect

from forvent.report.wording import Wording
from forvent_server.jobs.worker import Worker
from forvent_server.web.language import words

AXE = Path(__file__).parents[1] / "journeys" / "axe" / "axe.min.js"
#: Everything that WCAG 2.2 asks for at level AA, as far as a program can see it.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOCALES = {"en": "en-GB", "hy": "hy-AM", "zh": "zh-CN"}
PASSWORD = "a long enough word 7"
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 780}
#: A desk at 200 % has half as many pixels of the page's own.
ZOOMED: ViewportSize = {"width": 640, "height": 450}
#: Milliseconds the browser may take for one step; a busy machine is slow.
PATIENCE = 20_000


class Visitor:
    """One person at one window."""

    def __init__(self, browser: Browser, *, address: str, language: str = "en", **options: Any) -> None:
        self.address = address
        self.words: Wording = words(language)
        self._context = browser.new_context(
            locale=LOCALES[language],
            viewport=options.pop("viewport", DESK),
            reduced_motion="reduce",
            **options,
        )
        self._context.set_default_timeout(PATIENCE)
        self.page: Page = self._context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, said: ConsoleMessage) -> None:
        # That an answer was not 200 is told to the visitor by the page itself.
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            self.complaints.append(said.text)

    def say(self, key: str, **fields: object) -> str:
        return self.words.say(key, **fields)

    def go(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"

    def at(self, path: str) -> None:
        """Waits until the window is there."""
        self.page.wait_for_url(self.address + path)

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(self.say(label), exact=True).fill(text)

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=self.say(button), exact=True).first.click()

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=self.say(link), exact=True).first.click()

    def sees(self, text: str) -> Locator:
        found = self.page.get_by_text(text).first
        expect(found).to_be_visible(timeout=PATIENCE)
        return found

    def sees_words(self, key: str) -> Locator:
        return self.sees(self.say(key))

    def open_workspace(self) -> None:
        """The first run: the visitor becomes the owner."""
        self.go("/")
        self.at("/start/")
        self.fill("start.business", "Linden & Co")
        self.fill("start.name", "Ada Berg")
        self.fill("start.email", "ada@example.org")
        self.fill("start.password", PASSWORD)
        self.press("start.button")
        self.at("/")

    def upload(self, file: Path, *, holds: str) -> str:
        """Sends a file and has it read; the path of the page it is on."""
        self.go("/imports/")
        self.page.locator("#file").set_input_files(file)
        self.page.locator("#holds").select_option(holds)
        self.press("imports.upload")
        self.sees_words("imports.understood")
        self.press("imports.start")
        self.sees_words("imports.state_reading")
        return self.page.url.removeprefix(self.address)

    def let_work(self) -> None:
        """Lets the worker do all that waits. The window is empty meanwhile: pages that look again and again
        would share the one connection of a test's database with the worker."""
        self.page.goto("about:blank")
        worker = Worker(name="journey")
        while worker.work_once():
            pass

    def barriers(self) -> list[str]:
        """What axe finds on the page that keeps somebody out: rule, element and what is wrong with it."""
        self.page.evaluate(f"() => {{ {_axe()} }}")
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})"
            ".then(result => result.violations)",
            RULES,
        )
        return [
            f"{one['id']}: {json.dumps(node['target'])}: {node['failureSummary']}"
            for one in found
            for node in one["nodes"]
        ]

    def shown_as(self, *, dark: bool = False, size: ViewportSize = DESK) -> None:
        """The same page in dark or light, in a window of another size."""
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        self.page.set_viewport_size(size)

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )

    def close(self) -> None:
        """Close the window; complaints of the page's script are a bug of ours."""
        self._context.close()
        assert self.complaints == []


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")
