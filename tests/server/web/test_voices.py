"""Voices: search in any language, filters, marked words, corrections."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from server_people import signed_in

from forvent.records import IdentifiedVoice
from forvent.records import Mention as FoundMention
from forvent.records import Voice as Given
from forvent_server.actions.imports import files_source
from forvent_server.actions.voices import keep_identified, take_in_voices
from forvent_server.store import search
from forvent_server.store.models import Correction, Event, Job, Person, Voice
from forvent_server.store.search import Wanted, newest
from forvent_server.web.marked import marked

SAID = {
    "en": "My order arrived late, but the courier was kind.",
    "cs": "Zásilka přišla ČTYŘI dny pozdě.",
    "zh": "快递太慢了，客服很好。",
    "hy": "Պատվերը ուշացավ երկու օր։",
}


def heard(now: datetime) -> dict[str, Voice]:
    given = [
        Given(code, text, row, rating=0.0, time=datetime(2026, 1, row))
        for row, (code, text) in enumerate(SAID.items(), start=1)
    ]
    take_in_voices(given, source=files_source(now), now=now)
    rows = {row.key.partition("/")[2]: row for row in Voice.objects.all()}
    for code, row in rows.items():
        found: tuple[FoundMention, ...] = ()
        if code == "en":
            found = (mention(row, "on_time", "unmet", "My order arrived late"),)
        one = IdentifiedVoice(str(row.pk), code, "negative", 0.9, False, found, "complaint")
        keep_identified([row], identified=[one], by="test", now=now)
    return rows


def mention(row: Voice, expectation: str, polarity: str, words: str) -> FoundMention:
    start = row.text.index(words)
    return FoundMention(
        str(row.pk),
        expectation,
        polarity,
        False,
        words,
        start,
        start + len(words),
        0.9,
        "en",
        "",
        "receive",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("late", ["en"]),
        ("ourie", ["en"]),
        ("COURIER late", ["en"]),
        ("čtyři", ["cs"]),
        ("太慢", ["zh"]),
        ("慢", ["zh"]),
        ("ուշացավ", ["hy"]),
        ("late čtyři", []),
        ('"late', []),
        ("late OR čtyři", []),
        ("100%", []),
        ("", ["cs", "en", "hy", "zh"]),
    ],
)
def test_any_part_of_a_word_of_any_language_is_found(words: str, found: list[str], now: datetime) -> None:
    heard(now)
    keys = Voice.objects.in_bulk(newest(Wanted(words), most=30).pks).values()
    assert sorted(voice.key.partition("/")[2] for voice in keys) == found


@pytest.mark.django_db
def test_what_was_erased_is_found_no_more(now: datetime) -> None:
    heard(now)
    Voice.objects.filter(language="en").update(text="")
    assert not newest(Wanted("courier"), most=30).pks
    Voice.objects.filter(language="cs").delete()
    assert not newest(Wanted("pozdě"), most=30).pks


def test_marks_the_words_and_keeps_every_character(owner: Person, now: datetime) -> None:
    row = heard(now)["en"]
    parts = marked(row.text, row.mentions.all())
    assert "".join(part.text for part in parts) == row.text
    assert [part.text for part in parts if part.mentions] == ["My order arrived late"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("expectation=on_time", {"en"}),
        ("polarity=unmet", {"en"}),
        ("polarity=met", set()),
        ("polarity=nonsense", {"en", "cs", "zh", "hy"}),
        ("language=zh", {"zh"}),
        ("channel=mail", {"cs"}),
        ("channel=mail&touchpoint=Door", set()),
        ("touchpoint=Door", {"hy"}),
        ("rating=low", {"en", "cs"}),
        ("rating=middle", {"zh"}),
        ("rating=high", {"hy"}),
        ("rating=best", {"en", "cs", "zh", "hy"}),
        ("act=complaint", {"en", "cs", "zh", "hy"}),
        ("act=praise", set()),
        ("doubtful=yes", {"zh"}),
        ("from=2026-01-03", {"zh", "hy"}),
        ("until=2026-01-01", {"en"}),
        ("from=yesterday", {"en", "cs", "zh", "hy"}),
        ("q=late&language=cs", set()),
        ("before=99999999999999999999", {"en", "cs", "zh", "hy"}),
    ],
)
def test_filters_by_what_was_asked(owner: Person, now: datetime, query: str, shown: set[str]) -> None:
    rows = heard(now)
    Voice.objects.filter(pk=rows["cs"].pk).update(channel="mail", rating=1 / 3)
    Voice.objects.filter(pk=rows["zh"].pk).update(doubtful=True, rating=0.5)
    Voice.objects.filter(pk=rows["hy"].pk).update(touchpoint="Door", rating=0.75)
    text = signed_in(owner).get(f"/voices/?{query}").content.decode()
    assert {code for code, row in rows.items() if f'href="/voices/{row.pk}/"' in text} == shown


def test_only_what_was_said_can_be_chosen(owner: Person, now: datetime) -> None:
    rows = heard(now)
    Voice.objects.filter(pk=rows["cs"].pk).update(channel="mail")
    Voice.objects.filter(pk=rows["zh"].pk).update(channel="chat")
    text = signed_in(owner).get("/voices/?channel=mail").content.decode()
    assert text.index("<option>chat</option>") < text.index("<option selected>mail</option>")
    assert 'name="touchpoint"' not in text


def test_older_voices_are_a_page_further(owner: Person, now: datetime) -> None:
    given = [Given(str(number), f"Words {number}.", number) for number in range(1, 36)]
    take_in_voices(given, source=files_source(now), now=now)
    first = signed_in(owner).get("/voices/?q=words").content.decode()
    assert first.count("data-row") == 30
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert signed_in(owner).get(f"/voices/{older}").content.decode().count("data-row") == 5


def test_a_search_that_was_not_finished_says_so_and_leads_on(
    owner: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, size in {"FIRST": 2, "CHUNK": 2, "MOST_LOOKED_AT": 4, "PATIENCE": 60}.items():
        monkeypatch.setattr(search, name, size)
    heard(now)
    Voice.objects.filter(language="en").update(channel="mail")
    given = [Given(f"x{n}", "Late.", n, channel="web") for n in range(1, 9)]
    given += [Given(f"y{n}", "Kind.", n, channel="mail") for n in range(1, 9)]
    given.sort(key=lambda one: one.row)
    take_in_voices(given, source=files_source(now), now=now)
    client = signed_in(owner)
    address, asked = "/voices/?q=late&channel=mail", []
    while address:
        text = client.get(address).content.decode()
        asked.append(("Only the newer voices were searched" in text, text.count("data-row")))
        assert ("Nobody said that" in text) == (asked[-1] == (False, 0))
        older = text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        address = f"/voices/{older}" if older else ""
    assert asked[0] == (True, 0)
    assert asked[-1] == (False, 1)


def test_what_a_customer_wrote_is_never_markup(owner: Person, now: datetime) -> None:
    take_in_voices([Given("1", "<script>alert(1)</script>", 1)], source=files_source(now), now=now)
    assert "<script>alert" not in signed_in(owner).get("/voices/").content.decode()


def test_an_agent_corrects_a_mention_and_the_voice_is_understood_anew(agent: Person, now: datetime) -> None:
    row = heard(now)["en"]
    given = {
        "expectation": "on_time",
        "action": "polarity",
        "polarity": "mixed",
        "quote": "My order arrived late",
    }
    answer = signed_in(agent).post(f"/voices/{row.pk}/", given)
    assert answer.headers["Location"] == f"/voices/{row.pk}/"
    kept = Correction.objects.get()
    assert (kept.expectation, kept.action, kept.polarity, kept.by) == ("on_time", "polarity", "mixed", agent)
    assert Voice.objects.get(pk=row.pk).identified_at is None
    assert Job.objects.filter(kind="identify", state="waiting").exists()
    event = Event.objects.get(what="correct mention")
    assert event.details == {"expectation": "on_time", "action": "polarity"}
    assert "It is being understood anew" in signed_in(agent).get(f"/voices/{row.pk}/").content.decode()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"action": "polarity", "expectation": "on_time"}, "It was not said whether it is met."),
        ({"action": "instead", "expectation": "on_time"}, "No other expectation was chosen."),
        ({"action": "right", "expectation": "nonsense"}, "Nothing was said of this mention."),
        ({"expectation": "on_time"}, "Nothing was said of this mention."),
    ],
)
def test_a_correction_that_says_nothing_is_refused(
    agent: Person, now: datetime, given: dict[str, str], told: str
) -> None:
    row = heard(now)["en"]
    answer = signed_in(agent).post(f"/voices/{row.pk}/", given)
    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert not Correction.objects.exists()


def test_a_reader_sees_a_voice_and_corrects_nothing(reader: Person, now: datetime) -> None:
    row = heard(now)["en"]
    client = signed_in(reader)
    assert "This is right" not in client.get(f"/voices/{row.pk}/").content.decode()
    answer = client.post(f"/voices/{row.pk}/", {"expectation": "on_time", "action": "wrong"})
    assert answer.status_code == 404
    assert not Correction.objects.exists()
    assert Voice.objects.get(pk=row.pk).time == datetime(2026, 1, 1, tzinfo=UTC)
