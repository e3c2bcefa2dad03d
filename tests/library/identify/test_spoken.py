"""From what a judge found to mentions: levels, sources, stated or implied, types, doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from forvent.identify import catalogue
from forvent.identify.spoken import Spoken, details
from forvent.language import Span
from forvent.records import Expectation, Level, Mention, Voice


def spoken(text: str, clause: str, expectation: str = "on_time", polarity: str = "unmet") -> Spoken:
    start = text.index(clause)
    place = Span(start, start + len(clause))
    return Spoken(catalogue()[expectation], place, place, polarity, 0.875, False)


def mention(text: str, one: Spoken, *, language: str = "en", rivals: tuple[str, ...] = ()) -> Mention:
    (found,) = details(Voice("v", text, 2), language, [one], rivals=rivals)
    return found


def test_a_mention_has_the_words_and_the_place_of_its_quote() -> None:
    text = "Nice shop. Good soup, rude waiter."
    one = replace(spoken(text, "Good soup, rude waiter.", "friendly_staff"), quote=Span(22, 33))
    found = mention(text, one)
    assert (found.quote, found.start, found.end) == ("rude waiter", 22, 33)
    assert (found.voice_id, found.language, found.confidence) == ("v", "en", 0.875)
    assert (found.expectation, found.polarity, found.doubtful) == ("friendly_staff", "unmet", False)


def test_without_words_of_expecting_it_is_implied_and_of_its_usual_type() -> None:
    text = "The parcel came on Thursday."
    found = mention(text, spoken(text, text))
    assert not found.stated
    assert (found.type, found.source) == (catalogue()["on_time"].usual_type, None)
    rude = "The waiter was rude."
    assert mention(rude, spoken(rude, rude, "friendly_staff")).type == "interpersonal"


def test_words_of_expecting_make_it_stated_and_explicit() -> None:
    text = "The parcel should have been here on Monday."
    found = mention(text, spoken(text, text))
    assert (found.stated, found.type) == (True, "explicit")


def test_a_wish_is_stated_in_any_words() -> None:
    text = "More vegetarian dishes."
    found = mention(text, spoken(text, text, "choice", "wished"))
    assert (found.stated, found.type, found.polarity) == (True, "explicit", "wished")


def test_what_was_promised_and_what_was_got_come_with_it() -> None:
    text = "They promised delivery in 2 days but it took 5 days."
    found = mention(text, spoken(text, "They promised delivery in 2 days", "fast_delivery"))
    assert found.level == Level(2.0, "day", 172800.0)
    assert found.experienced == Level(5.0, "day", 432000.0)
    assert found.stated


def test_the_level_goes_to_the_expectation_it_speaks_of() -> None:
    text = "The waiter was rude. They promised delivery in 2 days."
    rude, late = details(
        Voice("v", text, 2),
        "en",
        [
            spoken(text, "The waiter was rude.", "friendly_staff"),
            spoken(text, "They promised delivery in 2 days.", "fast_delivery"),
        ],
    )
    assert (rude.level, late.level) == (None, Level(2.0, "day", 172800.0))
    assert not rude.stated


def test_a_child_of_a_pack_takes_the_level_its_parent_would() -> None:
    text = "They promised delivery in 2 days."
    child = Expectation("courier_pace", "quick", "receive", "implicit", "basic", "fast_delivery", "own")
    found = mention(text, replace(spoken(text, text), record=child))
    assert found.level == Level(2.0, "day", 172800.0)
    assert (found.expectation, found.stage) == ("courier_pace", "receive")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The website said it takes one day.", "company"),
        ("My friend told me it takes one day.", "word_of_mouth"),
        ("At my old bank it took a day, here a week.", "other_company"),
        ("Last time it came in one day.", "own_experience"),
    ],
)
def test_the_source_is_told_where_the_words_tell_it(text: str, kind: str) -> None:
    source = mention(text, spoken(text, text)).source
    assert source is not None
    assert source.kind == kind


def test_a_rival_is_named_as_the_source() -> None:
    text = "Zebrapost brings it the same day."
    assert mention(text, spoken(text, text)).source is None
    source = mention(text, spoken(text, text), rivals=("Zebrapost",)).source
    assert source is not None
    assert (source.kind, source.name) == ("other_company", "Zebrapost")


def test_doubt_is_kept() -> None:
    text = "Bravo, only a week late."
    assert mention(text, replace(spoken(text, text), doubtful=True)).doubtful


def test_a_touchpoint_that_is_given_goes_before_the_stage() -> None:
    text = "The waiter was rude."
    one = spoken(text, text, "friendly_staff")
    (given,) = details(Voice("v", text, 2, touchpoint="till"), "en", [one])
    assert (given.touchpoint, given.stage) == ("till", one.record.stage)
    assert mention(text, one).touchpoint == one.record.stage


def test_mentions_come_in_the_order_given_and_none_for_none() -> None:
    text = "Rude and late."
    both = [spoken(text, text, "on_time"), spoken(text, text, "friendly_staff")]
    assert [one.expectation for one in details(Voice("v", text, 2), "en", both)] == [
        "on_time",
        "friendly_staff",
    ]
    assert details(Voice("v", text, 2), "en", []) == []
