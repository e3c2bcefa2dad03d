"""Kinds that people were asked for beside kinds that their voices look like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from forvent.assess.kano.features import UNDECIDED
from forvent.errors import BadOption
from forvent.records import Asymmetry, KanoFeature, KindsBeside

_BY_NAME: Mapping[str, str] = MappingProxyType({})


def kinds_beside(
    asked: Sequence[KanoFeature], said: Sequence[Asymmetry], *, expectations: Mapping[str, str] = _BY_NAME
) -> tuple[KindsBeside, ...]:
    """What a questionnaire and what voices say of each expectation, joined by id.

    The two measure different things: answers about an imagined lack, and ratings that go together with what
    people mention of their own accord. Where they differ neither is wrong.

    Parameters
    ----------
    asked
        Features of a questionnaire.
    said
        Kinds by penalty and reward of the voices.
    expectations
        Feature → id of its expectation, where the questionnaire does not name its features by id.

    Returns
    -------
    tuple of KindsBeside
        Expectations with both sources in the order of the questionnaire, then those only asked about, then
        those only spoken of. The verdict is "same" or "different" only where both kinds are decided.

    Raises
    ------
    BadOption
        If two features stand for one expectation.

    Source
    ------
    Our own definition, docs/formulas/assess-kano.md#beside.

    Examples
    --------
    >>> from forvent.records import NotEnough
    >>> none = NotEnough(0, 10, "too few")
    >>> [
    ...     (one.expectation, one.verdict)
    ...     for one in kinds_beside([], [Asymmetry("on_time", none, none, none, "basic")])
    ... ]
    [('on_time', 'only said')]
    """
    by_id: dict[str, KanoFeature] = {}
    for feature in asked:
        expectation = expectations.get(feature.feature, feature.feature)
        if expectation in by_id:
            raise BadOption(
                f"“{by_id[expectation].feature}” and “{feature.feature}” both stand for “{expectation}”.",
                hint="Give each feature an expectation of its own.",
            )
        by_id[expectation] = feature
    spoken = {one.expectation: one for one in said}
    order = [
        *(name for name in by_id if name in spoken),
        *(name for name in by_id if name not in spoken),
        *(name for name in spoken if name not in by_id),
    ]
    return tuple(
        KindsBeside(name, by_id.get(name), spoken.get(name), _verdict(by_id.get(name), spoken.get(name)))
        for name in order
    )


def _verdict(asked: KanoFeature | None, said: Asymmetry | None) -> str:
    if asked is None or said is None:
        return "only said" if asked is None else "only asked"
    if UNDECIDED in (asked.kind, said.kind):
        return UNDECIDED
    return "same" if asked.kind == said.kind else "different"
