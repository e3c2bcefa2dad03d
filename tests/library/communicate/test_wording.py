"""Every language has every key; durations, counts and percents are those of CLDR."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from babel import Locale

from forvent.communicate import calendar_days, counted, duration, percent_down, wording
from forvent.errors import BadOption
from forvent.tables import LANGUAGES

NOUNS = ("orders", "voices", "customers", "cases")
PLACES = {
    "promise.upper": {"duration"},
    "promise.upper_by_day": {"duration"},
    "promise.upper_working": {"duration"},
    "promise.upper_by_working_day": {"duration"},
    "promise.kept": {"percent", "count"},
    "not_enough.promise": {"count"},
    "delay.apology": {"duration"},
    "waiting.upper": {"duration"},
}
FORM = {
    "en": ("1 day", "2 days", "5 days", "24 days"),
    "cs": ("1 den", "2 dny", "5 dnů", "24 dnů"),
    "hy": ("1 օր", "2 օր", "5 օր", "24 օր"),
    "nb": ("1 døgn", "2 døgn", "5 døgn", "24 døgn"),
    "et": ("1 ööpäev", "2 ööpäeva", "5 ööpäeva", "24 ööpäeva"),
    "zh": ("1天", "2天", "5天", "24天"),
}
HOURS = {
    "en": ("1 hour", "2 hours", "5 hours", "24 hours"),
    "cs": ("1 hodina", "2 hodiny", "5 hodin", "24 hodin"),
    "hy": ("1 ժամ", "2 ժամ", "5 ժամ", "24 ժամ"),
    "nb": ("1 time", "2 timer", "5 timer", "24 timer"),
    "et": ("1 tund", "2 tundi", "5 tundi", "24 tundi"),
    "zh": ("1小时", "2小时", "5小时", "24小时"),
}
MINUTES = {
    "en": ("1 minute", "2 minutes", "5 minutes", "24 minutes"),
    "cs": ("1 minuta", "2 minuty", "5 minut", "24 minut"),
    "hy": ("1 րոպե", "2 րոպե", "5 րոպե", "24 րոպե"),
    "nb": ("1 minutt", "2 minutter", "5 minutter", "24 minutter"),
    "et": ("1 minut", "2 minutit", "5 minutit", "24 minutit"),
    "zh": ("1分钟", "2分钟", "5分钟", "24分钟"),
}


def sentences(tables: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for table, entries in tables.items():
        for key, text in entries.items():
            if table != "counts":
                yield f"{table}.{key}", text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_missing_and_each_has_its_places(language: str) -> None:
    places = {key: set(re.findall(r"{(\w+)}", text)) for key, text in sentences(wording(language))}
    missing = sorted(set(PLACES) - set(places))
    assert missing == []
    assert places == PLACES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_count_is_missing_a_plural_of_its_language(language: str) -> None:
    # Counts are whole, so the category of fractions may be left out.
    whole = {Locale.parse(language).plural_form(n) for n in range(2_000)}
    counts = wording(language)["counts"]
    missing = [(noun, form) for noun in NOUNS for form in whole if form not in counts.get(noun, {})]
    assert missing == []
    assert all("{n}" in text for forms in counts.values() for text in forms.values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("unit", "said"), [("day", FORM), ("hour", HOURS), ("minute", MINUTES)])
def test_durations_have_the_plural_of_their_language(
    language: str, unit: str, said: dict[str, tuple[str, ...]]
) -> None:
    assert tuple(duration(n, unit=unit, language=language) for n in (1, 2, 5, 24)) == said[language]


def test_a_day_of_the_calendar_is_not_one_of_24_hours_where_the_language_tells_them_apart() -> None:
    assert [calendar_days(n, language="nb") for n in (1, 2)] == ["1 dag", "2 dager"]
    assert [calendar_days(n, language="et") for n in (1, 2)] == ["1 päev", "2 päeva"]
    assert [calendar_days(n, language="cs") for n in (1, 2, 5)] == ["1 den", "2 dny", "5 dnů"]
    assert calendar_days(24, language="zh") == "24天"


def test_a_whole_amount_is_said_without_fraction_whatever_its_type() -> None:
    # "5.0" would be "5 dne" in Czech, the plural of fractions.
    assert duration(5.0, unit="day", language="cs") == "5 dnů"
    assert duration(1.5, unit="day", language="cs") == "1,5 dne"


def test_counts_are_grouped_as_the_language_writes_them() -> None:
    assert counted(1234, noun="orders", language="en") == "1,234 orders"
    assert counted(1234, noun="orders", language="cs") == "1\N{NO-BREAK SPACE}234 objednávek"
    assert [counted(n, noun="cases", language="cs") for n in (1, 2, 5)] == [
        "1 případ",
        "2 případy",
        "5 případů",
    ]


@pytest.mark.parametrize(
    ("share", "language", "said"),
    [
        (0.949, "en", "94%"),
        (0.999999, "en", "99%"),
        (1.0, "en", "100%"),
        # 0.29 * 100 is 28.999999999999996 in floating point.
        (0.29, "zh", "29%"),
        (0.94, "cs", "94\N{NO-BREAK SPACE}%"),
        (0.94, "nb", "94\N{NO-BREAK SPACE}%"),
        (0.94, "hy", "94%"),
        (0.94, "et", "94%"),
    ],
)
def test_percents_are_rounded_down(share: float, language: str, said: str) -> None:
    assert percent_down(share, language=language) == said


def test_refuses_languages_units_and_nouns_that_it_does_not_have() -> None:
    with pytest.raises(BadOption) as error:
        wording("de")
    assert str(error.value) == (
        "There is no wording in the language 'de'. Use one of en, cs, hy, nb, et, zh."
    )
    with pytest.raises(BadOption) as error:
        duration(1, unit="week", language="en")
    assert str(error.value) == "The unit 'week' cannot be said. Use one of minute, hour, day."
    with pytest.raises(BadOption) as error:
        counted(1, noun="parcels", language="en")
    assert str(error.value) == (
        "There is no count of 'parcels'. Use one of orders, voices, customers, cases."
    )
