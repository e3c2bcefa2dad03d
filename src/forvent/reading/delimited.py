"""CSV and its relatives: which delimiter, and rows that survive damaged quotes and endless cells."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from forvent.reading.cells import LONGEST_CELL
from forvent.reading.lines import Lines, is_marked
from forvent.reading.rows import Row

LONGEST_LINE = 4 * LONGEST_CELL
TOO_LONG = "a cell of more than 1,000,000 characters"
BAD_QUOTES = "quotation marks that do not match"
BAD_BYTES = "characters that cannot be decoded"
# The csv module's limit is one for the whole process; below it, rows are refused by this module.
csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))

_DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_HEAD_LINES = 400
_HEAD = 256_000
_NEW_LINE = "new-line character"
#: Signs or bytes of lines that are read at once, and lines a cell at their end may go on.
_BLOCK = 1 << 18
_MOST_LINES = 100
_ONE_COLUMN = "\x1f"
_DOUBLED = re.compile(r'[^,;\t|"\r\n]""')


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the cells of a row are told apart.

    ``blanks`` says that quotes may stand behind a blank; ``skip`` lines before the table are no data.
    """

    delimiter: str
    escape: str | None = None
    blanks: bool = False
    skip: int = 0

    @property
    def name(self) -> str:
        """The delimiter in words."""
        return _NAMES.get(self.delimiter, "one column")

    def parse(self, lines: Iterator[str], *, strict: bool) -> Iterator[list[str]]:
        """Cells of each row of the lines."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            escapechar=self.escape,
            doublequote=True,
            skipinitialspace=self.blanks,
            strict=strict,
        )


def dialect_of(lines: Lines) -> Dialect:
    """The delimiter that cuts the beginning of the file into the most even table."""
    lines.seek(0)
    head: list[str] = []
    size = 0
    while size < _HEAD and len(head) < _HEAD_LINES and (line := lines.read(_HEAD)):
        head.append(line)
        size += len(line)
    if head and (named := re.fullmatch(r'"?sep=(.)"?', head[0].strip(), flags=re.IGNORECASE)):
        return Dialect(named[1], skip=1)
    text = "".join(head)
    escape = "\\" if text.count('\\"') > len(_DOUBLED.findall(text)) else None
    ways = [Dialect(mark, escape) for mark in _DELIMITERS]
    ways += [Dialect(mark, escape, blanks=True) for mark in _DELIMITERS if f'{mark} "' in text]
    best = max(ways, key=lambda way: _evenness(head, way))
    return best if _evenness(head, best) > 0 else Dialect(_ONE_COLUMN, escape)


def _evenness(head: list[str], dialect: Dialect) -> float:
    """How alike the rows are in width; 0 where the delimiter makes no table."""
    widths: list[int] = []
    # At a cell over the limit, or a carriage return, judge by the rows before it.
    with suppress(csv.Error):
        widths.extend(len(cells) for cells in dialect.parse(iter(head), strict=False) if any(cells))
    # The last row may have been cut where the head ends.
    widths = widths[:-1] if len(widths) > 5 else widths
    table = Counter(width for width in widths if width > 1)
    if not table:
        return 0.0
    width, rows = max(table.items(), key=lambda item: (item[1], item[0]))
    share = rows / len(widths)
    if widths[0] == 1 and (share < 0.7 or width < 3):
        # One column of sentences with commas, not a table under a title.
        return 0.0
    return share + 0.3 * (widths[0] == width) + min(width, 30) / 100


class _EndlessLineError(Exception):
    """A line longer than any that can be used."""


class _Feed:
    """Lines for one record at a time, which can be given back when its quotes turn out damaged."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._waiting: list[str] = []
        self.record: list[str] = []
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    @property
    def waits(self) -> bool:
        """True where lines that were given back are still to be read."""
        return bool(self._waiting)

    @property
    def marked(self) -> bool:
        """True where some bytes so far could not be decoded."""
        return self._lines.marked

    def next_line(self) -> str:
        """The next line as it is, not yet part of a record; empty at the end."""
        return self._waiting.pop() if self._waiting else self._lines.read(LONGEST_LINE)

    def __next__(self) -> str:
        line = self.next_line()
        if not line:
            self.ended = True
            raise StopIteration
        if len(line) >= LONGEST_LINE and not line.endswith("\n"):
            self._pass_over_rest()
            raise _EndlessLineError
        self.record.append(line)
        return line

    def _pass_over_rest(self) -> None:
        while (piece := self._lines.read(LONGEST_LINE)) and not piece.endswith("\n"):
            pass

    def give_back(self, lines: list[str]) -> None:
        """Put lines in front of those still to come."""
        self._waiting.extend(reversed(lines))
        self.ended = False

    def pass_over_cell(self, dialect: Dialect) -> bool:
        """Read to the end of a quoted cell; False, with nothing read, where it has no proper end."""
        if self._waiting:
            return False
        start = self._lines.tell()
        while line := self._lines.read(LONGEST_LINE):
            at = line.find('"')
            if at >= 0:
                if line[at + 1 : at + 2] in (dialect.delimiter, "\n", "\r", ""):
                    return True
                break
        self._lines.seek(start)
        return False


def delimited_rows(lines: Lines, *, dialect: Dialect) -> Iterator[Row]:
    """Every row of a delimited file, empty ones too; rows count as a spreadsheet counts them."""
    lines.seek(0)
    for _ in range(dialect.skip):
        lines.read(LONGEST_LINE)
    number = 0
    while True:
        start = lines.tell()
        table = _even_table(_block(lines), dialect=dialect)
        if table is not None:
            for cells in table:
                number += 1
                yield Row(number, cells)
            continue
        # Something is odd about the block, or the file ends.
        end = max(start + _BLOCK, lines.tell())
        lines.seek(start)
        before = number
        for row in _rows_one_by_one(lines, dialect=dialect, number=number, end=end):
            number = row.number
            yield row
        if number == before:
            return


def _block(lines: Lines) -> str:
    """The next lines, to the end of a cell that goes on over several; empty where each is to be looked at."""
    text = lines.read_block(_BLOCK, limit=LONGEST_CELL)
    more = _MOST_LINES if text.count('"') % 2 else 0
    while more and (line := lines.read(LONGEST_CELL)):
        text += line
        more = more - 1 if line.count('"') % 2 == 0 else 0
    return text if len(text) <= 2 * LONGEST_CELL and not lines.marked else ""


def _even_table(text: str, *, dialect: Dialect) -> list[list[str]] | None:
    """The rows of whole lines at once; None where there is none, or one that has to be looked at."""
    if not text:
        return None
    try:
        return list(dialect.parse(io.StringIO(text, newline="\n"), strict=True))
    except csv.Error:
        return None


def _rows_one_by_one(lines: Lines, *, dialect: Dialect, number: int, end: int) -> Iterator[Row]:
    """The rows of the lines up to a place at least, each looked at; none at the end of the file."""
    feed = _Feed(lines)
    reader = dialect.parse(feed, strict=True)
    plain = dialect.escape is None and not dialect.blanks
    delimiter = dialect.delimiter
    while True:
        line = feed.next_line()
        ends = 2 if line.endswith("\r\n") else 1 if line.endswith("\n") else 0
        if plain and '"' not in line and line.count("\r") == (ends == 2) and ends < len(line) <= LONGEST_CELL:
            # Most lines; what follows would come to the same cells.
            number += 1
            if lines.marked and is_marked(line):
                yield Row(number, (), BAD_BYTES)
            else:
                yield Row(number, line[: len(line) - ends].split(delimiter))
        else:
            feed.record = []
            feed.give_back([line])
            row = _next_row(feed, reader, dialect=dialect, number=number + 1)
            if row is None:
                return
            number += 1
            yield row
        if not feed.waits and lines.tell() >= end:
            return


def _next_row(feed: _Feed, reader: Iterator[list[str]], *, dialect: Dialect, number: int) -> Row | None:
    try:
        cells = next(reader, None)
    except _EndlessLineError:
        return Row(number, (), flaw=TOO_LONG)
    except csv.Error as error:
        return _mended(feed, reader, dialect=dialect, number=number, error=str(error))
    if cells is None:
        return None
    record = feed.record
    if sum(map(len, record)) > LONGEST_CELL and any(len(cell) > LONGEST_CELL for cell in cells):
        return Row(number, (), flaw=TOO_LONG)
    if feed.marked and any(map(is_marked, record)):
        return Row(number, (), flaw=BAD_BYTES)
    return Row(number, cells)


def _mended(
    feed: _Feed, reader: Iterator[list[str]], *, dialect: Dialect, number: int, error: str
) -> Row | None:
    """The row of a record with damaged quotes: its first line alone; the other lines start rows of their own.

    Without this, one quotation mark too many would swallow all rows up to the next.
    """
    record = feed.record
    if _NEW_LINE in error and "\r" in record[-1].rstrip("\r\n"):
        feed.give_back(record[:-1] + _cut_at_returns(record[-1]))
        feed.record = []
        return _next_row(feed, reader, dialect=dialect, number=number)
    if "field larger" in error and (len(record) == 1 or feed.pass_over_cell(dialect)):
        return Row(number, (), flaw=TOO_LONG)
    feed.give_back(record[1:])
    if is_marked(record[0]):
        return Row(number, (), flaw=BAD_BYTES)
    cells = [_unquoted(cell) for cell in record[0].rstrip("\r\n").split(dialect.delimiter)]
    return Row(number, cells, doubt=BAD_QUOTES)


def _unquoted(cell: str) -> str:
    whole = len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
    return cell[1:-1].replace('""', '"') if whole else cell


def _cut_at_returns(line: str) -> list[str]:
    parts = line.replace("\r\n", "\n").split("\r")
    return [part + "\n" for part in parts[:-1]] + [parts[-1]]
