"""osTicket: the CSV of a queue of tickets, or its table of thread entries (CSV, JSON)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from forvent_server.sources.contract import Brought, Slice
from forvent_server.sources.exports.pieces import brought, documents, is_json, objects, table
from forvent_server.sources.said import Piece

#: A thread entry that a customer wrote; R is an answer, N a note.
_MESSAGE = "M"


def read(path: Path) -> Iterator[Brought]:
    """What customers wrote: whole messages of a table of thread entries, of a queue its subjects only.

    Raises
    ------
    Trouble
        If the file is neither.
    """
    if is_json(path):
        rows: Iterator[Mapping[str, Any]] = (
            row
            for document in documents(path)
            for one in objects(document, "data")
            for row in (objects(one["data"]) if isinstance(one.get("data"), list) else [one])
        )
    else:
        rows = table(path)
    return brought(map(_piece, rows))


def _piece(row: Mapping[str, Any]) -> Piece | None:
    if "thread_id" in row:
        return _entry(row)
    number = row.get("Ticket Number") or row.get("number")
    if not number:
        return None
    return Piece(
        id=f"ticket-{number}",
        # A queue can carry own fields of the form; the message itself is in none of them.
        text=row.get("Issue Details") or row.get("Details"),
        title=row.get("Subject") or row.get("Issue Summary"),
        time=row.get("Date Created") or row.get("Created"),
        channel=row.get("Source") or row.get("Ticket Source") or "ticket",
        touchpoint=row.get("Help Topic"),
        customer=row.get("From Email") or row.get("User Email"),
        episode=number,
    )


def _entry(row: Mapping[str, Any]) -> Piece | None:
    if row.get("type") != _MESSAGE:
        return None
    user = str(row.get("user_id") or "0")
    return Piece(
        id=f"entry-{row.get('id')}",
        text=row.get("body"),
        title=row.get("title"),
        time=row.get("created"),
        channel=row.get("source") or "email",
        customer=f"osticket-{user}" if user != "0" else None,
        episode=row.get("thread_id"),
    )


SLICE = Slice(name="osticket", read=read)
