"""The quotes that are kept while voices stream by."""

from __future__ import annotations

import numpy as np

from forvent.identify import QuoteBook
from forvent.identify.quotes import CONTEXT, LONG
from forvent.records import IdentifiedVoice, Mention, Voice


def said(
    voice_id: str, confidence: float, *, text: str = "It came late.", words: str = "", polarity: str = "unmet"
) -> tuple[Voice, IdentifiedVoice]:
    """A voice with one mention of on_time."""
    quote = words or text
    start = text.index(quote)
    mention = Mention(
        voice_id=voice_id,
        expectation="on_time",
        polarity=polarity,
        stated=False,
        quote=quote,
        start=start,
        end=start + len(quote),
        confidence=confidence,
        language="en",
        touchpoint="receive",
        stage="receive",
    )
    return Voice(voice_id, text, 2), IdentifiedVoice(voice_id, "en", "negative", 0.9, False, (mention,))


def kept(pairs: list[tuple[Voice, IdentifiedVoice]], *, most: int = 3) -> list[str]:
    book = QuoteBook(most=most)
    for pair in pairs:
        book.add(*pair)
    return [quote.voice_id for quote in book.quotes().get("on_time", ())]


def test_keeps_the_surest_the_surest_first() -> None:
    assert kept([said(str(place), place / 10) for place in range(1, 10)]) == ["9", "8", "7"]


def test_what_is_kept_does_not_hang_on_the_order() -> None:
    pairs = [said(f"v{place:02d}", (place % 4) / 4) for place in range(40)]
    wanted = kept(pairs)
    rng = np.random.default_rng(5)
    for _ in range(20):
        assert kept([pairs[place] for place in rng.permutation(len(pairs))]) == wanted


def test_each_polarity_has_quotes_of_its_own_unmet_first() -> None:
    order = ("wished", "met", "mixed", "unmet")
    pairs = [said(f"{polarity}{place}", 0.5, polarity=polarity) for place in range(5) for polarity in order]
    assert [name.rstrip("01234") for name in kept(pairs, most=2)] == [
        *("unmet",) * 2,
        *("met",) * 2,
        *("mixed",) * 2,
        *("wished",) * 2,
    ]


def test_however_many_voices_no_more_is_held() -> None:
    book = QuoteBook(most=4)
    for place in range(2000):
        book.add(*said(str(place), (place * 7 % 1000) / 1000))
    assert sum(map(len, book._kept.values())) == 4


def test_a_long_quote_yields_to_a_shorter_one_that_is_as_sure() -> None:
    long = said("long", 0.9, text="late " * (LONG // 5 + 1))
    assert kept([long, said("short", 0.8)], most=1) == ["short"]


def test_the_words_stand_between_what_was_said_before_and_after() -> None:
    text = "Hello. It came late. Thank you."
    book = QuoteBook()
    book.add(*said("1", 0.9, text=text, words="It came late."))
    (quote,) = book.quotes()["on_time"]
    assert (quote.before, quote.words, quote.after) == ("Hello. ", "It came late.", " Thank you.")


def test_what_is_cut_off_around_the_words_is_marked() -> None:
    text = "a" * 500 + " It came late. " + "b" * 500
    book = QuoteBook()
    book.add(*said("1", 0.9, text=text, words="It came late."))
    (quote,) = book.quotes()["on_time"]
    assert quote.before == "…" + "a" * (CONTEXT - 1) + " "
    assert quote.after == " " + "b" * (CONTEXT - 1) + "…"


def test_no_voices_leave_no_quotes() -> None:
    assert QuoteBook().quotes() == {}


def test_a_quote_that_nothing_cuts_is_not_shown_in_full() -> None:
    book = QuoteBook()
    book.add(*said("1", 0.9, text="late" * 5000))
    (quote,) = book.quotes()["on_time"]
    assert quote.words == "late" * 100 + "…"
