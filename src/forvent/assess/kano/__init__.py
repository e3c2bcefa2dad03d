"""Kinds from a Kano questionnaire: collected cells go in, records come out.

In this order::

    counted = cell_counts(collect(kano_cells(answers)))
    found = kano_features(counted.counts[0], names=counted.features)
"""

from forvent.assess.kano.beside import kinds_beside
from forvent.assess.kano.cautions import Sheets, kano_cautions, upside_down
from forvent.assess.kano.cells import (
    KANO_TABLE,
    KanoCells,
    cell_counts,
    kano_cells,
    kano_kind,
    kind_counts,
    same_answers,
)
from forvent.assess.kano.changes import drift_changes, segment_changes, weighted_difference
from forvent.assess.kano.features import better_worse, continuous_kano, fong_test, kano_features

__all__ = [
    "KANO_TABLE",
    "KanoCells",
    "Sheets",
    "better_worse",
    "cell_counts",
    "continuous_kano",
    "drift_changes",
    "fong_test",
    "kano_cautions",
    "kano_cells",
    "kano_features",
    "kano_kind",
    "kind_counts",
    "kinds_beside",
    "same_answers",
    "segment_changes",
    "upside_down",
    "weighted_difference",
]
