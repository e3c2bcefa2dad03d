"""Same voice or episode twice is one; in memory stays a short id, or eight bytes, and the content's eight."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple


class Place(NamedTuple):
    """Where a record stands among those before it: ``number`` 2 is the second content under its id."""

    number: int
    repeated: bool


_FIRST, _REPEATED = Place(1, repeated=False), Place(1, repeated=True)
# A short id stands for itself; a longer one would fill the memory.
_SHORT = 20


def fingerprint(*parts: object) -> int:
    """A number that is the same for the same parts in every run."""
    # Unpaired surrogates are in no encoding, but may stand in an id.
    whole = ("\x1f".join(map(str, parts)) + "\x1f").encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(whole, digest_size=8).digest(), "big")


def _key(name: str) -> str | int:
    return name if len(name) <= _SHORT else fingerprint(name)


class Repeats:
    """Ids seen so far, each with how many different contents it came with."""

    def __init__(self) -> None:
        # One content an id is the rule; the other two hold only what departs from it.
        self._contents: dict[str | int, int] = {}
        self._pairs: set[int] = set()
        self._numbers: dict[str | int, int] = {}

    def place(self, name: str, *, content: int) -> Place:
        """Note a record by its id and content."""
        key = _key(name)
        if key not in self._contents:
            self._contents[key] = content
            return _FIRST
        pair = fingerprint(key, content)
        if self._contents[key] == content or pair in self._pairs:
            return _REPEATED
        self._pairs.add(pair)
        return Place(self.another(name), repeated=False)

    def another(self, name: str) -> int:
        """The next number under an id, passing over ids such as "7#2" that the file itself gives."""
        key = _key(name)
        number = self._numbers.get(key, 1) + 1
        while (numbered := _key(f"{name}#{number}")) in self._contents:
            number += 1
        self._numbers[key] = number
        self._contents[numbered] = 0
        return number
