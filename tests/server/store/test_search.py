"""The search of voices: the same as looking at every one of them, in any language, with any conditions."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection

from forvent_server.store import search
from forvent_server.store.models import Mention, Voice
from forvent_server.store.search import Wanted, newest
from forvent_server.store.words import folded, words_of

SAID = (
    "My order arrived LATE, but the courier was kind.",
    "Late again! Order 4711 is not here",
    "Zásilka přišla ČTYŘI dny pozdě.",
    "Čtyři týdny čekám, nikdo nic neví",
    "快递太慢了，客服很好。",
    "客服说快递已经到了，太慢",
    "Պատվերը ուշացավ երկու օր։",
    "ԱՌԱՔԻՉԸ ՇԱՏ ԲԱՐԻ ԷՐ",
    "Pakken kom for sent, Øyvind fra hentepakkeboksen var grei",
    "Pakk hilines, aga õmblus oli ülihea",
    "STRASSE 5, Straße 6",
    "100% ok, nothing_to add\\",
    'She said "late" AND "fine"',
)
LOOKED_FOR = (
    *(
        "late",
        "LATE order",
        "ourie",
        "čtyři",
        "ČTYŘI",
        "zásil",
        "太慢",
        "慢",
        "快递太",
        "客服 太慢",
        "ուշացավ",
    ),
    *(
        "շատ բարի",
        "օր",
        "Øy",
        "øyvind",
        "õm",
        "ÜLI",
        "ß",
        "straße",
        "strasse",
        "%",
        "100%",
        "_",
        "\\",
        '"late"',
    ),
    *("ok", "e", "qx", "zzz", "late pozdě", "AND", "ne", "é", "4711", "i", "ő"),
)


def plainly(words: str, *, columns: dict[str, object], mention: dict[str, object]) -> list[int]:
    """What looking at every voice finds."""
    rows = Voice.objects.filter(**columns).order_by("-pk")
    if mention:
        rows = rows.filter(pk__in=list(Mention.objects.filter(**mention).values_list("voice", flat=True)))
    return [row.pk for row in rows if words_of(words).stand_in(row.text)]


def paged(wanted: Wanted, *, most: int) -> Iterator[int]:
    """Everything that is found, page after page."""
    before: int | None = None
    for _ in range(10_000):
        found = newest(wanted, most=most, before=before)
        assert len(found.pks) == most or found.unfinished or found.further is None
        yield from found.pks
        before = found.further
        if before is None:
            return
    raise AssertionError("There is no end of pages.")


@pytest.fixture
def heard(now: datetime) -> None:
    """Three hundred voices with mentions, in no order, of all languages."""
    chance = random.Random(5)  # noqa: S311 - no secret
    rows = [
        Voice(
            key=f"1/{number}",
            content=number,
            text=" ".join(chance.sample(SAID, chance.choice((1, 1, 2)))),
            time=now - timedelta(days=chance.randrange(40)),
            came_at=now,
            rating=number % 5 / 4,
            channel=chance.choice(("web", "mail", "")) if number % 50 else "fax",
            touchpoint=chance.choice(("Shop", "Door")),
            language=chance.choice(("en", "cs", "zh")),
            act=chance.choice(("complaint", "praise")),
            doubtful=number % 17 == 0,
        )
        for number in range(300)
    ]
    Voice.objects.bulk_create(rows)
    Mention.objects.bulk_create(
        Mention(
            voice=voice,
            expectation=chance.choice(("on_time", "friendly")),
            polarity=chance.choice(("met", "unmet")),
            quote="",
            start=0,
            end=0,
            confidence=0.9,
        )
        for voice in Voice.objects.order_by("pk")
        for _ in range(chance.choice((0, 1, 1, 3)))
    )


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few voices at a time, so that every step of a long search is taken."""
    for name, size in {"FIRST": 5, "CHUNK": 7, "TEXTS": 3, "MOST_LOOKED_AT": 26, "PATIENCE": 60}.items():
        monkeypatch.setattr(search, name, size)


@pytest.mark.django_db
@pytest.mark.usefixtures("heard", "small_steps")
def test_every_word_is_found_where_it_stands_and_nowhere_else() -> None:
    for words in LOOKED_FOR:
        found = list(paged(Wanted(words), most=4))
        assert found == plainly(words, columns={}, mention={}), words


#: Latin with its accents, Greek, Cyrillic, Armenian; Chinese and full width.
FOLDED = (
    *((0x21, 0x250), (0x386, 0x3F0), (0x400, 0x528), (0x531, 0x58B)),
    *((0x1E00, 0x1F00), (0x4E00, 0x4F00), (0xFF01, 0xFF5F)),
)
CONDITIONS: tuple[tuple[dict[str, object], dict[str, object]], ...] = (
    ({"channel": "fax"}, {}),
    ({"language": "zh", "rating__lte": 0.3}, {}),
    ({"act": "praise"}, {"expectation": "on_time"}),
    ({"doubtful": True}, {}),
    ({"doubtful": False, "touchpoint": "Door"}, {"polarity": "met"}),
    ({}, {"expectation": "friendly", "polarity": "unmet"}),
    ({"channel": "letter"}, {}),
    ({}, {"polarity": "wished"}),
)


@pytest.mark.django_db
@pytest.mark.usefixtures("heard", "small_steps")
@pytest.mark.parametrize("words", ["", "late", "太慢", "慢", "zzz"])
def test_words_and_conditions_are_met_together(words: str, now: datetime) -> None:
    month: tuple[dict[str, object], dict[str, object]] = (
        {"time__gte": now - timedelta(days=20), "time__lt": now - timedelta(days=9)},
        {},
    )
    for columns, mention in (*CONDITIONS, month):
        found = list(paged(Wanted(words, columns, mention), most=4))
        assert found == plainly(words, columns=columns, mention=mention), (columns, mention)


@pytest.mark.django_db
@pytest.mark.usefixtures("heard")
def test_a_search_of_usual_steps_finds_the_same() -> None:
    for words in ("late", "太慢", "qx"):
        assert list(paged(Wanted(words), most=30)) == plainly(words, columns={}, mention={})


@pytest.mark.django_db
@pytest.mark.usefixtures("small_steps")
def test_frequent_conditions_that_never_meet_are_given_up_after_a_while(now: datetime) -> None:
    rows = [
        Voice(key=f"1/{n}", content=n, text="late" if n % 2 else "kind", came_at=now, channel="ab"[n % 2])
        for n in range(200)
    ]
    Voice.objects.bulk_create(rows)
    found = newest(Wanted("late", {"channel": "a"}), most=4)
    assert found.unfinished
    assert not found.pks
    # Every other voice fits one of the two, and twenty-six that do were looked at.
    assert Voice.objects.filter(pk__gte=found.further).count() == 52
    assert list(paged(Wanted("late", {"channel": "a"}), most=4)) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("heard", "small_steps")
def test_where_patience_is_short_a_rare_word_is_found_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PATIENCE", 0)
    first = Voice.objects.order_by("pk")[0]
    Voice.objects.filter(pk=first.pk).update(text="The zeppelin")
    assert newest(Wanted("zeppelin"), most=4).pks == (first.pk,)
    for words in ("late", "太慢", "qx"):
        assert list(paged(Wanted(words), most=4)) == plainly(words, columns={}, mention={})


@pytest.mark.django_db
@pytest.mark.usefixtures("small_steps")
def test_an_accent_is_the_same_as_one_character_or_as_two(now: datetime) -> None:
    for number, form in enumerate(("NFC", "NFD") * 10):
        text = unicodedata.normalize(form, f"Zásilka číslo {number}")  # type: ignore[arg-type]
        Voice.objects.create(key=f"1/{number}", content=number, text=text, came_at=now)
    for form in ("NFC", "NFD"):
        assert len(list(paged(Wanted(unicodedata.normalize(form, "ZÁSIL")), most=3))) == 20  # type: ignore[arg-type]
        assert len(list(paged(Wanted(unicodedata.normalize(form, "Á")), most=3))) == 20  # type: ignore[arg-type]


@pytest.mark.django_db
def test_texts_are_folded_as_the_index_folds_them(now: datetime) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL folds by its locale; what it finds is looked at again.")
    characters = [chr(number) for start, end in FOLDED for number in range(start, end)]
    Voice.objects.bulk_create(
        Voice(key=f"1/{ord(one)}", content=0, text=one * 3, came_at=now) for one in characters
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT v.text, p.term FROM voice_search_piece p JOIN store_voice v ON v.id = p.doc")
        pieces = [(text, term) for text, term in cursor.fetchall() if "\n" not in term]
    assert len(pieces) == len(characters)
    assert [(text, term) for text, term in pieces if folded(text) != term] == []


@pytest.mark.django_db
@pytest.mark.usefixtures("heard")
def test_what_changes_is_found_as_it_is_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FIRST", 1)
    one = Voice.objects.order_by("pk")[0]
    Voice.objects.filter(pk=one.pk).update(text="Zeppelin qx")
    assert newest(Wanted("zeppelin"), most=5).pks == (one.pk,)
    assert newest(Wanted("qx"), most=5).pks == (one.pk,)
    Voice.objects.filter(pk=one.pk).delete()
    assert newest(Wanted("zeppelin"), most=5).pks == ()
    assert newest(Wanted("qx"), most=5).pks == ()
