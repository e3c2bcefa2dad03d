"""Step 2, how well is it met: share met, kinds, gaps, scores, levels, the chain, and what people say.

Collected tables go in, records come out, in this order::

    judged = judgements(collect(judged_mentions(mentions)), voices=collect(speaking_voices(voices)))
    fit = contrast(judged, rng=rng)
    kinds = asymmetries(judged, contrast=fit, level=level)
    found = rank_gaps(gaps(judged, contrast=fit, asymmetries=kinds, usual_kinds=usual_kinds, level=level))
"""

from forvent.assess.asymmetry import asymmetries
from forvent.assess.chain import chain
from forvent.assess.contrast import Contrast, contrast
from forvent.assess.counts import counts_by_expectation, share_met
from forvent.assess.gap import gaps, rank_gaps
from forvent.assess.joined import joined_episodes
from forvent.assess.judgements import (
    Judgements,
    customer_codes,
    judged_mentions,
    judgements,
    speaking_voices,
)
from forvent.assess.levels import compare_levels, stated_levels
from forvent.assess.said import said, said_counts
from forvent.assess.scores import scores

__all__ = [
    "Contrast",
    "Judgements",
    "asymmetries",
    "chain",
    "compare_levels",
    "contrast",
    "counts_by_expectation",
    "customer_codes",
    "gaps",
    "joined_episodes",
    "judged_mentions",
    "judgements",
    "rank_gaps",
    "said",
    "said_counts",
    "scores",
    "share_met",
    "speaking_voices",
    "stated_levels",
]
