"""What several commands read from their options."""

from __future__ import annotations

import pytest

from forvent.commands.options import ends_of, listed
from forvent.errors import BadOption


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ([], ()),
        (["a,b", " c "], ("a", "b", "c")),
        (["a,,b,"], ("a", "b")),
        (['"cold, hot",b'], ("cold, hot", "b")),
        (['a 5" nail'], ('a 5" nail',)),
    ],
)
def test_names_stand_alone_or_with_commas_between_them(given, names):
    assert listed(given) == names


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        (None, None),
        ("1..5", (1.0, 5.0)),
        ("5..1", (5.0, 1.0)),
        ("-1..1", (-1.0, 1.0)),
        ("0.5..2", (0.5, 2.0)),
    ],
)
def test_a_scale_has_two_ends(given, ends):
    assert ends_of(given) == ends


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("5", "'--good 5' is no scale. Write it as --good 0..10."),
        ("1-5", "'--good 1-5' is no scale. Write it as --good 0..10."),
        ("3..3", "'--good 3..3' has no two ends. Write it as --good 0..10."),
        ("1..inf", "'--good 1..inf' has no two ends. Write it as --good 0..10."),
        ("nan..1", "'--good nan..1' has no two ends. Write it as --good 0..10."),
    ],
)
def test_what_is_no_scale_is_refused_with_what_to_write(given, said):
    with pytest.raises(BadOption) as refused:
        ends_of(given, option="--good", such_as="0..10")
    assert str(refused.value) == said
