"""Words, numbers, dates and plural forms in one language."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from babel import Locale

from forvent.records import Estimate, NotEnough, Scale
from forvent.report.wording import Wording, share_decimals, wording

NAMES = {"on_time": {"name": "On time", "expects": "it when promised"}, "stages": {"receive": "Receive"}}
STARS = Scale(1.0, 5.0)


@pytest.fixture(scope="module")
def english() -> Wording:
    return wording("en", names=NAMES, scale=STARS)


def czech(english: Wording) -> Wording:
    """English sentences with Czech numbers and plural forms."""
    forms = {"one": "{n} hlas", "few": "{n} hlasy", "many": "{n} hlasu", "other": "{n} hlasů"}
    texts = {**english.texts, "counts": {**english.texts["counts"], "voices": forms}}
    return replace(english, language="cs", locale=Locale.parse("cs"), texts=texts)


def test_a_share_is_never_bare(english: Wording) -> None:
    said = english.share(Estimate(0.38, 0.31, 0.45, 172))
    assert said == "38%, between 31 and 45, 172 voices"


def test_numbers_are_written_as_the_language_does(english: Wording) -> None:
    said = czech(english).share(Estimate(0.38, 0.31, 0.45, 1172))
    assert said == "38\xa0%, between 31 and 45, 1\xa0172 hlasů"


@pytest.mark.parametrize(("n", "said"), [(1, "1 hlas"), (3, "3 hlasy"), (5, "5 hlasů"), (0, "0 hlasů")])
def test_plural_forms_follow_the_rules_of_the_language(english: Wording, n: int, said: str) -> None:
    assert czech(english).counted("voices", n) == said


def test_a_form_that_is_missing_falls_back_to_other(english: Wording) -> None:
    texts = {**english.texts, "counts": {"voices": {"other": "{n} voices"}}}
    assert replace(english, texts=texts).counted("voices", 1) == "1 voices"


def test_too_few_answers_are_said_plainly(english: Wording) -> None:
    assert english.share(NotEnough(9, 19, "few")) == "we do not know yet (9 voices)"
    assert english.unknown(NotEnough(1, 19, "few"), noun="cases") == "we do not know yet (1 case)"


@pytest.mark.parametrize(
    ("amount", "decimals"),
    [
        (Estimate(0.5, 0.4, 0.6, 10), 0),
        (Estimate(0.998, 0.98, 1.0, 10), 1),
        (Estimate(0.5, 0.005, 0.6, 10), 1),
        (Estimate(1.0, 0.9, 1.0, 10), 0),
        (Estimate(0.0, 0.0, 0.3, 10), 0),
    ],
)
def test_a_share_near_none_or_all_gets_a_decimal(amount: Estimate, decimals: int) -> None:
    assert share_decimals(amount) == decimals


def test_what_is_not_quite_all_is_never_called_all(english: Wording) -> None:
    assert english.share_value(Estimate(0.998, 0.99, 0.9996, 500)) == "99.8%"


def test_no_minus_zero_and_no_hyphen_for_minus(english: Wording) -> None:
    assert english.number(-0.001, decimals=2) == "0.00"
    assert english.number(-0.45, decimals=2) == "−0.45"
    assert english.percent(-0.0001) == "0%"


def test_rating_differences_are_in_points_of_the_scale_as_given(english: Wording) -> None:
    assert english.rating_points(-0.45) == "1.80"
    said = english.rating_difference(Estimate(-0.45, -0.5, -0.4, 589))
    assert said == "−1.80, between −2.00 and −1.60, 589 voices"


def test_mean_ratings_are_on_the_scale_as_given(english: Wording) -> None:
    assert english.rating(Estimate(0.75, 0.5, 1.0, 20)) == "4.00, between 3.00 and 5.00, 20 voices"
    assert english.rating_range(Estimate(0.75, 0.5, 1.0, 20)) == "4.00 (3.00 to 5.00)"
    assert english.rating_range(NotEnough(1, 5, "few")) == "–"


def test_long_scales_need_fewer_decimals() -> None:
    hundred = wording("en", names=NAMES, scale=Scale(0.0, 100.0))
    assert hundred.rating_points(0.123) == "12.3"
    assert hundred.scale_name() == "0 to 100"


def test_without_a_scale_ratings_stay_in_0_to_1() -> None:
    assert wording("en", names=NAMES, scale=None).rating_points(0.45) == "0.45"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(1, "day", "1 day"), (4.0, "days", "4 days"), (12.4, "day", "12.4 days"), (90, "minute", "90 minutes")],
)
def test_durations_have_their_unit(english: Wording, value: float, unit: str, said: str) -> None:
    assert english.duration(value, unit=unit) == said


def test_dates_are_written_out(english: Wording) -> None:
    assert english.date(datetime(2024, 3, 5)) == "March 5, 2024"
    assert czech(english).date(datetime(2024, 3, 5)) == "5. března 2024"


def test_names_come_from_the_catalogue_else_from_the_id(english: Wording) -> None:
    assert english.name("on_time") == "On time"
    assert english.name("cold_beer") == "Cold beer"
    assert english.expects("cold_beer") == ""
    assert english.label("stages", "receive") == "Receive"
    assert english.label("kinds", "basic") == "Basic"


def test_a_language_without_texts_is_shown_in_english() -> None:
    assert wording("xx", names=NAMES, scale=None).language == "en"


@pytest.mark.parametrize("language", ["", "../texts/en", "en.toml", "e n"])
def test_a_language_code_never_reaches_outside_the_folder(language: str) -> None:
    assert wording(language, names=NAMES, scale=None).language == "en"


def test_languages_and_lists_are_named_in_the_language(english: Wording) -> None:
    assert english.language_name("hy") == "Armenian"
    assert english.language_name("tlh-x-invented") == "tlh-x-invented"
    assert english.list_of(["a", "b", "c"]) == "a, b, and c"


def test_a_text_that_is_looked_up_falls_back_to_its_key(english: Wording) -> None:
    assert english.looked_up("score_names", "csat") == "CSAT"
    assert english.looked_up("score_names", "new_score") == "new_score"
