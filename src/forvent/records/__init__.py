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
from forvent.records.drivers import (
    Driver,
    Drivers,
    DriversFound,
    TouchpointRatings,
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
from forvent.records.kano import (
    FongTest,
    Kano,
    KanoChange,
    KanoCounts,
    KanoDrift,
    KanoFeature,
    KanoGroup,
    KanoSegments,
    KindsBeside,
)
from forvent.records.loop import (
    Findings,
    Quote,
)
from forvent.records.loyalty import (
    CustomerOutlooks,
    HeldOut,
    Loyalty,
    Outlook,
    PastForecast,
    PurchaseFit,
    SpendFit,
    ValueAtRisk,
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
from forvent.records.scores import (
    ColumnScores,
    GroupResponse,
    Representativeness,
    Response,
    ScaleCheck,
    ScoreBounds,
    ScoreChange,
    ScoreGroup,
    Scores,
    SurveyScore,
    Weighting,
)
from forvent.records.sources import (
    Source,
)
from forvent.records.surveyed import (
    GroupGap,
    Reliability,
    SurveyCaution,
    SurveyCut,
    SurveyedGaps,
    SurveyGap,
    SurveyGroup,
    SurveyPair,
    ToleranceZone,
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
    "ColumnScores",
    "Company",
    "Comparison",
    "Correction",
    "CostPoint",
    "Coverage",
    "CustomerOutlooks",
    "Discovery",
    "Driver",
    "Drivers",
    "DriversFound",
    "Episode",
    "Estimate",
    "Exceed",
    "ExceedRow",
    "Expectation",
    "Findings",
    "FongTest",
    "FrontierPoint",
    "Gap",
    "GroupFrontier",
    "GroupGap",
    "GroupResponse",
    "Growth",
    "HeldOut",
    "IdentifiedVoice",
    "Kano",
    "KanoChange",
    "KanoCounts",
    "KanoDrift",
    "KanoFeature",
    "KanoGroup",
    "KanoSegments",
    "KeptRate",
    "KeptSlice",
    "KindsBeside",
    "Level",
    "LevelComparison",
    "Link",
    "Loyalty",
    "Market",
    "Mention",
    "MentionCounts",
    "NoPromise",
    "NotEnough",
    "Offer",
    "Outlook",
    "PastForecast",
    "PricedPromise",
    "Promise",
    "PromiseAndTarget",
    "PurchaseFit",
    "Question",
    "Quote",
    "ReadingReport",
    "Reason",
    "Reliability",
    "Representativeness",
    "Response",
    "Said",
    "SatisfactionCell",
    "SatisfactionPoint",
    "Scale",
    "ScaleCheck",
    "Score",
    "ScoreBounds",
    "ScoreChange",
    "ScoreGroup",
    "Scores",
    "Sentence",
    "Source",
    "SpendFit",
    "Standing",
    "SurveyCaution",
    "SurveyCut",
    "SurveyGap",
    "SurveyGroup",
    "SurveyPair",
    "SurveyScore",
    "SurveyedGaps",
    "ToleranceZone",
    "TouchpointRatings",
    "Track",
    "Unusable",
    "ValueAtRisk",
    "Voice",
    "VoiceShare",
    "WaitBacktest",
    "WaitHour",
    "WaitRange",
    "Weighting",
    "WhatIf",
    "WhatIfRow",
]
