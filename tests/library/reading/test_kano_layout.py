"""Where the answers stand."""

from __future__ import annotations

import pytest

from forvent.errors import BadOption, MissingColumn
from forvent.reading.kano_layout import Pair, kano_layout

WIDE = (
    "id",
    "region",
    "chat+",
    "chat-",
    "24h service (+)",
    "24h service (−)",
    "App functional",
    "app dysfunctional",
)


def test_two_columns_a_feature_are_found_by_their_signs() -> None:
    layout = kano_layout(WIDE[:6], given={}, file="a.csv")
    assert layout.feature is None
    assert layout.pairs == (Pair("chat", 2, 3), Pair("24h service", 4, 5))
    assert layout.respondent == 0
    assert layout.columns == (2, 3, 4, 5)
    assert layout.mapping == {
        "respondent": "id",
        "chat+": "chat+",
        "chat-": "chat-",
        "24h service+": "24h service (+)",
        "24h service-": "24h service (−)",
    }
    assert set(layout.guessed) == set(layout.mapping)


@pytest.mark.parametrize("names", [("x functional", "x dysfunctional"), ("x_functional", "x_dysfunctional")])
def test_two_columns_a_feature_are_found_by_their_words(names: tuple[str, str]) -> None:
    assert kano_layout(names, given={}, file="a.csv").pairs == (Pair("x", 0, 1),)


def test_a_column_without_its_partner_is_said_and_not_used() -> None:
    layout = kano_layout(("chat+", "chat-", "app+"), given={}, file="a.csv")
    assert [pair.feature for pair in layout.pairs] == ["chat"]
    assert layout.notes == ("No second answer to “app+”: not used.",)


def test_a_row_a_pair_is_found_by_the_names_of_its_columns() -> None:
    names = ("customer", "need", "functional", "dysfunctional", "wave")
    layout = kano_layout(names, given={}, file="a.csv")
    assert (layout.respondent, layout.feature, layout.pairs) == (0, 1, (Pair("", 2, 3),))
    assert layout.mapping == {
        "respondent": "customer",
        "feature": "need",
        "functional": "functional",
        "dysfunctional": "dysfunctional",
    }


def test_named_columns_go_before_guesses() -> None:
    names = ("who", "id", "q1", "q2", "chat+", "chat-")
    wide = kano_layout(names, given={"app+": "q1", "app-": "Q2", "respondent": "who"}, file="a.csv")
    assert (wide.pairs, wide.respondent, wide.guessed) == ((Pair("app", 2, 3),), 0, ())
    given = {"functional": "q1", "dysfunctional": "q2", "feature": "who", "respondent": "-"}
    long = kano_layout(names, given=given, file="a.csv")
    assert (long.feature, long.respondent, long.pairs) == (0, None, (Pair("", 2, 3),))


@pytest.mark.parametrize(
    ("names", "given", "kind", "message"),
    [
        (
            ("a", "b"),
            {},
            MissingColumn,
            "a.csv has no columns of a Kano questionnaire. Its columns: a, b. Name two columns a feature "
            "FEATURE+ and FEATURE-, or say where they are with --map FEATURE+=COLUMN --map FEATURE-=COLUMN; "
            "or have columns respondent, feature, functional and dysfunctional.",
        ),
        (
            ("a", "b"),
            {"chat+": "a"},
            BadOption,
            "“chat+” is mapped, “chat-” is not. Add --map “chat-=COLUMN”: a pair needs both answers.",
        ),
        (
            ("a", "b"),
            {"text": "a"},
            BadOption,
            "“text” is no field of a Kano questionnaire. Fields: respondent, feature, functional, "
            "dysfunctional; or FEATURE+ and FEATURE- for two columns of one feature.",
        ),
        (
            ("functional", "dysfunctional"),
            {},
            MissingColumn,
            "a.csv has no column that looks like feature. Its columns: functional, dysfunctional. "
            "Name it with --map feature=COLUMN.",
        ),
        (
            ("feature", "functional", "b"),
            {"functional": "functional"},
            MissingColumn,
            "a.csv has no column that looks like dysfunctional. Its columns: feature, functional, b. "
            "Name it with --map dysfunctional=COLUMN.",
        ),
        (
            ("a", "b"),
            {"chat+": "q", "chat-": "b"},
            MissingColumn,
            "a.csv has no column “q” for chat+. Its columns: a, b. Name one of these columns.",
        ),
    ],
)
def test_says_what_is_missing(
    names: tuple[str, ...], given: dict[str, str], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as error:
        kano_layout(names, given=given, file="a.csv")
    assert str(error.value) == message
