"""What a column of a file holds, and whether it can have been known at the start."""

import numpy as np
import pyarrow as pa

from forvent.runs.foretold import known_columns


def test_numbers_amounts_groups_and_times_are_told_apart():
    n = 100
    rows = pa.table(
        {
            "episode": [str(place) for place in range(n)],
            "price": [f"{place * 1.5:.2f}" if place % 9 else None for place in range(n)],
            "tier": [str(place % 3) for place in range(n)],
            "postcode": [f"0{place % 40:04}" for place in range(n)],
            "sent": [f"2024-05-{1 + place % 28:02}" for place in range(n)],
            "shop": ["A", "B"] * (n // 2),
            "rating": [0.5] * n,
            "owner": ["x"] * n,
        }
    )
    columns, left = known_columns(rows, leave_out=("owner",))
    assert {name: values.dtype.kind for name, values in columns.items()} == {
        "price": "f",
        "tier": "U",
        "postcode": "U",
        "shop": "U",
    }
    assert np.isnan(columns["price"][0])
    assert columns["price"][1] == 1.5
    assert [(one.column, one.why, one.after) for one in left] == [
        ("sent", "it holds times, which may be those of what came later", True)
    ]


def test_an_empty_column_is_text_that_tells_nothing():
    columns, left = known_columns(pa.table({"note": pa.nulls(3, pa.string())}))
    assert columns["note"].tolist() == ["", "", ""]
    assert left == ()
