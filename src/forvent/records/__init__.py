"""Frozen values that travel between steps; no behaviour beyond what a reader needs.

Units: shares and ratings lie in 0–1, durations are seconds unless the name says
otherwise, times are UTC without time zone mark.
"""

from forvent.records.adjust import (
    FrontierPoint,
    KeptRate,
    NoPromise,
    Promise,
)
from forvent.records.assess import (
    Asymmetry,
    Chain,
    Gap,
    LevelComparison,
    Link,
    MentionCounts,
    SatisfactionCell,
    SatisfactionPoint,
    Score,
)
from forvent.records.communicate import (
    Sentence,
)
from forvent.records.corrections import (
    Correction,
)
from forvent.records.discovery import (
    Candidate,
    CandidateQuote,
    ClauseCoverage,
    Discovery,
    Growth,
)
from forvent.records.feedback import (
    Question,
)
from forvent.records.identify import (
    Coverage,
    Expectation,
    IdentifiedVoice,
    Level,
    Mention,
)
from forvent.records.loop import (
    Findings,
    Quote,
)
from forvent.records.margins import (
    BothClocks,
    CostPoint,
    Exceed,
    ExceedRow,
    GroupFrontier,
    PricedPromise,
    PromiseAndTarget,
    WhatIf,
    WhatIfRow,
)
from forvent.records.market import (
    Against,
    Company,
    Comparison,
    Market,
    Standing,
)
from forvent.records.numbers import (
    Estimate,
    NotEnough,
)
from forvent.records.promises import (
    Alarm,
    Backtest,
    KeptSlice,
    Offer,
    Reason,
    Track,
)
from forvent.records.reading import (
    Episode,
    ReadingReport,
    Scale,
    Unusable,
    Voice,
)
from forvent.records.said import (
    Said,
    VoiceShare,
)
from forvent.records.sources import (
    Source,
)
from forvent.records.waiting import (
    WaitBacktest,
    WaitHour,
    WaitRange,
)

__all__ = [
    "Against",
    "Alarm",
    "Asymmetry",
    "Backtest",
    "BothClocks",
    "Candidate",
    "CandidateQuote",
    "Chain",
    "ClauseCoverage",
    "Company",
    "Comparison",
    "Correction",
    "CostPoint",
    "Coverage",
    "Discovery",
    "Episode",
    "Estimate",
    "Exceed",
    "ExceedRow",
    "Expectation",
    "Findings",
    "FrontierPoint",
    "Gap",
    "GroupFrontier",
    "Growth",
    "IdentifiedVoice",
    "KeptRate",
    "KeptSlice",
    "Level",
    "LevelComparison",
    "Link",
    "Market",
    "Mention",
    "MentionCounts",
    "NoPromise",
    "NotEnough",
    "Offer",
    "PricedPromise",
    "Promise",
    "PromiseAndTarget",
    "Question",
    "Quote",
    "ReadingReport",
    "Reason",
    "Said",
    "SatisfactionCell",
    "SatisfactionPoint",
    "Scale",
    "Score",
    "Sentence",
    "Source",
    "Standing",
    "Track",
    "Unusable",
    "Voice",
    "VoiceShare",
    "WaitBacktest",
    "WaitHour",
    "WaitRange",
    "WhatIf",
    "WhatIfRow",
]
