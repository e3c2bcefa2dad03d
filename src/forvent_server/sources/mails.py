"""Mails as they came → voices: what their writer wrote anew, and who wrote."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from hashlib import sha256

from forvent.records import Scale, Voice
from forvent_server.sources.said import Piece, voice_of

_BULK = ("bulk", "list", "junk", "auto_reply")
_SCALE = Scale(1.0, 5.0)


def voice_of_mail(
    raw: bytes,
    *,
    key: str,
    row: int,
    now: datetime,
    own: Sequence[str],
    touchpoint: str,
) -> Voice | None:
    """The voice of a mail; None where a machine or the business itself wrote it, or it has no words.

    ``key`` stands where the mail names none. ``own`` are addresses and domains of the business.
    """
    try:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        sender = parseaddr(str(mail.get("From", "")))[1].lower()
        if _by_machine(mail) or is_own(sender, own=own):
            return None
        piece = Piece(
            id=_id(mail) or key,
            text=_text(mail),
            title=str(mail.get("Subject", "")),
            time=_time(mail, now=now),
            channel="email",
            touchpoint=touchpoint or None,
            customer=sender or None,
        )
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError):
        # Mails are written by anybody; the parser of the standard library stumbles over some headers.
        return None
    return voice_of(piece, row=row, scale=_SCALE)


def is_own(sender: str, *, own: Sequence[str]) -> bool:
    """Whether an address is one of the business: itself, or of its domains."""
    domain = sender.rpartition("@")[2]
    return any(sender == one or domain == one.removeprefix("@") for one in own if one)


def _by_machine(mail: EmailMessage) -> bool:
    """Whether a machine answered: an absence, a bounce, a newsletter."""
    automatic = str(mail.get("Auto-Submitted", "no")).strip().lower()
    return (
        not automatic.startswith("no")
        or str(mail.get("Precedence", "")).strip().lower() in _BULK
        or mail.get_content_type() == "multipart/report"
        or str(mail.get("Return-Path", "")).strip() == "<>"
        or mail.get("X-Autoreply") is not None
    )


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    try:
        return str(body.get_content())
    except (LookupError, UnicodeError):
        payload = body.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _id(mail: EmailMessage) -> str:
    known = str(mail.get("Message-ID", "")).strip().strip("<>")
    return known if len(known) <= 120 else sha256(known.encode("utf-8", "replace")).hexdigest()


def _time(mail: EmailMessage, *, now: datetime) -> str | None:
    """When it was sent; a date that lies ahead is no date."""
    try:
        moment = parsedate_to_datetime(str(mail.get("Date", "")))
    except (TypeError, ValueError, IndexError):
        return None
    moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.replace(tzinfo=None).isoformat() if moment <= now + timedelta(days=1) else None
