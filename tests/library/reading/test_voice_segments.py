"""Columns of voices that name segments of the customers."""

from __future__ import annotations

from pathlib import Path

import pytest

from forvent.errors import MissingColumn
from forvent.reading import read_voices

FILE = """\
id,text,Plan name,country
1,It came late,  family   plan ,CZ
2,Quick and kind,,cz
3,It was cold,n/a,
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "voices.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_segments_are_kept_as_text_without_the_empty_ones(file: Path) -> None:
    reader = read_voices(file).by(["plan name", "country"])
    voices = list(reader)
    assert reader.segments == ("Plan name", "country")
    assert [voice.segments for voice in voices] == [
        {"Plan name": "family plan", "country": "CZ"},
        {"country": "cz"},
        {},
    ]


def test_without_segments_no_voice_has_any(file: Path) -> None:
    assert [voice.segments for voice in read_voices(file)] == [{}, {}, {}]


def test_a_segment_may_be_a_column_that_is_read_anyway(file: Path) -> None:
    first = next(iter(read_voices(file).by(["id"])))
    assert (first.voice_id, first.segments) == ("1", {"id": "1"})


def test_a_column_that_is_not_there_is_refused_by_name(file: Path) -> None:
    with pytest.raises(MissingColumn) as refused:
        read_voices(file).by(["contry"])
    assert str(refused.value) == (
        "voices.csv has no column “contry” for a segment. Its columns: id, text, Plan name, country. "
        "Did you mean “country”?"
    )
