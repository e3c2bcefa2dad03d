"""What voices say of each expectation by themselves: how many speak of it, wish for it, find it met."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forvent.assess.counts import share_met
from forvent.assess.judgements import WISHED, Codes, Floats, Judgements
from forvent.records import Estimate, MentionCounts, NotEnough
from forvent.stats import percentile_interval, widest, wilson
from forvent.tables import POLARITIES

# In the order of tables.POLARITIES.
_MET = np.array([1.0, 0.0, 0.5, 0.0])


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """Shares with their draws; ``drawn`` says how often each block is drawn, shape (rounds, blocks).

    Draws come with the value in front, shape (rounds + 1,).
    """

    judged: Judgements
    drawn: Floats
    level: float

    def _mentions(self, code: int) -> Codes:
        """Places of the mentions of one expectation."""
        return np.flatnonzero(self.judged.expectation == code)

    def counts(self, code: int) -> MentionCounts:
        """Voices by what they say of it."""
        polarity = self.judged.polarity[self._mentions(code)]
        return MentionCounts(*np.bincount(polarity, minlength=len(POLARITIES)).tolist())

    def share(self, code: int, *, wished: bool) -> tuple[Estimate, Floats]:
        """Share of voices that speak of it, or wish for it, with its draws."""
        mentions = self._mentions(code)
        if wished:
            mentions = mentions[self.judged.polarity[mentions] == WISHED]
        count, voices = mentions.size, self.judged.voices
        sizes = np.bincount(self.judged.block, minlength=self.judged.blocks).astype(np.float64)
        draws = self._sums(mentions) / np.maximum(self.drawn @ sizes, 1.0)
        found = wilson(count, voices, level=self.level)
        if self.judged.repeated:
            drawn = percentile_interval(draws, value=found.value, n=voices, level=self.level)
            found = widest(found, drawn)
        return found, np.concatenate([[found.value], draws])

    def performance(self, code: int) -> tuple[Estimate | NotEnough, Floats]:
        """Share met, with its draws."""
        found = share_met(self.counts(code), level=self.level)
        if isinstance(found, NotEnough):
            return found, np.empty(0)
        mentions = self._mentions(code)
        polarity = self.judged.polarity[mentions]
        met = self._sums(mentions, weights=_MET[polarity])
        said = self._sums(mentions, weights=(polarity != WISHED).astype(np.float64))
        draws = np.divide(met, said, out=np.full_like(met, found.value), where=said > 0.0)
        if self.judged.repeated:
            drawn = percentile_interval(draws, value=found.value, n=found.n, level=self.level)
            found = widest(found, drawn)
        return found, np.concatenate([[found.value], draws])

    def _sums(self, mentions: Codes, *, weights: Floats | None = None) -> Floats:
        block = self.judged.block[self.judged.voice[mentions]]
        counts = np.bincount(block, weights=weights, minlength=self.judged.blocks).astype(np.float64)
        sums: Floats = self.drawn @ counts
        return sums
