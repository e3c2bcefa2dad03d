"""Letter groups: what they count, and that a batch does not matter."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from forvent.identify.ngrams import BUCKETS, letter_groups, ngrams


def test_words_give_groups_of_two_to_five_letters_with_their_edges() -> None:
    # " late ": 5 pairs, 4 threes, 3 fours, 2 fives.
    assert sum(letter_groups("late").values()) == 5 + 4 + 3 + 2


def test_chinese_gives_groups_of_one_to_three_signs() -> None:
    assert sum(letter_groups("太慢了").values()) == 3 + 2 + 1


def test_chinese_and_latin_in_one_run_are_told_apart() -> None:
    assert letter_groups("app太慢") == letter_groups("app") + letter_groups("太慢")


def test_case_width_and_the_digits_themselves_do_not_matter() -> None:
    assert letter_groups("LATE 12") == letter_groups("ｌａｔｅ 97")
    assert letter_groups("Straße") == letter_groups("STRASSE")


def test_order_of_words_does_not_matter_but_their_letters_do() -> None:
    assert letter_groups("came late") == letter_groups("late came")
    assert letter_groups("late") != letter_groups("tale")


def test_an_endless_word_gives_only_the_groups_of_its_beginning() -> None:
    assert letter_groups("a" * 5000) == letter_groups("a" * 40)


def test_texts_without_letters_have_no_groups() -> None:
    assert ngrams(["", "👍", "?!", "late"]).ends.tolist() == [0, 0, 0, 14]
    assert ngrams([]).ends.tolist() == []


def test_only_the_first_two_thousand_signs_are_read() -> None:
    start = ("late again " * 200)[:2000]
    assert np.array_equal(ngrams([start]).buckets, ngrams([start + " kind"]).buckets)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(st.text(st.characters(), max_size=30), max_size=6))
def test_a_text_has_the_same_groups_alone_and_in_a_batch(texts: list[str]) -> None:
    together = ngrams(texts)
    starts = [0, *together.ends.tolist()]
    for text, start, end in zip(texts, starts, starts[1:], strict=False):
        alone = ngrams([text])
        assert np.array_equal(together.buckets[start:end], alone.buckets)
        assert np.array_equal(together.counts[start:end], alone.counts)
    assert ((together.buckets >= 0) & (together.buckets < BUCKETS)).all()
    assert (together.counts >= 1).all()
