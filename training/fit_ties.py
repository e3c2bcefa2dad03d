"""Fits how much the kind of a level, and what is spoken of beside it, speak for each expectation."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forvent.identify.clauses import clauses_of
from forvent.identify.judges import judged_parts
from forvent.identify.levels import find_levels
from forvent.identify.levels_likely import features_of
from forvent.identify.levels_roles import FoundLevel
from forvent.identify.levels_tied import OFTEN, SELDOM, answered, odds_of, said_of
from forvent.identify.prepared import get_judge
from forvent.language import split_clauses
from forvent.records import Voice
from forvent.tables import LANGUAGES
from material import HERE, rows

WRITTEN = HERE.parent / "src/forvent/identify/level_topics/weights.json"
#: A text whose levels are labelled weighs as much as so many of which only the expectations are known; one of
#: those that the heads have not learned from, so that what they say counts beside, as so many.
LABELLED, UNSEEN = 2.0, 10.0
RIDGE = 4.0
STEPS = 300
RATE = 0.05
#: Of the log-odds of the model; chosen, as the three above, by the unseen sentences in five folds.
MODEL = 0.6
SIZES = {
    "short": "time",
    "hours": "time",
    "days": "time",
    "weeks": "time",
    "months": "time",
    "date": "date",
    "money": "money",
    "percent": "percent",
    "count": "count",
}
ROLES = ("expected", "experienced", "late", "unclear")
SOURCES = ("company", "own_experience", "word_of_mouth", "other_company")
GROUPS = ("when", "money", "percent", "count")
#: Where the fit starts from, and is drawn to: what a topic says by itself.
BELIEFS: Mapping[str, Mapping[str, float]] = {
    "answer": {"fast_response": 1.5},
    "phone": {"fast_response": 1.2, "easy_contact": 0.5},
    "repair": {"fast_resolution": 1.5, "problem_solved": 0.7},
    "again": {"problem_solved": 1.0},
    "parcel": {"on_time": 0.8, "fast_delivery": 0.5, "complete_order": 0.3},
    "meal": {"fast_delivery": 1.2, "fair_price": 0.5},
    "queue": {"fast_delivery": 1.0},
    "transport": {"on_time": 1.5},
    "visit": {"on_time": 1.0, "availability": 0.3},
    "back": {"easy_returns": 2.0},
    "lasts": {"product_quality": 1.8},
    "advertised": {"as_described": 1.2},
    "bill": {"transparent_price": 1.2},
    "worth": {"fair_price": 1.0},
    "bonus": {"loyalty_reward": 1.5},
    "discount": {"transparent_price": 0.5, "loyalty_reward": 0.3},
    "free": {"availability": 1.5},
    "repeat": {"consistent_answers": 1.5},
    "app": {"easy_digital": 1.3},
    "reach": {"easy_contact": 1.3},
    "notify": {"proactive_updates": 1.3},
    "missing": {"complete_order": 1.2},
    "card": {"easy_payment": 1.2},
    "late": {"on_time": 1.0},
    "fast": {"fast_delivery": 0.5, "fast_response": 0.3, "fast_resolution": 0.3},
    "build": {"on_time": 0.5, "fast_delivery": 0.3},
}
OTHER_BELIEFS: Mapping[str, Mapping[str, float]] = {
    "promised": {"on_time": 1.0, "transparent_price": 0.7},
    "time late": {"on_time": 2.0},
    "parts": {"complete_order": 2.0},
    "times": {"problem_solved": 0.7, "consistent_answers": 0.3, "complete_order": -2.0},
    "when by company": {"on_time": 1.0},
    "when by other_company": {"fast_delivery": 0.7},
    "money by company": {"transparent_price": 0.5},
    "money by other_company": {"fair_price": 0.7},
}
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """Levels that answer each other, and the expectations that they may speak of.

    ``heard`` are the log-odds of what the heads say, where they have not learned from the text.
    """

    features: tuple[tuple[str, ...], ...]
    may_be: frozenset[str]
    weight: float
    heard: Numbers | None = None


def cases(expectations: Sequence[str]) -> Iterator[Case]:
    """From all training text with a level: of most only the expectations are known, of some the tie."""
    for row in rows():
        if row.mentions and row.source in ("said", "voices", "mentions"):
            yield from _cases(row.text, row.language, dict.fromkeys(("",), frozenset(row.mentions)), 1.0)
    unseen: list[tuple[str, str, str]] = []
    for language in LANGUAGES:
        for path in sorted((HERE / "levels").glob(f"{language}*.tsv")):
            with path.open(encoding="utf-8", newline="") as lines:
                for line in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                    if "labels" in line:
                        yield from _cases(line["text"], language, _by_role(line["levels"]), LABELLED)
                    else:
                        unseen.append((line["text"], language, line["levels"]))
    heard = _heard([(text, language) for text, language, _ in unseen], expectations)
    for (text, language, levels), odds in zip(unseen, heard, strict=True):
        yield from _cases(text, language, _by_role(levels), UNSEEN, odds)


def _heard(texts: Sequence[tuple[str, str]], expectations: Sequence[str]) -> Iterator[Numbers]:
    """Log-odds of what the exact tier says of the clauses of each text and, where it has several, of all."""
    judge = get_judge("exact")
    voices = [Voice(voice_id=str(row), text=text, row=row) for row, (text, _) in enumerate(texts)]
    parts = clauses_of(voices, [language for _, language in texts])
    likely = judged_parts(judge, parts.texts, parts.voice_rows).mention
    for first, last in zip(parts.first.tolist(), parts.whole.tolist(), strict=True):
        yield odds_of(likely[first : last + 1], judge.expectations, wanted=expectations)


def _by_role(said: str) -> dict[str, frozenset[str]]:
    ids: dict[str, set[str]] = {"expected": set(), "experienced": set()}
    for label in said.split():
        if label != "-":
            role = "expected" if "=" in label else "experienced"
            ids[role].add(label.replace("~", "=").partition("=")[0])
    both = frozenset(ids["expected"] | ids["experienced"])
    return {"": both, **{role: frozenset(names) or both for role, names in ids.items()}}


def _cases(
    text: str,
    language: str,
    ids: Mapping[str, frozenset[str]],
    weight: float,
    odds: Numbers | None = None,
) -> Iterator[Case]:
    found = find_levels(text, language)
    if not found or not ids[""]:
        return
    clauses = split_clauses(text, language)
    names = features_of(text, language, found, clauses=clauses)
    for group in answered(found):
        may_be = ids.get(_role(found[group[0]]), ids[""])
        heard = (
            None if odds is None else said_of([found[place] for place in group], odds, clauses).max(axis=0)
        )
        yield Case(tuple(tuple(names[place]) for place in group), may_be, weight, heard)


def _role(one: FoundLevel) -> str:
    return one.role if one.role == "expected" else "experienced"


def fitted(
    all_cases: list[Case], features: list[str], expectations: list[str]
) -> tuple[Numbers, float, float]:
    """Weights of greatest marginal likelihood, drawn to the beliefs; mean log-likelihood; share right."""
    prior = _prior(features, expectations)
    x = np.zeros((len(all_cases), len(features)))
    y = np.zeros((len(all_cases), len(expectations)), dtype=bool)
    heard = np.zeros(y.shape)
    place = {name: number for number, name in enumerate(features)}
    for row, case in enumerate(all_cases):
        for level in case.features:
            for name in level:
                if name in place:
                    x[row, place[name]] += 1.0 / len(case.features)
        y[row] = [name in case.may_be for name in expectations]
        if case.heard is not None:
            heard[row] = case.heard
    # Texts whose expectations never have such a level say nothing.
    kept = ((x @ prior > -2.5) & y).any(axis=1)
    x, y, heard = x[kept], y[kept], heard[kept]
    weight = np.array([case.weight for case in all_cases])[kept]
    found, first, second = prior.copy(), np.zeros_like(prior), np.zeros_like(prior)
    for step in range(1, STEPS + 1):
        likely = _softmax(x @ found + MODEL * heard)
        shared = likely * y
        total = shared.sum(axis=1, keepdims=True)
        slope = x.T @ ((shared / total - likely) * weight[:, None]) - RIDGE * (found - prior)
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        found += RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    right = y[np.arange(len(y)), likely.argmax(axis=1)].mean()
    return found, float(np.log(total).mean()), float(right)


def _softmax(scores: Numbers) -> Numbers:
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    likely: Numbers = grown / grown.sum(axis=1, keepdims=True)
    return likely


def _prior(features: list[str], expectations: list[str]) -> Numbers:
    prior = np.zeros((len(features), len(expectations)))
    place = {name: number for number, name in enumerate(features)}
    beliefs = {f"near {topic}": belief for topic, belief in BELIEFS.items()} | dict(OTHER_BELIEFS)
    for topic, belief in BELIEFS.items():
        beliefs[f"far {topic}"] = {name: value / 4 for name, value in belief.items()}
    for name, belief in beliefs.items():
        for expectation, value in belief.items():
            prior[place[name], expectations.index(expectation)] = value
    for size, kind in SIZES.items():
        usual = [
            1.0 if name in OFTEN[kind] else -0.5 if name in SELDOM[kind] else -3.0 for name in expectations
        ]
        prior[place[f"size {size}"]] = usual
    return prior


def main() -> None:
    """Fits and writes."""
    expectations = sorted({name for table in (OFTEN, SELDOM) for names in table.values() for name in names})
    features = [
        *(f"size {size}" for size in SIZES),
        *(f"{kind} {role}" for kind in dict.fromkeys(SIZES.values()) for role in ROLES),
        *(f"{where} {topic}" for where in ("near", "far") for topic in BELIEFS),
        *("pair", "promised", "parts", "times"),
        *(f"{group} by {source}" for group in GROUPS for source in SOURCES),
    ]
    all_cases = list(cases(expectations))
    weights, fit, right = fitted(all_cases, features, expectations)
    print(f"{len(all_cases)} levels, mean log-likelihood {fit:.3f}, {right:.3f} right")
    entry = {
        "features": features,
        "expectations": expectations,
        "model": MODEL,
        "weights": [[round(value, 2) for value in row] for row in weights.tolist()],
    }
    Path(WRITTEN).write_text(json.dumps(entry, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
