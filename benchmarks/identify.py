"""Quality of identify on text it did not learn from: writes docs/quality.md.

Polarity (positive against negative) and language, per language, on the development
sets beside the project; every figure with its count and a bootstrap interval over
texts. Run: python benchmarks/identify.py [--most 600]
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import platform
import resource
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from forvent.identify import Identifier
from forvent.identify.heads import load_heads
from forvent.language import get_encoder
from forvent.records import IdentifiedVoice, Voice

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared/data/feedback"
OUT = HERE.parent / "docs/quality.md"
ROUNDS = 1000


@dataclass(frozen=True)
class Set:
    """One set of texts: its language, what part of it is used, and what it is."""

    name: str
    language: str
    split: str | None
    what: str


SETS = (
    Set("cs_csrest", "cs", "dev", "restaurant guests, dev split"),
    Set("cs_facebook_mallcz", "cs", None, "Facebook posts and web shop complaints"),
    Set("nb_norec_sentence", "nb", "dev", "sentences of professional reviews, dev split"),
    Set("et_valence", "et", None, "newspaper paragraphs and comments"),
    Set("hy_translated", "hy", None, "machine-translated tweets"),
    Set("zh_hotel", "zh", None, "hotel guests"),
    Set("zh_shop_half", "zh", None, "web shop, ten departments"),
    Set("zh_takeaway_half", "zh", None, "takeaway"),
    Set("m_absa_zh", "zh", "dev", "seven trades, translated, dev split"),
    Set("m_absa_en", "en", "dev", "seven trades, dev split"),
    Set("semeval16_en", "en", "dev", "restaurant guests, dev split"),
)
FURTHER = (
    Set("m_absa_pt", "pt", "dev", "seven trades, translated, dev split"),
    Set("semeval16_nl", "nl", "dev", "restaurant guests, dev split"),
    Set("semeval16_ru", "ru", "dev", "restaurant guests, dev split"),
)
#: The macro-F1 that a plain head on a few hundred texts of the same kind is known to reach.
BAR = {"cs": 0.84, "nb": 0.69, "et": 0.75, "zh": 0.85, "hy": 0.87, "en": 0.87}


@dataclass(frozen=True)
class Judged:
    """Texts of one set with what was said of them."""

    true: np.ndarray
    said: np.ndarray
    languages: np.ndarray
    confidence: np.ndarray
    seconds: float


@dataclass(frozen=True)
class Row:
    """The figures of one set, as its line in the table shows them."""

    n: int
    value: float
    low: float
    high: float
    calibration: float
    language: float
    speed: float


def main() -> None:
    """Judge every set, write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=600, help="texts a set, the first by a hash of their ids")
    parser.add_argument(
        "--resume", type=Path, help="lines that an interrupted run with the same --most printed"
    )
    options = parser.parse_args()
    if not SHARED.is_dir():
        raise SystemExit("The shared test data are not beside the project; nothing was measured.")
    known = (
        dict(map(read_line, options.resume.read_text(encoding="utf-8").splitlines()))
        if options.resume
        else {}
    )
    identifier = Identifier(get_encoder("exact"))
    rows = {}
    for one in (*SETS, *FURTHER):
        rows[one] = known.get(one.name) or row_of(one, judge(identifier, one, options.most))
        print(line_of(one, rows[one]), flush=True)
    OUT.write_text(page_of(rows, options.most), encoding="utf-8")


def texts_of(one: Set, most: int) -> list[tuple[str, str]]:
    """Texts with their polarity, positive or negative, in the order of a hash of their ids."""
    found = []
    with gzip.open(SHARED / f"{one.name}.jsonl.gz", "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["polarity"] in {"positive", "negative"} and entry["split"] == (
                one.split or entry["split"]
            ):
                found.append(
                    (hashlib.sha256(entry["id"].encode()).hexdigest(), entry["text"], entry["polarity"])
                )
    return [(text, polarity) for _, text, polarity in sorted(found)[:most]]


def judge(identifier: Identifier, one: Set, most: int) -> Judged:
    """What identify says of the texts of one set, language not given."""
    texts = texts_of(one, most)
    start = time.perf_counter()
    said = list(in_batches(identifier, [text for text, _ in texts]))
    seconds = time.perf_counter() - start
    return Judged(
        true=np.array([polarity for _, polarity in texts]),
        said=np.array([voice.polarity for voice in said]),
        languages=np.array([voice.language for voice in said]),
        confidence=np.array([voice.confidence for voice in said]),
        seconds=seconds,
    )


def in_batches(identifier: Identifier, texts: list[str]) -> Iterator[IdentifiedVoice]:
    """Identify texts as the loop does."""
    voices = [Voice(voice_id=str(number), text=text, row=number) for number, text in enumerate(texts)]
    for first in range(0, len(voices), 256):
        yield from identifier.identify(voices[first : first + 256])


def macro_f1(true: np.ndarray, said: np.ndarray) -> float:
    """Mean F1 of positive and negative; neutral or mixed said of either is wrong."""
    scores = []
    for polarity in ("positive", "negative"):
        hits = float(((true == polarity) & (said == polarity)).sum())
        scores.append(2 * hits / max(float((true == polarity).sum() + (said == polarity).sum()), 1.0))
    return float(np.mean(scores))


def interval(judged: Judged) -> tuple[float, float, float]:
    """Macro-F1 of a set with its 95 % bootstrap interval over texts."""
    rng = np.random.default_rng(1)
    draws = []
    for _ in range(ROUNDS):
        picked = rng.integers(0, len(judged.true), len(judged.true))
        draws.append(macro_f1(judged.true[picked], judged.said[picked]))
    low, high = np.quantile(draws, [0.025, 0.975])
    return macro_f1(judged.true, judged.said), float(low), float(high)


def mean_of(rows: list[Row]) -> tuple[float, float, float]:
    """Mean over sets; the sets are independent, so their half intervals add up as squares."""
    value = float(np.mean([row.value for row in rows]))
    below = float(np.sqrt(sum((row.value - row.low) ** 2 for row in rows))) / len(rows)
    above = float(np.sqrt(sum((row.high - row.value) ** 2 for row in rows))) / len(rows)
    return value, value - below, value + above


def calibration_error(judged: Judged) -> float:
    """Mean distance of confidence from the share that is right, over ten bins."""
    right = judged.true == judged.said
    bins = np.clip((judged.confidence * 10).astype(int), 0, 9)
    parts = [(bins == number) for number in range(10)]
    return float(
        sum(
            abs(judged.confidence[part].mean() - right[part].mean()) * part.mean()
            for part in parts
            if part.any()
        )
    )


def row_of(one: Set, judged: Judged) -> Row:
    """The figures of one set."""
    return Row(
        len(judged.true),
        *interval(judged),
        calibration_error(judged),
        float((judged.languages == one.language).mean()),
        len(judged.true) / judged.seconds,
    )


def line_of(one: Set, row: Row) -> str:
    """One line of the table of sets."""
    cells = (
        one.language,
        f"`{one.name}`",
        one.what,
        f"{row.n}",
        f"{row.value:.3f} ({row.low:.3f}–{row.high:.3f})",
        f"{row.calibration:.3f}",
        f"{row.language:.3f}",
        f"{row.speed:.0f}",
    )
    return f"| {' | '.join(cells)} |"


def read_line(line: str) -> tuple[str, Row]:
    """The set and the figures of a line that was printed."""
    _, _, name, _, n, score, *others, _ = (cell.strip() for cell in line.split("|"))
    numbers = [float(number) for number in score.replace("(", " ").replace("–", " ").rstrip(")").split()]
    return name.strip("`"), Row(int(n), *numbers, *map(float, others))


def page_of(rows: dict[Set, Row], most: int) -> str:
    """The quality card."""
    by_language: dict[str, list[Row]] = defaultdict(list)
    for one in SETS:
        by_language[one.language].append(rows[one])
    lines = [
        "# Quality of identify, per language",
        "",
        f"Written by `python benchmarks/identify.py --most {most}`; do not edit by hand. Encoder *exact*,",
        f"{load_heads('exact').version}, Python {platform.python_version()} on {platform.machine()}.",
        "The heads learned from none of these texts (of the Czech restaurant set only from its train split).",
        "All are development sets: some settings were chosen while looking at them, so on new text expect a",
        "little less.",
        "",
        "## By language",
        "",
        "Macro-F1 of polarity, positive against negative, mean over the sets of the language, with a 95 %",
        "bootstrap interval over texts. *Known reach* is what a plain head trained on a few hundred texts of",
        "the same kind gets. A language below it is marked.",
        "",
        "| language | n | macro-F1 | known reach | |",
        "|---|---|---|---|---|",
    ]
    for language, sets in sorted(by_language.items()):
        value, low, high = mean_of(sets)
        count = sum(one.n for one in sets)
        mark = "" if value >= BAR[language] else "**below**"
        lines.append(
            f"| {language} | {count} | {value:.3f} ({low:.3f}–{high:.3f}) | {BAR[language]:.2f} | {mark} |"
        )
    head = [
        "| language | set | what it is | n | macro-F1 | calibration error | language right | texts/s |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += ["", "## By set", "", *head, *(line_of(one, rows[one]) for one in SETS)]
    lines += [
        "",
        "Texts per second are those of this run, whole texts and their clauses encoded, on a machine that",
        "was not quiet: compare them with each other only. Language is detected, not given; texts of any",
        "length count.",
        "",
        "## Languages without training text",
        "",
        "No head saw a word of these; what they can do comes through the encoder.",
        "",
        *head,
        *(line_of(one, rows[one]) for one in FURTHER),
        "",
        f"Peak memory of the run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
