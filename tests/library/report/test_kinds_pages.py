"""The pages of forvent kano and forvent drivers, in every language."""

from __future__ import annotations

import importlib.util
import re
import sys
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from forvent.assess.drivers import Answers, Grouped, Judging, driver_drift, driver_segments, drivers
from forvent.identify import names
from forvent.records import (
    Asymmetry,
    DriversFound,
    Estimate,
    Kano,
    KindsBeside,
    NotEnough,
    ReadingReport,
    Unusable,
)
from forvent.report.drivers_page import drivers_page
from forvent.report.kano_page import kano_page
from forvent.report.sections.kind_parts import readable, turned
from forvent.report.text_files import languages
from forvent.runs.kano import KanoOptions, kano_kinds

NOW = datetime(2026, 7, 1)
HOSTILE = "<script>alert(1)</script>"


def _sample() -> type:
    """The questionnaire of the tests of kano; tests cannot import each other by name."""
    path = Path(__file__).parents[1] / "runs/kano/conftest.py"
    spec = importlib.util.spec_from_file_location("kano_conftest_for_pages", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    sample: type = module.Sample
    return sample


@pytest.fixture(scope="module")
def kano(tmp_path_factory: pytest.TempPathFactory) -> Kano:
    """Five features with segments, waves and kinds by ratings beside them."""
    path = tmp_path_factory.mktemp("kano") / "kano.csv"
    path.write_text("\n".join(_sample()().rows()) + "\n", encoding="utf-8")
    found = kano_kinds(path, now=NOW, options=KanoOptions(by=("region",), wave="asked"))
    side = Estimate(-0.2, -0.3, -0.1, 90)
    said = Asymmetry("chat", side, side, side, "basic")
    beside = (
        KindsBeside("chat", found.features[2], said, "different"),
        KindsBeside("on time", found.features[0], None, "only asked"),
    )
    return replace(found, beside=beside, beside_file="drivers.json")


@pytest.fixture(scope="module")
def found() -> DriversFound:
    """Four touchpoints of which wifi turned from exciting to basic, one with a hostile name."""
    rng, n = np.random.default_rng(2), 1600
    ratings = rng.integers(0, 5, (n, 4)) / 4
    states = np.select([ratings < 0.4, ratings > 0.6], [0, 2], 1).astype(np.int8)
    group = np.arange(n) % 2
    low, high = np.where(group == 0, -0.02, -0.3), np.where(group == 0, 0.3, 0.02)
    overall = 0.5 + np.select([states[:, 0] == 0, states[:, 0] == 2], [low, high], 0.0)
    overall += 0.15 * (states[:, 1] == 2) - 0.15 * (states[:, 1] == 0) + rng.normal(0, 0.1, n)
    overall += 0.1 * (states[:, 3] != 1)
    answers = Answers(("wifi_service", "staff", HOSTILE, "seat"), overall, ratings, states, np.arange(n))
    made = drivers(
        answers,
        overall="csat",
        rng=np.random.default_rng(1),
        rounds=100,
        stated={"staff": np.full(n, 0.7)},
    )
    judging = Judging("csat", rounds=100)
    reading = ReadingReport(
        "survey.csv", "CSV", "utf-8", 1603, n, 0, {"overall": "csat"}, (),
        (Unusable("no overall satisfaction", 3, (4, 5, 6), "csat"),),
    )  # fmt: skip
    return DriversFound(
        made_at=NOW,
        drivers=made,
        reading=reading,
        zero="not_applicable",
        segments=(
            driver_segments(
                Grouped(answers, "trip", group, ("fun", "work")),
                judging=judging,
                rng=np.random.default_rng(1),
            ),
        ),
        drift=driver_drift(
            Grouped(answers, "year", group, ("2024", "2025")),
            at=(0.0, 1.0),
            judging=judging,
            rng=np.random.default_rng(1),
        ),
    )


@cache
def called(language: str):  # type: ignore[no-untyped-def]
    return names(language)


def text_of(page: str) -> str:
    """What a person reads."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<body>")[1]))


@pytest.mark.parametrize("language", languages())
def test_both_pages_stand_alone_in_every_language(kano: Kano, found: DriversFound, language: str) -> None:
    for page in (
        kano_page(kano, language=language, names=called(language)),
        drivers_page(found, language=language, names=called(language)),
    ):
        assert page.startswith("<!doctype html>")
        assert not re.search(r"https?://(?!www\.w3\.org)", page)
        assert "{" not in text_of(page)
        assert page.count("<section") == len(re.findall(r'<li><a href="#[\w-]+">', page.split("</nav>")[0]))
        for picture in re.findall(r"<svg[^>]*>", page):
            assert 'role="img"' in picture or 'aria-hidden="true"' in picture


def test_names_from_files_are_never_markup(found: DriversFound) -> None:
    page = drivers_page(found, names=called("en"))
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_the_page_of_drivers_says_what_was_found(found: DriversFound) -> None:
    said = text_of(drivers_page(found, names=called("en")))
    assert "Wifi service" in said
    assert "1,600 answers about 4 touchpoints, from survey.csv." in said
    assert "That is association" in said
    assert "Hollow mark: how important customers say it is" in said
    assert "“Wifi service” for “work”: Basic; for the rest Excitement." in said
    assert "“Wifi service”: Excitement at first, Basic at last." in said
    assert "so no kind is put on: “Seat”." in said
    assert "0 was taken for “does not apply”." in said
    assert "rows 4, 5, 6" in said


def test_the_page_of_kano_says_what_was_found(kano: Kano) -> None:
    said = text_of(kano_page(kano, names=called("en")))
    assert "“On time” must not be missing; the kind of 5 of 5 features can be told" in said
    assert "“Gift wrap” and “Phone calls”" in said
    assert re.search(r"“Live chat”: Pleases −\d+ \(−\d+ to −\d+\) points, its lack displeases \+\d+", said)
    assert "Another kind when asked than by the ratings: “Live chat”" in said


def test_undecided_points_are_hollow_and_bars_hatched(kano: Kano) -> None:
    page = kano_page(kano, names=called("en"))
    assert "point open" not in page
    undecided = replace(kano.features[0], kind="undecided", why="mixed")
    open_ = kano_page(replace(kano, features=(undecided, *kano.features[1:])), names=called("en"))
    assert open_.count('class="point open"') == 2
    assert "url(#hatch)" in open_
    assert "“On time” is undecided between Basic (" in text_of(open_)


def test_nothing_decided_is_said_honestly(kano: Kano, found: DriversFound) -> None:
    features = tuple(replace(one, kind="undecided", why="mixed") for one in kano.features)
    said = text_of(kano_page(replace(kano, features=features, cautions=("upside_down",)), names=called("en")))
    assert "We cannot tell yet what kind any feature is: all are undecided" in said
    assert said.count("Nothing that these answers could show") == 3
    assert "the scale may be upside down" in said
    few = NotEnough(9, 30, "too few answers for so many touchpoints")
    bare = tuple(
        replace(
            one, importance=few, share=few, rank=few, penalty=few, reward=few, asymmetry=few, kind="undecided"
        )
        for one in found.drivers.touchpoints
    )
    none = replace(
        found, drivers=replace(found.drivers, touchpoints=bare, explained=few), segments=(), drift=None
    )
    said = text_of(drivers_page(none, names=called("en")))
    assert "We do not know yet what goes together with “csat”: too few answers" in said


def test_points_are_filled_only_where_no_interval_crosses(found: DriversFound) -> None:
    page = drivers_page(found, names=called("en"))
    filled, hollow = page.count('class="point sure'), page.count('class="point open"')
    # Each picture is drawn at two widths.
    assert filled + hollow == 2 * len(found.drivers.touchpoints)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("check_in_service", "Check in service"),
        ("on time", "On time"),
        ("NPS_2024", "NPS 2024"),
        ("Wi-Fi", "Wi-Fi"),
        ("_", "_"),
    ],
)
def test_names_are_shown_as_a_person_would_write_them(name: str, shown: str) -> None:
    assert readable(name) == shown


def test_worse_without_its_sign_is_a_share() -> None:
    assert turned(Estimate(-0.7, -0.8, -0.6, 90)) == Estimate(0.7, 0.6, 0.8, 90)
    few = NotEnough(3, 10, "few")
    assert turned(few) is few
