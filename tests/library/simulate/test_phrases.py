"""Texts are put together as people write them, with true figures in them."""

import numpy as np
import pytest

from forvent.simulate import shop
from forvent.simulate.phrases import Figures, days_in_words, nothing_said, phrases, written
from forvent.tables import LANGUAGES

LATE = Figures(promised=4, actual=6)
NO_FIGURES = Figures()


def many(language: str, *labels: tuple[str, str], figures: Figures = LATE) -> set[str]:
    rng = np.random.default_rng(1)
    return {written(rng, labels=labels, language=language, figures=figures) for _ in range(200)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_expectation_has_phrases_met_and_unmet(language: str) -> None:
    for held in shop.EXPECTATIONS:
        for polarity in ("met", "unmet"):
            found = phrases(language)[held.id, polarity]
            assert len(set(found)) == len(found) >= 5
    assert len(phrases(language)["-", "none"]) >= 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_complaint_about_time_can_be_written_without_figures(language: str) -> None:
    for expectation in ("on_time", "fast_delivery"):
        texts = many(language, (expectation, "unmet"), figures=NO_FIGURES)
        assert len(texts) >= 2
        assert not any("{" in text for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_broken_promises_are_quoted_with_their_figures(language: str) -> None:
    texts = many(language, ("on_time", "unmet"))
    promised, actual = (days_in_words(days, language=language) for days in (4, 6))
    assert any(promised in text and actual in text for text in texts)
    assert not any("{" in text for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_promise_is_not_quoted_where_nobody_says_it_was_broken(language: str) -> None:
    promised = days_in_words(4, language=language)
    assert not any(promised in text for text in many(language, ("fast_delivery", "unmet")))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "5 days"),
        ("cs", "5 dnů"),
        ("nb", "5 dager"),
        ("et", "5 päeva"),
        ("hy", "5 օր"),
        ("zh", "5天"),
    ],
)
def test_days_are_said_as_customers_say_them(language: str, words: str) -> None:
    assert days_in_words(5, language=language) == words


def test_one_day_is_singular() -> None:
    assert [days_in_words(1, language=language) for language in ("en", "cs", "nb", "et")] == [
        "1 day",
        "1 den",
        "1 dag",
        "1 päev",
    ]


@pytest.mark.parametrize(("language", "glued"), [("en", ". "), ("cs", ". "), ("hy", "։ "), ("zh", "。")])
def test_phrases_are_set_apart_by_their_full_stop(language: str, glued: str) -> None:
    first, second = ("product_quality", "unmet"), ("complete_order", "met")
    known = {text.rstrip(".։。") for label in (first, second) for text in phrases(language)[label]}
    for text in many(language, first, second):
        parts = [part for part in known if part in text]
        assert len(parts) == 2
        end = min(text.index(part) + len(part) for part in parts)
        assert text[end:].startswith((glued, "! ", "? ", ". "))


def test_labels_keep_their_order_in_the_text() -> None:
    labels = (("complete_order", "unmet"), ("fair_price", "met"))
    text = written(np.random.default_rng(3), labels=labels, language="en", figures=LATE)
    places = [
        next(text.index(phrase) for phrase in phrases("en")[label] if phrase.rstrip(".") in text)
        for label in labels
    ]
    assert places == sorted(places)


def test_words_about_nothing_never_stand_beside_a_complaint() -> None:
    nothing = [text.rstrip(".") for text in phrases("en")["-", "none"]]
    beside = many("en", ("product_quality", "unmet"))
    alone = many("en")
    assert not any(words in text for text in beside for words in nothing)
    assert all(any(words in text for words in nothing) for text in alone)


def test_some_say_nothing_in_their_own_language() -> None:
    rng = np.random.default_rng(1)
    assert {nothing_said(rng, language="zh") for _ in range(50)} == {"ok", "无", "没有", "不知道"}
