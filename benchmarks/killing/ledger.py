"""What was accepted and what arrived, in a file: each line is on the disk before it counts."""

from __future__ import annotations

import os
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Known:
    """A ledger as it was read back."""

    #: Ids of voices whose sending was answered well.
    voices: set[str] = field(default_factory=set)
    #: Ids of the rows of each file whose import was answered well, by the number of the import.
    files: dict[int, set[str]] = field(default_factory=dict)
    #: How often each message arrived that the receiver answered well, by its id.
    arrived: Counter[str] = field(default_factory=Counter)


class Ledger:
    """A file that several threads append to; whoever wrote a line may rely on it from then on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._open = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._lock = threading.Lock()
        self.lines = 0

    def write(self, what: str, *parts: object) -> None:
        """One line, on the disk before this returns."""
        line = "\t".join([what, *map(str, parts)]) + "\n"
        with self._lock:
            os.write(self._open, line.encode("ascii"))
            os.fsync(self._open)
            self.lines += 1

    def read(self) -> Known:
        """All that was written so far."""
        known = Known()
        for line in self._file.read_text(encoding="ascii").splitlines():
            what, *parts = line.split("\t")
            if what == "voices":
                known.voices.update(ids(parts[0], first=int(parts[1]), n=int(parts[2])))
            elif what == "file":
                known.files[int(parts[0])] = set(ids(parts[1], first=0, n=int(parts[2])))
            elif what == "arrived":
                known.arrived[parts[0]] += 1
        return known


def ids(name: str, *, first: int, n: int) -> list[str]:
    """The ids of so many voices of one sender or one file."""
    return [f"{name}-{number}" for number in range(first, first + n)]
