"""The page of a survey of expected and received: every language, zones, groups, amounts and hostile names."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from forvent.cli import main
from forvent.reading.survey_columns import SurveyChoices
from forvent.records import Estimate, NotEnough, SurveyCaution, SurveyedGaps
from forvent.report.sections.surveyed import cut_section, survey_rows, surveyed_finding, zone_rows
from forvent.report.surveyed_page import caution_said, surveyed_page
from forvent.report.surveyed_summary import _SAID
from forvent.report.wording import Wording, wording
from forvent.runs.surveyed import SurveyOptions, surveyed_gaps
from forvent.tables import LANGUAGES

NOW = datetime(2026, 3, 1)
HOSTILE = "<img src=x>"


def written(path: Path, *, n: int = 240) -> Path:
    """Speed falls short, care does not, amounts take a day longer; Tartu fares worse at care."""
    rng = np.random.default_rng(4)
    parts = [f"{part} {name}" for name in ("speed", "care") for part in ("expected", "received")]
    levels = [f"{part} {name}" for name in ("speed", "care") for part in ("adequate", "desired")]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["who", "shop", *parts, *levels, "days wished", "days taken"])
        for number in range(n):
            shop = (HOSTILE, "Lille", "Tartu")[number % 3]
            expected = np.clip(np.rint(7 + rng.normal(0, 1, 2)), 1, 9).astype(int)
            short = np.array([1.5, 1.5 if shop == "Tartu" else -0.4])
            received = np.clip(np.rint(expected - short + rng.normal(0, 1, 2)), 1, 9).astype(int)
            pairs = [value for pair in zip(expected, received, strict=True) for value in pair]
            zones = [value for one in expected for value in (max(1, one - 2), min(9, one + 1))]
            days = int(rng.integers(1, 5))
            writer.writerow(
                [f"p{number}", shop, *pairs, *zones, days, max(1, days + int(rng.integers(0, 3)))]
            )
    return path


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> SurveyedGaps:
    file = written(tmp_path_factory.mktemp("survey") / "sheets.csv")
    columns = {
        f"{part}.{name}": f"{part} {name}"
        for name in ("speed", "care")
        for part in ("expected", "received", "adequate", "desired")
    }
    columns |= {"expected.days": "days wished", "received.days": "days taken", "customer": "who"}
    reading = SurveyChoices(columns=columns, by=("shop",), less=("days",), unit="day", scale=(1.0, 9.0))
    return surveyed_gaps(file, now=NOW, options=SurveyOptions(reading=reading))


@pytest.fixture
def words() -> Wording:
    return wording("en", names={}, scale=None)


class Seen(HTMLParser):
    """Tags, ids and links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.said: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        known = {name: value or "" for name, value in attrs}
        self.ids += [known["id"]] if "id" in known else []
        self.links += [known["href"].removeprefix("#")] if "href" in known else []
        self.said += [known["aria-label"]] if tag == "svg" and "aria-label" in known else []


def test_the_heading_is_the_pair_that_surely_falls_shortest(survey: SurveyedGaps, words: Wording) -> None:
    gap = next(gap for gap in survey.gaps if gap.name == "speed")
    assert isinstance(gap.expected, Estimate)
    assert isinstance(gap.received, Estimate)
    finding = surveyed_finding(survey, wording=words)
    assert finding == f"“speed”: {gap.expected.value:.2f} expected, {gap.received.value:.2f} received"


def test_short_rows_come_first_and_amounts_stand_apart(survey: SurveyedGaps, words: Wording) -> None:
    rated = survey_rows(survey, part=("pair",), kind="rating", wording=words)
    assert (rated[0].name, rated[0].verdict) == ("speed", "short")
    (days,) = survey_rows(survey, part=("pair",), kind="level", wording=words)
    # More days than wished is worse, although the difference is positive.
    assert (days.name, days.verdict, days.verdict_text) == ("days", "short", "worse than expected")
    assert "days" in days.numbers
    assert days.gap.startswith("+")


def test_zones_are_three_parts_of_a_whole(survey: SurveyedGaps, words: Wording) -> None:
    rows = {row.name: row for row in zone_rows(survey, wording=words)}
    assert set(rows) == {"speed", "care", "All together"}
    zone = next(gap.zone for gap in survey.gaps if gap.name == "speed")
    assert zone is not None
    parts = (zone.below, zone.inside, zone.above)
    assert sum(part.value for part in parts if isinstance(part, Estimate)) == pytest.approx(1.0)
    assert rows["speed"].picture is not None
    assert "less than adequate" in rows["speed"].numbers


def test_a_group_that_surely_fares_worse_is_the_heading_of_its_section(
    survey: SurveyedGaps, words: Wording
) -> None:
    section = cut_section(survey.cuts[0], 0, found=survey, wording=words)
    assert section.finding == "“Tartu” surely fares worse than all others"
    assert section.rows[0].name == "Tartu"
    assert any(line.startswith("Tartu, “care”") and "worse than the rest" in line for line in section.lines)


def test_where_nothing_can_be_told_it_is_said(survey: SurveyedGaps, words: Wording) -> None:
    few = NotEnough(2, 5, "too few")
    gaps = tuple(
        replace(gap, expected=few, received=few, gap=few, met=few, verdict="not enough data", rate=None)
        for gap in survey.gaps
    )
    bare = replace(survey, gaps=gaps, cuts=())
    assert surveyed_finding(bare, wording=words) == (
        "We do not know yet whether they got what they expected: too few answered both halves"
    )
    html = surveyed_page(bare)
    assert "we do not know yet (2 answers)" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_in_every_language(survey: SurveyedGaps, language: str) -> None:
    html = surveyed_page(survey, language=language)
    seen = Seen(html)
    assert "img" not in seen.tags
    assert "script" not in seen.tags
    assert set(seen.links) <= {*seen.ids, ""}
    assert len(seen.ids) == len(set(seen.ids))
    assert len(seen.said) > 8
    assert all(said.strip() for said in seen.said)
    if language != "en":
        assert "worse than expected" not in html
        assert "All together" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_caution_has_a_sentence_in_every_language(language: str) -> None:
    told = wording(language, names={}, scale=None)
    english = wording("en", names={}, scale=None)
    for name in _SAID:
        caution = SurveyCaution(name, ("q1\u202e",), 0.4, 12)
        said = caution_said(caution, wording=told)
        assert "\u202e" not in said
        assert "{" not in said
        assert language == "en" or said != caution_said(caution, wording=english)


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path / "sheets.csv", n=60)
    page = tmp_path / "gap.html"
    given = [
        "gap",
        str(file),
        "--map",
        "expected.speed=expected speed",
        "--map",
        "received.speed=received speed",
    ]
    assert main([*given, "--page", str(page), "--language", "nb"]) == 0
    html = page.read_text(encoding="utf-8")
    assert unescape(html).count("«speed»") >= 1
    assert str(page) in capsys.readouterr().out


@pytest.fixture(scope="module")
def tastes(tmp_path_factory: pytest.TempPathFactory) -> SurveyedGaps:
    """Half of the people want three things, half three others."""
    file = tmp_path_factory.mktemp("tastes") / "sheets.csv"
    rng = np.random.default_rng(6)
    names = ("speed", "care", "price", "choice", "calm", "light")
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow([f"{name}_{part}" for name in names for part in ("expected", "received")])
        for number in range(200):
            side = np.arange(6) % 2 == number % 2
            wanted = np.clip(np.rint(6 + np.where(side, 1.4, -1.4) + rng.normal(0, 0.8, 6)), 1, 10)
            got = np.clip(np.rint(wanted + rng.normal(0, 1, 6)), 1, 10)
            writer.writerow([int(one) for pair in zip(wanted, got, strict=True) for one in pair])
    return surveyed_gaps(file, now=NOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_groups_of_people_stand_on_the_page_in_every_language(tastes: SurveyedGaps, language: str) -> None:
    assert tastes.personas is not None
    assert len(tastes.personas.personas) == 2
    html = surveyed_page(tastes, language=language)
    groups = html[html.index('id="groups"') : html.index('id="behind"')]
    assert "speed" in groups
    assert "{" not in groups
    if language == "en":
        assert "Expects more of" in groups


def test_a_survey_of_two_things_has_no_groups(survey: SurveyedGaps) -> None:
    assert survey.personas is None
    assert 'id="groups"' not in surveyed_page(survey)
