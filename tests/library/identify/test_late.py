"""What came later or dearer than was promised is not met."""

from __future__ import annotations

import pytest

from forvent.identify import Identifier
from forvent.identify.late import is_late, is_worse
from forvent.language import Span
from forvent.records import Level, Voice

LATE = {
    "en": "The parcel came four days late.",
    "cs": "Zásilka přišla o čtyři dny později.",
    "hy": "Ծանրոցը չորս օր ուշացավ։",
    "nb": "Pakken kom fire dager for sent.",
    "zh": "快递晚到了四天。",
}
DAY, WEEK = Level(1.0, "day", 86_400.0), Level(1.0, "week", 604_800.0)
CHEAP, DEAR = Level(10.0, "EUR", None), Level(12.0, "EUR", None)


@pytest.mark.parametrize("language", LATE)
def test_a_lateness_with_its_length_is_late(language: str) -> None:
    text = LATE[language]
    assert is_late(text, Span(0, len(text)), language)
    assert not is_late(text, Span(0, 1), language)


def test_what_came_in_time_is_not_late() -> None:
    for text in ("The parcel came in four days.", "Two weeks later I still use it.", "It came late."):
        assert not is_late(text, Span(0, len(text)), "en")


def test_more_time_or_money_than_promised_is_worse() -> None:
    assert is_worse("on_time", (DAY, WEEK))
    assert is_worse("fair_price", (CHEAP, DEAR))


@pytest.mark.parametrize(
    ("expectation", "pair"),
    [
        ("on_time", (WEEK, DAY)),
        ("on_time", (DAY, DAY)),
        ("on_time", (None, WEEK)),
        ("on_time", (DAY, None)),
        ("on_time", (CHEAP, DEAR)),
        ("fair_price", (DEAR, CHEAP)),
        ("fair_price", (CHEAP, Level(300.0, "CZK", None))),
        ("product_quality", (DAY, WEEK)),
    ],
)
def test_nothing_else_is_worse(expectation: str, pair: tuple[Level | None, Level | None]) -> None:
    assert not is_worse(expectation, pair)


def test_the_fast_tier_reads_a_lateness_as_unmet() -> None:
    voices = [
        Voice(voice_id=language, text=text, row=row, language=language)
        for row, (language, text) in enumerate(LATE.items(), 1)
    ]
    for voice in Identifier("fast").identify(voices):
        polarities = {one.expectation: one.polarity for one in voice.mentions}
        assert "met" not in {polarities.get(name) for name in ("on_time", "fast_delivery")}, voice.voice_id
