"""Takes the rows of a Kano questionnaire, one after the other, and keeps what they say as codes."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from forvent.errors import BadOption
from forvent.reading.cells import Cell, value_of
from forvent.reading.columns import find_column
from forvent.reading.kano_layout import KanoColumns, Layout
from forvent.reading.kano_words import EMPTY, UNKNOWN, AnswerScale, number_in, read_answer
from forvent.reading.opened import Course
from forvent.reading.rows import Row
from forvent.reading.tally import KEPT, Tally

NO_FEATURE = "no feature named"
NO_ANSWER = "neither question answered"
HALF = "only one of the two questions answered"
NONE_OF_FIVE = "an answer that is none of the five"
NO_PAIR = "no pair with both questions answered"
NO_WAVE = "no wave"

MOST_FEATURES, MOST_SEGMENTS = 1000, 200
_LONGEST_EXAMPLE = 24


class Names:
    """Different names with a number each; names that differ in capitals and blanks only are one."""

    def __init__(self, *, most: int, what: str) -> None:
        self.names: list[str] = []
        self._codes: dict[str, int] = {}
        self._most, self._what = most, what

    def code(self, cell: Cell) -> int:
        """The number of a name; −1 for an empty cell."""
        text = value_of(cell)
        if text is None:
            return -1
        key = " ".join(text.split()).casefold()
        code = self._codes.get(key)
        if code is None:
            if len(self.names) == self._most:
                raise BadOption(
                    f"The column of {self._what} holds more than {self._most} different values.",
                    hint="Name another column.",
                )
            code = self._codes[key] = len(self.names)
            self.names.append(" ".join(text.split()))
        return code


class KanoDesk:
    """What was read so far.

    Of each row that says something: ``row`` (its number), ``respondent``, ``wave`` and ``segments``, −1 where
    unknown; of each whole pair: ``pair_row`` (position among these rows), ``feature`` and the two answers.
    ``waves`` are the different cells of the column of waves by their code, ``numbers`` the numbers among the
    answers.
    """

    def __init__(
        self, layout: Layout, *, names: Sequence[str], wanted: KanoColumns, scale: AnswerScale, file: str
    ) -> None:
        self._layout, self._names, self.scale = layout, names, scale
        self.course = Course(Tally())
        by = [find_column(column, names=names, what="segments", file=file) for column in wanted.by]
        self.by = tuple(dict.fromkeys(by))
        self._by = [names.index(column) for column in self.by]
        wave = wanted.wave
        self.wave_column = None if wave is None else find_column(wave, names=names, what="waves", file=file)
        self._wave = None if self.wave_column is None else names.index(self.wave_column)
        self.segment_names = [Names(most=MOST_SEGMENTS, what=f"segments “{column}”") for column in self.by]
        self.features = Names(most=MOST_FEATURES, what="features")
        self._places = [self.features.code(pair.feature) for pair in layout.pairs if layout.feature is None]
        self._columns = layout.columns
        self._known: dict[Cell, int] = {}
        self._respondents: dict[str, int] = {}
        self.waves: dict[Cell, int] = {}
        self.numbers: set[int] = set()
        self.row, self.respondent, self.wave = array("q"), array("q"), array("q")
        self.segments = [array("q") for _ in self._by]
        # Fifteen million pairs fit into eight bytes each.
        self.pair_row, self.feature = array("i"), array("h")
        self.functional, self.dysfunctional = array("b"), array("b")

    @property
    def mapping(self) -> dict[str, str]:
        """Fields, waves and segments with their columns."""
        mapped = dict(self._layout.mapping)
        if self.wave_column is not None:
            mapped["wave"] = self.wave_column
        return mapped | {f"by {place}": column for place, column in enumerate(self.by, start=1)}

    def take(self, row: Row) -> None:
        """The pairs of one row."""
        self.course.rows += 1
        if row.flaw is not None:
            self.course.tally.add(row.flaw, row=row.number)
        elif self._pair(row) if self._layout.feature is not None else self._pairs(row):
            self._about(row)

    def _pair(self, row: Row) -> bool:
        """The one pair of a row that names its feature; False where it is not whole."""
        pair, at = self._layout.pairs[0], self._layout.feature
        feature = -1 if at is None else self.features.code(row.cells[at])
        if feature < 0:
            self.course.tally.add(NO_FEATURE, row=row.number)
            return False
        first, second = self._answer(row.cells[pair.functional]), self._answer(row.cells[pair.dysfunctional])
        if first > 0 and second > 0:
            self._add(feature, first, second)
            return True
        if first == second == EMPTY:
            self.course.tally.add(NO_ANSWER, row=row.number)
        else:
            self._flaw(row, first, second, place=0, kept="")
        return False

    def _pairs(self, row: Row) -> bool:
        """All pairs of a respondent's row; False where none is whole."""
        cells = row.cells
        known = self._known.get
        answers = [known(cells[column]) or self._answer(cells[column]) for column in self._columns]
        firsts, seconds = answers[::2], answers[1::2]
        if min(answers) > 0:
            # Most rows; what follows would come to the same pairs.
            self.pair_row.extend([len(self.row)] * len(firsts))
            self.feature.extend(self._places)
            self.functional.extend(firsts)
            self.dysfunctional.extend(seconds)
            return True
        whole = [place for place, pair in enumerate(zip(firsts, seconds, strict=True)) if min(pair) > 0]
        if not whole:
            self.course.tally.add(NO_PAIR, row=row.number)
            return False
        for place in whole:
            self._add(self._places[place], firsts[place], seconds[place])
        for place, pair in enumerate(zip(firsts, seconds, strict=True)):
            if min(pair) <= 0 and pair != (EMPTY, EMPTY):
                self._flaw(row, *pair, place=place, kept=KEPT)
        return True

    def _add(self, feature: int, first: int, second: int) -> None:
        self.pair_row.append(len(self.row))
        self.feature.append(feature)
        self.functional.append(first)
        self.dysfunctional.append(second)

    def _answer(self, cell: Cell) -> int:
        answer = self._known.get(cell)
        if answer is None:
            answer = self._known[cell] = read_answer(cell, scale=self.scale)
            number = number_in(value_of(cell) or "")
            if number is not None:
                self.numbers.add(number)
        return answer

    def _flaw(self, row: Row, first: int, second: int, *, place: int, kept: str) -> None:
        pair = self._layout.pairs[place]
        for answer, column in ((first, pair.functional), (second, pair.dysfunctional)):
            if answer == UNKNOWN:
                text = value_of(row.cells[column]) or ""
                # A longer one may be what a customer wrote.
                example = text if len(text) <= _LONGEST_EXAMPLE else None
                name = self._names[column]
                self.course.tally.add(kept + NONE_OF_FIVE, row=row.number, column=name, example=example)
                return
        self.course.tally.add(kept + HALF, row=row.number, column=pair.feature or None)

    def _about(self, row: Row) -> None:
        """Who answered, when, and in which segments."""
        at = self._layout.respondent
        name = None if at is None else value_of(row.cells[at])
        # Without a name everybody is a respondent of their own.
        respondent = -1 if name is None else self._respondents.setdefault(name, len(self._respondents))
        wave = -1
        if self._wave is not None and value_of(row.cells[self._wave]) is not None:
            wave = self.waves.setdefault(row.cells[self._wave], len(self.waves))
        self.row.append(row.number)
        self.respondent.append(respondent)
        self.wave.append(wave)
        for column, names, codes in zip(self._by, self.segment_names, self.segments, strict=True):
            codes.append(names.code(row.cells[column]))
