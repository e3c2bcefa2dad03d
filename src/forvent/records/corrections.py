"""What people said of mentions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said of one mention of one text, kept for ever.

    ``text_hash`` is the SHA-256 of the text in NFC, in hexadecimal, so that the same words are known
    again under any voice. ``action`` is ``right``, ``wrong`` (not this expectation), ``instead`` (this
    other one: ``instead``), ``polarity`` (another one: ``polarity``) or ``missed`` (was not found).
    ``quote`` are the words it is about, in NFC; empty for the whole text. ``at`` is UTC.
    """

    text_hash: str
    voice_id: str
    quote: str
    expectation: str
    action: str
    polarity: str | None
    by: str
    at: datetime
    instead: str | None = None
    language: str | None = None
