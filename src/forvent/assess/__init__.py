"""Step 2, how well is it met: share met, kinds, gaps, scores, levels, the chain, and what people say.

Collected tables go in, records come out, in this order::

    judged = judgements(collect(judged_mentions(mentions)), voices=collect(speaking_voices(voices)))
    fit = contrast(judged, rng=rng)
    kinds = asymmetries(judged, contrast=fit, level=level)
    weights = importances(judged, contrast=fit, rng=rng, level=level)
    found = gaps(judged, contrast=fit, asymmetries=kinds, usual_kinds=usual_kinds, level=level)
    ranked = rank_gaps(with_importance(found, importances=weights))
"""

from forvent.assess.asymmetry import asymmetries
from forvent.assess.chain import ChainLines, chain, chain_episodes, chain_lines
from forvent.assess.contrast import Contrast, contrast
from forvent.assess.counts import counts_by_expectation, share_met
from forvent.assess.gap import gaps, rank_gaps
from forvent.assess.gap_rates import with_rates
from forvent.assess.importance import importances, with_importance
from forvent.assess.joined import joined_episodes
from forvent.assess.journey import journey
from forvent.assess.judgements import (
    Judgements,
    customer_codes,
    judged_mentions,
    judgements,
    speaking_voices,
)
from forvent.assess.kind_changes import SidedGroup, kind_changes
from forvent.assess.kind_drift import kind_drift, timed_voices
from forvent.assess.levels import compare_levels, level_gap, paired_levels, stated_levels
from forvent.assess.said import intent_shares, said, said_counts
from forvent.assess.scores import scores

__all__ = [
    "ChainLines",
    "Contrast",
    "Judgements",
    "SidedGroup",
    "asymmetries",
    "chain",
    "chain_episodes",
    "chain_lines",
    "compare_levels",
    "contrast",
    "counts_by_expectation",
    "customer_codes",
    "gaps",
    "importances",
    "intent_shares",
    "joined_episodes",
    "journey",
    "judged_mentions",
    "judgements",
    "kind_changes",
    "kind_drift",
    "level_gap",
    "paired_levels",
    "rank_gaps",
    "said",
    "said_counts",
    "scores",
    "share_met",
    "speaking_voices",
    "stated_levels",
    "timed_voices",
    "with_importance",
    "with_rates",
]
