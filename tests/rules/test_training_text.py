"""What the heads learn from and what customers are told: whole, in six languages, and written by us."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from forvent.tables import ACTS, KINDS, LANGUAGES, POLARITIES, STAGES

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/forvent"
TRAINING = ROOT / "training"
SHARED = ROOT.parent / "shared/data/feedback"

CATALOGUE = ("expectation", "polarity", "text")
LABELLED = ("text", "sentiment", "labels")
MENTIONED = ("text", "labels")
SAID = ("text", "sentiment", "act", "labels")
JUDGED = ("text", "sentiment")
LEVELLED = ("text", "levels")
LEVELLED_WHOLE = ("text", "labels", "levels")
SENTIMENTS = ("positive", "negative", "neutral", "mixed")
#: Behind the sentiment of a voice that is meant ironically.
IRONY = "~"
#: Behind a label: where the voice says that the expectation comes from.
SOURCES = ("own", "company", "others", "rival")
LEAST_OF_EACH = 6
#: Shorter sentences ("Very good service.") are written by many people; an equal one is no copy.
LONG_ENOUGH_TO_BE_COPIED = 25
#: Of a text without spaces fewer characters say as much.
WITHOUT_SPACES = ("zh",)
NO_LETTER = re.compile(r"[\W_]+")

CATALOGUE_FILES = sorted((SOURCE / "identify/catalogue").glob("*.tsv"))
PHRASE_FILES = sorted((SOURCE / "simulate/phrases").glob("*.tsv"))
LABELLED_FILES = sorted((TRAINING / "voices").glob("*.tsv"))
MENTION_FILES = sorted((TRAINING / "mentions").glob("*.tsv"))
JUDGED_FILES = sorted((TRAINING / "polarity").glob("*.tsv"))
SAID_FILES = sorted((TRAINING / "said").glob("*.tsv"))
LEVEL_FILES = sorted([*(TRAINING / "levels").glob("??.tsv"), *(TRAINING / "levels").glob("??_ties.tsv")])
#: Sentences with a level of which everything they speak of is labelled.
WHOLE_LEVEL_FILES = sorted((TRAINING / "levels").glob("??_more.tsv"))
COLUMNS = {
    **dict.fromkeys([*CATALOGUE_FILES, *PHRASE_FILES], CATALOGUE),
    **dict.fromkeys(LABELLED_FILES, LABELLED),
    **dict.fromkeys(MENTION_FILES, MENTIONED),
    **dict.fromkeys(JUDGED_FILES, JUDGED),
    **dict.fromkeys(SAID_FILES, SAID),
    **dict.fromkeys(LEVEL_FILES, LEVELLED),
    **dict.fromkeys(WHOLE_LEVEL_FILES, LEVELLED_WHOLE),
}
#: Everything a head is fitted on; the phrases of the sample business are not among it.
LEARNED_FROM = [
    *CATALOGUE_FILES,
    *LABELLED_FILES,
    *MENTION_FILES,
    *JUDGED_FILES,
    *SAID_FILES,
    *WHOLE_LEVEL_FILES,
]


def called(path: Path) -> str:
    """The file as a person looks for it."""
    return path.relative_to(ROOT).as_posix()


def name_of(value: object) -> str:
    """Name of a parameter in the list of tests."""
    return called(value) if isinstance(value, Path) else str(value)


@cache
def rows(path: Path) -> tuple[dict[str, str], ...]:
    """Rows of a tab-separated file; the header is row 1."""
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def numbered(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows of a file with where they stand."""
    yield from ((f"{called(path)}:{number}", row) for number, row in enumerate(rows(path), start=2))


@cache
def toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """A text by which copies are known: letters and digits only, in lower case."""
    return NO_LETTER.sub("", unicodedata.normalize("NFKC", text).casefold())


def ids() -> list[str]:
    """Ids of the catalogue."""
    return list(toml(SOURCE / "identify/expectations.toml"))


def complain(faults: list[str], what_to_do: str) -> None:
    """Fail with one readable line: the first ten places, and what to do."""
    if faults:
        more = f" and {len(faults) - 10} more" if len(faults) > 10 else ""
        pytest.fail(f"{'; '.join(faults[:10])}{more}. {what_to_do}", pytrace=False)


# ------------------------------------------------------------------------------ text files


@pytest.mark.parametrize("folder", ["identify/catalogue", "simulate/phrases"])
def test_examples_and_phrases_exist_in_the_six_languages(folder: str) -> None:
    assert {path.stem for path in (SOURCE / folder).glob("*.tsv")} == set(LANGUAGES)


def test_labelled_voices_exist_in_the_six_languages() -> None:
    assert {path.stem for path in LABELLED_FILES} == set(LANGUAGES)
    assert {path.stem for path in MENTION_FILES} == set(LANGUAGES)
    # Voices also come in further languages, which have no catalogue.
    assert {path.stem[:2] for path in SAID_FILES} >= set(LANGUAGES)
    assert {path.stem[:2] for path in JUDGED_FILES} <= set(LANGUAGES)


@pytest.mark.parametrize("path", COLUMNS, ids=name_of)
def test_every_row_has_the_columns_of_the_header(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    wanted = COLUMNS[path]
    assert tuple(lines[0].split("\t")) == wanted
    assert lines[-1] == ""
    faults = [
        f"{called(path)}:{number}"
        for number, line in enumerate(lines[1:-1], start=2)
        if len(line.split("\t")) != len(wanted) or not all(cell.strip() for cell in line.split("\t"))
    ]
    complain(faults, f"Give the row {len(wanted)} filled cells: {', '.join(wanted)}.")


@pytest.mark.parametrize("path", COLUMNS, ids=name_of)
def test_no_text_has_blanks_around_it_or_signs_nobody_sees(path: Path) -> None:
    faults = [
        where
        for where, row in numbered(path)
        if row["text"] != row["text"].strip()
        or any(unicodedata.category(sign) in {"Cc", "Cs", "Co"} for sign in row["text"])
    ]
    complain(faults, "Take out the blanks and control characters.")


@pytest.mark.parametrize("path", [*CATALOGUE_FILES, *PHRASE_FILES], ids=name_of)
def test_every_example_names_an_expectation_and_a_polarity(path: Path) -> None:
    known = {*ids(), "-"} if path in PHRASE_FILES else set(ids())
    polarities = {"met", "unmet", "none"} if path in PHRASE_FILES else set(POLARITIES) - {"mixed"}
    faults = [
        f"{where} {row['expectation']}:{row['polarity']}"
        for where, row in numbered(path)
        if row["expectation"] not in known
        or row["polarity"] not in polarities
        or (row["expectation"] == "-") != (row["polarity"] == "none")
    ]
    complain(faults, "Use an id of identify/expectations.toml and one of met, unmet, wished.")


@pytest.mark.parametrize("path", [*LABELLED_FILES, *JUDGED_FILES], ids=name_of)
def test_every_training_text_has_a_sentiment(path: Path) -> None:
    faults = [
        f"{where} '{row['sentiment']}'" for where, row in numbered(path) if row["sentiment"] not in SENTIMENTS
    ]
    complain(faults, f"Use one of {', '.join(SENTIMENTS)}.")


@pytest.mark.parametrize("path", SAID_FILES, ids=name_of)
def test_every_whole_voice_has_a_sentiment_irony_apart_and_an_act(path: Path) -> None:
    faults = [
        f"{where} '{row['sentiment']}' '{row['act']}'"
        for where, row in numbered(path)
        if row["sentiment"].removesuffix(IRONY) not in SENTIMENTS
        or row["act"] not in ACTS
        or row["act"] == "none"
    ]
    complain(
        faults,
        f"Use one of {', '.join(SENTIMENTS)}, with {IRONY} for irony, and one of {', '.join(ACTS[:-1])}.",
    )


@pytest.mark.parametrize("path", SAID_FILES, ids=name_of)
def test_every_label_of_a_whole_voice_can_be_read(path: Path) -> None:
    faults = [
        f"{where} '{label}'"
        for where, row in numbered(path)
        for label in wrong_labels(without_sources(row["labels"]))
    ]
    complain(faults, "Write id:polarity, with ! where it is stated, then @own, @company, @others or @rival.")


def without_sources(labels: str) -> str:
    """Labels without where each expectation comes from; a source that nobody knows stays and is a fault."""
    return re.sub(rf"@(?:{'|'.join(SOURCES)})(?=\s|$)", "", labels)


@pytest.mark.parametrize(
    ("labels", "faults"),
    [
        ("on_time:unmet!@company friendly_staff:met@own", []),
        ("on_time:unmet@neighbour", ["on_time:unmet@neighbour"]),
        ("on_time:late!", ["on_time:late"]),
        ("on_time:met on_time:unmet@rival", ["on_time:met", "on_time:unmet"]),
        ("-", []),
    ],
)
def test_finds_a_planted_label_that_cannot_be_read(labels: str, faults: list[str]) -> None:
    assert wrong_labels(without_sources(labels)) == faults


@pytest.mark.parametrize("path", [*LABELLED_FILES, *MENTION_FILES, *WHOLE_LEVEL_FILES], ids=name_of)
def test_every_label_is_an_expectation_with_its_polarity(path: Path) -> None:
    faults = [f"{where} '{label}'" for where, row in numbered(path) for label in wrong_labels(row["labels"])]
    complain(faults, "Write id:polarity, with ! where it is stated; - for none, ? for not labelled.")


@pytest.mark.parametrize("path", [*LEVEL_FILES, *WHOLE_LEVEL_FILES], ids=name_of)
def test_every_level_has_its_expectation_value_and_unit(path: Path) -> None:
    faults = []
    for where, row in numbered(path):
        spoken = {label.partition(":")[0] for label in row.get("labels", "").split()} or set(ids())
        faults += [f"{where} '{level}'" for level in row["levels"].split() if not is_level(level, spoken)]
    complain(
        faults, "Write id=value_unit for expected and id~value_unit for got, of an id of the row; - for none."
    )


def is_level(level: str, spoken: set[str]) -> bool:
    """Whether a label such as ``on_time=2_day`` can be read and is of something that the row speaks of."""
    found = re.fullmatch(r"(\w+?)[=~]([\d.]+_(?:[a-z]+|[A-Z]{3})|[\w-]+_date)", level)
    return level == "-" or (found is not None and found[1] in spoken)


@pytest.mark.parametrize(
    ("level", "right"),
    [
        ("on_time=2_day", True),
        ("on_time~06-09_date", True),
        ("-", True),
        ("on_time 2", False),
        ("choice=2_day", False),
    ],
)
def test_finds_a_planted_level_that_cannot_be_read(level: str, right: bool) -> None:
    assert is_level(level, {"on_time"}) == right


def wrong_labels(labels: str) -> list[str]:
    """Labels of one voice that cannot be read, or name an expectation twice."""
    if labels in {"-", "?"}:
        return []
    pairs = [label.removesuffix("!").partition(":") for label in labels.split()]
    times = Counter(identifier for identifier, _, _ in pairs)
    return [
        f"{identifier}:{polarity}"
        for identifier, _, polarity in pairs
        if identifier not in ids() or polarity not in POLARITIES or times[identifier] > 1
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_expectation_has_six_examples_met_and_six_unmet(language: str) -> None:
    counts = Counter(
        (row["expectation"], row["polarity"]) for row in rows(SOURCE / f"identify/catalogue/{language}.tsv")
    )
    faults = [
        f"{language}.tsv has {counts[identifier, polarity]} {polarity} for {identifier}"
        for identifier in ids()
        for polarity in ("met", "unmet")
        if counts[identifier, polarity] < LEAST_OF_EACH
    ]
    complain(faults, f"Write at least {LEAST_OF_EACH}.")


# ---------------------------------------------------------------------------------- copies


@pytest.mark.parametrize("path", COLUMNS, ids=name_of)
def test_no_text_stands_twice_in_a_file(path: Path) -> None:
    first: dict[str, str] = {}
    faults = []
    for where, row in numbered(path):
        known = plain(row["text"]) or row["text"]
        if known in first:
            faults.append(f"{where} repeats {first[known]}")
        first.setdefault(known, where)
    complain(faults, "Write another sentence or take one out.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_training_text_stands_in_two_files_of_a_language(language: str) -> None:
    first: dict[str, str] = {}
    faults = []
    for path in LEARNED_FROM:
        if path.stem[:2] != language:
            continue
        own = {plain(row["text"]): where for where, row in numbered(path)}
        faults += [f"{where} repeats {first[text]}" for text, where in own.items() if text in first]
        first = own | first
    complain(faults, "Keep the sentence in one file; twice it would be in two folds.")


def test_the_sample_business_says_nothing_a_head_has_learned() -> None:
    learned = {plain(row["text"]): where for path in LEARNED_FROM for where, row in numbered(path)}
    faults = [
        f"{where} stands in {learned[plain(row['text'])]}"
        for path in PHRASE_FILES
        for where, row in numbered(path)
        # What says nothing ("ok", "thank you") has few ways to be said.
        if row["expectation"] != "-" and plain(row["text"]) in learned
    ]
    complain(faults, "Write another phrase, else the sample business tells too good a story.")


@pytest.mark.data
def test_no_text_is_copied_from_the_shared_test_data() -> None:
    if not SHARED.is_dir() and os.environ.get("CI") != "true":
        pytest.skip("the shared test data are not beside the project")
    ours = {
        known: where
        for path in COLUMNS
        for where, row in numbered(path)
        if len(known := plain(row["text"])) >= longest_by_chance(path.stem[:2])
    }
    assert len(ours) > 5000
    faults = sorted({ours[text] for text in shared_texts() if text in ours})
    complain(faults, "Take the sentence out: none of the test data may be copied. Write your own.")


def longest_by_chance(language: str) -> int:
    """Letters from which on an equal text is a copy."""
    return LONG_ENOUGH_TO_BE_COPIED // 2 if language in WITHOUT_SPACES else LONG_ENOUGH_TO_BE_COPIED


def shared_texts() -> Iterator[str]:
    """Every text of the shared feedback, in plain letters."""
    for path in sorted(SHARED.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as lines:
            yield from (plain(json.loads(line)["text"]) for line in lines)


# ------------------------------------------------------------------ tables in six languages


def test_the_catalogue_knows_its_stages_types_and_kinds() -> None:
    types = toml(SOURCE / "identify/names/en.toml")["types"]
    faults = [
        identifier
        for identifier, entry in toml(SOURCE / "identify/expectations.toml").items()
        if entry["stage"] not in STAGES
        or entry["usual_kind"] not in KINDS
        or entry["usual_type"] not in types
        or set(entry) != {"expects", "stage", "usual_type", "usual_kind"}
    ]
    complain(faults, "Use a stage and a kind of tables.py and one of the five types.")
    assert len(ids()) == 32


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_complete(language: str) -> None:
    names = toml(SOURCE / f"identify/names/{language}.toml")
    faults = [
        f"names/{language}.toml [{identifier}]"
        for identifier in ids()
        if set(names.get(identifier, {})) != {"name", "expects"} or not all(names[identifier].values())
    ]
    complain(faults, "Give it name and expects.")
    assert set(names) == {*ids(), "stages", "polarities", "kinds", "types"}
    assert tuple(names["stages"]) == STAGES
    assert set(names["polarities"]) == set(POLARITIES)
    assert set(names["kinds"]) == set(KINDS)
    assert set(names["types"]) == {"explicit", "implicit", "interpersonal", "digital", "dynamic"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_expectations_have_the_same_name(language: str) -> None:
    names = toml(SOURCE / f"identify/names/{language}.toml")
    times = Counter(names[identifier]["name"] for identifier in ids())
    faults = [f"names/{language}.toml '{name}'" for name, count in times.items() if count > 1]
    complain(faults, "Name them apart.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_expectation_can_be_asked_about(language: str) -> None:
    questions = toml(SOURCE / f"feedback/questions/{language}.toml")
    faults = [identifier for identifier in ids() if not questions.get(identifier, {}).get("question")]
    complain(faults, f"Write the question in feedback/questions/{language}.toml.")
    assert set(questions) == {*ids(), "answers", "open"}
    assert len(set(questions["answers"].values())) == 5


def shape(table: Mapping[str, Any], before: str = "") -> set[str]:
    """Dotted keys of a table, without the plural forms, which each language has of its own."""
    keys: set[str] = set()
    for key, value in table.items():
        if isinstance(value, Mapping) and "other" not in value:
            keys |= shape(value, f"{before}{key}.")
        else:
            keys.add(f"{before}{key}")
    return keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_wording_has_the_sentences_that_english_has(language: str) -> None:
    english = shape(toml(SOURCE / "communicate/wording/en.toml"))
    own = shape(toml(SOURCE / f"communicate/wording/{language}.toml"))
    complain(sorted(english - own), f"Write it in communicate/wording/{language}.toml.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_levels_have_what_the_reader_of_levels_looks_for(language: str) -> None:
    words = toml(SOURCE / f"identify/level_words/{language}.toml")
    # Chinese numerals follow one rule and are read without a list.
    needed = [
        "units",
        "expected",
        "experienced",
        "reject",
        "stated",
        *(["numbers"] if language != "zh" else []),
    ]
    faults = [table for table in needed if not words.get(table)]
    faults += [
        f"{role}.{cue}"
        for role in ("expected", "experienced")
        for cue in ("strong", "before", "after")
        if cue not in words.get(role, {})
    ]
    complain(faults, f"Fill the table in identify/level_words/{language}.toml.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_that_say_nothing_are_known(language: str) -> None:
    assert len(toml(SOURCE / "identify/content_free.toml")[language]) >= 10
