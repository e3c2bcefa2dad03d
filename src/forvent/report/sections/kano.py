"""What kind each feature is by a questionnaire: Better against Worse, and beside them what ratings say."""

from __future__ import annotations

from collections.abc import Sequence

from forvent.records import Estimate, Kano, KanoFeature, KindsBeside, NotEnough
from forvent.report.pictures.kinds import penalty_reward
from forvent.report.pictures.legend import row_axis
from forvent.report.pictures.matters import PlaneWords
from forvent.report.plain_text import plain_text
from forvent.report.sections.kind_parts import UNDECIDED, PageSection, quoted, readable, turned
from forvent.report.sections.kinds import KindRow
from forvent.report.sections.matters import plane_pictures
from forvent.report.sections.parts import DataTable, data_table
from forvent.report.verdicts import Placed, Plane
from forvent.report.wording import Wording
from forvent.tables import KINDS

MIDDLE = 0.5
#: Fields of Better and Worse: whether on the right, and whether at the bottom.
CORNERS = {
    "excitement": (False, False),
    "performance": (True, False),
    "indifferent": (False, True),
    "basic": (True, True),
}
COUNTED = ("basic", "performance", "excitement", "indifferent", "reverse", "questionable")


def plane_section(kano: Kano, *, wording: Wording) -> PageSection | None:
    """Better against Worse; None where no feature has both."""
    points = tuple(
        Placed(one.feature, upset, one.better, one.kind)
        for one in kano.features
        if isinstance(one.better, Estimate) and isinstance(upset := turned(one.worse), Estimate)
    )
    if not points:
        return None
    pleases = max(points, key=lambda point: point.importance.value).name
    displeases = max(points, key=lambda point: point.got.value).name
    finding = wording.say(
        "kano_page.plane.finding_same" if pleases == displeases else "kano_page.plane.finding",
        pleases=readable(pleases),
        displeases=readable(displeases),
    )
    ticks = tuple((tenth / 10, wording.percent(tenth / 10)) for tenth in range(0, 11, 2))
    words = PlaneWords(
        says=finding,
        across=wording.say("kano_page.plane.across"),
        upward=wording.say("kano_page.plane.upward"),
        fields={kind: wording.label("kinds", kind) for kind in CORNERS},
        ticks=ticks,
        upward_ticks=ticks,
        names=[readable(point.name) for point in points],
        corners=CORNERS,
        whole=True,
    )
    found = Plane(got=MIDDLE, importance=MIDDLE, points=points)
    return PageSection(
        anchor="plane",
        question=wording.say("kano_page.plane.question"),
        finding=finding,
        pictures=plane_pictures(found, words=words),
        fields=_by_kind(kano.features, wording=wording),
        beside=wording.say("kano_page.plane.beside"),
    )


def kano_finding(features: Sequence[KanoFeature], *, wording: Wording) -> str:
    """The heading: how many features have a kind that can be told, and what must not be missing."""
    decided = [one for one in features if one.kind != UNDECIDED]
    if not decided:
        return wording.say("kano_page.finding_none")
    basic = [one.feature for one in decided if one.kind == "basic"]
    exciting = [one.feature for one in decided if one.kind == "excitement"]
    key = "basic" if basic else "excitement" if exciting else "other"
    return wording.say(
        f"kano_page.finding_{key}",
        names=quoted(basic or exciting, wording=wording) if key != "other" else "",
        decided=wording.number(len(decided)),
        count=wording.counted("kinds_features", len(features)),
    )


def features_section(kano: Kano, *, wording: Wording) -> PageSection:
    """Each feature with Worse to the left and Better to the right, decided kinds first."""
    known = sorted(
        kano.features, key=lambda one: (KINDS.index(one.kind), -_size(one.worse) - _size(one.better))
    )
    ticks = [wording.percent(abs(share)) for share in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    return PageSection(
        anchor="features",
        question=wording.say("kinds.question"),
        finding=_decided(kano.features, wording=wording),
        how=wording.say("kano_page.features.how"),
        care=tuple(wording.say(f"kano_page.care.{one}") for one in kano.cautions),
        heads=(wording.say("kano_page.features.worse"), wording.say("kano_page.features.better")),
        rows=tuple(_row(one, wording=wording) for one in known),
        axis=row_axis(ticks),
        lines=tuple(_why(one, wording=wording) for one in known if one.kind == UNDECIDED and one.counts.n),
        tables=(_table(kano.features, wording=wording),),
    )


def beside_section(kano: Kano, *, wording: Wording) -> PageSection | None:
    """What people answer beside what ratings look like; None where there is no other source."""
    if not kano.beside:
        return None
    both = [(one.asked.feature, one.verdict) for one in kano.beside if one.asked and one.said]
    differ = [name for name, verdict in both if verdict == "different"]
    same = [name for name, verdict in both if verdict == "same"]
    key = "differ" if differ else "same" if same else "undecided" if both else "none"
    return PageSection(
        anchor="beside",
        question=wording.say("kano_page.beside.question"),
        finding=wording.say(
            f"kano_page.beside.finding_{key}", names=quoted(differ or same, wording=wording) if both else ""
        ),
        how=wording.say("kano_page.beside.how", file=plain_text(kano.beside_file)),
        open_tables=(_beside_table(kano.beside, wording=wording),),
    )


def _decided(features: Sequence[KanoFeature], *, wording: Wording) -> str:
    decided = sum(one.kind != UNDECIDED for one in features)
    return wording.say(
        "kano_page.finding_other" if decided else "kano_page.finding_none",
        names="",
        decided=wording.number(decided),
        count=wording.counted("kinds_features", len(features)),
    )


def _by_kind(features: Sequence[KanoFeature], *, wording: Wording) -> tuple[tuple[str, str], ...]:
    named = {kind: [readable(one.feature) for one in features if one.kind == kind] for kind in KINDS}
    return tuple(
        (wording.label("kinds", kind), wording.list_of(names)) for kind, names in named.items() if names
    )


def _row(one: KanoFeature, *, wording: Wording) -> KindRow:
    name, kind = readable(one.feature), wording.label("kinds", one.kind)
    worse = wording.share(turned(one.worse), noun="kinds_pairs")
    better = wording.share(one.better, noun="kinds_pairs")
    says = wording.say("kano_page.features.alternative", name=name, kind=kind, better=better, worse=worse)
    decided = one.kind != UNDECIDED
    return KindRow(
        name=name,
        kind=kind,
        decided=decided,
        penalty=worse,
        reward=better,
        picture=penalty_reward(one.worse, reward=one.better, reach=1.0, decided=decided, says=says),
    )


def _why(one: KanoFeature, *, wording: Wording) -> str:
    """The two most frequent kinds of a feature that is undecided."""
    name = readable(one.feature)
    if one.fong is None:
        return wording.say("kano_page.undecided_few", name=name)
    first, second = (
        wording.say(
            "kano_page.kind_share",
            kind=wording.label("kinds", kind),
            share=wording.percent(getattr(one.counts, kind) / one.counts.n),
        )
        for kind in (one.fong.first, one.fong.second)
    )
    return wording.say("kano_page.undecided", name=name, first=first, second=second)


def _table(features: Sequence[KanoFeature], *, wording: Wording) -> DataTable:
    keys = ("kind", "better", "worse", "strength", "pairs")
    heads = [wording.say(f"kinds_page.columns.{key}") for key in ("feature", *keys)]
    heads += [
        wording.say("kinds_page.columns.questionable")
        if kind == "questionable"
        else wording.label("kinds", kind)
        for kind in COUNTED
    ]

    def row(one: KanoFeature) -> tuple[str, ...]:
        return (
            readable(one.feature),
            wording.label("kinds", one.kind),
            wording.share_range(one.better, noun="kinds_pairs"),
            wording.share_range(one.worse, noun="kinds_pairs"),
            wording.share_range(one.strength, noun="kinds_pairs"),
            wording.number(one.counts.n),
            *(wording.number(getattr(one.counts, kind)) for kind in COUNTED),
        )

    return data_table(
        wording.say("kano_page.features.table"), head=heads, rows=[row(one) for one in features]
    )


def _beside_table(beside: Sequence[KindsBeside], *, wording: Wording) -> DataTable:
    none = wording.say("numbers.none")

    def row(one: KindsBeside) -> tuple[str, ...]:
        said = one.said
        return (
            readable(one.asked.feature if one.asked else one.expectation),
            wording.label("kinds", one.asked.kind) if one.asked else none,
            wording.label("kinds", said.kind) if said else none,
            wording.say(f"kano_page.beside.{one.verdict.replace(' ', '_')}"),
            wording.rating_range(said.penalty) if said else none,
            wording.rating_range(said.reward) if said else none,
        )

    keys = ("feature", "asked", "said", "verdict", "low", "high")
    return data_table(
        wording.say("kano_page.beside.table"),
        head=[wording.say(f"kinds_page.columns.{key}") for key in keys],
        rows=[row(one) for one in beside],
    )


def _size(amount: Estimate | NotEnough) -> float:
    return abs(amount.value) if isinstance(amount, Estimate) else 0.0
