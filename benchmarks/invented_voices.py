"""A workspace full of invented voices, put in past the models: a million within minutes.

Rows are written by plain inserts (COPY on PostgreSQL) without indexes and triggers, which are made when
all is there. Nothing here is a customer's: sentences, words and names are made from tables and chance.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from typing import Any

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BATCH = 10_000
#: Of a hundred voices, how many are in the language.
LANGUAGES = {"en": 62, "cs": 24, "zh": 10, "hy": 4}
OPENINGS = {
    "en": ("I ordered in {month} and", "Last week", "For the {n}th time", "At your shop in street {n}"),
    "cs": ("Objednal jsem v květnu a", "Minulý týden", "Už po{n}té", "V prodejně číslo {n}"),
    "zh": ("我在{n}号下单，", "上周", "第{n}次", "在{n}号店，"),
    "hy": ("Անցյալ շաբաթ", "Արդեն {n}-րդ անգամ", "Պատվեր {n}.", "Մայիսին"),
}
#: What happened, with its expectation and polarity: the same four in every language.
SAID = {
    "en": (
        "the parcel arrived late",
        "the courier was very kind",
        "nobody answered me",
        "the price was fair",
    ),
    "cs": ("balík přišel pozdě", "kurýr byl velmi milý", "nikdo neodpověděl na e-maily", "cena byla férová"),
    "zh": ("快递太慢了", "客服很热情", "没有人回复邮件", "价格合理"),
    "hy": ("ծանրոցը ուշացավ", "առաքիչը շատ բարի էր", "ոչ ոք չպատասխանեց", "գինը արդար էր"),
}
MEANT = (("on_time", "unmet"), ("friendly", "met"), ("reachable", "unmet"), ("fair_price", "met"))
#: One in so many voices says it with these words instead: rare words, some of them of two characters.
SELDOM = 3000
SELDOM_SAID = {"en": "the zeppelin was new", "cs": "vzducholoď byla nová", "zh": "飞艇独特", "hy": "օդանավ"}
ENDS = {"en": " Order {n}.", "cs": " Objednávka {n}.", "zh": " 订单{n}。", "hy": " Պատվեր {n}։"}
LETTERS = {
    "en": ("bcdfghklmnprstvw", "aeiouy"),
    "cs": ("bcčdhjklmnprřsštvzž", "aáeěiíouů"),
    "hy": ("բգդզկհձմնշպսվտրքլ", "աեէիոօ"),
}
CHANNELS = ("web", "mail", "phone", "shop", "app")
SENTENCES = 5_000
VOCABULARY = 4_000
#: Voices of one customer, on average; and episodes.
A_CUSTOMER = 5


def fillers(language: str, *, chance: random.Random) -> list[str]:
    """Sentences of invented words, a few of them frequent and most of them rare."""
    if language == "zh":
        words = [chr(0x4E00 + number) for number in chance.sample(range(3000), 2000)]
        between, end, sizes = "", "。", range(6, 40)
    else:
        hard, soft = LETTERS[language]
        made = (
            "".join(chance.choice(hard) + chance.choice(soft) for _ in range(chance.choice((1, 2, 2, 3, 4))))
            for _ in range(VOCABULARY)
        )
        words, between, end, sizes = list(made), " ", ".", range(4, 26)
    weights = list(accumulate(1 / (place + 3) for place in range(len(words))))
    return [
        between.join(chance.choices(words, cum_weights=weights, k=chance.choice(sizes))).capitalize() + end
        for _ in range(SENTENCES)
    ]


def invented(count: int) -> Iterator[dict[str, Any]]:
    """Voices with their one or two mentions, the oldest first."""
    chance = random.Random(7)  # noqa: S311 - invented words
    filler = {language: fillers(language, chance=chance) for language in LANGUAGES}
    languages = [language for language, share in LANGUAGES.items() for _ in range(share)]
    for number in range(count):
        language = chance.choice(languages)
        n = chance.randrange(100_000)
        parts = [chance.choice(OPENINGS[language]).format(month="May", n=n), " "]
        mentions = []
        for _ in range(1 if number % 4 else 2):
            meant = chance.randrange(4)
            words = SAID[language][meant] if number % SELDOM else SELDOM_SAID[language]
            start = sum(map(len, parts))
            mentions.append((words, start, *MEANT[meant]))
            parts += [words, ". "]
        parts += [chance.choice(filler[language]), ENDS[language].format(n=n) if number % 3 else ""]
        yield {
            "number": number,
            "text": "".join(parts),
            "mentions": mentions,
            "language": language,
            "channel": chance.choice(CHANNELS) if number % 5000 else "fax",
            "time": NOW - timedelta(minutes=count - number),
            "customer": chance.randrange(1, customers_of(count) + 1),
        }


def customers_of(count: int) -> int:
    """How many customers so many voices have."""
    return max(1, count // A_CUSTOMER)


def fill(count: int) -> None:
    """The business, its customers, episodes and voices into an empty store."""
    # Django is set up by now, and not before.
    from django.db import connection, transaction

    from forvent_server.actions.people import open_workspace
    from forvent_server.store.models import Customer, CustomerKey, Episode, Mention, Promise, Voice

    open_workspace(
        business="Invented",
        name="Ada",
        email="ada@example.org",
        password=secrets.token_urlsafe(16),
        language="en",
        now=NOW,
    )
    people = range(1, customers_of(count) + 1)
    models = (Customer, CustomerKey, Episode, Promise, Voice, Mention)
    with transaction.atomic(), without_indexes(models):
        put(Customer, ({"id": pk, "first_seen_at": NOW, "name": f"Person {pk}"} for pk in people))
        put(CustomerKey, ({"id": pk, "customer_id": pk, "value": f"K-{pk:07}"} for pk in people))
        put(Episode, (_episode(pk, count=count) for pk in people))
        put(Promise, (_promise(pk, count=count) for pk in people))
        voices = invented(count)
        mention = 0
        while batch := list(islice(voices, BATCH)):
            put(Voice, map(_voice, batch))
            mentions = [(one, said) for one in batch for said in one["mentions"]]
            put(Mention, (_mention(mention + n, *pair) for n, pair in enumerate(mentions, start=1)))
            mention += len(mentions)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # As its autovacuum does within minutes.
            cursor.execute("VACUUM ANALYZE")


def _episode(pk: int, *, count: int) -> dict[str, Any]:
    start = NOW - timedelta(minutes=A_CUSTOMER * (customers_of(count) - pk))
    late = timedelta(days=1 + pk % 6)
    return {
        "id": pk,
        "key": f"O-{pk:07}",
        "customer_id": pk,
        "start": start,
        "delivered": start + late if start + late < NOW else None,
    }


def _promise(pk: int, *, count: int) -> dict[str, Any]:
    start = _episode(pk, count=count)["start"]
    return {"id": pk, "episode_id": pk, "number": 1, "promised": start + timedelta(days=4), "made_at": start}


def _voice(one: dict[str, Any]) -> dict[str, Any]:
    unmet = one["mentions"][0][3] == "unmet"
    number = one["number"]
    return {
        "id": number + 1,
        "key": f"1/{number}",
        "content": number,
        "text": one["text"],
        "time": one["time"],
        "came_at": NOW,
        "rating": number % 5 / 4,
        "rating_given": float(number % 5 + 1),
        "channel": one["channel"],
        "touchpoint": "Delivery" if number % 3 else "Shop",
        "customer_id": one["customer"],
        "language": one["language"],
        "polarity": "negative" if unmet else "positive",
        "confidence": 0.9,
        "act": "complaint" if unmet else "praise",
        "doubtful": number % 997 == 0,
        "identified_at": NOW,
        "identified_by": "invented",
    }


def _mention(pk: int, one: dict[str, Any], said: tuple[str, int, str, str]) -> dict[str, Any]:
    words, start, expectation, polarity = said
    return {
        "id": pk,
        "voice_id": one["number"] + 1,
        "expectation": expectation,
        "polarity": polarity,
        "quote": words,
        "start": start,
        "end": start + len(words),
        "confidence": 0.9,
        "stage": "receive",
    }


# ------------------------------------------------------------------------ past the models


def put(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Rows of a model by one statement; what they do not name is the field's default."""
    from django.db import connection

    fields = list(model._meta.concrete_fields)
    usual = [_stored(field.get_db_prep_save(field.get_default(), connection)) for field in fields]
    place_of = {field.attname: place for place, field in enumerate(fields)}

    def values() -> Iterator[list[Any]]:
        for row in rows:
            line = usual.copy()
            for name, value in row.items():
                line[place_of[name]] = _moment(value) if isinstance(value, datetime) else value
            yield line

    quoted = ", ".join(f'"{field.column}"' for field in fields)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join("?" * len(fields))
            # Django's own cursor would rewrite every statement; nothing needs it here.
            statement = f"INSERT INTO {table} ({quoted}) VALUES ({marks})"  # noqa: S608 - names of ours
            connection.connection.executemany(statement, values())
            return
        with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
            for line in values():
                copy.write_row(line)


def _moment(value: datetime) -> str:
    """A moment of UTC as SQLite keeps it; PostgreSQL reads it so too, as its session is of UTC."""
    return value.replace(tzinfo=None).isoformat(" ")


def _stored(value: Any) -> Any:
    """A default as it goes to the database: a wrapped JSON document as its text."""
    return value.dumps(value.obj) if hasattr(value, "dumps") else value


@contextmanager
def without_indexes(models: Iterable[Any]) -> Iterator[None]:
    """The tables of these models without indexes and triggers, which come back in the end."""
    from django.db import connection

    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(MADE_BY[connection.vendor])
        taken = [row[:3] for row in cursor.fetchall() if row[3] in tables]
        for kind, name, _ in taken:
            cursor.execute(f'DROP {kind} "{name}"')
        yield
        if connection.vendor == "postgresql":
            # What is checked at the end of a transaction has to be checked before an index is made.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in tables:
                cursor.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")  # noqa: S608
        for _, _, statement in taken:
            cursor.execute(statement)
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO voice_search(voice_search) VALUES ('rebuild')")


#: Kind, name, statement and table of everything that is made anew.
MADE_BY = {
    "sqlite": "SELECT type, name, sql, tbl_name FROM sqlite_master "
    "WHERE type IN ('index', 'trigger') AND sql IS NOT NULL",
    "postgresql": "SELECT 'INDEX', indexname, indexdef, tablename FROM pg_indexes "
    "WHERE schemaname = current_schema() AND indexname NOT IN (SELECT conname FROM pg_constraint)",
}
