"""Zammad: articles of tickets, as its REST API and its exports by that write them (JSON)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from forvent_server.sources.contract import Brought, Slice
from forvent_server.sources.exports.pieces import brought, documents, is_json, no_export, objects
from forvent_server.sources.said import Piece

#: Of the three senders that Zammad knows.
_CUSTOMER = 2


def read(path: Path) -> Iterator[Brought]:
    """What customers wrote in the articles of a file; notes and articles of agents are passed over.

    Raises
    ------
    Trouble
        If the file holds no articles.
    """
    if not is_json(path):
        raise no_export()
    articles = (
        article
        for document in documents(path)
        for one in objects(document, "ticket_articles", "articles", "assets.TicketArticle")
        for article in (objects(one["articles"]) if isinstance(one.get("articles"), list) else [one])
    )
    return brought(map(_piece, articles))


def _piece(article: Mapping[str, Any]) -> Piece | None:
    sender = article.get("sender")
    by_customer = sender == "Customer" or (sender is None and article.get("sender_id") == _CUSTOMER)
    if not by_customer or article.get("internal") or "body" not in article:
        return None
    return Piece(
        id=f"article-{article.get('id')}",
        text=article.get("body"),
        title=article.get("subject"),
        time=article.get("created_at"),
        channel=article.get("type") or "email",
        customer=parseaddr(str(article.get("from") or ""))[1] or article.get("created_by"),
        episode=article.get("ticket_id"),
    )


SLICE = Slice(name="zammad", read=read)
