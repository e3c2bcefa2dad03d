"""The words that set a group apart, in scripts with and without blanks."""

from __future__ import annotations

from forvent.identify.discovery.name_words import Vocabulary, words_of

PARKING = [
    "the car park was full",
    "no place in the car park",
    "car park closed at noon",
    "we left the car far off",
]
REST = [
    "the soup was cold",
    "the waiter was kind",
    "the room was small",
    "the bus was on time",
    "a tram was near",
]


def test_usual_words_name_nothing() -> None:
    vocabulary = Vocabulary([("en", text) for text in [*PARKING, *REST]])
    words = vocabulary.apart(PARKING, language="en")
    assert {"car", "park"} == set(words)


def test_chinese_names_are_whole_words_that_do_not_overlap() -> None:
    group = ["停车场太小", "停车场满了", "停车场收费", "找不到停车场"]
    vocabulary = Vocabulary([("zh", text) for text in [*group, "味道不错", "服务员很好", "汤是凉的"]])
    words = vocabulary.apart(group, language="zh")
    assert words[0] == "停车场"
    assert not any(word in other for word in words for other in words if word != other)


def test_equal_groups_have_equal_names_in_any_order() -> None:
    vocabulary = Vocabulary([("en", text) for text in [*REST, *PARKING]])
    reverse = Vocabulary([("en", text) for text in [*PARKING[::-1], *REST[::-1]]])
    assert vocabulary.apart(PARKING, language="en") == reverse.apart(PARKING[::-1], language="en")


def test_at_most_as_many_as_asked() -> None:
    vocabulary = Vocabulary([("en", text) for text in [*PARKING, *REST]])
    assert len(vocabulary.apart(PARKING, language="en", most=1)) == 1


def test_a_language_nobody_else_spoke_still_has_names() -> None:
    group = ["parkplatz zu klein", "kein parkplatz frei", "parkplatz gesperrt"]
    assert Vocabulary([("de", text) for text in group]).apart(group, language="de") == ("parkplatz",)


def test_signs_and_digits_are_no_words() -> None:
    assert words_of("!!! 24/7 :-) --") == set()
