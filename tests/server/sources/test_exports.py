"""Files that help desks export, by what their products write."""

# ruff: noqa: E501
from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from forvent.records import Voice
from forvent_server.sources.contract import Trouble
from forvent_server.sources.slices import slices


def voices(kind: str, content: object, folder: Path) -> list[Voice]:
    path = folder / "export"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    read = slices()[kind].read
    assert read is not None
    return [voice for part in read(path) for voice in part.voices]


ARTICLE = {
    "id": 17, "ticket_id": 5, "type": "email", "sender": "Customer", "internal": False, "subject": "Late",
    "from": "Eva Nova <Eva@example.org>", "content_type": "text/html", "created_at": "2026-03-01T10:00:00.123Z",
    "body": "<div>It is not here.<br><blockquote>We sent it</blockquote></div>",
}  # fmt: skip


@pytest.mark.parametrize(
    "document",
    [
        [ARTICLE, {**ARTICLE, "id": 18, "sender": "Agent"}, {**ARTICLE, "id": 19, "internal": True}],
        {"id": 5, "title": "Late", "articles": [ARTICLE]},
        [{"id": 5, "articles": [ARTICLE, {**ARTICLE, "id": 18, "sender": "System"}]}],
        {"assets": {"TicketArticle": {"17": {**ARTICLE, "sender": None, "sender_id": 2}}}},
    ],
)
def test_of_zammad_the_articles_of_customers_are_read(document: object, tmp_path: Path) -> None:
    (voice,) = voices("zammad", document, tmp_path)
    assert (voice.voice_id, voice.text) == ("article-17", "Late\nIt is not here.")
    assert (voice.customer, voice.episode, voice.channel) == ("eva@example.org", "5", "email")
    assert voice.time == datetime(2026, 3, 1, 10, 0, 0, 123000)


def test_a_file_of_a_document_a_line_is_read(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({**ARTICLE, "id": n}) for n in range(1200))
    assert len(voices("zammad", lines, tmp_path)) == 1200


def test_of_osticket_the_subjects_of_a_queue_are_read(tmp_path: Path) -> None:
    text = (
        "Ticket Number,Date Created,Subject,From,From Email,Priority,Department,Source,Help Topic\r\n"
        '123456,2026-03-01 10:00:00,"The lamp, again, broken",Eva,eva@example.org,Normal,Support,Email,Returns\r\n'
    )
    (voice,) = voices("osticket", text, tmp_path)
    assert (voice.voice_id, voice.text) == ("ticket-123456", "The lamp, again, broken")
    assert (voice.customer, voice.touchpoint, voice.channel) == ("eva@example.org", "Returns", "Email")


def test_of_osticket_the_messages_of_its_table_are_read(tmp_path: Path) -> None:
    entry = {
        "id": "9",
        "thread_id": "4",
        "type": "M",
        "user_id": "3",
        "title": "Re: Lamp",
        "created": "2026-03-01 10:00:00",
    }
    entry["body"] = "<p>It does not shine.</p>"
    dumped = [
        {"type": "table", "name": "ost_thread_entry", "data": [entry, entry | {"id": "10", "type": "R"}]}
    ]
    for document in ([entry, entry | {"id": "11", "type": "N"}], dumped):
        (voice,) = voices("osticket", document, tmp_path)
        assert (voice.voice_id, voice.text, voice.customer) == ("entry-9", "It does not shine.", "osticket-3")


def test_of_chatwoot_what_contacts_wrote_is_read(tmp_path: Path) -> None:
    message = {
        "id": 4, "content": "Where is it?", "message_type": 0, "private": False, "created_at": 1772359200,
        "conversation_id": 8, "sender": {"email": "eva@example.org", "type": "contact"},
    }  # fmt: skip
    others = [message | {"id": 5, "message_type": 1}, message | {"id": 6, "private": True}]
    (voice,) = voices("chatwoot", {"meta": {}, "payload": [message, *others]}, tmp_path)
    assert (voice.voice_id, voice.text, voice.channel) == ("message-4", "Where is it?", "chat")
    assert (voice.customer, voice.episode, voice.time) == (
        "eva@example.org",
        "8",
        datetime(2026, 3, 1, 10, 0),
    )


def test_of_chatwoot_the_report_of_surveys_is_read_in_any_language(tmp_path: Path) -> None:
    text = (
        "Agent,Bewertung,Feedback,Kontakt,E-Mail,Telefon,Link,Datum\n\n"
        '"Finn (f@x.example)",2,Too slow,Eva,eva@example.org,,https://c.example/app/accounts/1/conversations/8,'
        "2026-03-01 10:00:00 UTC\n"
        "Finn,5,,,,,https://c.example/app/accounts/1/conversations/9,2026-03-01 11:00:00 UTC\n"
        "Zeitraum 2026-03-01 bis 2026-03-02\n"
    )
    first, second = voices("chatwoot", text, tmp_path)
    assert (first.text, first.rating, first.episode) == ("Too slow", 0.25, "8")
    assert first.time == datetime(2026, 3, 1, 10, 0)
    assert (second.text, second.rating) == ("", 1.0)


def test_of_freescout_the_threads_of_customers_are_read(tmp_path: Path) -> None:
    thread = {
        "id": 17, "type": "customer", "state": "published", "body": "<p>It is broken.</p>",
        "createdBy": {"id": 9, "type": "customer", "email": "eva@example.org"}, "createdAt": "2026-03-01T10:00:00Z",
    }  # fmt: skip
    others = [thread | {"id": 18, "type": "note"}, thread | {"id": 19, "type": "message"}]
    conversation = {
        "id": 1,
        "number": 3,
        "type": "email",
        "subject": "Lamp",
        "_embedded": {"threads": [thread, *others]},
    }
    for document in (
        {"_embedded": {"conversations": [conversation]}, "page": {}},
        conversation,
        [conversation],
    ):
        (voice,) = voices("freescout", document, tmp_path)
        assert (voice.voice_id, voice.text) == ("thread-17", "Lamp\nIt is broken.")
        assert (voice.customer, voice.episode) == ("eva@example.org", "3")


@pytest.mark.parametrize("kind", ["zammad", "osticket", "chatwoot", "freescout"])
@pytest.mark.parametrize(
    "content", ["[]", '{"a": 1}', "[1, 2]", "[" * 100_000, '{"_embedded": {"conversations": 5}}']
)
def test_another_file_is_told(kind: str, content: str, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="Nothing in the file is what a customer wrote"):
        voices(kind, content, tmp_path)
