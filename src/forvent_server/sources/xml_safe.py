"""XML from outside, as a stream of elements: no entities, no depth and no size without end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

DEEPEST, LONGEST_NAME = 60, 300


class Unsafe(Exception):
    """The document declares what would let it grow, or nests without end."""


@dataclass(slots=True)
class Element:
    """An element by its name without namespace, with its words, attributes and children."""

    name: str
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own words and those of all within, in their order."""
        return "".join(self.parts)

    def first(self, *names: str) -> Element | None:
        """The first child of the first of the names that there is."""
        for name in names:
            for child in self.children:
                if child.name == name:
                    return child
        return None

    def words(self, *names: str) -> str:
        """The words of that child; empty where there is none."""
        child = self.first(*names)
        return child.text.strip() if child else ""


def elements(body: bytes, *, names: frozenset[str], encoding: str | None = None) -> Iterator[Element]:
    """All elements of the names, each whole, wherever they stand; the rest of the document is not kept.

    Raises
    ------
    Unsafe
        If the document declares entities or nests deeper than sixty elements.
    expat.ExpatError
        If it is no XML.
    """
    reader = _Reader(names)
    parser = expat.ParserCreate(encoding, " ")
    parser.buffer_text = True
    parser.EntityDeclHandler = reader.entity
    parser.ExternalEntityRefHandler = reader.entity
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.words
    parser.Parse(body, True)
    reader.check()
    yield from reader.found


class _Reader:
    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._open: list[Element] = []
        self._depth = 0
        self.root = ""
        self.found: list[Element] = []

    def entity(self, *_: object) -> int:
        raise Unsafe("entities")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Unsafe("depth")
        plain = name.rpartition(" ")[2][:LONGEST_NAME]
        self.root = self.root or plain
        if self._open or plain in self._names:
            made = Element(plain, {key.rpartition(" ")[2]: value for key, value in attributes.items()})
            if self._open:
                self._open[-1].children.append(made)
            self._open.append(made)

    def end(self, _: str) -> None:
        self._depth -= 1
        if not self._open:
            return
        ended = self._open.pop()
        if self._open:
            # Words of what is nested are words of what holds it, set apart.
            self._open[-1].parts.append(f"\n{ended.text}\n" if ended.name in _BLOCKS else ended.text)
        else:
            self.found.append(ended)

    def words(self, text: str) -> None:
        if self._open:
            self._open[-1].parts.append(text)

    def check(self) -> None:
        if self.root.lower() in ("html", "body"):
            raise NotAFeed(self.root)


class NotAFeed(Exception):
    """The document is XML, but a page."""


_BLOCKS = frozenset(("p", "div", "br", "li", "ul", "ol", "blockquote", "tr", "table", "h1", "h2", "h3"))
