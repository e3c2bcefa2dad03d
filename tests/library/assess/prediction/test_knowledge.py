"""What was seen is read, what was never seen silences."""

import numpy as np

from forvent.assess.prediction.knowledge import Knowledge, KnownColumn, learn_reader

NUMBER, TEXT = KnownColumn("days", "promise"), KnownColumn("land", "land", levels=("a", "b", "c", "d"))


def knowledge(*columns):
    return Knowledge(np.column_stack([values for _, values in columns]), tuple(one for one, _ in columns))


def test_columns_that_never_change_are_left_out():
    known = knowledge((NUMBER, np.full(50, 3.0)), (TEXT, np.arange(50) % 2 * 1.0))
    assert [column.name for column in learn_reader(known).columns] == ["land"]


def test_a_level_never_seen_silences_and_a_rare_one_shares_a_place():
    land = np.array([0.0] * 30 + [1.0] * 30 + [2.0] * 2)
    reader = learn_reader(knowledge((TEXT, land)))
    later = knowledge((TEXT, np.array([0.0, 1.0, 2.0, 3.0])))
    assert reader.unlike(later) == ["", "", "", "its land was never seen before"]
    assert reader.read(later)[:3, 0].tolist() == [0.0, 1.0, 2.0]


def test_a_missing_value_silences_only_where_none_was_missing():
    some = knowledge((NUMBER, np.tile([1.0, 2.0, 3.0, np.nan], 20)))
    none = knowledge((NUMBER, np.tile([1.0, 2.0, 3.0, 4.0], 20)))
    missing = knowledge((NUMBER, np.array([np.nan])))
    assert learn_reader(some).unlike(missing) == [""]
    assert learn_reader(none).unlike(missing) == ["days is missing"]


def test_numbers_are_drawn_in_and_far_ones_silence():
    reader = learn_reader(knowledge((NUMBER, np.linspace(0.0, 10.0, 101))))
    later = knowledge((NUMBER, np.array([12.0, 40.0, -40.0])))
    assert reader.read(later)[:, 0].tolist() == [10.0, 10.0, 0.0]
    far = "days is far outside of what was seen"
    assert reader.unlike(later) == ["", far, far]


def test_what_moves_by_itself_never_silences():
    loose = KnownColumn("lately_kept", "lately", strict=False)
    reader = learn_reader(knowledge((loose, np.linspace(0.5, 0.6, 101))))
    assert reader.unlike(knowledge((loose, np.array([0.0, np.nan])))) == ["", ""]
