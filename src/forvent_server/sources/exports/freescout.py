"""FreeScout: conversations with their threads, as its API writes them (JSON)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from forvent_server.sources.contract import Brought, Slice
from forvent_server.sources.exports.pieces import brought, documents, is_json, no_export, objects
from forvent_server.sources.said import Piece


def read(path: Path) -> Iterator[Brought]:
    """What customers wrote in the conversations of a file; notes and answers are passed over.

    Raises
    ------
    Trouble
        If the file holds no conversations.
    """
    if not is_json(path):
        raise no_export()
    return brought(
        _piece(thread, conversation)
        for document in documents(path)
        for conversation in objects(document, "_embedded.conversations", "conversations")
        for thread in objects(conversation.get("_embedded"), "threads")
    )


def _piece(thread: Mapping[str, Any], conversation: Mapping[str, Any]) -> Piece | None:
    if thread.get("type") != "customer" or thread.get("state") in ("draft", "hidden"):
        return None
    writer = _person(thread.get("createdBy")) or _person(thread.get("customer"))
    customer = writer or _person(conversation.get("customer"))
    return Piece(
        id=f"thread-{thread.get('id')}",
        text=thread.get("body"),
        title=conversation.get("subject"),
        time=thread.get("createdAt"),
        channel=conversation.get("type") or "email",
        customer=customer.get("email") or customer.get("id"),
        episode=conversation.get("number"),
    )


def _person(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, dict) and (given.get("email") or given.get("id")) else {}


SLICE = Slice(name="freescout", read=read)
