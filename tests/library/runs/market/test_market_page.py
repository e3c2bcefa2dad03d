"""The page of the comparison, in every language, and with hostile or meagre data."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from rich.console import Console

from forvent.records import Estimate, MentionCounts, NotEnough, Quote
from forvent.records.market import Against, Comparison, Market, Standing
from forvent.report import Names
from forvent.report.market_page import market_page
from forvent.report.market_summary import market_summary
from forvent.report.sections.market import against_section, name_in_row, telling_quotes
from forvent.report.wording import wording
from forvent.tables import LANGUAGES

Called = Callable[[str], Names]
UNKNOWN = NotEnough(2, 5, "too few customers say whether it was met")


def meagre(market: Market) -> Market:
    """Nobody can be judged yet, and everything is to be minded."""
    nothing = Standing(MentionCounts(1, 1, 0, 0), 2, 2, met=UNKNOWN, reach=UNKNOWN)
    one = Comparison(
        expectation="on_time",
        stage="receive",
        own=nothing,
        other=nothing,
        met=UNKNOWN,
        reach=UNKNOWN,
        met_rate=None,
        reach_rate=None,
        verdict="not enough data",
        reach_verdict="not enough data",
    )
    other = replace(market.own, name="<b>Rival\u202e</b>", channels={}, first=None, last=None)
    care = (
        "files",
        "channels",
        "channels_unknown",
        "languages",
        "times",
        "times_unknown",
        "ratings",
        "customers",
    )
    return replace(
        market, own=replace(market.own, name=""), against=(Against(other, (one,), care),), quotes={}
    )


def page(market: Market, called: Called, language: str = "en") -> str:
    return market_page(market, language=language, names=called(language))


class Seen(HTMLParser):
    """Text of a page, and its anchors with where they lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.inside = ""
        self.ids: list[str] = []
        self.links: list[str] = []
        self.pictures: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.inside = tag
        self.ids += [given["id"]] if given.get("id") else []
        self.links += [given["href"] or ""] if "href" in given else []
        self.pictures += [given["aria-label"] or ""] if given.get("role") == "img" else []

    def handle_data(self, data: str) -> None:
        if self.inside != "style":
            self.text.append(data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_whole_in_every_language(compared: Market, called: Called, language: str) -> None:
    html = page(compared, called, language)
    seen = Seen(html)
    assert html.startswith("<!doctype html>")
    assert "<script" not in html
    assert len(seen.ids) == len(set(seen.ids))
    assert {link.removeprefix("#") for link in seen.links} <= set(seen.ids)
    assert not re.search(r"\{[a-z_]+\}", " ".join(seen.text))
    # Every row and both blocks say their finding to those who hear the page.
    assert len([said for said in seen.pictures if "Nordkiste" in said]) >= 8


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_no_english_is_left_in_another_language(compared: Market, called: Called, language: str) -> None:
    text = " ".join(Seen(page(meagre(compared), called, language)).text)
    for word in ("voices", "customers", "behind", "interval lies", "Level", "compare"):
        assert word not in text


def test_headings_say_what_was_found(compared: Market, called: Called) -> None:
    text = " ".join(Seen(page(compared, called)).text)
    assert "Behind Nordkiste in “On time”; ahead in “Friendly staff”" in text
    assert "“Problem solved”: 37 points behind Lind & Sohn" in text
    assert "Nothing we know of the voices speaks against it" in text


def test_no_difference_is_worded_as_a_cause(compared: Market, called: Called) -> None:
    text = " ".join(Seen(page(compared, called)).text).lower()
    assert "because" not in text.replace("not compared, because", "")
    assert "nor why the companies differ" in text


def test_where_nothing_can_be_judged_it_says_so_and_what_to_mind(compared: Market, called: Called) -> None:
    html = page(meagre(compared), called)
    text = " ".join(Seen(html).text)
    assert "We do not know yet how we stand beside" in text
    assert "not enough data" in text
    assert "We beside the others" in text
    assert "The channels differ." in text
    assert "With care: more differs than the company" in text
    assert "<b>Rival" not in html
    assert "\u202e" not in html


def test_a_level_row_is_drawn_and_named_as_such(compared: Market, called: Called) -> None:
    side = compared.against[0]
    near = Estimate(0.01, -0.03, 0.05, n=4000)
    rows = tuple(replace(one, met=near, verdict="level") for one in side.comparisons)
    html = page(replace(compared, against=(replace(side, comparisons=rows),)), called)
    assert 'class="gap alike"' in html
    assert f"Level with {side.other.name} in" in unescape(html)


def test_companies_that_were_left_out_are_named(compared: Market, called: Called) -> None:
    html = page(replace(compared, left_out={"Third": 12}), called)
    assert "Not compared, because fewer voices speak of them: Third: 12 voices." in html


def test_beside_many_companies_only_what_is_sure_stands_open(compared: Market, called: Called) -> None:
    many = replace(compared, against=(compared.against[0],) * 3)
    words = wording("en", names=called("en"), scale=None)
    open_rows = {row.verdict for row in against_section(many, 0, wording=words).rows}
    assert open_rows <= {"short", "above"}
    folded = against_section(many, 0, wording=words)
    alone = against_section(compared, 0, wording=words)
    assert [*folded.rows, *folded.more] == [*alone.rows, *alone.more]
    assert len(folded.rows) < len(alone.rows)
    unsure = tuple(replace(one, verdict="not enough data") for one in compared.against[0].comparisons)
    none_sure = replace(many, against=(replace(compared.against[0], comparisons=unsure),) * 3)
    assert len(against_section(none_sure, 0, wording=words).rows) == 3


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nordkiste", "Nordkiste"),
        ("x" * 36, "x" * 36),
        ("The Regional Cooperative for Furniture, Lighting and Goods", "The Regional Cooperative for…"),
        ("Donaudampfschifffahrtsgesellschaftsunternehmen", "Donaudampfschifffahrtsgesellschaftsu…"),
        ("北欧家居用品有限公司", "北欧家居用品有限公司"),
    ],
)
def test_a_long_name_is_cut_in_rows_and_whole_in_its_heading(
    compared: Market, called: Called, name: str, shown: str
) -> None:
    assert name_in_row(name) == shown
    side = compared.against[0]
    long = replace(compared, against=(replace(side, other=replace(side.other, name=name)),))
    found = against_section(long, 0, wording=wording("en", names=called("en"), scale=None))
    assert name in found.finding
    assert found.rows[0].theirs.startswith(f"{shown}: ")


def test_quotes_speak_as_most_do() -> None:
    def quote(polarity: str, number: int) -> Quote:
        return Quote(f"{polarity}{number}", "on_time", polarity, "en", "", "words", "", 0.9)

    quotes = [quote(polarity, number) for polarity in ("unmet", "met", "mixed") for number in range(3)]
    shown = telling_quotes(quotes, counts=MentionCounts(met=90, unmet=10, mixed=0, wished=0))
    assert [one.voice_id for one in shown] == ["met0", "met1", "unmet0"]
    only = telling_quotes(quotes[:3], counts=MentionCounts(met=0, unmet=3, mixed=0, wished=0))
    assert [one.voice_id for one in only] == ["unmet0", "unmet1", "unmet2"]


@pytest.mark.parametrize("language", ["en", "hy"])
def test_the_summary_fits_eighty_columns(compared: Market, called: Called, language: str) -> None:
    for market in (compared, meagre(compared)):
        held = io.StringIO()
        Console(file=held, width=80).print(market_summary(market, language=language, names=called(language)))
        assert max(map(len, held.getvalue().splitlines())) <= 80
    assert "<b>Rival</b>" in held.getvalue()
