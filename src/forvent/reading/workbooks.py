"""Excel (.xlsx, .xlsb, .xls) and OpenDocument (.ods): the first sheet with data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from forvent.errors import UnreadableFile
from forvent.reading.cells import LONGEST_CELL
from forvent.reading.delimited import TOO_LONG
from forvent.reading.headers import fitting_rows, header_of
from forvent.reading.rows import Row


class Workbook:
    """The first sheet that holds rows; the names of the others stand in the notes."""

    encoding = None

    def __init__(self, stream: BinaryIO, *, file: str, kind: str) -> None:
        self._sheet, others = _sheet_with_data(stream, file=file)
        self._header = header_of(self._all_rows(), file=f"{file}, sheet “{self._sheet.name}”,")
        self.format = f"{kind}, sheet “{self._sheet.name}”"
        self.names = self._header.names
        left = ", ".join(f"“{name}”" for name in others)
        self.notes = (*self._header.notes, *((f"Other sheets were not read: {left}.",) if others else ()))

    def rows(self) -> Iterator[Row]:
        """Every row of data of the sheet that is not empty."""
        return fitting_rows(self._all_rows, header=self._header)

    def _all_rows(self) -> Iterator[Row]:
        for number, cells in enumerate(self._sheet.iter_rows(), start=1):
            if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells):
                yield Row(number, (), flaw=TOO_LONG)
            else:
                yield Row(number, cells)


def _sheet_with_data(stream: BinaryIO, *, file: str) -> tuple[CalamineSheet, list[str]]:
    stream.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(stream)
        tables = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        chosen = None
        for name in tables:
            sheet = book.get_sheet_by_name(name)
            if sheet.start is not None:
                chosen = sheet
                break
    except PasswordError as error:
        raise UnreadableFile(
            f"{file} is locked with a password.", hint="Save it without a password."
        ) from error
    except CalamineError as error:
        raise UnreadableFile(
            f"{file} looks like a spreadsheet but is damaged ({error}).",
            hint="Save it again, or save it as CSV.",
        ) from error
    if chosen is None:
        raise UnreadableFile(
            f"{file} holds no sheet with rows.", hint="Choose a file with a header and rows."
        )
    return chosen, [name for name in tables if name != chosen.name]
