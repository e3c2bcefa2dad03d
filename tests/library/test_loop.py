"""The whole loop: it finds what was put into the sample business, and works on too little of anything."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from rich.console import Console

from forvent.errors import BadOption, MissingColumn, NothingUsable
from forvent.identify import INTENTS, catalogue, intent_key, names
from forvent.language import Encoder
from forvent.loop import Options, run_loop
from forvent.records import Estimate, Findings, Gap, NoPromise, NotEnough, Promise, ReadingReport
from forvent.report import findings_json, page, summary
from forvent.rows import mentions_schema
from forvent.simulate import SampleBusiness, sample_business, write_sample
from forvent.tables import LANGUAGES, POLARITIES

NOW = datetime(2026, 9, 1, 12)
Loop = Callable[..., Findings]


@pytest.fixture(scope="module")
def shop() -> SampleBusiness:
    return sample_business(customers=300)


@pytest.fixture(scope="module")
def run(
    shop: SampleBusiness, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Findings, Path]:
    """The loop on the sample business, once: its findings, and the folder with the table of mentions."""
    folder = tmp_path_factory.mktemp("shop")
    voices, episodes = write_sample(shop, folder)
    findings = run_loop(
        voices,
        now=NOW,
        episodes=episodes,
        options=Options(encoder=encoder, by=("region", "shipping")),
        mentions_to=folder / "mentions.parquet",
    )
    return findings, folder


@pytest.fixture(scope="module")
def found(run: tuple[Findings, Path]) -> Findings:
    return run[0]


def gap_of(findings: Findings, expectation: str) -> Gap:
    return next(one for one in findings.gaps if one.expectation == expectation)


def shown(findings: Findings, language: str) -> str:
    """What the terminal shows."""
    console = Console(width=100)
    with console.capture() as captured:
        console.print(summary(findings, language=language, names=names(language)))
    return captured.get().strip()


def adds_up(report: ReadingReport) -> bool:
    """A row may be used although a cell of it (a date) is left out: those reasons name their column."""
    dropped = report.rows - report.used - report.repeated
    return 0 <= dropped <= sum(one.count for one in report.unusable)


# ------------------------------------------------------------------- what was put in is found


def test_every_row_is_used_repeated_or_left_out_with_a_reason(found: Findings, shop: SampleBusiness) -> None:
    assert found.episodes is not None
    assert found.voices.rows == len(shop.voice_rows)
    assert found.episodes.rows == len(shop.episode_rows)
    assert found.voices.used == len(shop.voices)
    assert found.episodes.used == len(shop.episodes)
    assert adds_up(found.voices)
    assert adds_up(found.episodes)
    assert all(
        len(one.rows) == min(one.count, 20) for one in (*found.voices.unusable, *found.episodes.unusable)
    )


def test_the_six_languages_are_found_with_their_shares(found: Findings, shop: SampleBusiness) -> None:
    true = Counter(voice.language for voice in shop.voices if not voice.content_free)
    seen = found.coverage.languages
    assert set(LANGUAGES) <= set(seen)
    assert sum(seen.values()) == found.coverage.voices - found.coverage.content_free
    assert sum(abs(seen.get(one, 0) - true[one]) for one in LANGUAGES) <= 0.03 * sum(true.values())
    assert all(seen.values())


def test_texts_that_say_nothing_are_counted(found: Findings, shop: SampleBusiness) -> None:
    silent = sum(voice.content_free for voice in shop.voices)
    assert abs(found.coverage.content_free - silent) <= 0.1 * silent
    assert isinstance(found.coverage.covered, Estimate)
    assert found.coverage.covered.n == found.coverage.voices - found.coverage.content_free


def test_kept_rates_contain_the_truth(found: Findings, shop: SampleBusiness) -> None:
    missed = 0
    for rate in found.kept:
        assert isinstance(rate.kept, Estimate)
        missed += not rate.kept.low <= shop.truth.group(**rate.group).kept <= rate.kept.high
    assert len(found.kept) == 8
    # Of eight 95 % intervals, three or more miss in fewer than 1 of 150 businesses.
    assert missed <= 2


def test_the_region_that_is_promised_too_much_time_could_be_promised_less(
    found: Findings, shop: SampleBusiness
) -> None:
    promises = {one.group.get("region", ""): one for one in found.promises if isinstance(one, Promise)}
    city = promises["City"]
    assert city.own_promise is not None
    assert city.upper <= city.own_promise - 1
    days = shop.truth.group(region="City").days_before
    assert days[0.9] <= city.upper <= days[0.99]


def test_with_enough_orders_the_padded_region_is_said_to_be_padded(pretend: Encoder, tmp_path: Path) -> None:
    # That a promise is padded takes more orders than those 300 customers place; few voices will do.
    _, episodes = write_sample(sample_business(), tmp_path)
    (tmp_path / "few.csv").write_text(rated(), encoding="utf-8")
    found = run_loop(
        tmp_path / "few.csv", now=NOW, episodes=episodes, options=Options(encoder=pretend, by=("region",))
    )
    promises = {one.group.get("region", ""): one for one in found.promises if isinstance(one, Promise)}
    assert promises["City"].padded
    assert not promises["Hills"].padded


def test_lateness_is_among_the_worst_gaps_and_below_what_is_expected(found: Findings) -> None:
    assert "on_time" in [one.expectation for one in found.gaps[:3]]
    gap = gap_of(found, "on_time").gap
    assert isinstance(gap, Estimate)
    # What is read from text carries noise of its own: on so few voices the interval may reach 0.
    assert gap.value < -0.1


def test_lateness_and_not_slowness_goes_together_with_dissatisfaction(found: Findings) -> None:
    assert found.chain is not None
    late = found.chain.late_difference
    assert isinstance(late, Estimate)
    assert late.high < 0.0
    assert found.chain.joined > 100


def test_every_quote_belongs_to_its_expectation_and_voice(found: Findings, shop: SampleBusiness) -> None:
    texts = {voice.id: voice.comment for voice in shop.voices}
    intents = {intent_key(kind) for kind in INTENTS}
    assert set(found.quotes) - intents <= set(catalogue())
    for expectation, quotes in found.quotes.items():
        for quote in quotes:
            assert quote.expectation == expectation
            assert quote.polarity in ({"said"} if expectation in intents else POLARITIES)
            assert quote.words in texts[quote.voice_id]


def test_who_says_that_they_will_come_again_is_counted_and_quoted(found: Findings) -> None:
    assert found.said is not None
    assert [one.name for one in found.said.intents] == list(INTENTS)
    for one in found.said.intents:
        assert bool(one.voices) is (intent_key(one.name) in found.quotes)


def test_the_surest_quote_of_an_expectation_was_truly_said(found: Findings, shop: SampleBusiness) -> None:
    labels = {voice.id: {label for label, _ in voice.labels} for voice in shop.voices}
    held = {one.expectation for one in shop.truth.expectations}
    surest = {
        name: max(quotes, key=lambda quote: quote.confidence)
        for name, quotes in found.quotes.items()
        if name in held
    }
    right = sum(name in labels[quote.voice_id] for name, quote in surest.items())
    assert right >= 0.9 * len(surest)


def test_most_of_what_was_said_is_found_with_the_right_polarity(
    run: tuple[Findings, Path], shop: SampleBusiness
) -> None:
    rows = pq.read_table(run[1] / "mentions.parquet").to_pylist()
    seen = {(row["voice_id"], row["expectation"]): row["polarity"] for row in rows}
    true = [((voice.id, label), polarity) for voice in shop.voices for label, polarity in voice.labels]
    found = [(seen[key], polarity) for key, polarity in true if key in seen]
    assert len(found) >= 0.6 * len(true)
    assert sum(one == other for one, other in found) >= 0.75 * len(found)


def test_the_table_of_mentions_has_its_columns(run: tuple[Findings, Path]) -> None:
    table = pq.read_table(run[1] / "mentions.parquet")
    assert table.schema.equals(mentions_schema())
    assert set(table["expectation"].to_pylist()) <= set(catalogue())


def test_every_number_lies_in_its_interval(found: Findings) -> None:
    for gap in (*found.gaps, *found.touchpoints):
        for one in (gap.got, gap.expected, gap.gap, gap.importance, gap.stake):
            assert isinstance(one, NotEnough) or one.low <= one.value <= one.high
        counts = gap.counts
        assert counts.judged + counts.wished > 0
    assert [score.estimate for score in found.scores if isinstance(score.estimate, Estimate)]


def test_what_to_say_and_to_ask_is_there_in_six_languages(found: Findings) -> None:
    assert {one.language for one in found.sentences} == set(LANGUAGES)
    assert found.questions
    assert all(set(one.texts) == set(LANGUAGES) for one in found.questions)


def test_findings_are_json_with_a_version(found: Findings) -> None:
    parsed = json.loads(findings_json(found))
    assert any("version" in key or "schema" in key for key in parsed)
    assert len(findings_json(found)) > 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_is_whole_in_every_language(found: Findings, language: str) -> None:
    html = page(found, language=language, names=names(language))
    assert html.rstrip().endswith("</html>")
    assert f'lang="{language}"' in html
    assert names(language)["on_time"]["name"] in html
    assert not any(sign in html for sign in ("{{", "Undefined", "NotEnough(", "Estimate("))
    assert shown(found, language)


def test_the_same_input_gives_the_same_findings(pretend: Encoder, tmp_path: Path) -> None:
    voices, episodes = write_sample(sample_business(customers=60), tmp_path)
    first, second = (
        run_loop(voices, now=NOW, episodes=episodes, options=Options(encoder=pretend)) for _ in range(2)
    )
    assert findings_json(first) == findings_json(second)


# ------------------------------------------------------------------------ too little of anything

SAID = (
    "The parcel came four days late.",
    "The staff were rude.",
    "Very friendly staff.",
    "far too expensive",
    "ok",
)


@pytest.fixture
def loop(tmp_path: Path, encoder: Encoder) -> Loop:
    def run_on(voices: str, episodes: str | None = None, **options: object) -> Findings:
        (tmp_path / "voices.csv").write_text(voices, encoding="utf-8")
        if episodes is not None:
            (tmp_path / "episodes.csv").write_text(episodes, encoding="utf-8")
        found = run_loop(
            tmp_path / "voices.csv",
            now=NOW,
            episodes=tmp_path / "episodes.csv" if episodes is not None else None,
            options=Options(encoder=encoder, **options),  # type: ignore[arg-type]
        )
        for language in LANGUAGES[:2]:
            assert page(found, language=language, names=names(language))
            assert shown(found, language)
        assert json.loads(findings_json(found))
        return found

    return run_on


def orders(n: int, *, promised: bool = True, name: str = "O") -> str:
    header = "order_id,ordered," + ("promised," if promised else "") + "delivered\n"
    rows = []
    for place in range(n):
        month, day = 1 + place // 20, 1 + place % 20
        due = f"2026-{month:02d}-{day + 4:02d}," if promised else ""
        rows.append(
            f"{name}{place},2026-{month:02d}-{day:02d} 10:00,{due}2026-{month:02d}-{day + 2:02d} 11:00"
        )
    return header + "\n".join(rows) + "\n"


def rated(*, order: str = "") -> str:
    header = "id,comment,stars" + (",order_id" if order else "")
    rows = [
        f"{place},{text},{1 + place % 5}" + (f",{order}{place}" if order else "")
        for place, text in enumerate(SAID)
    ]
    return "\n".join([header, *rows]) + "\n"


def test_voices_without_ratings_have_gaps_by_their_usual_kind(loop: Loop) -> None:
    found = loop("id,comment\n" + "".join(f"{place},{text}\n" for place, text in enumerate(SAID)))
    assert found.scores == ()
    assert found.gaps
    assert {one.basis for one in found.gaps} == {"usual kind"}
    assert found.coverage.languages == {"en": 4}


def test_ratings_without_any_text_have_scores_and_no_gaps(loop: Loop) -> None:
    found = loop("id,comment,stars\n" + "".join(f"{place},,{1 + place % 5}\n" for place in range(30)))
    mean = found.scores[0].estimate
    assert isinstance(mean, Estimate)
    assert (mean.value, mean.n) == (0.5, 30)
    assert found.gaps == found.touchpoints == ()
    assert (found.coverage.content_free, found.coverage.languages) == (30, {})
    assert found.coverage.covered == NotEnough(0, 1, "no voice says anything")


def test_what_people_say_is_counted_over_the_voices_that_say_something(loop: Loop) -> None:
    found = loop("id,comment\n" + "".join(f"{place},{text}\n" for place, text in enumerate(SAID)))
    assert found.said is not None
    assert found.said.voices == found.coverage.voices - found.coverage.content_free
    assert sum(one.voices for one in found.said.acts) == found.said.voices
    assert found.said.mentioning == found.said.voices - found.coverage.other


def test_voices_about_others_are_no_part_of_what_is_said(loop: Loop) -> None:
    others = "".join(f"o{place},{text},Nordkiste\n" for place, text in enumerate(SAID))
    own = "".join(f"{place},{text},\n" for place, text in enumerate(SAID))
    both = loop("id,comment,competitor\n" + own + others)
    alone = loop("id,comment,competitor\n" + own)
    assert both.said == alone.said


def test_one_voice_is_understood_but_carries_no_number(loop: Loop) -> None:
    found = loop("id,comment,stars\n1,The parcel came four days late.,1\n")
    assert found.coverage.languages == {"en": 1}
    assert all(isinstance(score.estimate, NotEnough) for score in found.scores)
    assert {one.counts.judged for one in found.gaps} == {1}


def test_only_emoji_is_no_language(loop: Loop) -> None:
    found = loop("id,comment,stars\n1,👍👍,5\n2,😀,4\n")
    assert (found.coverage.languages, found.coverage.content_free, found.quotes) == ({}, 2, {})
    assert found.said is not None
    assert (found.said.voices, found.said.acts) == (0, ())


def test_voices_that_join_no_episode_leave_no_chain_but_promises(loop: Loop) -> None:
    found = loop(rated(order="X"), orders(120))
    assert found.chain is None
    assert [type(one) for one in found.promises] == [Promise]


def test_episodes_without_promises_still_carry_one(loop: Loop) -> None:
    found = loop(rated(order="O"), orders(120, promised=False))
    (promise,) = found.promises
    assert isinstance(promise, Promise)
    assert (promise.own_promise, promise.padded) == (None, False)
    assert [type(one.kept) for one in found.kept] == [NotEnough]


def test_too_few_episodes_carry_no_promise(loop: Loop) -> None:
    found = loop(rated(), orders(6))
    (promise,) = found.promises
    assert isinstance(promise, NoPromise)
    assert {one.language for one in found.sentences} == set(LANGUAGES)


@pytest.mark.parametrize("level", [0.0, 1.0, 2.0, -1.0, float("nan")])
def test_a_level_that_is_no_share_is_refused_before_anything_is_read(level: float) -> None:
    with pytest.raises(BadOption) as refused:
        run_loop("nowhere.csv", now=NOW, options=Options(level=level))
    assert str(refused.value) == (f"A level of {level:g} is not between 0 and 1. Give a share, such as 0.95.")


def test_episodes_of_which_none_can_be_used_are_refused(loop: Loop) -> None:
    mapped = {"start": "ordered", "promised": "promised", "delivered": "delivered"}
    with pytest.raises(NothingUsable, match=r"episodes\.csv"):
        loop(rated(), "order_id,ordered,promised,delivered\nO1,never,soon,maybe\n", episode_columns=mapped)


def test_a_wrong_column_of_the_episodes_is_told_before_the_voices_are_understood(
    pretend: Encoder, tmp_path: Path
) -> None:
    (tmp_path / "voices.csv").write_text(rated(), encoding="utf-8")
    (tmp_path / "episodes.csv").write_text(orders(5), encoding="utf-8")
    stages: list[str] = []
    with pytest.raises((BadOption, MissingColumn)):
        run_loop(
            tmp_path / "voices.csv",
            now=NOW,
            episodes=tmp_path / "episodes.csv",
            options=Options(encoder=pretend, by=("planet",)),
            progress=lambda stage, *_: stages.append(stage),
        )
    assert stages == []


def test_progress_tells_each_stage_in_turn(pretend: Encoder, tmp_path: Path) -> None:
    (tmp_path / "voices.csv").write_text(rated(), encoding="utf-8")
    (tmp_path / "episodes.csv").write_text(orders(30), encoding="utf-8")
    told: list[tuple[str, int]] = []
    run_loop(
        tmp_path / "voices.csv",
        now=NOW,
        episodes=tmp_path / "episodes.csv",
        options=Options(encoder=pretend),
        progress=lambda stage, done, _: told.append((stage, done)),
    )
    assert told == [("identify", 5), ("read episodes", 30), ("adjust", 0), ("assess", 0)]
