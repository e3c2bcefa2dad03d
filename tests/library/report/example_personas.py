"""Groups of an invented shop's customers: one well met, one badly, one that is not stable and has no name."""

from __future__ import annotations

from forvent.records import (
    CustomerGroup,
    Estimate,
    GroupExpectation,
    GroupRating,
    NamedBy,
    NotEnough,
    Persona,
    Personas,
    Segment,
    Segments,
    Sharing,
    Trait,
)

FEW = NotEnough(3, 5, "too few customers say so")
HOSTILE = "<script>alert('x')</script>"


def about(value: float, *, half: float = 0.04, n: int = 400) -> Estimate:
    return Estimate(value=value, low=max(-1.0, value - half), high=min(1.0, value + half), n=n)


def sharing(share: float, rest: float, *, sure: bool = True) -> Sharing:
    verdict = ("more" if share > rest else "less") if sure else "undecided"
    return Sharing(about(share), about(rest, half=0.02, n=900), 0.001 if sure else 0.4, verdict)


def expectation(
    name: str, share: float, rest: float, *, met: float, met_rest: float, verdict: str = "undecided",
    gap: float | None = None, sure: bool = True,
) -> GroupExpectation:  # fmt: skip
    return GroupExpectation(
        expectation=name,
        mentioned=sharing(share, rest, sure=sure),
        lift=Estimate(share / rest, 0.8 * share / rest, 1.3 * share / rest, 400),
        wished=None,
        sooner=sharing(0.8, 0.4) if name == "fast_delivery" else None,
        within_seconds=172800.0 if name == "fast_delivery" else None,
        met=about(met),
        met_rest=about(met_rest),
        difference=about(met - met_rest, half=0.08),
        rate=0.001 if verdict != "undecided" else 0.5,
        verdict=verdict,
        gap=FEW if gap is None else about(gap, half=0.1),
    )


def group(
    size: float, *expectations: GroupExpectation, rating: GroupRating, traits: tuple[Trait, ...] = ()
) -> CustomerGroup:
    return CustomerGroup(1200 * size, about(size, n=1200), expectations, rating, traits)


def rating(mean: float, rest: float, verdict: str) -> GroupRating:
    return GroupRating(about(mean), about(rest), about(mean - rest, half=0.06), 0.01, verdict)


def example_personas() -> Personas:
    """Three groups; the second falls short, the third holds only just."""
    late = group(
        0.3,
        expectation("on_time", 0.62, 0.11, met=0.31, met_rest=0.58, verdict="worse", gap=-0.55),
        expectation("proactive_updates", 0.24, 0.05, met=0.28, met_rest=0.3, gap=-0.2),
        expectation("fair_price", 0.08, 0.22, met=0.5, met_rest=0.55),
        rating=rating(0.41, 0.68, "worse"),
        traits=(
            Trait("language", "cs", sharing(0.6, 0.3)),
            Trait("channel", HOSTILE, sharing(0.5, 0.2)),
            Trait("plan", "family", sharing(0.5, 0.2)),
            Trait("plan", "basic", sharing(0.2, 0.21, sure=False)),
        ),
    )
    served = group(
        0.55,
        expectation("fast_delivery", 0.48, 0.12, met=0.81, met_rest=0.6, verdict="better", gap=0.1),
        expectation("friendly_staff", 0.3, 0.1, met=0.9, met_rest=0.88),
        rating=rating(0.75, 0.5, "better"),
    )
    mixed = group(
        0.15,
        expectation("choice", 0.3, 0.25, met=0.6, met_rest=0.6, sure=False),
        expectation("fair_price", 0.2, 0.22, met=0.6, met_rest=0.6, sure=False),
        rating=GroupRating(about(0.6), about(0.62), about(-0.02), 0.7, "undecided"),
    )
    split = (NamedBy("on_time", "mentioned"), NamedBy("proactive_updates", "wished"))
    quick = (NamedBy("fast_delivery", "mentioned"), NamedBy("fast_delivery", "sooner", 172800.0))
    return Personas(
        verdict="groups",
        customers=1486,
        grouped=1200,
        telling=700,
        personas=(
            Persona(quick, about(0.84), about(0.91), True, served),
            Persona(split, about(0.79), about(0.83), True, late),
            Persona((), about(0.6), about(0.61), False, mixed),
        ),
        dropped=1,
        agreement=Estimate(0.72, 0.61, 0.8, 10, 0.82),
        certainty=about(0.55, n=1200),
    )


def example_segments() -> tuple[Segments, ...]:
    """One column with two segments that differ, one whose values are too few."""
    served, late = (one.group for one in example_personas().personas[:2])
    return (
        Segments("plan", 1200, 40, 2, (Segment("family", served), Segment(HOSTILE, late))),
        Segments("shop", 1200, 1200, 0, ()),
    )
