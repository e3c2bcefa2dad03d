"""Messages that others send to ``/in/<source>/``, signed, each piece of them a voice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from forvent.errors import BadOption
from forvent.records import Scale
from forvent_server.sources.contract import Ask, Brought, Field, Message, Refused, Slice
from forvent_server.sources.said import Piece, found, voice_of
from forvent_server.sources.signed import opened

#: Bytes and pieces of one message.
LARGEST, MOST = 1024 * 1024, 500
_PATHS = ("id", "text", "title", "time", "rating", "channel", "touchpoint", "customer", "language", "episode")


def receive(ask: Ask, message: Message) -> Brought:
    """The voices of a message, once its signature holds.

    Raises
    ------
    Refused
        If it is too large, not signed right, or holds no voice.
    """
    if len(message.body) > LARGEST:
        raise Refused(413, "The message is larger than 1 MiB.", hint="Send fewer voices at once.")
    signed = opened(message.headers, message.body, secret=ask.secret, now=ask.now)
    pieces = _pieces(_document(message.body), path=ask.settings.get("items", ""))
    low, high = ask.settings.get("lowest", 1), ask.settings.get("highest", 5)
    voices = tuple(
        voice
        for row, piece in enumerate(pieces)
        if (voice := voice_of(_piece(piece, ask.settings), row=row, scale=Scale(float(low), float(high))))
    )
    if not voices:
        raise Refused(
            422,
            "No piece of the message has words or a rating.",
            hint=f"The mapping looks for the words at '{ask.settings.get('text', '')}'.",
        )
    place = {"id": signed.id, "sent_at": signed.sent_at, "digest": sha256(message.body).hexdigest()}
    return Brought(voices, place, len(pieces) - len(voices))


def _document(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "The message is no JSON.", hint="Send JSON in UTF-8.") from error


def _pieces(document: Any, *, path: str) -> list[Mapping[str, Any]]:
    inner = found(document, path)
    pieces = inner if isinstance(inner, list) else [inner]
    if len(pieces) > MOST:
        raise Refused(413, f"The message has {len(pieces)} pieces.", hint=f"Send at most {MOST} at once.")
    usable: list[Mapping[str, Any]] = [piece for piece in pieces if isinstance(piece, dict)]
    if not usable:
        raise Refused(
            422,
            f"There is nothing at '{path}'." if path else "The message is no object.",
            hint="Mend the mapping of this source, or what is sent.",
        )
    return usable


def _piece(piece: Mapping[str, Any], settings: Mapping[str, Any]) -> Piece:
    parts = {name: found(piece, str(settings.get(name) or "")) for name in _PATHS if settings.get(name)}
    given = parts.pop("id", None)
    # Without an id the content stands for it: what is sent again is the same voice.
    known = isinstance(given, str | int) and str(given).strip()
    content = json.dumps(piece, sort_keys=True, ensure_ascii=False)
    return Piece(
        id=str(given).strip() if known else sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32],
        **parts,
    )


def check(settings: Mapping[str, Any]) -> None:
    """A scale has two ends.

    Raises
    ------
    BadOption
        If they are one.
    """
    if settings["lowest"] == settings["highest"]:
        raise BadOption(
            "The lowest and the highest rating are the same.", hint="Give both ends of the scale."
        )


SLICE = Slice(
    name="webhook",
    fields=(
        Field("items"),
        Field("text", default="text", required=True),
        Field("title"),
        Field("id", default="id"),
        Field("time", default="time"),
        Field("rating", default="rating"),
        Field("lowest", "number", default=1, low=-100, high=100),
        Field("highest", "number", default=5, low=-100, high=100),
        Field("channel"),
        Field("touchpoint"),
        Field("customer"),
        Field("language"),
        Field("episode"),
    ),
    receive=receive,
    check=check,
)
