"""What was said, from the pieces that programs send: one voice, cleaned as files are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forvent.reading.cells import clean_text, without_heaps
from forvent.reading.own_words import own_words
from forvent.reading.ratings import rating_on, read_rating
from forvent.reading.times import DateOrder, read_time
from forvent.records import Scale, Voice

#: Characters of one voice; what is longer is no voice but a file in it.
LONGEST = 20_000
_ANSWER_OR_PASSED_ON = ("re:", "aw:", "sv:", "fw:", "fwd:", "vs:", "回复:", "转发:")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece as its sender gave it; every part may lack."""

    id: str
    text: Any = None
    title: Any = None
    time: Any = None
    rating: Any = None
    channel: Any = None
    touchpoint: Any = None
    customer: Any = None
    language: Any = None
    episode: Any = None


def voice_of(piece: Piece, *, row: int, scale: Scale, order: DateOrder | None = None) -> Voice | None:
    """The voice of a piece; None where it has neither words nor a rating."""
    text = _joined(_words(piece.title), _words(piece.text))
    given = read_rating(piece.rating) if isinstance(piece.rating, str | int | float) else None
    own = (
        Scale(given.low, given.high) if given and given.low is not None and given.high is not None else scale
    )
    rating = rating_on(given, scale=own) if given else None
    if not text and rating is None:
        return None
    known = isinstance(piece.time, str | int | float) and not isinstance(piece.time, bool)
    moment = read_time(piece.time, order=order or DateOrder()) if known else None
    return Voice(
        voice_id=piece.id[:150],
        text=text,
        row=row,
        time=moment.time if moment else None,
        rating=rating,
        rating_given=given.value if given and rating is not None else None,
        channel=_word(piece.channel),
        touchpoint=_word(piece.touchpoint),
        customer=_customer(piece.customer),
        language=_word(piece.language),
        episode=_word(piece.episode),
    )


def found(document: Any, path: str) -> Any:
    """The value at a path such as ``data.reviews.0.text``; None where nothing is there."""
    for step in path.split(".") if path else ():
        if isinstance(document, Mapping):
            document = document.get(step)
        elif isinstance(document, list) and step.isdecimal() and len(step) < 7 and int(step) < len(document):
            document = document[int(step)]
        else:
            return None
    return document


def _words(given: Any) -> str:
    if not isinstance(given, str | int | float) or isinstance(given, bool):
        return ""
    return own_words(without_heaps(clean_text(str(given)[:LONGEST]).text).text).text.strip()


def _joined(title: str, text: str) -> str:
    if not title or title.lower().startswith(_ANSWER_OR_PASSED_ON) or text.startswith(title.rstrip(".… ")):
        return text
    return f"{title}\n{text}".strip()


def _word(given: Any) -> str | None:
    if not isinstance(given, str | int | float) or isinstance(given, bool):
        return None
    return clean_text(str(given)[:300]).text or None


def _customer(given: Any) -> str | None:
    word = _word(given)
    return word.lower() if word and "@" in word else word
