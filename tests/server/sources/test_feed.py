"""Feeds: RSS and Atom, asked for only where they changed, told where they are none any more."""

# ruff: noqa: E501
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sources.web_server import Told, serving

from forvent.errors import BadOption
from forvent_server.sources.contract import Ask, Brought, Trouble
from forvent_server.sources.feed import SLICE, look

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:im="http://example.org/im">
<channel><title>Reviews</title>
<item><title>Too late</title><guid>r1</guid><pubDate>Sun, 01 Mar 2026 11:00:00 +0100</pubDate>
<description>short</description><content:encoded><![CDATA[<p>It came <b>late</b>.</p>]]></content:encoded></item>
<item><link>https://shop.example/r2</link><description>Fine &amp; quick</description><im:rating>5</im:rating></item>
<item><guid>r3</guid></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Linden</title>
<entry><id>urn:a</id><title>Broken</title><updated>2026-03-01T10:00:00Z</updated>
<author><name>Eva</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One side</p><p>was broken.</p></div></content>
</entry>
<entry><title type="html">&lt;b&gt;Good&lt;/b&gt;</title><link href="https://x.example/b"/><summary>Gladly again</summary></entry>
</feed>"""


def brought(answer: Told | list[Told], *, place: Any = None, seen: list[Any] | None = None) -> list[Brought]:
    told = [answer] if isinstance(answer, tuple) else list(answer)

    def tell(path: str, headers: dict[str, str]) -> Told:
        if seen is not None:
            seen.append(headers)
        return told.pop(0)

    with serving(tell) as address:
        settings = SLICE.settings({"address": f"{address}/feed"})
        return list(look(Ask(settings, now=NOW, place=place or {}, inside=True)))


def test_the_items_of_rss_become_voices() -> None:
    (one,) = brought((200, {"ETag": '"a"', "Last-Modified": "Sun, 01 Mar 2026 10:00:00 GMT"}, RSS.encode()))
    first, second = one.voices
    assert (first.voice_id, first.text) == ("r1", "Too late\nIt came late.")
    assert first.time == datetime(2026, 3, 1, 10, 0)
    assert (second.voice_id, second.text) == ("https://shop.example/r2", "Fine & quick")
    assert (second.rating, second.rating_given, second.channel) == (1.0, 5.0, "feed")
    assert one.unusable == 1
    assert (one.place["etag"], one.place["modified"]) == ('"a"', "Sun, 01 Mar 2026 10:00:00 GMT")


def test_the_entries_of_atom_too() -> None:
    (one,) = brought((200, {}, ATOM.encode()))
    assert [voice.text for voice in one.voices] == ["Broken\nOne side\n\nwas broken.", "Good\nGladly again"]
    assert [voice.voice_id for voice in one.voices] == ["urn:a", "https://x.example/b"]
    assert one.voices[0].time == datetime(2026, 3, 1, 10, 0)


def test_a_feed_that_did_not_change_is_not_sent_again() -> None:
    seen: list[Any] = []
    place = {"etag": '"a"', "modified": "Sun, 01 Mar 2026 10:00:00 GMT"}
    assert brought((304, {}, b""), place=place, seen=seen) == []
    assert seen[0]["if-none-match"] == '"a"'
    assert seen[0]["if-modified-since"] == "Sun, 01 Mar 2026 10:00:00 GMT"


def test_a_feed_that_is_sent_again_unchanged_brings_nothing() -> None:
    (one,) = brought((200, {}, RSS.encode()))
    (again,) = brought((200, {}, RSS.encode()), place=one.place)
    assert again.voices == ()


def test_a_feed_that_moved_is_followed() -> None:
    (one,) = brought([(301, {"Location": "/elsewhere"}, b""), (200, {}, RSS.encode())])
    assert len(one.voices) == 2


@pytest.mark.parametrize("text", [
    "<!DOCTYPE html><html><body>Sign in</body></html>",
    "\ufeff\n<!-- x --><HTML><head></head></HTML>",
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
])  # fmt: skip
def test_a_feed_that_turned_into_a_page_is_told(text: str) -> None:
    with pytest.raises(Trouble, match=r"^The address sends a web page instead of a feed\.") as told:
        brought((200, {"Content-Type": "text/html"}, text.encode()))
    assert told.value.kind == "page"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "no_feed"),
        (b"{}", "no_feed"),
        (RSS.encode()[:-40], "no_feed"),
        (b"<other><thing/></other>", "no_feed"),
        (b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><item><title>&b;</title></item></rss>', "unsafe"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><title>&x;</title></item></rss>', "unsafe"),
        (b"<rss>" + b"<a>" * 100_000, "unsafe"),
    ],
)  # fmt: skip
def test_what_is_no_feed_or_a_bomb_is_told(body: bytes, kind: str) -> None:
    with pytest.raises(Trouble) as told:
        brought((200, {}, body))
    assert told.value.kind == kind


def test_an_answer_that_is_an_error_is_told() -> None:
    with pytest.raises(Trouble, match="The address answers 404 instead of a feed") as told:
        brought((404, {}, b"<html>no</html>"))
    assert told.value.fields == {"status": 404}


def test_an_empty_feed_is_a_feed() -> None:
    (one,) = brought((200, {}, b'<rss version="2.0"><channel/></rss>'))
    assert one.voices == ()


def test_the_encoding_is_that_of_the_document_or_of_the_answer() -> None:
    text = "<rss><channel><item><guid>1</guid><title>Přišlo pozdě</title></item></channel></rss>"
    declared = f'<?xml version="1.0" encoding="windows-1250"?>{text}'.encode("cp1250")
    for body, headers in (
        (declared, {}),
        (text.encode("cp1250"), {"Content-Type": "text/xml; charset=windows-1250"}),
    ):
        (one,) = brought((200, headers, body))
        assert one.voices[0].text == "Přišlo pozdě"


def test_settings_that_cannot_be_are_refused() -> None:
    with pytest.raises(BadOption, match="'address' is empty"):
        SLICE.settings({})
    with pytest.raises(BadOption, match="is no address"):
        SLICE.settings({"address": "reviews"})
    with pytest.raises(BadOption, match="are the same"):
        SLICE.settings({"address": "https://x.example", "lowest": "5"})
    with pytest.raises(BadOption, match="holds characters that nobody types"):
        SLICE.settings({"address": "https://x.example/\r\nHost: y"})
