"""Same voice or episode twice is one; in memory stays eight bytes for each id and content."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple


class Place(NamedTuple):
    """Where a record stands among those before it: ``number`` 2 is the second content under its id."""

    number: int
    repeated: bool


def fingerprint(*parts: object) -> int:
    """A number that is the same for the same parts in every run."""
    digest = blake2b(digest_size=8)
    for part in parts:
        # Unpaired surrogates are in no encoding, but may stand in an id.
        digest.update(str(part).encode("utf-8", "surrogatepass") + b"\x1f")
    return int.from_bytes(digest.digest(), "big")


class Repeats:
    """Ids seen so far, each with how many different contents it came with."""

    def __init__(self) -> None:
        # One content an id is the rule; the other two hold only what departs from it.
        self._contents: dict[int, int] = {}
        self._pairs: set[int] = set()
        self._numbers: dict[int, int] = {}

    def place(self, name: str, *, content: int) -> Place:
        """Note a record by its id and content."""
        key = fingerprint(name)
        pair = fingerprint(key, content)
        if key not in self._contents:
            self._contents[key] = content
            return Place(1, repeated=False)
        if self._contents[key] == content or pair in self._pairs:
            return Place(1, repeated=True)
        self._pairs.add(pair)
        return Place(self.another(name), repeated=False)

    def another(self, name: str) -> int:
        """The next number under an id, passing over ids such as "7#2" that the file itself gives."""
        key = fingerprint(name)
        number = self._numbers.get(key, 1) + 1
        while (numbered := fingerprint(f"{name}#{number}")) in self._contents:
            number += 1
        self._numbers[key] = number
        self._contents[numbered] = 0
        return number
