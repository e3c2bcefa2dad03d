"""A text that was understood once is told again of every voice that says the same."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from forvent.identify import Identifier
from forvent.identify.told_again import LONGEST, MOST, ToldAgain
from forvent.records import IdentifiedVoice, Mention, Voice


def voice(name: str, text: str, **more: str) -> Voice:
    return Voice(name, text, 2, **more)


class Listener:
    """Understands by repeating the text, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def understand(self, voices: Sequence[Voice]) -> list[IdentifiedVoice]:
        self.asked.append([one.text for one in voices])
        return [
            IdentifiedVoice(one.voice_id, one.language or "en", "neutral", 1.0, False, (mention(one),))
            for one in voices
        ]


def mention(one: Voice) -> Mention:
    return Mention(
        one.voice_id,
        "on_time",
        "unmet",
        False,
        one.text,
        0,
        len(one.text),
        0.5,
        "en",
        one.touchpoint or "",
        "",
    )


def test_asks_for_each_distinct_voice_once_and_answers_in_order() -> None:
    listener = Listener()
    found = ToldAgain(listener.understand).of([voice("1", "late"), voice("2", "fine"), voice("3", "late")])
    assert listener.asked == [["late", "fine"]]
    assert [one.voice_id for one in found] == ["1", "2", "3"]
    assert [one.mentions[0].voice_id for one in found] == ["1", "2", "3"]
    assert [one.mentions[0].quote for one in found] == ["late", "fine", "late"]


def test_keeps_short_texts_in_mind_and_lets_long_ones_go() -> None:
    listener = Listener()
    told = ToldAgain(listener.understand)
    long = "late " * LONGEST
    for batch in range(2):
        told.of([voice(f"a{batch}", "late"), voice(f"b{batch}", long)])
    assert listener.asked == [["late", long], [long]]


@pytest.mark.parametrize("other", [{"touchpoint": "till"}, {"language": "nb"}])
def test_the_same_words_elsewhere_or_in_another_language_are_another_voice(other: dict[str, str]) -> None:
    listener = Listener()
    ToldAgain(listener.understand).of([voice("1", "late"), voice("2", "late", **other)])
    assert listener.asked == [["late", "late"]]


def test_does_not_keep_more_than_its_most() -> None:
    listener = Listener()
    told = ToldAgain(listener.understand)
    told.of([voice(str(place), f"late {place}") for place in range(MOST)])
    told.of([voice("one more", "fine")])
    told.of([voice("again", "late 1")])
    assert [len(batch) for batch in listener.asked] == [MOST, 1, 1]


def test_the_identifier_tells_the_same_of_a_repeated_voice_as_of_a_new_one() -> None:
    texts = ["Rude staff, and four days late.", "ok", "Rude staff, and four days late."]
    first = Identifier("fast").identify([voice("a", texts[0])])
    again = Identifier("fast").identify([voice(name, text) for name, text in zip("xya", texts, strict=True)])
    assert again[2] == first[0]
    assert again[0].mentions
    assert {one.voice_id for one in again[0].mentions} == {"x"}
