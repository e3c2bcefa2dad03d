from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from forvent.errors import BadOption, MissingColumn
from forvent.reading.cells import Cell
from forvent.reading.columns import Columns, guess_columns
from forvent.reading.header_words import EXACT, UNFIT, field_words, folded, name_score
from forvent.reading.sample import Sample

# What stands in a column, by field; each language below only changes the headers.
CONTENT: Mapping[str, Sequence[Cell]] = {
    "text": [
        "The parcel came a week too late",
        "Friendly driver, thank you",
        "Nobody answered the phone",
        "ok",
    ],
    "title": ["Late", "Friendly", "No answer", "ok"],
    "id": ["r1", "r2", "r3", "r4"],
    "time": ["2024-05-01", "2024-05-02", "2024-05-03", "2024-05-04"],
    "rating": [1, 5, 2, 4],
    "channel": ["web", "mail", "web", "mail"],
    "touchpoint": ["delivery", "delivery", "hotline", "shop"],
    "customer": ["c1", "c2", "c1", "c3"],
    "language": ["en", "en", "cs", "en"],
    "episode": ["1001", "1002", "1003", "1004"],
    "start": ["2024-05-01 10:00", "2024-05-02 11:00", "2024-05-03 12:00", "2024-05-04 13:00"],
    "promised": ["2024-05-03", "2024-05-04", "2024-05-05", "2024-05-06"],
    "delivered": ["2024-05-02 18:00", "2024-05-06 18:00", "2024-05-05 18:00", None],
    "status": ["delivered", "delivered", "delivered", "cancelled"],
}
OTHER: Mapping[str, Sequence[Cell]] = {
    "price": [9.9, 19.9, 4.5, 12.0],
    "postcode": ["11000", "60200", "30100", "11000"],
}


def guess(
    headers: Mapping[str, Sequence[Cell]], *, kind: str = "voices", given: Mapping[str, str] | None = None
) -> Columns:
    sample = Sample(rows=tuple(zip(*headers.values(), strict=True)), total=4, step=1)
    return guess_columns(list(headers), sample=sample, kind=kind, given=given or {}, file="f.csv")


VOICE_HEADERS = {
    "English": (
        "text=Comment; id=Review ID; time=Created At; rating=Stars; customer=CustomerEmail; episode=Order No."
    ),
    "Czech": (
        "text=Komentář; title=Nadpis; id=ID recenze; time=Datum; rating=Hodnocení; "
        "customer=Zákazník; episode=Číslo objednávky; language=Jazyk"
    ),
    "Norwegian": (
        "text=Tilbakemelding; title=Overskrift; time=Dato; rating=Vurdering; "
        "channel=Kanal; customer=Kunde; episode=Ordrenummer; language=Språk"
    ),
    "Estonian": (
        "text=Tagasiside; title=Pealkiri; time=Kuupäev; rating=Hinnang; channel=Allikas; "
        "touchpoint=Puutepunkt; customer=Klient; episode=Tellimuse nr; language=Keel"
    ),
    "Armenian": (
        "text=Մեկնաբանություն; title=Վերնագիր; time=Ամսաթիվ; rating=Գնահատական; "
        "channel=Ալիք; customer=Հաճախորդ; episode=Պատվերի համար; language=Լեզու"
    ),
    "Chinese": (
        "text=评价内容; title=标题; id=编号; time=评价时间; rating=评分; channel=来源; touchpoint=触点; "
        "customer=用户; episode=订单号; language=语言"
    ),
    "German": (
        "text=Rückmeldung; title=Überschrift; time=Erstellt am; rating=Bewertung; "
        "customer=Kundennummer; episode=Bestellnummer; language=Sprache"
    ),
    "Portuguese": (
        "text=Comentário; title=Título; time=Data; rating=Nota; channel=Canal; "
        "customer=Cliente; episode=Número do pedido; language=Idioma"
    ),
}
EPISODE_HEADERS = {
    "English": (
        "episode=Order ID; start=Ordered at; promised=Promised date; delivered=Delivered at; status=Status"
    ),
    "Czech": (
        "episode=Číslo objednávky; start=Datum objednávky; promised=Slíbený termín; "
        "delivered=Doručeno; status=Stav"
    ),
    "Norwegian": (
        "episode=Ordre; start=Bestilt; promised=Lovet dato; delivered=Levert; status=Status; customer=Kunde"
    ),
    "Estonian": (
        "episode=Tellimus; start=Tellitud; promised=Lubatud kuupäev; delivered=Tarnitud; status=Olek"
    ),
    "Armenian": ("episode=Պատվեր; start=Պատվիրված; promised=Խոստացված; delivered=Առաքված; status=Կարգավիճակ"),
    "Chinese": "episode=订单号; start=下单时间; promised=预计送达时间; delivered=送达时间; status=订单状态",
    "German": (
        "episode=Auftragsnummer; start=Bestelldatum; promised=Liefertermin; "
        "delivered=Geliefert am; status=Status"
    ),
    "Portuguese": (
        "episode=Pedido; start=Data do pedido; promised=Previsão de entrega; "
        "delivered=Data da entrega; status=Situação"
    ),
}


@pytest.mark.parametrize("kind", ["voices", "episodes"])
@pytest.mark.parametrize("language", VOICE_HEADERS)
def test_knows_the_columns_by_their_names_in_eight_languages(kind: str, language: str) -> None:
    written = (VOICE_HEADERS if kind == "voices" else EPISODE_HEADERS)[language]
    headers = dict(pair.split("=") for pair in written.split("; "))
    # Unrelated columns come first, so that order alone cannot make the guess right.
    columns = guess({**OTHER, **{header: CONTENT[field] for field, header in headers.items()}}, kind=kind)
    mapping = dict(columns.mapping)
    if kind == "voices" and "id" not in headers:
        assert mapping.pop("id") == mapping["episode"]
    assert mapping == headers


def test_content_decides_between_columns_of_like_names() -> None:
    columns = guess({"comment": [1, 2, 3, 4], "comment text": CONTENT["text"], "date": ["a", "b", "c", "d"]})
    assert columns.mapping == {"text": "comment text"}


def test_finds_a_column_of_sentences_whatever_its_name() -> None:
    columns = guess({"q1": [1, 2, 3, 4], "q7": CONTENT["text"], "q8": CONTENT["time"]})
    assert columns.mapping == {"text": "q7", "time": "q8"}


def test_takes_no_customer_for_what_only_belongs_to_one() -> None:
    columns = guess(
        {
            "text": CONTENT["text"],
            "customer_state": ["SP", "RJ", "SP", "MG"],
            "customer_zip": ["1", "2", "3", "4"],
        }
    )
    assert columns.mapping == {"text": "text"}


def test_the_order_is_no_id_of_a_voice_where_orders_have_several() -> None:
    columns = guess({"text": CONTENT["text"], "order_id": ["1", "1", "1", "2"]})
    assert columns.mapping == {"text": "text", "episode": "order_id"}


def test_a_person_overrules_the_guess_and_may_switch_it_off() -> None:
    headers = {"comment": CONTENT["text"], "reply": CONTENT["text"], "stars": CONTENT["rating"]}
    columns = guess(headers, given={"text": "Reply", "rating": "-"})
    assert columns.mapping == {"text": "reply"}
    assert columns.guessed == ()


def test_tells_of_a_column_that_fits_as_well() -> None:
    columns = guess({"text": CONTENT["text"], "date": CONTENT["time"], "created at": CONTENT["start"]})
    assert columns.notes == ("“date” was taken for time; it might also be “created at”.",)


def test_a_named_column_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(MissingColumn) as missing:
        guess({"id": CONTENT["id"], "comment": CONTENT["text"]}, given={"text": "coment"})
    assert str(missing.value) == (
        "f.csv has no column “coment” for text. Its columns: id, comment. Did you mean “comment”?"
    )


def test_a_field_that_no_voice_has_is_answered_with_those_it_has() -> None:
    with pytest.raises(BadOption) as bad:
        guess({"comment": CONTENT["text"]}, given={"words": "comment"})
    assert str(bad.value) == (
        "“words” is no field that can be mapped. Fields: text, title, id, time, rating, rating_max, channel, "
        "touchpoint, customer, language, episode, competitor."
    )


def test_names_are_compared_without_case_accents_and_signs() -> None:
    assert folded("OrderID") == folded("order_id") == folded("Order-Id") == ("order", "id")
    assert folded("Příliš Žluťoučký") == ("prilis", "zlutoucky")
    assert folded("Ærlig øl") == ("aerlig", "ol")


def test_an_exact_name_is_worth_more_than_one_that_contains_it() -> None:
    words = field_words("voices")["text"]
    exact, holds, nothing = (name_score(name, words=words) for name in ("comment", "my comment", "price"))
    assert exact == EXACT > holds > nothing == 0
    assert name_score("comment date", words=words) == UNFIT
