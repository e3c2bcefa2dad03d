"""The words of a voice: from its cells, without what nobody typed, what others wrote, and personal data."""

from __future__ import annotations

from collections.abc import Iterator

from forvent.reading.cells import Cell, as_text, clean_text, is_error_value, may_have_heaps, without_heaps
from forvent.reading.machine_made import (
    LONG_ENOUGH,
    MOST_BY_CHANCE,
    REPEATED_BY_MACHINE,
    TIMES_THE_USUAL,
    Repeated,
)
from forvent.reading.opened import Course, Opened
from forvent.reading.own_words import may_hold_others, own_words
from forvent.reading.personal import masked
from forvent.reading.rows import Row
from forvent.reading.tally import KEPT

OF_OTHERS = "quoted words of others left out"
CLOSING = "a signature or footer left out"
HEAPS = "heaps of marks over letters left out"

_WRITTEN_NOTHING = frozenset(("", "null", "nan", "nat", "(null)", "(blank)", "\\n"))
_SHOWN_ROWS = 20


class VoiceTexts:
    """Reads the texts of a file, and counts what was taken out of them."""

    def __init__(self, opened: Opened, *, course: Course, own_words_only: bool, mask: bool) -> None:
        self._mapping = opened.columns.mapping
        self._place = opened.index("text")
        self._title = opened.index("title")
        self._course = course
        self._own = own_words_only
        self._mask = mask
        self._cleaned: list[int] = []
        self._cleaned_count = 0
        self._marked_up = 0
        self._repeated = (
            Repeated(frozenset()) if opened.long_texts is None else opened.long_texts.repeated(self._place)
        )

    def by_machine(self, row: Row) -> bool:
        """True, and counted, where a machine wrote the text of a row and it was there before."""
        if self._place is None or not self._repeated.again(row.cells[self._place]):
            return False
        self._course.tally.add(REPEATED_BY_MACHINE, row=row.number, column=self._mapping["text"])
        return True

    def text(self, row: Row) -> str:
        """Title and text of a row as their customer wrote them."""
        text = "" if self._place is None else self._written(row, self._place, "text")
        if self._title is None:
            return text
        title = self._written(row, self._title, "title")
        if not title or text.startswith(title.rstrip(".… ")):
            return text
        return f"{title}\n{text}".strip()

    def masked(self, text: str, language: str | None) -> str:
        """The text without personal data, if that is wanted."""
        if not self._mask:
            return text
        found = masked(text, language)
        for kind, count in found.counts.items():
            self._course.masked[kind] = self._course.masked.get(kind, 0) + count
        return found.text

    def clean(self, cell: Cell, *, row: int) -> str:
        """A cell without characters that nobody typed; its row is noted if there were any."""
        text = as_text(cell)
        if text.isprintable():
            return text
        cleaned = clean_text(text)
        if cleaned.removed:
            self._cleaned_count += 1
            if len(self._cleaned) < _SHOWN_ROWS and row not in self._cleaned:
                self._cleaned.append(row)
        return cleaned.text

    def notes(self) -> Iterator[str]:
        """What came to light while reading."""
        if self._cleaned_count:
            rows = ", ".join(map(str, self._cleaned))
            more = ", …" if self._cleaned_count > len(self._cleaned) else ""
            yield f"Control, direction or unpaired characters were taken out in rows {rows}{more}."
        if self._marked_up:
            yield f"Texts with HTML, read as plain text: {self._marked_up}."
        if self._repeated.texts:
            yield (
                f"Texts repeated by machine, each counted once: {self._repeated.texts}. "
                f"Each has {LONG_ENOUGH} letters or more and comes more than {MOST_BY_CHANCE} times, "
                f"and more than {TIMES_THE_USUAL} times as often as other long texts of the file do."
            )

    def _written(self, row: Row, place: int, field: str) -> str:
        text = self.clean(row.cells[place], row=row.number)
        if is_error_value(text):
            self._kept("a spreadsheet error stands in place of words", row=row, field=field, example=text)
            return ""
        if len(text) <= 7 and text.lower() in _WRITTEN_NOTHING:
            return ""
        if may_have_heaps(text) and (thinned := without_heaps(text)).removed:
            self._kept(HEAPS, row=row, field=field)
            text = thinned.text
        if not self._own or not may_hold_others(text):
            return text
        return self._own_words(text, row=row, field=field)

    def _own_words(self, text: str, *, row: Row, field: str) -> str:
        own = own_words(text)
        if own.quoted:
            self._kept(OF_OTHERS, row=row, field=field)
        if own.closing:
            self._kept(CLOSING, row=row, field=field)
        self._marked_up += own.marked_up
        return own.text

    def _kept(self, reason: str, *, row: Row, field: str, example: object = None) -> None:
        self._course.tally.add(
            KEPT + reason, row=row.number, column=self._mapping.get(field), example=example
        )
