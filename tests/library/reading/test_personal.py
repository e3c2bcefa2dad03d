"""Personal data is taken out where it is sure, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forvent.reading.personal import MARKS, masked
from forvent.reading.personal_checks import is_card, is_iban, is_personal_id

# All of it invented; the numbers have right check digits.
PERSONAL = [
    ("e-mail", "Write to ann.b+shop@mail.example.org please", "Write to [e-mail] please"),
    ("e-mail", "我的邮箱abc_12@post.example请回复", "我的邮箱[e-mail]请回复"),
    ("phone", "Call +420 777 123 456 after six", "Call [phone] after six"),
    ("phone", "volejte 777123456", "volejte [phone]"),
    ("phone", "Ring meg på 912 34 567.", "Ring meg på [phone]."),
    ("phone", "helistage 5123 4567", "helistage [phone]"),
    ("phone", "զանգահարեք 091 23-45-67", "զանգահարեք [phone]"),
    ("phone", "电话13812345678", "电话[phone]"),
    ("phone", "اتصل +٤٢٠ ٧٧٧ ١٢٣ ٤٥٦", "اتصل [phone]"),
    ("phone", "My number: (555) 123-4567", "My number: [phone]"),
    ("card", "charged 4111 1111 1111 1111 twice", "charged [card] twice"),
    ("IBAN", "refund to CZ65 0800 0000 1920 0014 5399 please", "refund to [IBAN] please"),
    ("IBAN", "konto NO9386011117947", "konto [IBAN]"),
    ("order", "my order no. 20431 is late", "my order no. [order] is late"),
    ("order", "objednávka č. 2024001234 nedorazila", "objednávka č. [order] nedorazila"),
    ("order", "ordrenr 99812 kom aldri", "ordrenr [order] kom aldri"),
    ("order", "tellimus nr 55123 ei tulnud", "tellimus nr [order] ei tulnud"),
    ("order", "պատվեր № 78123 չեկավ", "պատվեր № [order] չեկավ"),
    ("order", "订单号20240112没到", "订单号[order]没到"),
    ("order", "parcel RR123456789CZ lost", "parcel [order] lost"),
    ("id", "rodné číslo 736028/5163", "rodné číslo [id]"),
    ("id", "isikukood on 37605030299", "isikukood on [id]"),
    ("id", "身份证11010519491231002X", "身份证[id]"),
    ("id", "https://shop.example/x?order=55&mail=a", "https://shop.example/x?[id]"),
    ("name", "Mr Smith was rude", "Mr [name] was rude"),
    ("name", "paní Nováková byla milá", "paní [name] byla milá"),
    ("name", "fru Hansen hjalp meg", "fru [name] hjalp meg"),
    ("name", "proua Tamm aitas", "proua [name] aitas"),
    ("name", "տիկին Պետրոսյանը օգնեց", "տիկին [name] օգնեց"),
    ("name", "王先生很好", "[name]先生很好"),
    ("name", "Hi Martin, it is late", "Hi [name], it is late"),
    ("name", "Too late.\nBest regards, Ann Smith", "Too late.\nBest regards, [name]"),
    ("address", "Bydlím v ulici Dlouhá 12", "Bydlím v [address]"),
    ("account", "thanks @anna_b for help", "thanks [account] for help"),
    ("IP", "from 192.168.1.20 again", "from [IP] again"),
]
HARMLESS = [
    "It cost 1 299 Kč, then 12 500 Kč, then $1,299.00.",
    "Delivered on 24.12.2024 at 18:30, ordered 2024-12-20 10:05:33.",
    "iPhone 15 Pro, RTX 4090, Airbus A320, WH-1000XM4, Windows 11 and a 55-inch TV",
    "waited 45 minutes, 2-3 days, 10 000 people, 1 000 000 views",
    "order 2 pizzas, order in 2024, order on 12/05/2024",
    "sizes 36 38 40 42 are gone",
    "firmware v1.2.3.4 broke it",
    "Dear customer, dear team, hi all, Hello Kitty mug",
    "Mr Bean and Dr Pepper mugs, a frying pan Tefal",
    "open on Christmas Day and 8 March, 24/7",
    "gikk 5 km på 30 min, 100 % fornøyd",
    "价格199元，3天到货，买了2件",
    "2024 թվականին, 5000 դրամ, 3 օր",
    "谢谢先生们，对于女士很方便",
    "The ratio is 16:9 at 1920x1080, 4.5/5 stars",
]


@pytest.mark.parametrize(("kind", "text", "without"), PERSONAL)
def test_what_is_surely_personal_becomes_a_mark(kind: str, text: str, without: str) -> None:
    found = masked(text)
    assert found.text == without
    assert found.counts == {kind: 1}


@pytest.mark.parametrize("text", HARMLESS)
def test_prices_dates_times_and_models_stay(text: str) -> None:
    assert masked(text).text == text


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([text for _, text, _ in PERSONAL] + HARMLESS + list(MARKS.values())), max_size=5)
)
def test_masking_twice_changes_nothing(texts: list[str]) -> None:
    once = masked(" ".join(texts)).text
    assert masked(once).text == once
    assert not masked(once).counts


def test_the_language_decides_about_words_of_two_languages() -> None:
    assert masked("a pan Novel", "en").text == "a pan Novel"
    assert masked("byl tam pan Novak", "cs").text == "byl tam pan [name]"


def test_a_wrong_check_digit_is_no_card_account_or_id() -> None:
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")
    assert is_iban("EE382200221020145685")
    assert not is_iban("EE382200221020145686")
    assert is_personal_id("37605030299")
    assert not is_personal_id("37605030298")
    assert is_personal_id("11010519491231002X")
    assert not is_personal_id("110105194912310021")


@pytest.mark.parametrize("piece", ["a", "1", "a@", "1 ", "+1", "http://", "order ", "<", "Mr A "])
def test_a_hundred_thousand_characters_are_no_trouble(piece: str) -> None:
    assert isinstance(masked(piece * (100_000 // len(piece))).text, str)
