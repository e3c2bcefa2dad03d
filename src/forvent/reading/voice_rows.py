"""One row → one voice, and what was found out about the columns before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from forvent.reading.cells import Cell, is_error_value, is_nothing, value_of
from forvent.reading.header_words import folded
from forvent.reading.opened import Course, Opened, sampled
from forvent.reading.ratings import Given, guess_scale, own_scale, rating_on, read_rating, scale_name
from forvent.reading.repeats import Repeats, fingerprint
from forvent.reading.rows import Row
from forvent.reading.sample import Sample
from forvent.reading.tally import KEPT
from forvent.reading.times import IMPOSSIBLE, DateOrder, Moment, date_order, read_time
from forvent.reading.voice_texts import VoiceTexts
from forvent.records import Scale, Voice

NEITHER = "neither text nor rating"
SAME_ID = "same id, different content"

_LANGUAGE = re.compile(r"([a-z]{2,3})([-_].*)?")
_LANGUAGE_NAMES = {
    "english": "en", "czech": "cs", "čeština": "cs", "česky": "cs", "cz": "cs", "norwegian": "nb",
    "norsk": "nb", "no": "nb", "estonian": "et", "eesti": "et", "chinese": "zh", "中文": "zh", "汉语": "zh",
    "armenian": "hy", "հայերեն": "hy", "german": "de", "deutsch": "de", "portuguese": "pt", "português": "pt",
}  # fmt: skip
_LABELS = ("channel", "touchpoint", "customer", "language", "episode", "competitor")
_NO_SEGMENTS: Mapping[str, int] = MappingProxyType({})
# Shorter texts are said by many people in the same words.
_LONG_ENOUGH = 40
# Values of one column that are kept in mind; columns with more kinds are ids.
_REMEMBERED = 2000


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was found out about the columns of a file before its voices are read."""

    order: DateOrder
    scale: Scale | None
    zero_seen: bool
    notes: tuple[str, ...]


def understood(opened: Opened, sample: Sample, *, scale: tuple[float, float] | None) -> Understanding:
    """The order of dates and the scale of ratings, from a sample of the whole file."""
    order = date_order(sampled(opened, sample, field="time"))
    readings = [
        read_rating(cell) for cell in sampled(opened, sample, field="rating") if value_of(cell) is not None
    ]
    given = [reading for reading in readings if reading is not None]
    zero_seen = any(reading.value == 0 for reading in given)
    if scale is not None:
        chosen = Scale(float(scale[0]), float(scale[1]), guessed=False)
        return Understanding(order, chosen, zero_seen, order.notes)
    column = opened.columns.mapping.get("rating", "")
    plain = [reading.value for reading in given if reading.high is None]
    guess = guess_scale(plain, column=column)
    doubts = () if "rating_max" in opened.columns.mapping else guess.notes
    return Understanding(order, guess.scale, zero_seen, (*order.notes, *doubts))


class VoiceDesk:
    """Makes voices of rows, and counts what it has to leave out."""

    def __init__(
        self,
        opened: Opened,
        *,
        known: Understanding,
        course: Course,
        own_name: str | None,
        texts: VoiceTexts,
        segments: Mapping[str, int] = _NO_SEGMENTS,
    ) -> None:
        self._opened = opened
        self._known = known
        self._course = course
        self._texts = texts
        self._own_name = None if own_name is None else folded(own_name)
        self._segments = segments
        self._repeats = Repeats()
        self._told_apart = 0
        self._scales: dict[Scale, list[int]] = {}
        self._places = {field: opened.index(field) for field in opened.columns.mapping}
        self._labels = [field for field in _LABELS if field in self._places]
        self._remembered: dict[str, dict[str, str | None]] = {field: {} for field in self._labels}
        self._ratings: dict[str, tuple[float, float, list[int]]] = {}

    def voice(self, row: Row) -> Voice | None:
        """The voice of a row; None where it cannot be used or was there before."""
        if self._texts.by_machine(row):
            return None
        text = self._texts.text(row)
        given, rating = self._rating(row)
        if not text and rating is None:
            self._course.tally.add(NEITHER, row=row.number)
            return None
        moment = self._moment(row)
        said: dict[str, Any] = {field: self._label(row, field) for field in self._labels}
        if said.get("language") is not None:
            said["language"] = language_code(said["language"] or "")
        if self._own_name is not None and "competitor" in said:
            said["competitor"] = self._other(said["competitor"])
        name = self._label(row, "id") or ""
        voice = Voice(name, text, row.number, None if moment is None else moment.time, rating, given, **said)
        named = self._once(voice, by_day=moment is None or moment.by_day)
        if named is None:
            return None
        shown = self._texts.masked(text, voice.language)
        if named == name and shown is text and not self._segments:
            return voice
        return replace(voice, voice_id=named, text=shown, segments=self._segments_of(row))

    def notes(self) -> Iterator[str]:
        """What came to light while reading."""
        yield from self._texts.notes()
        if self._told_apart:
            yield (
                f"{self._told_apart} short texts or bare ratings are like an earlier one, without id, "
                "customer, order or time of day to tell whether they are the same voice; they were kept."
            )

    def scale(self) -> Scale | None:
        """The scale of most ratings."""
        counts = self._scales
        return max(counts, key=lambda scale: counts[scale][0]) if counts else self._known.scale

    def _once(self, voice: Voice, *, by_day: bool) -> str | None:
        """The id under which a voice is kept; None where it was there before."""
        named = bool(voice.voice_id)
        name = voice.voice_id if named else self._made_up_id(voice)
        place = self._repeats.place(name, content=_content(voice) if named else 0)
        if place.repeated and not named and not _is_recognisable(voice, by_day=by_day):
            self._told_apart += 1
            return f"{name}#{self._repeats.another(name)}"
        if place.repeated:
            self._course.repeated += 1
            return None
        if place.number > 1:
            self._course.tally.add(KEPT + SAME_ID, row=voice.row, example=name)
            return f"{name}#{place.number}"
        return name

    def _other(self, company: str | None) -> str | None:
        """The company a voice is about, unless it is one's own."""
        return None if company is None or folded(company) == self._own_name else company

    def _segments_of(self, row: Row) -> dict[str, str]:
        """What the columns of segments hold, as text."""
        cells = ((name, row.cells[place]) for name, place in self._segments.items())
        texts = ((name, value_of(cell)) for name, cell in cells if cell is not None)
        return {name: " ".join(text.split()) for name, text in texts if text is not None}

    def _made_up_id(self, voice: Voice) -> str:
        content = fingerprint(voice.text, voice.time, voice.customer, voice.rating_given, voice.episode)
        return f"v-{content:016x}"

    def _cell(self, row: Row, field: str) -> Cell:
        place = self._places.get(field)
        return None if place is None else row.cells[place]

    def _label(self, row: Row, field: str) -> str | None:
        cell = self._cell(row, field)
        if cell is None or cell == "":
            return None
        if type(cell) is not str:
            return self._as_label(cell, row=row, field=field)
        # Letters and digits alone: most ids.
        if cell.isalnum():
            return None if is_nothing(cell) else cell
        remembered = self._remembered.get(field)
        if remembered is None:
            return self._as_label(cell, row=row, field=field)
        if cell in remembered:
            return remembered[cell]
        label = self._as_label(cell, row=row, field=field)
        # Others have to be counted each time.
        if len(remembered) < _REMEMBERED and cell.isprintable() and not is_error_value(cell.strip()):
            remembered[cell] = label
        return label

    def _as_label(self, cell: Cell, *, row: Row, field: str) -> str | None:
        text = " ".join(self._texts.clean(cell, row=row.number).split())
        if is_error_value(text):
            self._kept("a spreadsheet error stands in place of a value", row=row, field=field, example=text)
        return value_of(text)

    def _moment(self, row: Row) -> Moment | None:
        cell = self._cell(row, "time")
        if cell is None or value_of(cell) is None:
            return None
        moment = read_time(cell, order=self._known.order)
        if moment is None:
            self._kept(IMPOSSIBLE, row=row, field="time", example=cell)
        return moment

    def _rating(self, row: Row) -> tuple[float | None, float | None]:
        cell = self._cell(row, "rating")
        if type(cell) is str and (read := self._ratings.get(cell)) is not None:
            value, rating, counted = read
            counted[0] += 1
            return value, rating
        return (None, None) if cell is None or value_of(cell) is None else self._new_rating(row, cell)

    def _new_rating(self, row: Row, cell: Cell) -> tuple[float | None, float | None]:
        given = read_rating(cell)
        if given is None:
            self._kept("rating is no number, stars or known word", row=row, field="rating")
            return None, None
        scale = self._scale_of(given, row=row)
        if scale is None:
            self._kept("rating on an unknown scale", row=row, field="rating", example=given.value)
            return None, None
        rating = rating_on(given, scale=scale)
        if rating is None:
            reason = f"rating outside its scale {scale_name(scale)}"
            self._kept(reason, row=row, field="rating", example=f"{given.value:g}")
            return None, None
        counted = self._scales.setdefault(scale, [0])
        counted[0] += 1
        if type(cell) is str and "rating_max" not in self._places and len(self._ratings) < _REMEMBERED:
            self._ratings[cell] = (given.value, rating, counted)
        return given.value, rating

    def _scale_of(self, given: Given, *, row: Row) -> Scale | None:
        """The scale of a rating: of its cell, of its row (unless a person named one), or of its column."""
        scale, zero_seen = self._known.scale, self._known.zero_seen
        top = None if scale is not None and not scale.guessed else read_rating(self._cell(row, "rating_max"))
        return own_scale(given, top=None if top is None else top.value, zero_seen=zero_seen) or scale

    def _kept(self, reason: str, *, row: Row, field: str, example: object = None) -> None:
        column = self._opened.columns.mapping.get(field)
        self._course.tally.add(KEPT + reason, row=row.number, column=column, example=example)


def language_code(text: str) -> str | None:
    """The ISO 639 code of a language given as code or name ("pt-BR" is "pt"); None where it is neither."""
    lower = text.strip().lower()
    if lower in _LANGUAGE_NAMES:
        return _LANGUAGE_NAMES[lower]
    match = _LANGUAGE.fullmatch(lower)
    return _LANGUAGE_NAMES.get(match[1], match[1]) if match else None


def _is_recognisable(voice: Voice, *, by_day: bool) -> bool:
    """True where a voice without id says enough to know it again."""
    return bool(voice.customer or voice.episode or not by_day or len(voice.text) >= _LONG_ENOUGH)


def _content(voice: Voice) -> int:
    return fingerprint(
        voice.text,
        voice.time,
        voice.rating_given,
        voice.customer,
        voice.episode,
        voice.channel,
        voice.touchpoint,
    )
