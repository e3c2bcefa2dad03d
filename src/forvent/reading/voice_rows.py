"""One row → one voice, and what was found out about the columns before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from forvent.reading.cells import Cell, as_text, clean_text, is_error_value, value_of
from forvent.reading.opened import Course, Opened, sampled
from forvent.reading.ratings import Given, guess_scale, own_scale, rating_on, read_rating, scale_name
from forvent.reading.repeats import Repeats, fingerprint
from forvent.reading.rows import Row
from forvent.reading.sample import Sample
from forvent.reading.tally import KEPT
from forvent.reading.times import IMPOSSIBLE, DateOrder, Moment, date_order, read_time
from forvent.records import Scale, Voice

NEITHER = "neither text nor rating"
SAME_ID = "same id, different content"

_LANGUAGE = re.compile(r"([a-z]{2,3})([-_].*)?")
_LANGUAGE_NAMES = {
    "english": "en", "czech": "cs", "čeština": "cs", "česky": "cs", "cz": "cs", "norwegian": "nb",
    "norsk": "nb", "no": "nb", "estonian": "et", "eesti": "et", "chinese": "zh", "中文": "zh", "汉语": "zh",
    "armenian": "hy", "հայերեն": "hy", "german": "de", "deutsch": "de", "portuguese": "pt", "português": "pt",
}  # fmt: skip
# Shorter texts are said by many people in the same words.
_LONG_ENOUGH = 40
_WRITTEN_NOTHING = frozenset(("", "null", "nan", "nat", "(null)", "(blank)", "\\n"))


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

    def __init__(self, opened: Opened, *, known: Understanding, course: Course) -> None:
        self._opened = opened
        self._known = known
        self._course = course
        self._repeats = Repeats()
        self._cleaned: list[int] = []
        self._cleaned_count = 0
        self._told_apart = 0
        self._scales: dict[Scale, int] = {}
        self._places = {field: opened.index(field) for field in opened.columns.mapping}

    def voice(self, row: Row) -> Voice | None:
        """The voice of a row; None where it cannot be used or was there before."""
        text = self._text(row)
        given, rating = self._rating(row)
        if not text and rating is None:
            self._course.tally.add(NEITHER, row=row.number)
            return None
        moment = self._moment(row)
        language = self._label(row, "language")
        voice = Voice(
            voice_id=self._label(row, "id") or "",
            text=text,
            row=row.number,
            time=None if moment is None else moment.time,
            rating=rating,
            rating_given=given,
            channel=self._label(row, "channel"),
            touchpoint=self._label(row, "touchpoint"),
            customer=self._label(row, "customer"),
            language=None if language is None else language_code(language),
            episode=self._label(row, "episode"),
        )
        return self._once(voice, by_day=moment is None or moment.by_day)

    def notes(self) -> Iterator[str]:
        """What came to light while reading."""
        if self._cleaned_count:
            rows = ", ".join(map(str, self._cleaned))
            more = ", …" if self._cleaned_count > len(self._cleaned) else ""
            yield f"Control, direction or unpaired characters were taken out in rows {rows}{more}."
        if self._told_apart:
            yield (
                f"{self._told_apart} short texts or bare ratings are like an earlier one, without id, "
                "customer, order or time of day to tell whether they are the same voice; they were kept."
            )

    def scale(self) -> Scale | None:
        """The scale of most ratings."""
        return max(self._scales, key=lambda scale: self._scales[scale]) if self._scales else self._known.scale

    def _once(self, voice: Voice, *, by_day: bool) -> Voice | None:
        content = fingerprint(
            voice.text,
            voice.time,
            voice.rating_given,
            voice.customer,
            voice.episode,
            voice.channel,
            voice.touchpoint,
        )
        named = bool(voice.voice_id)
        name = voice.voice_id if named else self._made_up_id(voice)
        place = self._repeats.place(name, content=content if named else 0)
        if place.repeated and not named and not _is_recognisable(voice, by_day=by_day):
            self._told_apart += 1
            return _renamed(voice, f"{name}#{self._repeats.another(name)}")
        if place.repeated:
            self._course.repeated += 1
            return None
        if place.number > 1:
            self._course.tally.add(KEPT + SAME_ID, row=voice.row, example=name)
            name = f"{name}#{place.number}"
        return _renamed(voice, name)

    def _made_up_id(self, voice: Voice) -> str:
        content = fingerprint(voice.text, voice.time, voice.customer, voice.rating_given, voice.episode)
        return f"v-{content:016x}"

    def _cell(self, row: Row, field: str) -> Cell:
        place = self._places.get(field)
        return None if place is None else row.cells[place]

    def _clean(self, cell: Cell, *, row: int) -> str:
        cleaned = clean_text(as_text(cell))
        if cleaned.removed:
            self._cleaned_count += 1
            if len(self._cleaned) < 20 and row not in self._cleaned:
                self._cleaned.append(row)
        return cleaned.text

    def _text(self, row: Row) -> str:
        text, title = self._written(row, "text"), self._written(row, "title")
        if not title or text.startswith(title.rstrip(".… ")):
            return text
        return f"{title}\n{text}".strip()

    def _written(self, row: Row, field: str) -> str:
        text = self._clean(self._cell(row, field), row=row.number)
        if is_error_value(text):
            self._kept("a spreadsheet error stands in place of words", row=row, field=field, example=text)
            return ""
        return "" if text.lower() in _WRITTEN_NOTHING else text

    def _label(self, row: Row, field: str) -> str | None:
        cell = self._cell(row, field)
        if cell is None or cell == "":
            return None
        text = " ".join(self._clean(cell, row=row.number).split())
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
        if cell is None or value_of(cell) is None:
            return None, None
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
        self._scales[scale] = self._scales.get(scale, 0) + 1
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


def _renamed(voice: Voice, name: str) -> Voice:
    return voice if voice.voice_id == name else replace(voice, voice_id=name)
