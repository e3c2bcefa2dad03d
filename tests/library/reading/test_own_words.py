"""Of mails and pages only the new words of their writer are read."""

from __future__ import annotations

import pytest

from forvent.reading.own_words import OwnWords, own_words

QUOTED = [
    "It came late.\n\nOn 3 May 2024 at 10:12, Shop <a@shop.example> wrote:\n> Your parcel\n> is on its way",
    "It came late.\n\nDne 3. 5. 2024 v 10:12 Obchod napsal(a):\nVáš balík je na cestě.",
    "It came late.\n\nDen 3. mai 2024 kl. 10:12 skrev Butikk:\nPakken er på vei.",
    "It came late.\n\n3. mai 2024 10:12 Pood kirjutas:\nPakk on teel.",
    "It came late.\n\n2024-05-03 10:12 Խանութը գրել է:\nԾանրոցը ճանապարհին է։",
    "It came late.\n\n在2024年5月3日 10:12，商店写道：\n包裹在路上。",
    "It came late.\n\n-----Original Message-----\nFrom: Shop\nYour parcel is on its way.",
    "It came late.\n\nFra: Butikk\nSendt: mandag\nTil: meg\nEmne: Pakken\n\nPakken er på vei.",
    "It came late.\n\nOd: Obchod\nOdesláno: pondělí\nKomu: mně\nPředmět: Balík\n\nBalík je na cestě.",
    "It came late.\n\n发件人: 商店\n发送时间: 周一\n收件人: 我\n主题: 包裹\n\n在路上。",
    "> Your parcel\n> is on its way\n\nIt came late.",
    "<p>It came late.</p><blockquote><p>Your parcel</p></blockquote>",
    '<div>It came late.</div><div class="gmail_quote">On Monday <div>a</div> wrote</div>',
]
CLOSED = [
    "It came late.\n\nBest regards,\nAnn Smith\nTel. 555 123 4567",
    "It came late.\n\nS pozdravem\nJan Novák",
    "It came late.\nSent from my iPhone",
    "It came late.\nOdesláno z iPhonu",
    "It came late.\n-- \nAnn, Head of Something",
    "It came late.\n\nThis e-mail and any attachments are confidential.\nDelete it.",
    "It came late.\n发自我的iPhone",
]
PLAIN = [
    "I <3 it & you",
    "> 3 days late",
    "first\nsecond",
    "5 < 6\nand 7 > 6",
    "Thanks\nfor all",
    "regards them as rude",
]


@pytest.mark.parametrize("text", QUOTED)
def test_words_of_others_are_left_out(text: str) -> None:
    own = own_words(text)
    assert (own.text, own.quoted) == ("It came late.", True)


@pytest.mark.parametrize("text", CLOSED)
def test_signatures_and_footers_are_left_out(text: str) -> None:
    own = own_words(text)
    assert (own.text, own.closing, own.quoted) == ("It came late.", True, False)


@pytest.mark.parametrize("text", PLAIN)
def test_a_text_that_is_no_mail_stays_as_it_is(text: str) -> None:
    assert own_words(text) == OwnWords(text)


def test_answers_below_a_marked_quote_are_read() -> None:
    text = "On 3 May 2024 Ann wrote:\n> when?\nOn Monday.\n> why?\nIt was late."
    assert own_words(text).text == "On Monday.\nIt was late."


def test_a_page_is_read_as_it_is_seen() -> None:
    page = "<style>p {color: red}</style><p>Late &amp; <b>wet</b><br>twice</p><script>x()</script><!-- no -->"
    assert own_words(page) == OwnWords("Late & wet\ntwice", marked_up=True)


@pytest.mark.parametrize("text", ["> all of it\n> is quoted", "<blockquote>all of it</blockquote>"])
def test_a_mail_passed_on_without_a_word_is_kept(text: str) -> None:
    assert "all of it" in own_words(text).text
    assert not own_words(text).quoted


@pytest.mark.parametrize("piece", ["<", "<!--", "<div>", ">\n", "On 3\n", "From: a\n", "&amp;"])
def test_a_hundred_thousand_characters_are_no_trouble(piece: str) -> None:
    assert isinstance(own_words(piece * (100_000 // len(piece))).text, str)
