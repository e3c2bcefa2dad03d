"""Notes of a reading are told in the language of the report, with their values."""

from __future__ import annotations

import re
import string
from importlib import resources
from pathlib import Path

import pytest

from forvent.reading import read_episodes, read_voices
from forvent.report.notes import note_said
from forvent.report.text_files import REPORT_TEXTS
from forvent.report.wording import Wording, wording
from forvent.tables import LANGUAGES

READING = Path(str(resources.files("forvent.reading")))
NOTES = REPORT_TEXTS.texts("en")["reading_notes"]
OTHERS = [language for language in LANGUAGES if language != "en"]


def words(language: str) -> Wording:
    return wording(language, names={}, scale=None)


def invented(text: str) -> dict[str, str]:
    """A value for every field of a text."""
    names = [name for _, name, *_ in string.Formatter().parse(text) if name]
    return {name: "the day first" if name == "order" else f"«{name}»" for name in names}


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("key", NOTES)
def test_a_note_is_told_in_every_language_with_its_values(language: str, key: str) -> None:
    said = note_said(NOTES[key].format(**invented(NOTES[key])), wording=words(language))
    own = REPORT_TEXTS.texts(language)["reading_notes"][key]
    fields = invented(own)
    if "order" in fields:
        fields["order"] = words(language).say("reading_words.day_first")
    assert said == own.format(**fields)


@pytest.mark.parametrize("key", NOTES)
def test_a_note_is_one_that_the_reading_says(key: str) -> None:
    """The longest part between two values stands in the code, across the lines it is broken into."""
    code = "".join(path.read_text(encoding="utf-8") for path in READING.glob("*.py"))
    joined = re.sub(r'"\s*\n\s*f?"', "", code)
    longest = max((plain for plain, *_ in string.Formatter().parse(NOTES[key])), key=len)
    part = longest.replace(" of “", "").strip()
    assert part in joined


def test_what_no_text_knows_stays_as_it_was_said() -> None:
    assert note_said("The moon is full.", wording=words("hy")) == "The moon is full."


def test_notes_of_real_files_are_told(tmp_path: Path) -> None:
    said = tmp_path / "said.csv"
    said.write_text("when;comment;stars\n01/02/2026;It came late.;4\n03/04/2026;Good.;3\n", encoding="utf-8")
    orders = tmp_path / "orders.csv"
    orders.write_text("created,promised by\n2026-01-02,2026-01-05\n", encoding="utf-8")
    notes = [*read_voices(said).notes, *read_episodes(orders).notes]
    assert len(notes) > 3
    for language in OTHERS:
        assert [note for note in notes if note_said(note, wording=words(language)) == note] == []
