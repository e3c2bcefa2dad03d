"""Bytes → lines of text; what cannot be decoded is marked, so that its row is counted as unusable."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from typing import BinaryIO, Protocol

from forvent.reading.encodings import Encoding, is_plausible

_PIECE = 1 << 16
# Undecodable bytes become these characters.
_MARK = "surrogateescape"
_MARKED = re.compile("[\udc80-\udcff]")


class Lines(Protocol):
    """Lines of text from a file, with their line ends.

    ``marked`` is False as long as every byte could be decoded.
    """

    marked: bool

    def read(self, limit: int) -> str:
        """The next line, or the next ``limit`` of a longer one; empty at the end."""
        ...

    def read_block(self, size: int, *, limit: int) -> str:
        """At least so much of the next lines, whole lines only; empty where they must be read one by one."""
        ...

    def tell(self) -> int:
        """Where the next line begins, for :meth:`seek`."""
        ...

    def seek(self, position: int) -> None:
        """Go on reading at a position given by :meth:`tell`, or at 0."""
        ...


def is_marked(text: str) -> bool:
    """True where some bytes of the text could not be decoded."""
    return _MARKED.search(text) is not None


def open_lines(stream: BinaryIO, *, encoding: Encoding) -> Lines:
    """The lines of a stream, from its start."""
    stream.seek(0)
    if encoding.name.startswith(("utf-16", "utf-32")):
        return _WideLines(stream, encoding.name)
    return _ByteLines(stream, encoding)


class _ByteLines:
    """Lines of an encoding in which a newline is one byte."""

    def __init__(self, stream: BinaryIO, encoding: Encoding) -> None:
        self._stream = stream
        self._names = [name for name in (encoding.first, encoding.second) if name]
        self._main = encoding.name
        self._cr_only = encoding.cr_only
        self.marked = False
        self._held = b""
        self._start = len(codecs.BOM_UTF8) if stream.read(3) == codecs.BOM_UTF8 else 0
        stream.seek(self._start)

    def read(self, limit: int) -> str:
        raw = self._cr_line(limit) if self._cr_only else self._stream.readline(limit)
        if len(raw) == limit and not raw.isascii():
            raw += self._stream.read(_bytes_missing(raw))
        return self._decode(raw)

    def read_block(self, size: int, *, limit: int) -> str:
        if self._cr_only or self._names[0] != "utf-8":
            return ""
        start = self._stream.tell()
        raw = self._stream.read(size)
        if raw and not raw.endswith(b"\n"):
            raw += self._stream.readline(limit)
        # What is odd in it is told line by line.
        with suppress(UnicodeDecodeError):
            if len(raw) < limit:
                return raw.decode("utf-8")
        self._stream.seek(start)
        return ""

    def tell(self) -> int:
        return self._stream.tell() - len(self._held)

    def seek(self, position: int) -> None:
        self._held = b""
        self._stream.seek(max(position, self._start))

    def _cr_line(self, limit: int) -> bytes:
        while b"\r" not in self._held and len(self._held) < limit:
            more = self._stream.read(_PIECE)
            if not more:
                break
            self._held += more
        end = self._held.find(b"\r") + 1 or min(limit, len(self._held))
        raw, self._held = self._held[:end], self._held[end:]
        return raw[:-1] + b"\n" if raw.endswith(b"\r") else raw

    def _decode(self, raw: bytes) -> str:
        if raw.isascii():
            return raw.decode("ascii")
        for name in self._names:
            try:
                text = raw.decode(name)
            except UnicodeDecodeError:
                continue
            # Most bytes mean something in every old encoding; only the letters tell sense from rubbish.
            if name == self._main or name == "utf-8" or is_plausible(text, name=name):
                return text
        self.marked = True
        return raw.decode("utf-8", errors=_MARK)


def _bytes_missing(raw: bytes) -> int:
    """How many bytes the last character still needs in UTF-8."""
    for back in range(1, 4):
        byte = raw[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return max(0, length - back)
        if byte < 0x80:
            return 0
    return 0


class _WideLines:
    """Lines of UTF-16 and UTF-32; a position is a number of characters."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._name = name
        # Unpaired surrogates look like the marks.
        self.marked = True
        self._text, self._at, self._before = "", 0, 0
        self.seek(0)

    def read(self, limit: int) -> str:
        end = self._text.find("\n", self._at) + 1
        while not end and len(self._text) - self._at < limit and self._read_more():
            end = self._text.find("\n", self._at) + 1
        end = min(end or len(self._text), self._at + limit)
        line = self._text[self._at : end]
        self._at = end
        return line

    def read_block(self, size: int, *, limit: int) -> str:  # noqa: ARG002
        return ""

    def tell(self) -> int:
        return self._before + self._at

    def seek(self, position: int) -> None:
        # Unpaired surrogates pass here and are taken out, and counted, with the control characters.
        self._decoder = codecs.getincrementaldecoder(self._name)(errors="surrogatepass")
        self._stream.seek(0)
        self._text, self._at, self._before = "", 0, 0
        while self._before + len(self._text) < position and self._read_more():
            self._at = len(self._text)
        self._at = position - self._before

    def _read_more(self) -> bool:
        piece = self._stream.read(_PIECE)
        self._before += self._at
        # Half a character at the end of a damaged file stays in the decoder.
        self._text = self._text[self._at :] + self._decoder.decode(piece)
        self._at = 0
        return bool(piece)
