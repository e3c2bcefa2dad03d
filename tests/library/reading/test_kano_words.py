"""The five answers, as numbers and as words of six languages."""

from __future__ import annotations

import pytest

from forvent.reading.header_words import field_words, folded, name_score
from forvent.reading.kano_words import AnswerScale, _lists, number_in, read_answer
from forvent.tables import LANGUAGES

ANSWERS = ("like", "must_be", "neutral", "live_with", "dislike")
SAID = {
    "en": (
        "I like it that way",
        "It must be that way",
        "I am neutral",
        "I can live with it that way",
        "I dislike it that way",
    ),
    "cs": ("Líbilo by se mi to", "To musí být", "Je mi to jedno", "Dokážu s tím žít", "To by mi vadilo"),
    "hy": ("Ինձ դուր է գալիս", "Այդպես պետք է լինի", "Չեզոք եմ", "Կարող եմ հանդուրժել", "Ինձ դուր չի գալիս"),
    "nb": (
        "Jeg liker det slik",
        "Det må være slik",
        "Jeg er nøytral",
        "Jeg kan leve med det",
        "Det liker jeg ikke",
    ),
    "et": (
        "Mulle meeldib see",
        "Nii peab olema",
        "Mul on ükskõik",
        "Saan sellega elada",
        "Mulle ei meeldi see",
    ),
    "zh": ("我喜欢这样", "理应如此", "无所谓", "可以忍受", "我不喜欢这样"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_of_each_language_are_the_five_answers(language: str) -> None:
    scale = AnswerScale()
    assert [read_answer(text, scale=scale) for text in SAID[language]] == [1, 2, 3, 4, 5]
    assert [read_answer(text.upper(), scale=scale) for text in SAID[language]] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_listed_phrase_says_its_answer_and_no_other(language: str) -> None:
    entry = _lists()["answers"][language]
    for number, answer in enumerate(ANSWERS, start=1):
        for phrase in entry[answer]:
            assert read_answer(phrase, scale=AnswerScale()) == number, phrase


def test_no_phrase_stands_for_two_answers() -> None:
    known: dict[tuple[str, ...], str] = {}
    for entry in _lists()["answers"].values():
        for answer in ANSWERS:
            for phrase in entry[answer]:
                assert known.setdefault(folded(phrase), answer) == answer, phrase


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1 - I like it", 1),
        ("5) dislike", 5),
        ("(4) live-with", 4),
        ("I don't like it", 5),
        ("I would not like it", 5),
        ("I can't live with it", 5),
        ("I don't mind either way", 3),
        ("I wouldn't mind", -1),
        ("I do not expect it", -1),
        ("不可以接受", -1),
        ("ikke forventet", -1),
        ("great", -1),
        ("like or dislike?", 5),
        ("", 0),
        ("n/a", 0),
        ("#N/A", 0),
        (None, 0),
        (True, -1),
    ],
)
def test_what_turns_the_sense_round_or_says_something_else_is_no_answer(
    text: str | bool, answer: int
) -> None:
    assert read_answer(text, scale=AnswerScale()) == answer


@pytest.mark.parametrize(
    ("ends", "given"),
    [((1, 5), "12345"), ((5, 1), "54321"), ((0, 4), "01234"), ((4, 0), "43210"), ((3, 7), "34567")],
)
def test_numbers_are_read_on_their_scale(ends: tuple[int, int], given: str) -> None:
    scale = AnswerScale(*ends)
    assert [read_answer(number, scale=scale) for number in given] == [1, 2, 3, 4, 5]
    assert read_answer(float(ends[0]), scale=scale) == 1
    assert read_answer(max(ends) + 1, scale=scale) == read_answer(min(ends) - 1, scale=scale) == -1
    assert scale.name == f"{ends[0]}..{ends[1]}"


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("3.0", 3), ("3,00", 3), ("-1", -1), ("3.5", None), ("3 stars", None), ("", None)],
)
def test_only_whole_numbers_are_numbers(text: str, number: int | None) -> None:
    assert number_in(text) == number


def test_names_of_columns_are_known_in_several_languages() -> None:
    for name, field in (
        ("Respondent ID", "respondent"),
        ("受访者编号", "respondent"),
        ("Feature", "feature"),
        ("Vlastnost", "feature"),
        ("functional_answer", "functional"),
        ("Funkční", "functional"),
        ("Düsfunktsionaalne", "dysfunctional"),
        ("反向问题", "dysfunctional"),
    ):
        assert name_score(name, words=field_words("kano")[field]) > 0, name
    assert name_score("dysfunctional", words=field_words("kano")["functional"]) == 0
    assert name_score("functional requirement", words=field_words("kano")["functional"]) == 0
