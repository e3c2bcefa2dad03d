"""Where sentences and clauses are cut, in scripts with and without spaces."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forvent.language import Span, split_clauses, split_sentences


def sentences(text: str, language: str = "und") -> list[str]:
    return [span.of(text) for span in split_sentences(text, language)]


def clauses(text: str, language: str = "und") -> list[str]:
    return [span.of(text) for span in split_clauses(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("Ուշացավ։ Անձնակազմը բարի էր։", "hy", ["Ուշացավ։", "Անձնակազմը բարի էր։"]),
        ("Ուշացավ: Անձնակազմը բարի էր:", "hy", ["Ուշացավ:", "Անձնակազմը բարի էր:"]),
        ("配送很慢。客服没有回复！下次不来了？", "zh", ["配送很慢。", "客服没有回复！", "下次不来了？"]),
        ("とても良い。また来ます！", "ja", ["とても良い。", "また来ます！"]),
        ("Late again! Why? No idea.", "en", ["Late again!", "Why?", "No idea."]),
        ("first line\nsecond line\n\nthird", "en", ["first line", "second line", "third"]),
        ('He said "never again." Then he left.', "en", ['He said "never again."', "Then he left."]),
        ("Wait... what?! Really", "en", ["Wait...", "what?!", "Really"]),
        ("It was slow.Never again", "en", ["It was slow.", "Never again"]),
    ],
)
def test_sentences_end_at_the_signs_of_their_script(text: str, language: str, parts: list[str]) -> None:
    assert sentences(text, language) == parts


def test_a_colon_ends_a_sentence_in_armenian_only() -> None:
    assert len(sentences("Two things: price and staff", "en")) == 1
    assert sentences("Բացեցին 10:30-ին: Լավ էր", "hy") == ["Բացեցին 10:30-ին:", "Լավ էր"]


@pytest.mark.parametrize(
    "text",
    [
        "We paid approx. twenty euros for it",
        "Dr. Novak was kind",
        "Det tok f.eks. to dager",
        "Koupili jsme např. dva hrnky",
        "Ostsime nt. kaks tassi",
        "Cena byla 3.5 eura",
        "快递3.5天到",
        "See www.example.org/help for it",
        "Přišlo to 5. května",
        "Levert 24. desember som lovet",
    ],
)
def test_abbreviations_decimals_addresses_and_dates_end_nothing(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "...", "?!", ". . !", "👍👍", "\u200b", "\x00"])
def test_a_text_without_letters_or_digits_has_no_parts(text: str) -> None:
    assert split_sentences(text) == ()
    assert split_clauses(text) == ()


@pytest.mark.parametrize(
    ("text", "language", "second"),
    [
        ("The food was lovely but we waited an hour.", "en", "but we waited an hour."),
        ("Jídlo bylo výborné, ale čekali jsme hodinu.", "cs", "ale čekali jsme hodinu."),
        ("Maten var god, men vi ventet en time.", "nb", "men vi ventet en time."),
        ("Toit oli väga hea, aga ootasime tund aega.", "et", "aga ootasime tund aega."),
        ("Ուտելիքը համեղ էր, բայց մեկ ժամ սպասեցինք։", "hy", "բայց մեկ ժամ սպասեցինք։"),
        ("菜很好吃但是等了一个小时", "zh", "但是等了一个小时"),
        ("味道不错，但等太久", "zh", "但等太久"),
        ("O produto é bom, mas chegou tarde", "pt", "mas chegou tarde"),
        ("Das Essen war gut, aber wir warteten lange", "de", "aber wir warteten lange"),
    ],
)
def test_a_contrast_parts_two_clauses(text: str, language: str, second: str) -> None:
    assert clauses(text, language) == [text.removesuffix(second).rstrip(" ,，"), second]


@pytest.mark.parametrize(
    "text",
    ["butter was fine", "but it came late", "ok but late", "但愿下次更好", "就是这样", "alespoň přišel"],
)
def test_words_that_only_look_like_a_contrast_part_nothing(text: str) -> None:
    assert clauses(text) == [text]


def test_only_long_sentences_are_cut_at_commas() -> None:
    short = "It came late, and nobody said a word."
    long = (
        "The waiter brought the wrong dish to us twice, nobody at all apologised for it, "
        "and in the end we paid the full price anyway."
    )
    assert clauses(short, "en") == [short]
    assert clauses(long, "en") == [
        "The waiter brought the wrong dish to us twice",
        "nobody at all apologised for it",
        "and in the end we paid the full price anyway.",
    ]
    assert clauses("房间很干净也很安静，服务态度也特别好，离地铁站非常近，下次还来", "zh") == [
        "房间很干净也很安静",
        "服务态度也特别好",
        "离地铁站非常近，下次还来",
    ]


def test_a_span_gives_back_its_part() -> None:
    assert Span(4, 10).of("the parcel came") == "parcel"


anything = st.text(st.characters(), max_size=200)
feedback = st.lists(
    st.sampled_from(
        ["late", " ", ". ", ", ", " but ", "。", "但是", "։", ": ", "3.5", "\n", "\ud800", "😀", "\x00"]
    ),
    max_size=60,
).map("".join)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(text=anything | feedback, language=st.sampled_from(["en", "hy", "zh", "und"]))
def test_parts_are_in_order_apart_trimmed_and_lose_no_word(text: str, language: str) -> None:
    whole = split_sentences(text, language)
    for spans in (whole, split_clauses(text, language)):
        ends = [0, *(span.end for span in spans)]
        assert all(end <= span.start < span.end for end, span in zip(ends, spans, strict=False))
        assert all(span.of(text) == span.of(text).strip() for span in spans)
        left_out = "".join(text[end : span.start] for end, span in zip(ends, spans, strict=False))
        assert not any(sign.isalnum() for sign in left_out + text[ends[-1] :] if sign not in "但是")
    for clause in split_clauses(text, language):
        assert any(one.start <= clause.start and clause.end <= one.end for one in whole)


@pytest.mark.parametrize(
    "unit", [" ", "ab. ", "abcdef, ", "\n ", " - ", "a\u00a0", "很慢，", ".", ",", "but "]
)
def test_a_text_of_a_hundred_thousand_signs_takes_no_square_of_time(unit: str) -> None:
    # With a cost that grows with the square this would run for hours, not a moment.
    text = "start" + unit * (100_000 // len(unit)) + "end of it"
    assert "".join(clauses(text)).startswith("start")
