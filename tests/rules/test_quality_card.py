"""The quality card stands on sound ground: mapping tables, gold set, and figures known by hand."""

from __future__ import annotations

import os
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))

from benchmarks.quality import figures, gold_set, kept, mapped, sets  # noqa: E402
from benchmarks.quality.page import page_of  # noqa: E402
from benchmarks.quality.parallel import jaccard  # noqa: E402
from benchmarks.quality.tables import marked  # noqa: E402

from forvent.identify.catalogue import catalogue  # noqa: E402

#: Share of the labels of a set that the tables must know.
MAPPED = 0.95
COMMON = 40


def needs_data() -> None:
    """Skip without the shared data, but not on CI."""
    if not sets.SHARED.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("The shared test data are missing.")
        pytest.skip("needs the shared test data beside the project")


@cache
def labels_of(name: str) -> Counter[tuple[str, str]]:
    """How often each label of a set occurs, with its scheme."""
    table = mapped.table_of(name)
    texts = sets.texts_of(sets.Set(name, "", None, ""))
    return Counter((table.scheme_of(text.source), label) for text in texts for label, _ in text.labels)


# -------------------------------------------------------------------------- mapping tables


def test_every_id_of_the_mapping_tables_is_in_the_catalogue() -> None:
    ids = {
        identifier
        for table in mapped.tables()
        for labels in table.schemes.values()
        for label in labels.values()
        for identifier in label.ids | label.doubtful
    }
    assert ids - set(catalogue()) == set()


def test_no_label_calls_an_id_both_wanted_and_doubtful() -> None:
    both = [
        name
        for table in mapped.tables()
        for labels in table.schemes.values()
        for name, label in labels.items()
        if label.ids & label.doubtful
    ]
    assert both == []


def test_every_mapped_set_has_exactly_one_table() -> None:
    named = Counter(name for table in mapped.tables() for name in table.sets)
    assert {one.name for one in sets.MAPPED} == set(named)
    assert max(named.values()) == 1


@pytest.mark.data
@pytest.mark.parametrize("name", [one.name for one in sets.MAPPED])
def test_the_common_labels_of_a_set_are_mapped(name: str) -> None:
    needs_data()
    table = mapped.table_of(name)
    used = labels_of(name)
    known = Counter({key: count for key, count in used.items() if key[1] in table.schemes[key[0]]})
    assert known.total() / used.total() >= MAPPED
    # What can be anything stays unmapped, however common.
    common = {label for (_, label), _ in used.most_common(COMMON)}
    assert {label for label in common - {label for _, label in known} if "misc" not in label.lower()} == set()


@pytest.mark.data
def test_a_table_maps_no_label_that_its_sets_do_not_have() -> None:
    needs_data()
    for table in mapped.tables():
        used = set().union(*map(labels_of, table.sets))
        known = {(scheme, label) for scheme, labels in table.schemes.items() for label in labels}
        assert known - used == set()


def restaurant_text(*labels: tuple[str, str], source: str = "semeval16_restaurants") -> sets.Text:
    return sets.Text("1", "any", None, source, labels)


def wanted(*labels: tuple[str, str], name: str = "semeval16_en") -> mapped.Wanted:
    found = mapped.wanted_of(name, restaurant_text(*labels))
    assert found is not None
    return found


def test_a_label_is_found_by_any_of_its_ids() -> None:
    asked = wanted(("SERVICE#GENERAL", "negative"), ("FOOD#QUALITY", "positive"))
    said = frozenset({"fast_delivery", "product_quality"})
    assert mapped.counts_of(asked, said) == (2, 0, 2, 0)


def test_the_same_label_twice_is_asked_for_once() -> None:
    asked = wanted(("FOOD#QUALITY", "negative"), ("FOOD#QUALITY", "positive"))
    assert mapped.counts_of(asked, frozenset()) == (0, 0, 0, 1)


def test_a_mention_is_wrong_only_if_the_scheme_could_have_confirmed_it() -> None:
    asked = wanted(("FOOD#QUALITY", "positive"))
    assert mapped.counts_of(asked, frozenset({"comfort", "data_protection"})) == (0, 1, 0, 1)


def test_plain_satisfaction_asks_for_nothing_and_excuses_nothing() -> None:
    asked = wanted(("RESTAURANT#GENERAL", "positive"))
    assert mapped.counts_of(asked, frozenset()) == (0, 0, 0, 0)
    assert mapped.counts_of(asked, frozenset({"product_quality"})) == (0, 1, 0, 0)


def test_a_neutral_label_is_neither_wanted_nor_wrong_except_strictly() -> None:
    asked = wanted(("FOOD#PRICES", "neutral"), ("AMBIENCE#GENERAL", "positive"))
    said = frozenset({"fair_price", "comfort"})
    assert mapped.counts_of(asked, said) == (1, 0, 1, 0)
    assert mapped.counts_of(asked, frozenset({"comfort"})) == (1, 0, 1, 0)
    assert mapped.counts_of(asked, said, strict=True) == (2, 0, 2, 0)
    assert mapped.counts_of(asked, frozenset({"comfort"}), strict=True) == (1, 0, 1, 1)


def test_a_text_with_neutral_labels_only_is_left_out() -> None:
    assert mapped.wanted_of("semeval16_en", restaurant_text(("FOOD#PRICES", "neutral"))) is None


def test_a_doubtful_id_is_neither_wanted_nor_wrong_except_strictly() -> None:
    asked = mapped.wanted_of("m_absa_en", restaurant_text(("food general", "positive"), source="m_absa/food"))
    assert asked is not None
    said = frozenset({"product_quality"})
    assert mapped.counts_of(asked, said) == (0, 0, 0, 0)
    assert mapped.counts_of(asked, said, strict=True) == (0, 1, 0, 0)


def test_a_text_with_an_unmapped_label_is_left_out() -> None:
    text = restaurant_text(("RESTAURANT#MISCELLANEOUS", "positive"), ("FOOD#QUALITY", "positive"))
    assert mapped.wanted_of("semeval16_en", text) is None


def test_a_text_without_labels_counts_only_where_that_means_no_opinion() -> None:
    assert mapped.wanted_of("semeval16_en", restaurant_text()) is None
    asked = mapped.wanted_of("cs_csrest", restaurant_text(source="csrest_m"))
    assert asked is not None
    assert mapped.counts_of(asked, frozenset({"product_quality"})) == (0, 1, 0, 0)


# -------------------------------------------------------------------------------- gold set


@pytest.mark.parametrize("language", gold_set.gold_languages())
def test_the_gold_set_can_be_read_and_names_known_ids(language: str) -> None:
    texts = gold_set.gold_texts(language)
    assert len(texts) >= 150
    assert len({text for text, _ in texts}) == len(texts)
    for _, true in texts:
        assert true.ids <= set(catalogue())
        assert {level[0] for level in true.levels} <= true.ids
        assert true.sentiment in {"positive", "negative", "neutral", "mixed"}
        assert true.act in {"complaint", "praise", "request", "question", "remark"}


@pytest.mark.parametrize("language", gold_set.gold_languages(gold_set.GOLD / "second"))
def test_the_second_labelling_is_of_the_same_texts(language: str) -> None:
    second = gold_set.second_labels(language)
    assert set(second) <= set(range(len(gold_set.gold_texts(language))))
    assert all(true.ids <= set(catalogue()) for true in second.values())


def test_labels_and_levels_of_the_gold_set_are_read_as_they_are_written() -> None:
    true = gold_set.labelled(
        {
            "sentiment": "mixed~",
            "act": "complaint",
            "labels": "on_time:unmet!@company fair_price:met",
            "levels": "on_time=1.5_hour on_time~friday_date fair_price~40_EUR",
        }
    )
    assert (true.sentiment, true.ironic) == ("mixed", True)
    assert true.polar == {("on_time", "unmet"), ("fair_price", "met")}
    assert true.stated == {"on_time"}
    assert true.sources == {("on_time", "company")}
    assert true.levels == {
        ("on_time", "=", "5400", "second"),
        ("on_time", "~", "friday", "date"),
        ("fair_price", "~", "40", "EUR"),
    }


def test_a_label_that_cannot_be_read_is_named() -> None:
    row = {"sentiment": "neutral", "act": "remark", "labels": "on_time", "levels": "-"}
    with pytest.raises(ValueError, match=r"^The gold set has a label that cannot be read: on_time$"):
        gold_set.labelled(row)


# --------------------------------------------------------------------------------- figures


def test_micro_f1_by_hand() -> None:
    # Said a, b of which a is true; said nothing where c is: precision 1/2, recall 1/2.
    pairs = [(frozenset("ab"), frozenset("a")), (frozenset(), frozenset("c"))]
    row = figures.found_of(pairs).row()
    assert (row["value"], row["precision"], row["recall"]) == (0.5, 0.5, 0.5)
    assert (row["mentions"], row["labels"], row["n"]) == (2, 2, 2)


def test_macro_f1_counts_neutral_as_wrong() -> None:
    # Positive: 1 of 2 found, nothing wrong: 2/3. Negative: 1 of 1 found: 1.
    sums = figures.polar_f1("ppn", "pon").sum(axis=0)
    assert float(figures.macro_f1(sums)) == pytest.approx(5 / 6)


def test_the_bootstrap_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(100):
        figure = figures.mean_figure((rng.random(60) < 0.7).astype(float).tolist())
        hits += figure.low <= 0.7 <= figure.high
    assert 88 <= hits <= 99


def test_calibration_error_by_hand() -> None:
    # Five at 0.85 of which four are right, five at 0.25 of which none is: 0.05 and 0.25.
    error = figures.calibration_error([0.85] * 5 + [0.25] * 5, [1, 1, 1, 1, 0] + [0] * 5)
    assert error == pytest.approx(0.15)


def test_kappa_of_a_published_example() -> None:
    # Cohen's kappa of 20, 5, 10, 15 (yes/yes, yes/no, no/yes, no/no) is 0.4.
    first = "y" * 25 + "n" * 25
    second = "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15
    assert figures.kappa(first, second) == pytest.approx(0.4)


def test_kappa_and_alpha_do_not_exist_where_nothing_varies() -> None:
    assert figures.kappa("yyy", "yyy") is None
    assert figures.alpha("yyy", "yyy") is None


def test_alpha_of_a_published_example() -> None:
    # Krippendorff (2011), "Computing Krippendorff's alpha-reliability", part A: 10 units, 2 observers.
    assert figures.alpha("0100000010", "1110010000") == pytest.approx(0.095, abs=0.0005)


def test_jaccard_does_not_exist_where_neither_has_a_mention() -> None:
    assert jaccard(frozenset(), frozenset()) is None
    assert jaccard(frozenset("ab"), frozenset("bc")) == pytest.approx(1 / 3)


# ------------------------------------------------------------------------------ rows, page


def test_what_misses_its_bar_is_marked() -> None:
    assert marked(figures.Figure(0.7494, 0.7, 0.8, 10), 0.75) == "0.749 (0.700–0.800) **below**"
    assert marked(figures.Figure(0.7496, 0.7, 0.8, 10), 0.75) == "0.750 (0.700–0.800)"
    assert marked(figures.Figure(-0.031, -0.05, -0.01, 10), -0.02) == "−0.031 (−0.050–−0.010) **below**"


def test_a_row_is_measured_again_only_if_something_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured = []

    def work() -> dict[str, object]:
        measured.append(1)
        return {"value": len(measured)}

    for version in ("heads/1", "heads/1", "heads/2"):
        rows = kept.Kept(tmp_path, most=5)
        rows.keep("quality", "exact", "set", version=version, measure=work)
    assert len(measured) == 2
    only_read = kept.Kept(tmp_path, most=9, only_read=True)
    only_read.keep("quality", "exact", "set", version="heads/3", measure=work)
    assert only_read.row("quality", "exact", "set") == {"value": 2}
    assert only_read.version("exact") == "heads/2"
    assert "quality exact set" in capsys.readouterr().out


def test_the_page_of_one_row_leaves_the_rest_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {
        "true": "ppnn",
        "said": "ppnp",
        "calibration": 0.1,
        "language_right": 4,
        "speaking": 4,
        "covered": 3,
    }
    rows = kept.Kept(tmp_path, most=4)
    rows.keep("quality", "exact", "nb_norec_sentence", version="heads/1", measure=lambda: row)
    page = page_of(rows)
    assert "| nb | 4 | 0.74 | 0.733 (" in page
    assert "**below**" in page
    assert "## Own gold set" not in page
    assert capsys.readouterr().out.startswith("quality exact nb_norec_sentence")
