"""A candidate that a person accepts → an expectation of their own pack, learned from its clauses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from forvent.errors import BadOption, UnreadableFile
from forvent.identify.catalogue import Example
from forvent.identify.discovery.clause_rows import CLAUSES, polarity_of
from forvent.identify.discovery.known import Known
from forvent.records.discovery import Candidate

#: Different clauses taken as examples.
MOST = 60


def pick_candidate(known: Known, given: str) -> Candidate:
    """The candidate of that id; its beginning is enough where no other begins alike.

    Parameters
    ----------
    known
        From :func:`forvent.identify.discovery.read_known`.
    given
        What the person wrote.

    Raises
    ------
    BadOption
        If none or several begin like this.

    Source
    ------
    Our own definition, ``docs/howto/discover.md``.
    """
    alike = [candidate for candidate in known.candidates if candidate.id.startswith(given)]
    exact = [candidate for candidate in alike if candidate.id == given]
    if len(exact or alike) != 1 or not given:
        shown = ", ".join(candidate.id for candidate in (alike or known.candidates)[:10]) or "none"
        raise BadOption(
            f"'{given}' names {'several candidates' if alike else 'no candidate'} of '{known.path}'.",
            hint=f"It has: {shown}.",
        )
    return (exact or alike)[0]


def candidate_examples(
    candidate: Candidate,
    *,
    folder: Path | str,
    identifier: str,
    without: Sequence[int] = (),
    most: int = MOST,
) -> tuple[Example, ...]:
    """Sentences to learn a candidate from: its quotes, then its other clauses, each different one once.

    Parameters
    ----------
    candidate
        The candidate.
    folder
        Where ``clauses.parquet`` of the run lies; without it, only the quotes are there.
    identifier
        Id of the new expectation.
    without
        Numbers of examples to leave out, from 1, in the order in which they come without this option.
    most
        Most examples; those of the quotes come first, then languages in turn.

    Returns
    -------
    tuple of Example
        Met where the clause is positive, unmet where it is negative, else as most of the others.

    Raises
    ------
    UnreadableFile
        If ``clauses.parquet`` is damaged.
    BadOption
        If a number to leave out is no example, or none is left.

    Source
    ------
    Our own definition, ``docs/howto/discover.md``.
    """
    rows = _rows(Path(folder) / "clauses.parquet", candidate)
    sides = Counter(polarity_of(row, otherwise="") for row in rows)
    usual = "met" if sides["met"] > sides["unmet"] else "unmet"
    polarity = {str(row["words"]): polarity_of(row, otherwise=usual) for row in rows}
    quoted = [(quote.language, quote.words) for quote in candidate.quotes]
    others = _in_turn((str(row["language"]), str(row["words"])) for row in rows)
    listed = list(dict.fromkeys([*quoted, *others]))[:most]
    wrong = sorted(number for number in without if not 1 <= number <= len(listed))
    if wrong:
        raise BadOption(
            f"'--without {wrong[0]}' is none of the {len(listed)} examples.", hint="See them with --list."
        )
    left = [pair for number, pair in enumerate(listed, start=1) if number not in without]
    if not left:
        raise BadOption(f"'{candidate.id}' has no example left.", hint="Leave fewer out, or discover again.")
    return tuple(Example(identifier, polarity.get(words, usual), words, code) for code, words in left)


def _rows(file: Path, candidate: Candidate) -> list[Mapping[str, Any]]:
    if not file.exists():
        return []
    try:
        columns = [column.name for column in CLAUSES]
        table = pq.read_table(file, columns=columns, filters=[("candidate", "=", candidate.id)])
    except (OSError, ValueError, KeyError) as error:
        raise UnreadableFile(
            f"'{file}' could not be read as the clauses of 'forvent discover'.", hint="Discover again."
        ) from error
    rows: list[Mapping[str, Any]] = table.to_pylist()
    return sorted(rows, key=lambda row: (str(row["key"]), str(row["voice_id"]), int(row["start"])))


def _in_turn(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """One of each language after the other, so that a limit cuts none off."""
    by_language: dict[str, list[tuple[str, str]]] = {}
    for pair in dict.fromkeys(pairs):
        by_language.setdefault(pair[0], []).append(pair)
    rounds = max((len(found) for found in by_language.values()), default=0)
    return [
        found[turn] for turn in range(rounds) for _, found in sorted(by_language.items()) if turn < len(found)
    ]
