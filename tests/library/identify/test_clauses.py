"""The parts that voices are judged by."""

from __future__ import annotations

import pytest

from forvent.identify.clauses import clauses_of
from forvent.records import Voice


@pytest.mark.parametrize(
    ("text", "language", "clauses", "several"),
    [
        ("It came late.", "en", 1, False),
        ("The food was lovely but we waited an hour for it.", "en", 2, False),
        ("The food was lovely. We waited an hour for it.", "en", 2, True),
        ("The food was lovely but we waited an hour. Never again.", "en", 3, True),
        ("菜很好吃。等了一个小时。", "zh", 2, True),
        ("...", "en", 0, False),
    ],
)
def test_a_voice_is_cut_into_clauses_and_known_by_its_sentences(
    text: str, language: str, clauses: int, several: bool
) -> None:
    parts = clauses_of([Voice(voice_id="v1", text=text, row=2)], [language])
    assert parts.clauses.tolist() == [clauses]
    assert parts.sentences.tolist() == [several]


def test_the_whole_text_stands_behind_its_clauses() -> None:
    said = [
        Voice(voice_id="v1", text="Fine.", row=2),
        Voice(voice_id="v2", text=" The food was lovely. We waited an hour. ", row=3),
    ]
    parts = clauses_of(said, ["en", "en"])
    assert parts.first.tolist() == [0, 1]
    assert parts.whole.tolist() == [0, 3]
    assert parts.texts[3] == "The food was lovely. We waited an hour."
    assert parts.voice_rows.tolist() == [0, 3, 3, 3]
