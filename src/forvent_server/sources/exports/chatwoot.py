"""Chatwoot: messages of conversations (JSON), or the report of satisfaction surveys (CSV)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from forvent_server.sources.contract import Brought, Slice
from forvent_server.sources.exports.pieces import brought, documents, is_json, no_export, objects, table
from forvent_server.sources.said import Piece

#: The report's headings are in the language of the account; its columns have one order.
_COLUMNS = 8


def read(path: Path) -> Iterator[Brought]:
    """What contacts wrote in a file; private notes and what agents wrote are passed over.

    Raises
    ------
    Trouble
        If the file is neither.
    """
    if not is_json(path):
        return brought(map(_answer, table(path)))
    messages = (
        message
        for document in documents(path)
        for one in objects(document, "payload", "data.payload", "messages")
        for message in (objects(one["messages"]) if isinstance(one.get("messages"), list) else [one])
    )
    return brought(map(_message, messages))


def _message(message: Mapping[str, Any]) -> Piece | None:
    if message.get("message_type") not in (0, "incoming") or message.get("private"):
        return None
    sender = message.get("sender") if isinstance(message.get("sender"), dict) else {}
    sender = sender or {}
    return Piece(
        id=f"message-{message.get('id')}",
        text=message.get("content"),
        time=message.get("created_at"),
        channel="chat",
        customer=sender.get("email") or sender.get("phone_number") or sender.get("identifier"),
        episode=message.get("conversation_id"),
    )


def _answer(row: Mapping[str, str]) -> Piece | None:
    """One answer; the last line of the report names its period and is none."""
    cells = list(row.values())
    if len(cells) < _COLUMNS:
        raise no_export()
    _, rating, comment, _, address, telephone, conversation, recorded = cells[:_COLUMNS]
    if not recorded.strip() or not rating.strip():
        return None
    number = conversation.rstrip("/").rpartition("/")[2]
    return Piece(
        id=f"csat-{number}-{recorded}",
        text=comment,
        time=recorded.removesuffix(" UTC"),
        rating=rating,
        channel="survey",
        customer=address or telephone,
        episode=number,
    )


SLICE = Slice(name="chatwoot", read=read)
