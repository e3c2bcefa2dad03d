"""The page of scores: every language, groups, waves, who answered, and hostile names."""

from __future__ import annotations

import csv
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from forvent.cli import main
from forvent.records import Estimate, NotEnough, Scale, Scores
from forvent.report.scores_page import scores_page
from forvent.report.sections.scored import column_section, headline, number_said
from forvent.report.wording import Wording, wording
from forvent.runs.scoring import ScoreOptions, score_file
from forvent.tables import LANGUAGES

NOW = datetime(2026, 3, 1)
HOSTILE = "<img src=x>"


def written(path: Path, *, n: int = 600) -> Path:
    rng = np.random.default_rng(4)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "region", "quarter", "nps"])
        for number in range(n):
            region = (HOSTILE, "south", "east")[number % 3]
            quarter = f"2026-Q{1 + number % 4}"
            answer = int(np.clip(round(rng.normal(6 + 2.2 * (number % 4 == 3), 2)), 0, 10))
            writer.writerow([number + 1, region, quarter, answer if rng.random() < 0.5 else ""])
    return path


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Scores:
    file = written(tmp_path_factory.mktemp("scores") / "answers.csv")
    options = ScoreOptions(
        scores=["nps"], segments=["region"], wave="quarter", invited="id", known=["region"],
        scale=Scale(0, 10, guessed=False),
    )  # fmt: skip
    return score_file(file, options=options)


@pytest.fixture
def words() -> Wording:
    return wording("en", names={}, scale=None)


class Seen(HTMLParser):
    """Tags, ids, links and text alternatives of a page."""

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


def test_the_heading_is_the_headline_score_with_its_interval(scores: Scores, words: Wording) -> None:
    section = column_section(scores.columns[0], 0, waves=scores.waves, wording=words)
    nps = headline(scores.columns[0].groups[0].scores)
    assert nps is not None
    assert nps.name == "nps"
    assert section.finding == f"NPS: {number_said(nps.estimate, nps.unit, wording=words)}"
    assert [row.name for row in section.scores][-1] == "NPS"


def test_waves_stand_in_their_order_and_groups_by_their_size(scores: Scores, words: Wording) -> None:
    section = column_section(scores.columns[0], 0, waves=scores.waves, wording=words)
    waves, regions = section.groups
    assert [row.name for row in waves.rows] == [f"2026-Q{number}" for number in (1, 2, 3, 4)]
    assert waves.axis == ("−100", "−50", "0", "50", "100")
    assert {row.name for row in regions.rows} == {HOSTILE, "south", "east"}


def test_a_change_that_is_found_is_told_and_the_table_holds_all(scores: Scores, words: Wording) -> None:
    section = column_section(scores.columns[0], 0, waves=scores.waves, wording=words)
    assert "from 2026-Q3 to 2026-Q4" in section.changes
    assert section.changes_table is not None
    assert len(section.changes_table.rows) == len(scores.columns[0].changes)


def test_who_did_not_answer_could_move_the_score_this_far(scores: Scores, words: Wording) -> None:
    section = column_section(scores.columns[0], 0, waves=scores.waves, wording=words)
    assert section.response[0].startswith(f"{scores.columns[0].response.answered} of 600 invited answered: ")
    assert [row.interval.startswith("worst ") for row in section.bounds] == [True] * len(section.bounds)
    assert section.bounds
    assert 'class="could"' in (section.bounds[0].picture or "")


def test_answers_stand_from_the_worst_to_the_best(scores: Scores, words: Wording) -> None:
    section = column_section(scores.columns[0], 0, waves=scores.waves, wording=words)
    given = [int(row.name) for row in section.answers]
    assert given == sorted(given)


def test_a_number_in_the_unit_people_use(words: Wording) -> None:
    assert number_said(Estimate(0.496, 0.434, 0.558, 250), "share", wording=words) == "50% (43 to 56)"
    assert number_said(Estimate(-4.8, -13.7, 4.2, 250), "points", wording=words) == "−5 (−14 to 4)"
    assert (
        number_said(Estimate(0.03, -0.1, 0.2, 250), "share", wording=words, signed=True) == "+3 (−10 to 20)"
    )
    assert number_said(Estimate(7.18, 6.91, 7.42, 250), "0–10", wording=words) == "7.18 (6.91 to 7.42)"
    few = NotEnough(3, 5, "too few answers")
    assert number_said(few, "share", wording=words) == "we do not know yet (3 answers)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_in_every_language(scores: Scores, language: str) -> None:
    html = scores_page(scores, made_at=NOW, language=language)
    seen = Seen(html)
    assert "img" not in seen.tags
    assert set(seen.links) <= {*seen.ids, ""}
    assert len(seen.ids) == len(set(seen.ids))
    assert len(seen.said) > 10
    if language != "en":
        assert "invited answered" not in html
        assert "What was answered" not in html


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, page = written(tmp_path / "answers.csv", n=120), tmp_path / "scores.html"
    given = [
        "scores",
        str(file),
        "--score",
        "nps",
        "--scale",
        "0..10",
        "--page",
        str(page),
        "--language",
        "hy",
    ]
    assert main(given) == 0
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert str(page) in capsys.readouterr().out


def test_a_folder_is_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path / "answers.csv", n=40)
    assert main(["scores", str(file), "--score", "nps", "--page", str(tmp_path)]) == 2
    assert f"'{tmp_path}' is a folder. Name a file in it." in capsys.readouterr().err
