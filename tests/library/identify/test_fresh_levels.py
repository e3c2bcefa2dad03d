"""Sentences invented before the code was run on them: thirty in each of six languages."""

from pathlib import Path

import pytest

from forvent.identify.levels_tied import levels_of
from forvent.identify.levels_words import SECONDS
from forvent.identify.sources import source_of
from forvent.language import Span
from forvent.records import Level

FOLDER = Path(__file__).parent / "fresh_levels"
LANGUAGES = ("cs", "en", "et", "hy", "nb", "zh")
KINDS = {"own": "own_experience", "company": "company", "others": "word_of_mouth", "rival": "other_company"}


def rows(language: str) -> list[tuple[str, list[str], list[str]]]:
    lines = (FOLDER / f"{language}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    cells = [line.split("\t") for line in lines]
    return [
        (text, labels.split(), [] if levels == "-" else levels.split())
        for text, _, _, labels, levels in cells
    ]


def said(label: str) -> tuple[str, str, str]:
    name, sign, value = label.partition("=") if "=" in label else label.partition("~")
    number, unit = value.split("_")
    return name, sign, written(number, unit)


def written(number: str | float, unit: str) -> str:
    if unit == "date":
        return f"{number} date"
    seconds = SECONDS.get(unit)
    return f"{float(number) * (seconds or 1):.4g} {'second' if seconds else unit}"


def as_written(level: Level) -> str:
    return written(level.date or level.value, level.unit)


def found(text: str, labels: list[str], language: str) -> set[tuple[str, str, str]]:
    spoken = {label.split(":")[0]: Span(0, len(text)) for label in labels}
    wished = [label.split(":")[0] for label in labels if ":wished" in label]
    return {
        (name, sign, as_written(level))
        for name, pair in levels_of(text, language, spoken, wished=wished).items()
        for sign, level in zip("=~", pair, strict=True)
        if level is not None
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_levels_of_sentences_never_seen_are_found_and_few_wrongly(language: str) -> None:
    pairs = [
        (found(text, labels, language), {said(one) for one in levels})
        for text, labels, levels in rows(language)
    ]
    right = sum(len(got & true) for got, true in pairs)
    assert right >= 0.6 * sum(len(true) for _, true in pairs)
    assert right >= 0.75 * sum(len(got) for got, _ in pairs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sources_of_sentences_never_seen_are_seldom_wrong(language: str) -> None:
    wrong = right = 0
    for text, labels, _ in rows(language):
        kinds = {name for kind, name in KINDS.items() if any(f"@{kind}" in label for label in labels)}
        source = source_of(text, Span(0, len(text)), language)
        if source is not None:
            right, wrong = right + (source.kind in kinds), wrong + (source.kind not in kinds)
    assert right >= 6
    assert wrong <= 2
