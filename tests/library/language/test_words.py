"""Words of many texts, whose they are, and what they are known by."""

from forvent.language.signs import DIGIT
from forvent.language.words import words_of

TEXTS = ["Příliš pozdě!", "5 dní", "", "太慢 late", "PRILIS"]


def test_words_belong_to_their_texts() -> None:
    words = words_of(TEXTS)
    assert words.texts.tolist() == [0, 0, 1, 3, 4]
    assert words.keys[0] == words.keys[4]
    assert len(set(words.keys.tolist())) == 4


def test_texts_with_digits_are_told() -> None:
    assert words_of(TEXTS).texts_with(DIGIT).tolist() == [False, True, False, False, False]
    assert words_of([]).texts_with(DIGIT).tolist() == []
