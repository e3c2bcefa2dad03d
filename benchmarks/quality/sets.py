"""The sets of texts that identify is judged on, and how their lines are read."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BENCHMARKS = Path(__file__).resolve().parents[1]
SHARED = BENCHMARKS.parent.parent / "shared/data/feedback"


@dataclass(frozen=True)
class Set:
    """One set of texts: its language, what part of it is used, and what it is."""

    name: str
    language: str
    split: str | None
    what: str
    #: Whether the bar of its language is judged on it.
    judged: bool = True


@dataclass(frozen=True)
class Text:
    """One text of a set; its labels are category and polarity of each opinion."""

    id: str
    text: str
    polarity: str | None
    source: str
    labels: tuple[tuple[str, str | None], ...]


SETS = (
    Set("cs_csrest", "cs", "dev", "restaurant guests, dev split"),
    Set("cs_facebook_mallcz", "cs", None, "Facebook posts and web shop complaints", judged=False),
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
#: Sets whose labels are mapped to expectations.
MAPPED = (
    Set("cs_csrest", "cs", "dev", "restaurant guests"),
    Set("semeval16_en", "en", "dev", "restaurant guests"),
    Set("m_absa_en", "en", "dev", "seven trades"),
    Set("m_absa_zh", "zh", "dev", "seven trades, translated"),
    Set("m_absa_de", "de", "dev", "seven trades, translated"),
    Set("de_germeval_dev", "de", "dev", "posts about railways"),
    Set("m_absa_es", "es", "dev", "seven trades, translated"),
    Set("semeval16_es", "es", "dev", "restaurant guests"),
    Set("semeval16_fr", "fr", "dev", "restaurant guests"),
    Set("semeval16_nl", "nl", "dev", "restaurant guests"),
    Set("m_absa_pt", "pt", "dev", "seven trades, translated"),
    Set("semeval16_ru", "ru", "dev", "restaurant guests"),
    Set("m_absa_sk", "sk", "dev", "seven trades, translated"),
    Set("semeval16_tr", "tr", "dev", "restaurant guests"),
    Set("en_banking77", "en", None, "questions to a bank"),
)
#: Texts for the detection of language; subtitles for the short ones.
DETECTED = (
    *(one for one in SETS if one.name != "zh_shop_half"),
    *(
        Set(f"xed_{language}", language, None, "lines of film subtitles", judged=False)
        for language in ("cs", "en", "et", "nb", "zh")
    ),
)
#: Where short texts for the speed come from: all of a set.
PLENTY = tuple(
    Set(name, language, None, "")
    for name, language in (
        ("cs_csrest", "cs"),
        ("cs_facebook_mallcz", "cs"),
        ("nb_norec_sentence", "nb"),
        ("et_valence", "et"),
        ("hy_translated", "hy"),
        ("zh_takeaway_half", "zh"),
        ("m_absa_zh", "zh"),
        ("m_absa_en", "en"),
        ("xed_et", "et"),
    )
)
PARALLEL = ("en", "zh", "pt", "de", "es", "sk")


def texts_of(one: Set) -> Iterator[Text]:
    """All texts of the part of a set that is used, in the order of a hash of their ids."""
    found = [
        (hashed(entry["id"]), entry) for entry in _entries(one.name) if one.split in (None, entry["split"])
    ]
    for _, entry in sorted(found, key=lambda pair: pair[0]):
        labels = tuple(
            (label["category"], label["polarity"]) for label in entry["aspects"] if label["category"]
        )
        yield Text(entry["id"], entry["text"], entry["polarity"], entry["source"], labels)


def polar_texts(one: Set, most: int) -> list[Text]:
    """The first texts of a set that are positive or negative as a whole."""
    return [text for text in texts_of(one) if text.polarity in {"positive", "negative"}][:most]


def parallel_texts(most: int) -> list[dict[str, str]]:
    """Reviews that stand in all languages of the parallel set, by language."""
    by_id: dict[str, dict[str, str]] = {}
    for language in PARALLEL:
        for text in texts_of(Set(f"m_absa_{language}", language, "dev", "")):
            by_id.setdefault(text.id.replace(f"-{language}-", "-", 1), {})[language] = text.text
    whole = [key for key, texts in by_id.items() if len(texts) == len(PARALLEL)]
    return [by_id[key] for key in sorted(whole, key=hashed)[:most]]


def hashed(name: str) -> str:
    """What decides which texts are taken where not all are."""
    return hashlib.sha256(name.encode()).hexdigest()


def _entries(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(SHARED / f"{name}.jsonl.gz", "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield json.loads(line)
