"""Texts that say nothing, in six languages and more."""

import pytest

from forvent.identify import is_content_free

NOTHING = {
    "en": ("ok", "OK!!", "Nothing", "n/a", "N/A", "no comment", "none.", "idk", "xxx", "No comments :)"),
    "cs": ("nic", "Nevím", "ok", "bez komentáře", "Nemám.", "není"),
    "hy": ("չկա", "ոչինչ", "Չգիտեմ", "մեկնաբանություն չունեմ", "այո"),
    "nb": ("ingenting", "Vet ikke", "ingen kommentar", "Nei.", "ikke noe"),
    "et": ("ei", "Ei tea", "pole", "mitte midagi", "ei oska öelda"),
    "zh": ("无", "没有", "不知道", "好的", "没什么", "无。", "暂无评论"),
}
SOMETHING = {
    "en": ("late", "no help at all", "ok but late", "nothing arrived", "none of it worked"),
    "cs": ("pozdě", "nic nefungovalo", "není to ono, přišlo to rozbité"),
    "hy": ("ուշ", "ոչինչ չաշխատեց"),
    "nb": ("sent", "ingenting virket", "ikke noe svar på e-post"),
    "et": ("hilja", "midagi ei töötanud"),
    "zh": ("慢", "没有收到", "不好吃", "贵"),
}


@pytest.mark.parametrize(
    ("language", "text"), [(one, text) for one, texts in NOTHING.items() for text in texts]
)
def test_answers_that_say_nothing_are_recognised(language: str, text: str) -> None:
    assert is_content_free(text)


@pytest.mark.parametrize(
    ("language", "text"), [(one, text) for one, texts in SOMETHING.items() for text in texts]
)
def test_a_word_or_sign_that_says_something_counts(language: str, text: str) -> None:
    assert not is_content_free(text)


@pytest.mark.parametrize(
    "text", ["", " \n\t", "-", "...", "?!", "👍", "😀😀", "5", "10/10", "a", "é", "\x00", "\u202e", "\ud800"]
)
def test_a_text_without_words_says_nothing(text: str) -> None:
    assert is_content_free(text)


def test_case_width_digits_and_signs_do_not_matter() -> None:
    assert all(is_content_free(text) for text in ("ＯＫ", "Ok 👍👍", "--- ok ---", "ok 5", "O.K."[:1] + "k"))
