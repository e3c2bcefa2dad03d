"""From an empty workspace to a corrected voice, as a person does it, in three languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from visitor import PASSWORD, PHONE, Visitor

from forvent_server.store.models import Correction, Person, Voice


@pytest.mark.parametrize("language", ["en", "hy", "zh"])
def test_from_the_first_run_to_a_corrected_voice(
    visit: Callable[..., Visitor], sample: Path, language: str
) -> None:
    ada = visit(language)
    ada.open_workspace()
    assert Person.objects.get().language == language
    ada.sees_words("today.empty")
    ada.follow("today.empty_do")
    ada.at("/imports/")
    path = ada.upload(sample / "voices.csv", holds="voices")
    ada.let_work()
    ada.go(path)
    ada.sees_words("imports.state_done")
    ada.go("/")
    ada.sees_words("today.changed_first")
    ada.follow("frame.voices")
    ada.at("/voices/")
    ada.sees(ada.words.counted("voices", Voice.objects.count()))
    ada.page.locator("#polarity").select_option("unmet")
    ada.press("voices.find")
    ada.page.get_by_role("link", name=ada.say("voices.open")).first.click()
    ada.sees_words("voices.one")
    ada.press("voices.wrong")
    ada.sees_words("voices.corrected")
    assert Correction.objects.get().by_name == "Ada Berg"


def test_a_file_that_is_none_is_told_in_the_language_of_the_page(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    ada = visit("hy")
    ada.open_workspace()
    file = tmp_path / "empty.csv"
    file.write_bytes(b"")
    ada.go("/imports/")
    ada.page.locator("#file").set_input_files(file)
    ada.press("imports.upload")
    told = ada.page.get_by_role("alert").inner_text()
    assert "empty.csv" in told


def test_signs_in_and_out_with_the_keyboard_alone(visit: Callable[..., Visitor]) -> None:
    ada = visit()
    ada.open_workspace()
    ada.press("frame.sign_out")
    ada.at("/sign-in/")
    keys = ada.page.keyboard
    reached = []
    for _ in range(12):
        keys.press("Tab")
        name = ada.page.evaluate("document.activeElement.name || document.activeElement.tagName")
        reached.append(name)
        if name == "email":
            keys.type("ada@example.org")
        elif name == "password":
            keys.type(PASSWORD)
            keys.press("Enter")
            break
    assert "password" in reached, reached
    ada.at("/")


def test_the_first_stop_of_the_keyboard_leads_past_the_menu(visit: Callable[..., Visitor]) -> None:
    ada = visit()
    ada.open_workspace()
    ada.go("/voices/")
    ada.page.keyboard.press("Tab")
    stop = ada.page.locator(":focus")
    assert stop.inner_text() == ada.say("frame.skip")
    assert stop.bounding_box()["x"] >= 0  # type: ignore[index]
    ada.page.keyboard.press("Enter")
    assert ada.page.url.endswith("#page")
    ada.page.keyboard.press("Tab")
    assert ada.page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("language", ["en", "hy", "zh"])
def test_opens_the_workspace_on_a_phone(visit: Callable[..., Visitor], language: str) -> None:
    ada = visit(language, viewport=PHONE, has_touch=True, is_mobile=True)
    ada.open_workspace()
    assert ada.overflow() == 0
    ada.follow("frame.people")
    ada.at("/people/")
    assert ada.overflow() == 0
