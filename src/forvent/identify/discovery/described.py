"""Candidates in words and numbers, and where all clauses went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from forvent.identify.discovery.chosen_quotes import choose_quotes
from forvent.identify.discovery.figures import growth, share_of
from forvent.identify.discovery.grouped import NOWHERE, SAYS_LITTLE, Grouped, middle_of
from forvent.identify.discovery.heard import CONTENT_FREE, COVERED, UNCOVERED, Heard, HeardVoice
from forvent.identify.discovery.known import Known
from forvent.identify.discovery.name_words import Vocabulary
from forvent.identify.discovery.space import rounded
from forvent.records.discovery import Candidate, CandidateQuote, ClauseCoverage

OTHER, GENERAL, CANDIDATE = "other", "general", "candidate"
#: Clauses of a language from which on name words are drawn from them.
NAMED_FROM = 3

Mask = Callable[[str], str]


def where_each_went(grouped: Grouped) -> dict[str, str]:
    """Candidate id, ``other`` or ``general`` of each uncovered clause, by fingerprint."""
    names = dict(enumerate(grouped.ids)) | {NOWHERE: OTHER, SAYS_LITTLE: GENERAL}
    return {key: names[label] for key, label in zip(grouped.heard.keys, grouped.labels.tolist(), strict=True)}


def described(grouped: Grouped, *, known: Known, mask: Mask | None) -> tuple[Candidate, ...]:
    """All candidates, those of most voices first."""
    heard = grouped.heard
    vocabulary = Vocabulary(zip(heard.languages, heard.words, strict=True))
    telling = [voice for voice in heard.voices if any(said.outcome != CONTENT_FREE for said in voice.clauses)]
    found = []
    for number in range(len(grouped.ids)):
        members = np.flatnonzero(grouped.labels == number).tolist()
        words = _names(heard, members, vocabulary)
        quotes = _quotes(grouped, members, number, mask=mask)
        found.append(_candidate(grouped, number, telling=telling, words=words, quotes=quotes, known=known))
    return tuple(sorted(found, key=lambda candidate: (-candidate.voices, candidate.id)))


def _candidate(
    grouped: Grouped,
    number: int,
    *,
    telling: Sequence[HeardVoice],
    words: Mapping[str, tuple[str, ...]],
    quotes: tuple[CandidateQuote, ...],
    known: Known,
) -> Candidate:
    heard, identifier = grouped.heard, grouped.ids[number]
    members = np.flatnonzero(grouped.labels == number).tolist()
    keys = {heard.keys[member] for member in members}
    speaking = [heard.voices[index] for index in sorted({i for key in keys for i in grouped.voices[key]})]
    judged = [_judgement(voice, keys) for voice in speaking]
    earlier = known.of(identifier)
    nearest, similarity = _nearest(grouped, members) if members or earlier is None else (
        earlier.nearest,
        earlier.similarity,
    )  # fmt: skip
    return Candidate(
        id=identifier,
        words=words or (earlier.words if earlier else {}),
        voices=len(speaking),
        repeats=sum(voice.repeats for voice in speaking),
        texts=len(members),
        share=share_of(len(speaking), len(telling)),
        negative=share_of(judged.count("negative"), len(judged)),
        positive=share_of(judged.count("positive"), len(judged)),
        growth=growth([voice.time for voice in speaking], [voice.time for voice in telling]),
        languages=dict(sorted(Counter(voice.language for voice in speaking).items())),
        nearest=nearest,
        similarity=similarity,
        quotes=quotes,
        known=earlier is not None,
        centre=tuple(round(float(part), 5) for part in grouped.centres[number]),
        members=tuple(sorted(keys.union(earlier.members if earlier else ()))),
    )


def _judgement(voice: HeardVoice, keys: set[str]) -> str:
    """How a voice judges in the clauses of a candidate: one side, or neither."""
    said = {part.polarity for part in voice.clauses if part.key in keys and part.outcome == UNCOVERED}
    clear = said & {"positive", "negative"}
    return clear.pop() if len(clear) == 1 and "mixed" not in said else "neither"


def _names(heard: Heard, members: Sequence[int], vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    by_language: dict[str, list[str]] = defaultdict(list)
    for member in members:
        by_language[heard.languages[member]].append(heard.words[member])
    found = {
        language: vocabulary.apart(sentences, language=language)
        for language, sentences in sorted(by_language.items())
        if len(sentences) >= NAMED_FROM
    }
    return {language: words for language, words in found.items() if words}


def _nearest(grouped: Grouped, members: Sequence[int]) -> tuple[str, float]:
    similarity = rounded(grouped.reference.id_centres @ middle_of(grouped, members))
    best = int(similarity.argmax())
    return grouped.reference.ids[best], round(float(similarity[best]), 4)


def _quotes(
    grouped: Grouped, members: Sequence[int], number: int, *, mask: Mask | None
) -> tuple[CandidateQuote, ...]:
    heard = grouped.heard
    chosen = choose_quotes(
        grouped.placed[list(members)],
        grouped.centres[number],
        words=[heard.words[member] for member in members],
        languages=[heard.languages[member] for member in members],
    )
    quotes = []
    for member in (members[position] for position in chosen):
        voice = min(heard.voices[index].voice_id for index in grouped.voices[heard.keys[member]])
        words = heard.words[member]
        quotes.append(CandidateQuote(voice, heard.languages[member], mask(words) if mask else words))
    return tuple(quotes)


def coverage(heard: Heard, went: Mapping[str, str]) -> ClauseCoverage:
    """Where the clauses of all different voices went."""
    parts = Counter(
        went_to(said.outcome, went.get(said.key)) for voice in heard.voices for said in voice.clauses
    )
    telling = parts[COVERED] + parts[CANDIDATE] + parts[OTHER]
    return ClauseCoverage(
        voices=len(heard.voices),
        repeats=heard.repeats,
        clauses=sum(parts.values()),
        covered=parts[COVERED],
        candidates=parts[CANDIDATE],
        other=parts[OTHER],
        general=parts[GENERAL],
        content_free=parts[CONTENT_FREE],
        catalogue_share=share_of(parts[COVERED], telling),
        with_candidates_share=share_of(parts[COVERED] + parts[CANDIDATE], telling),
    )


def went_to(outcome: str, went: str | None) -> str:
    """Covered, candidate, other, general or content_free."""
    if outcome != UNCOVERED:
        return outcome
    return went if went in (OTHER, GENERAL) else CANDIDATE
