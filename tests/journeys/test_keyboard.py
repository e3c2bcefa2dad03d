"""The main tasks of a Monday by keyboard alone: find a voice, say that it is wrong, plan an action."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from visitor import PHONE, Visitor

from forvent_server.store.models import Correction, Person
from forvent_server.web.menu import MENU

#: Which row of the page holds the focus.
ROW = (
    "Array.from(document.querySelectorAll('[data-row]'))"
    ".findIndex(row => row.contains(document.activeElement))"
)


def reach(visitor: Visitor, name: str, *, most: int = 60) -> None:
    """Tab until the control of this name has the focus."""
    for _ in range(most):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.name + '=' + document.activeElement.value") == name:
            return
    raise AssertionError(f"Tab does not reach {name}.")


def test_a_voice_is_found_opened_and_corrected_by_keyboard(
    visit: Callable[..., Visitor], sample: Path
) -> None:
    ada = visit()
    ada.open_workspace()
    ada.upload(sample / "voices.csv", holds="voices")
    ada.let_work()
    ada.go("/voices/?polarity=unmet")
    keys = ada.page.keyboard
    keys.press("/")
    assert ada.page.evaluate("document.activeElement.id") == "q"
    keys.press("Escape")
    ada.page.evaluate("document.activeElement.blur()")
    keys.press("j")
    keys.press("j")
    assert ada.page.evaluate(ROW) == 1
    keys.press("k")
    assert ada.page.evaluate(ROW) == 0
    ada.page.locator("[data-row] .on a").first.focus()
    keys.press("Enter")
    ada.sees_words("voices.one")
    reach(ada, "action=wrong")
    keys.press("Enter")
    ada.sees_words("voices.corrected")
    assert Correction.objects.get().by == Person.objects.get()


def test_the_menu_of_a_phone_shows_the_page_that_is_open(visit: Callable[..., Visitor]) -> None:
    ada = visit("hy", viewport=PHONE, has_touch=True, is_mobile=True)
    ada.open_workspace()
    for address, *_ in MENU:
        ada.go(address)
        box = ada.page.locator(".bar nav [aria-current]").bounding_box()
        assert box is not None
        assert box["x"] >= 0, address
        assert box["x"] + box["width"] <= PHONE["width"] + 1, address
        assert ada.page.evaluate("window.scrollY") == 0
