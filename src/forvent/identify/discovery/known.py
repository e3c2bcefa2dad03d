"""What an earlier run found, read from its ``discovered.json``: candidates keep id, centre and members."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from forvent.errors import BadOption, UnreadableFile
from forvent.identify.discovery.space import Vectors
from forvent.language import Encoder
from forvent.records import Estimate, NotEnough
from forvent.records.discovery import Candidate, CandidateQuote, Growth

SCHEMA = "forvent/discovered/1"


@dataclass(frozen=True)
class Known:
    """Earlier candidates and the space they were found in."""

    encoder: str
    size: int
    candidates: tuple[Candidate, ...]
    space: Mapping[str, Vectors]
    path: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the earlier candidates."""
        return tuple(candidate.id for candidate in self.candidates)

    @cached_property
    def member_of(self) -> dict[str, str]:
        """Candidate of each fingerprint."""
        return {key: candidate.id for candidate in self.candidates for key in candidate.members}

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {identifier: position for position, identifier in enumerate(self.ids)}

    def position(self, key: str) -> int:
        """Number of the candidate a clause belongs to, -1 for none."""
        return self._positions[self.member_of[key]] if key in self.member_of else -1

    def centres(self, size: int) -> Vectors:
        """Centres of the candidates, shape (n, size)."""
        return np.array([candidate.centre for candidate in self.candidates], dtype=np.float32).reshape(
            -1, size
        )

    def of(self, identifier: str) -> Candidate | None:
        """The earlier candidate of that id."""
        return self.candidates[self._positions[identifier]] if identifier in self._positions else None

    def check(self, encoder: Encoder) -> None:
        """Refuse centres that another encoder has made: they lie elsewhere."""
        if self.encoder != encoder.name or self.size != encoder.size:
            raise BadOption(
                f"'{self.path}' was made with the encoder '{self.encoder}' ({self.size} numbers a text), "
                f"and this run uses '{encoder.name}' ({encoder.size}).",
                hint="Use the same --encoder, or leave --known out.",
            )


def nothing_known(encoder: Encoder) -> Known:
    """The beginning: no candidate yet."""
    return Known(encoder.name, encoder.size, (), {})


def read_known(path: Path | str) -> Known:
    """Candidates of an earlier run.

    Parameters
    ----------
    path
        A ``discovered.json``; every key is described in ``docs/discovered.md``.

    Returns
    -------
    Known
        With the counts of that run.

    Raises
    ------
    UnreadableFile
        If the file is missing, no JSON, of another schema, or damaged.

    Source
    ------
    Our own definition, ``docs/discovered.md``.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no JSON"
        raise UnreadableFile(
            f"'{path}' could not be read: {why}.",
            hint="Give the discovered.json that 'forvent discover' wrote.",
        ) from error
    schema = document.get("schema") if isinstance(document, dict) else None
    if schema != SCHEMA:
        raise UnreadableFile(
            f"'{path}' has the schema '{schema}', not '{SCHEMA}'.",
            hint="Give the discovered.json that 'forvent discover' wrote.",
        )
    try:
        return _known(document, path=str(path))
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFile(
            f"'{path}' is damaged: {type(error).__name__} at {error}.",
            hint="Run 'forvent discover' again without --known, or restore the file.",
        ) from error


def _known(document: dict[str, Any], *, path: str) -> Known:
    space = {language: np.array(centre, dtype=np.float32) for language, centre in document["space"].items()}
    size = int(document["size"])
    candidates = tuple(_candidate(entry) for entry in document["candidates"])
    lengths = {len(centre) for centre in space.values()} | {len(candidate.centre) for candidate in candidates}
    if lengths - {size}:
        raise ValueError(f"centres of {sorted(lengths)} numbers instead of {size}")
    numbers = [number for centre in space.values() for number in centre]
    if not np.isfinite([*numbers, *(part for candidate in candidates for part in candidate.centre)]).all():
        raise ValueError("a centre that is not finite")
    ids = [candidate.id for candidate in candidates]
    if len(set(ids)) < len(ids):
        raise ValueError("two candidates of one id")
    return Known(str(document["encoder"]), size, candidates, space, path)


def _candidate(entry: dict[str, Any]) -> Candidate:
    growth = entry["growth"]
    return Candidate(
        id=str(entry["id"]),
        words={language: tuple(words) for language, words in entry["words"].items()},
        voices=int(entry["voices"]),
        repeats=int(entry["repeats"]),
        texts=int(entry["texts"]),
        share=_number(entry["share"]),
        negative=_number(entry["negative"]),
        positive=_number(entry["positive"]),
        growth=Growth(*(_number(growth[part]) for part in ("earlier", "later", "change"))),
        languages={language: int(count) for language, count in entry["languages"].items()},
        nearest=entry["nearest"],
        similarity=entry["similarity"],
        quotes=tuple(CandidateQuote(**quote) for quote in entry["quotes"]),
        known=bool(entry["known"]),
        centre=tuple(float(part) for part in entry["centre"]),
        members=tuple(str(member) for member in entry["members"]),
    )


def _number(entry: dict[str, Any]) -> Estimate | NotEnough:
    return NotEnough(**entry["not_enough"]) if "not_enough" in entry else Estimate(**entry)
