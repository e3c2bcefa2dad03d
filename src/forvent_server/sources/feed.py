"""A feed: RSS 0.9x to 2.0, RSS 1.0 or Atom, asked for only where it changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Any
from xml.parsers import expat

from forvent.errors import BadOption
from forvent.records import Scale, Voice
from forvent_server.sources.contract import Ask, Brought, Field, Slice, Trouble
from forvent_server.sources.outside import Answer, Request, fetch
from forvent_server.sources.said import Piece, voice_of
from forvent_server.sources.xml_safe import Element, NotAFeed, Unsafe, elements

ENTRIES = frozenset(("item", "entry"))
MOST = 2000
_ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8"
_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_ROOT = re.compile(rb"<(?:\w+:)?(?:rss|feed|RDF)\b")


def look(ask: Ask) -> Iterator[Brought]:
    """All entries of the feed, where it changed since the last look.

    Raises
    ------
    Trouble
        If the feed cannot be reached, or is none any more.
    """
    answer = fetch(Request(str(ask.settings["address"]), headers=_conditions(ask.place)), inside=ask.inside)
    if answer.status == 304:
        return
    _look_at(answer)
    digest = sha256(answer.body).hexdigest()
    place = {
        "etag": answer.headers.get("etag", "")[:500],
        "modified": answer.headers.get("last-modified", "")[:100],
        "digest": digest,
    }
    if digest == ask.place.get("digest"):
        yield Brought((), place)
        return
    entries = _entries(answer)[:MOST]
    voices = [_voice(entry, row=row, settings=ask.settings) for row, entry in enumerate(entries)]
    usable = tuple(voice for voice in voices if voice)
    yield Brought(usable, place, len(entries) - len(usable))


def _conditions(place: Mapping[str, Any]) -> dict[str, str]:
    headers = {"Accept": _ACCEPT}
    if place.get("etag"):
        headers["If-None-Match"] = str(place["etag"])
    if place.get("modified"):
        headers["If-Modified-Since"] = str(place["modified"])
    return headers


def _look_at(answer: Answer) -> None:
    if answer.status != 200:
        raise Trouble(
            "status",
            f"The address answers {answer.status} instead of a feed.",
            hint="Open it in a browser; ask who keeps it.",
            status=answer.status,
        )
    if _PAGE.match(answer.body.removeprefix(b"\xef\xbb\xbf")[:4096]):
        raise _page()


def _page() -> Trouble:
    return Trouble(
        "page",
        "The address sends a web page instead of a feed.",
        hint="The feed may have moved, or the site asks to sign in. Look for its new address.",
    )


def _entries(answer: Answer) -> list[Element]:
    charset = re.search(r"charset=\"?([\w-]{2,40})", answer.headers.get("content-type", ""), re.I)
    own = b"encoding=" in answer.body[:200] or not charset
    try:
        found = list(
            elements(answer.body, names=ENTRIES, encoding=None if own or not charset else charset[1])
        )
    except NotAFeed as error:
        raise _page() from error
    except Unsafe as error:
        raise Trouble("unsafe", "The feed declares entities or nests without end.") from error
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Trouble("no_feed", "What the address sends is no feed: it is no XML.") from error
    if not found and not _ROOT.search(answer.body[:10_000]):
        raise Trouble("no_feed", "What the address sends is XML, but no feed.")
    return found


def _voice(entry: Element, *, row: int, settings: Mapping[str, Any]) -> Voice | None:
    text = entry.words("encoded", "content", "description", "summary")
    title = entry.words("title")
    known = entry.words("guid", "id") or _link(entry)
    scale = Scale(float(settings.get("lowest", 1)), float(settings.get("highest", 5)))
    piece = Piece(
        id=_short(known or f"{title}\n{text}"),
        text=text,
        title=title,
        time=_time(entry.words("pubDate", "published", "date", "updated")),
        rating=entry.words("rating") or None,
        channel=settings.get("channel") or "feed",
        touchpoint=settings.get("touchpoint"),
        language=None,
    )
    return voice_of(piece, row=row, scale=scale)


def _link(entry: Element) -> str:
    link = entry.first("link")
    return "" if link is None else link.attributes.get("href") or link.text.strip()


def _short(known: str) -> str:
    """The id, or its digest where it is too long for a key."""
    return known if len(known) <= 120 else sha256(known.encode("utf-8", "replace")).hexdigest()


def _time(given: str) -> str | None:
    """The time as ISO; that of mails is what RSS writes."""
    try:
        moment: datetime = parsedate_to_datetime(given)
    except (TypeError, ValueError, IndexError):
        return given or None
    return (moment.astimezone(UTC) if moment.tzinfo else moment).replace(tzinfo=None).isoformat()


def check(settings: Mapping[str, Any]) -> None:
    """An address of http, and a scale with two ends.

    Raises
    ------
    BadOption
        If one of them is not.
    """
    if not str(settings["address"]).startswith(("https://", "http://")):
        raise BadOption(f"'{settings['address']}' is no address.", hint="Write it as https://…")
    if settings["lowest"] == settings["highest"]:
        raise BadOption(
            "The lowest and the highest rating are the same.", hint="Give both ends of the scale."
        )


SLICE = Slice(
    name="feed",
    fields=(
        Field("address", required=True),
        Field("channel"),
        Field("touchpoint"),
        Field("lowest", "number", default=1, low=-100, high=100),
        Field("highest", "number", default=5, low=-100, high=100),
    ),
    look=look,
    check=check,
)
