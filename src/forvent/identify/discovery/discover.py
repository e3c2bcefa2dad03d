"""Clauses the catalogue says nothing of → candidates for new expectations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from forvent.errors import BadOption
from forvent.identify.discovery.agreement import stability
from forvent.identify.discovery.described import OTHER, Mask, coverage, described, where_each_went
from forvent.identify.discovery.grouped import Grouped, grouped_clauses
from forvent.identify.discovery.heard import Heard, Identifies, Listener
from forvent.identify.discovery.known import Known, nothing_known
from forvent.identify.discovery.space import learn_reference
from forvent.language import Encoder
from forvent.records import Estimate, NotEnough, Voice
from forvent.records.discovery import Discovery

#: Voices that a candidate needs.
LEAST = 8


@dataclass(frozen=True)
class Discovered:
    """The result, and where each uncovered clause went: a candidate id, ``other`` or ``general``."""

    result: Discovery
    heard: Heard
    went: dict[str, str]


def discover(
    batches: Iterable[Sequence[Voice]],
    *,
    identifier: Identifies,
    encoder: Encoder,
    least: int = LEAST,
    known: Known | None = None,
    mask: Mask | None = None,
) -> Discovered:
    """Candidates for new expectations, from the clauses in which the catalogue finds nothing.

    The same voices give the same candidates in any order and in any batches. Voices whose whole text
    is the same count once. A clause that lies near no group stays "other". With ``known`` the earlier
    candidates keep id, centre and members, and only what joins none of them can form new ones.
    Clauses that lie together need not mean the same: a person has to look before accepting.

    Parameters
    ----------
    batches
        Voices, a batch at a time.
    identifier
        What finds the expectations of catalogue and packs.
    encoder
        What turns clauses into vectors; the one the identifier uses.
    least
        Voices that a new candidate needs, at least 3.
    known
        What an earlier run found, see :func:`forvent.identify.discovery.read_known`.
    mask
        Hides personal data in quotes.

    Returns
    -------
    Discovered
        Without candidates, and with a note, where too little was said.

    Raises
    ------
    BadOption
        If ``least`` is below 3 or ``known`` was made with another encoder.

    Source
    ------
    Our own definition, ``docs/formulas/identify-discovery.md#groups``.

    Examples
    --------
    >>> from forvent.identify import Identifier
    >>> from forvent.language import get_encoder
    >>> encoder = get_encoder()
    >>> voices = [Voice(voice_id="1", text="There is nowhere to park.", row=2)]
    >>> found = discover([voices], identifier=Identifier(encoder), encoder=encoder)
    >>> found.result.candidates, found.result.coverage.voices
    ((), 1)
    """
    if least < 3:
        raise BadOption(
            f"A candidate of {least} voices would be no group.", hint="Ask for 3 or more; 8 is usual."
        )
    before = known or nothing_known(encoder)
    before.check(encoder)
    listener = Listener(identifier, encoder)
    for batch in batches:
        listener.hear(batch)
    heard = listener.heard()
    if len(heard.keys) < least and not before.candidates:
        return _too_little(heard, encoder=encoder, least=least, known=before)
    reference = learn_reference(encoder, languages={voice.language for voice in heard.voices})
    grouped = grouped_clauses(heard, reference, least=least, known=before)
    went = where_each_went(grouped)
    result = Discovery(
        encoder=encoder.name,
        size=encoder.size,
        least=least,
        candidates=described(grouped, known=before, mask=mask),
        coverage=coverage(heard, went),
        stability=_stability(grouped, least=least),
        space={language: tuple(map(_five, centre)) for language, centre in sorted(grouped.space.items())},
    )
    return Discovered(result, heard, went)


def _stability(grouped: Grouped, *, least: int) -> Estimate | NotEnough:
    told = grouped.told
    return stability(
        grouped.placed[told],
        [grouped.heard.keys[index] for index in np.flatnonzero(told)],
        grouped.labels[told],
        weights=grouped.weights[told],
        near=grouped.reference.near,
        least=least,
    )


def _too_little(heard: Heard, *, encoder: Encoder, least: int, known: Known) -> Discovered:
    n = len(heard.keys)
    went = dict.fromkeys(heard.keys, OTHER)
    result = Discovery(
        encoder=encoder.name,
        size=encoder.size,
        least=least,
        candidates=(),
        coverage=coverage(heard, went),
        stability=NotEnough(n, least, "different clauses that no expectation covers"),
        space={language: tuple(map(_five, centre)) for language, centre in sorted(known.space.items())},
        notes=(f"Not enough: no expectation covers {n} different clauses, and it takes {least}.",),
    )
    return Discovered(result, heard, went)


def _five(number: float) -> float:
    return round(float(number), 5)
