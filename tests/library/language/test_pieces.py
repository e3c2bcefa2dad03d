"""Words cut into pieces: the likeliest ones, by hand on a vocabulary of a few."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from forvent.language.model_image import ModelImage
from forvent.language.pieces import Pieces

#: Each piece with its log probability; the first stands for all that is unknown.
KNOWN = {
    "<unk>": 0.0,
    "\u2581": -4.0,
    "l": -6.0,
    "a": -6.0,
    "t": -6.0,
    "e": -6.0,
    "\u2581la": -3.0,
    "te": -2.0,
    "\u2581late": -5.5,
    "ly": -2.0,
    "!": -3.0,
    "太": -5.0,
    "慢": -5.0,
    "了": -5.0,
    "太慢": -6.0,
    "服务": -6.0,
    "服务员": -5.0,
    "\u2581late\u2581ly": -1.0,
}
PLACE = {piece: number for number, piece in enumerate(KNOWN)}
NAME = tuple(KNOWN)


@pytest.fixture
def tiny(image: Callable[..., ModelImage]) -> ModelImage:
    return image(list(KNOWN), list(KNOWN.values()))


@pytest.fixture
def pieces(tiny: ModelImage) -> Pieces:
    return Pieces(tiny)


def cut(pieces: Pieces, text: str, *, most: int = 256) -> list[str]:
    return [NAME[number] for number in pieces.of(text, most=most)]


def test_a_word_is_cut_where_the_sum_of_log_probabilities_is_highest(pieces: Pieces) -> None:
    # ▁la + te is -5, ▁late alone -5.5.
    assert cut(pieces, "late") == ["\u2581la", "te"]
    # ▁late + ly is -7.5; ▁la + te + ly is -7.
    assert cut(pieces, "lately") == ["\u2581la", "te", "ly"]
    # ▁ + t + a is -16: there is no longer piece.
    assert cut(pieces, "ta") == ["\u2581", "t", "a"]


def test_a_sign_that_no_piece_has_is_unknown_and_the_rest_is_not(pieces: Pieces) -> None:
    assert cut(pieces, "laqte") == ["\u2581la", "<unk>", "te"]
    assert cut(pieces, "😀") == ["<unk>"]


def test_case_and_width_make_no_difference(pieces: Pieces) -> None:
    assert cut(pieces, "LATE") == cut(pieces, "ｌａｔｅ") == cut(pieces, "late")


def test_signs_stand_alone_and_blanks_and_underscores_are_left_out(pieces: Pieces) -> None:
    assert cut(pieces, "late!!") == ["\u2581la", "te", "!", "!"]
    assert cut(pieces, " late\n\t late__ ") == ["\u2581la", "te"] * 2


def test_every_chinese_sign_gives_the_pair_it_begins_where_there_is_one(pieces: Pieces) -> None:
    # 太慢 is a piece; 慢了 is none, so 慢 stands for itself; 了 is the last.
    assert cut(pieces, "太慢了") == ["太慢", "慢", "了"]
    assert cut(pieces, "慢太") == ["慢", "太"]
    # Pairs only: the piece of three signs is not used.
    assert cut(pieces, "服务员") == ["服务", "<unk>", "<unk>"]


def test_chinese_beside_latin_letters_without_a_blank_is_read_sign_by_sign(pieces: Pieces) -> None:
    assert cut(pieces, "late太慢了") == ["\u2581la", "te", "太慢", "慢", "了"]
    assert cut(pieces, "太慢late") == ["太慢", "慢", "\u2581la", "te"]


@pytest.mark.parametrize("text", ["", "  \n", "_", "\u200b "])
def test_a_text_without_pieces_is_one_unknown(pieces: Pieces, text: str) -> None:
    assert set(cut(pieces, text)) == {"<unk>"}


def test_only_the_first_pieces_are_told(pieces: Pieces) -> None:
    assert cut(pieces, "late " * 1000, most=5) == ["\u2581la", "te", "\u2581la", "te", "\u2581la"]
    assert len(cut(pieces, "太" * 1000, most=7)) == 7


def test_what_was_forgotten_is_cut_the_same_again(tiny: ModelImage) -> None:
    roomy, narrow = Pieces(tiny), Pieces(tiny, capacity=2)
    texts = ["late lately ta", "太慢了 服务员", "tela late!", "了太慢", "a e t l", "late lately ta"]
    for text in texts + texts[::-1]:
        assert cut(narrow, text) == cut(roomy, text)
        # More than two only where one text alone has them.
        assert len(narrow._table) <= 7


def test_the_exact_model_s_own_reading_keeps_case_and_cuts_at_blanks_only(pieces: Pieces) -> None:
    assert [NAME[number] for number in pieces.of_model("late! LA")] == [
        "\u2581la",
        "te",
        "!",
        "\u2581",
        "<unk>",
        "<unk>",
    ]
    assert pieces.of_model("") == []


def test_a_batch_has_the_pieces_of_its_texts(pieces: Pieces) -> None:
    texts = ["late!", "", "太慢了 lately", "ＬＡＴＥ", "e\u0301 \ud800", "la\x1fte", "late" * 300]
    found, lengths = pieces.of_all(texts, most=256)
    ends = np.cumsum(lengths)
    parts = [found[end - length : end].tolist() for end, length in zip(ends, lengths, strict=True)]
    assert parts == [pieces.of(text, most=256) for text in texts]


def test_words_are_cut_as_the_model_cuts_them_one_by_one(pieces: Pieces) -> None:
    words = ["late", "lately", "tatelaly", "qqlateq", "l", "ely"]
    assert [pieces.of(word, most=99) for word in words] == [pieces.of_model(word) for word in words]


def test_very_long_words_are_cut_in_time(pieces: Pieces) -> None:
    assert len(pieces.of("late" * 25_000, most=256)) == 256


def test_a_batch_is_cut_as_its_texts_are(tiny: ModelImage) -> None:
    texts = [
        "late lately",
        "",
        "太慢了 late",
        "\x1f",
        "late\x1fly!",
        "e\u0301",
        "\u0301late",
        "la " * 20,
        "Σ",
    ]
    for pieces in (Pieces(tiny), Pieces(tiny, capacity=2)):
        for _ in range(2):
            found, lengths = pieces.of_all(texts, most=9)
            parts = np.split(found, np.cumsum(lengths)[:-1])
            assert [part.tolist() for part in parts] == [pieces.of(text, most=9) for text in texts]


def test_a_batch_of_no_texts_has_no_pieces(pieces: Pieces) -> None:
    found, lengths = pieces.of_all([], most=9)
    assert len(found) == len(lengths) == 0
