"""report.html: one page, complete without network and script, whatever customers wrote."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from forvent.records import Findings, Quote
from forvent.report import Names, page
from forvent.report.frame import POLICY
from forvent.report.page import SECTIONS

#: Sections that need times, episodes, customers or a plan.
OPTIONAL = {"plan", "what_if", "change", "loyalty", "prediction", "personas", "said"}
VOID = {"meta", "line", "circle", "rect", "path", "br"}


class Reader(HTMLParser):
    """Collects what the tests ask about, and checks that elements are closed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            return
        self.text += data
        if self.open and re.fullmatch(r"h[1-6]", self.open[-1]):
            level, before = self.headings[-1]
            self.headings[-1] = (level, before + data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every element of a kind."""
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module", params=["html", "bare_html", "backtest_html", "bare_backtest_html"])
def read(request: pytest.FixtureRequest) -> Reader:
    """The pages of findings and of backtests, with plenty of data and with nearly none."""
    return Reader(request.getfixturevalue(request.param))


@pytest.fixture(scope="module")
def full(html: str) -> Reader:
    """The page of the shop, read."""
    return Reader(html)


# ------------------------------------------------------------------------ safety


def test_all_elements_are_closed(read: Reader) -> None:
    assert read.open == []


def test_no_script_comes_in_with_what_customers_wrote(full: Reader) -> None:
    assert full.all("script") == []
    assert "<script>alert('x')</script>" in full.text


def test_no_element_listens_to_events(read: Reader) -> None:
    assert [attrs for _, attrs in read.elements if any(name.startswith("on") for name in attrs)] == []


def test_the_policy_allows_neither_script_nor_network(read: Reader) -> None:
    (found,) = [meta for meta in read.all("meta") if meta.get("http-equiv")]
    assert found["http-equiv"] == "Content-Security-Policy"
    assert found["content"] == POLICY
    assert POLICY.startswith(
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'none'"
    )


@pytest.mark.parametrize("name", ["html", "backtest_html"])
def test_no_address_stands_in_the_page(name: str, request: pytest.FixtureRequest) -> None:
    html = request.getfixturevalue(name)
    assert not re.search(r"(https?:)?//[a-z]|url\((?!#hatch)|@import|<link|<img", html)


def test_nothing_is_fetched(read: Reader) -> None:
    references = [attrs["href"] for attrs in read.all("a")]
    assert references
    assert all(reference is not None and reference.startswith("#") for reference in references)


def test_direction_overrides_are_taken_out(html: str) -> None:
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", html)


def test_hostile_names_from_files_are_escaped(findings: Findings, names: Names) -> None:
    hostile = "</title><svg onload=alert(1)>"
    made = page(
        replace(
            findings,
            title=hostile,
            encoder=hostile,
            voices=replace(findings.voices, file=hostile, mapping={"text": hostile}, notes=(hostile,)),
        ),
        names=names,
    )
    assert "<svg onload" not in made
    assert made.count("&lt;svg onload=alert(1)&gt;") >= 5


def test_a_quote_never_breaks_out_of_an_attribute(findings: Findings, names: Names) -> None:
    quote = Quote("v", "on_time", 'met" onclick="x', 'en" onclick="x', "", "words", "", 0.9)
    made = page(replace(findings, quotes={"on_time": (quote,)}), names=names)
    assert not [attrs for _, attrs in Reader(made).elements if "onclick" in attrs]


def test_the_page_is_small(html: str) -> None:
    assert len(html.encode()) < 400_000


def test_equal_findings_give_the_same_page(findings: Findings, names: Names, html: str) -> None:
    assert page(findings, names=names) == html


# -------------------------------------------------------------------- structure


def test_there_is_one_first_heading_and_no_level_is_skipped(read: Reader) -> None:
    levels = [level for level, _ in read.headings]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_heading_says_something(read: Reader) -> None:
    assert all(text.strip() for _, text in read.headings)


def test_ids_are_unique_and_every_link_has_its_target(read: Reader) -> None:
    ids = [attrs["id"] for _, attrs in read.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {attrs["href"] for attrs in read.all("a")} <= {f"#{name}" for name in ids}


@pytest.mark.parametrize("name", ["html", "bare_html"])
def test_every_section_stands_in_the_page_in_order(name: str, request: pytest.FixtureRequest) -> None:
    read = Reader(request.getfixturevalue(name))
    shown = [attrs["id"] for attrs in read.all("section")]
    assert shown == [section for section in SECTIONS if section in shown]
    # Those without data stand nowhere; these have something to say of any voices.
    assert set(SECTIONS) - set(shown) <= OPTIONAL
    assert ("said" in shown) is (name == "html")


def test_what_nobody_says_has_neither_section_nor_link(bare_html: str) -> None:
    assert 'href="#said"' not in bare_html
    assert "What do people say and want?" not in bare_html


def test_there_is_one_main_part_and_a_way_to_skip_to_it(read: Reader) -> None:
    assert [attrs["id"] for attrs in read.all("main")] == ["findings"]
    assert read.all("a")[0]["href"] == "#findings"


def test_every_picture_has_a_text_alternative_or_is_decoration(read: Reader) -> None:
    for attrs in read.all("svg"):
        named = attrs.get("role") == "img" and bool(attrs.get("aria-label"))
        assert named or attrs.get("aria-hidden") == "true"


def test_every_table_has_a_caption_and_heads(read: Reader) -> None:
    assert len(read.all("caption")) == len(read.all("table"))
    assert all(attrs.get("scope") in ("col", "row") for attrs in read.all("th"))


def test_tables_scroll_inside_a_named_region(html: str) -> None:
    assert html.count("<table") == html.count('class="scroll" role="region" tabindex="0" aria-label=')


def test_there_is_a_table_behind_every_picture(full: Reader) -> None:
    behind = [attrs for attrs in full.all("details") if attrs.get("class") == "behind"]
    assert len(behind) == 8


def test_style_attributes_hold_only_widths(full: Reader) -> None:
    styles = [attrs["style"] for _, attrs in full.elements if "style" in attrs]
    assert all(re.fullmatch(r"width:\d+%", style or "") for style in styles)


# --------------------------------------------------------------------- language


def test_the_page_says_its_language_and_direction(read: Reader) -> None:
    assert read.all("html") == [{"lang": "en", "dir": "ltr"}]


def test_quotes_carry_their_own_language_and_direction(full: Reader) -> None:
    found = {(attrs["lang"], attrs["dir"]) for attrs in full.all("blockquote")}
    assert {("cs", "ltr"), ("hy", "ltr"), ("zh", "ltr"), ("nb", "ltr"), ("et", "ltr"), ("en", "ltr")} <= found
    assert ("ar", "rtl") in found


def test_the_marked_words_are_those_of_the_quote(html: str) -> None:
    assert (
        '<blockquote lang="cs" dir="ltr">Boty pěkné, ale '
        "<mark>slíbili úterý a dorazily až v pondělí</mark>.</blockquote>" in html
    )


def test_sentences_for_customers_stand_in_all_their_languages(full: Reader) -> None:
    for language in ("en", "cs", "hy", "nb", "et", "zh"):
        assert {"lang": language, "dir": "ltr"} in full.all("div")


def test_a_language_without_texts_gives_the_english_page(findings: Findings, names: Names, html: str) -> None:
    assert page(findings, language="tlh", names=names) == html


def test_without_names_the_ids_are_shown_as_words(findings: Findings) -> None:
    assert "“On time” falls furthest short" in page(findings, names={})


# ------------------------------------------------------------------ what it says


def test_a_share_stands_with_interval_and_count(full: Reader) -> None:
    assert "Got: 38%, between 31 and 45, 172 voices" in full.text


def test_the_rows_beyond_twelve_are_one_click_away(full: Reader) -> None:
    assert "Show more: 2 expectations" in full.text
    assert len([attrs for attrs in full.all("li") if "gapgrid" in (attrs.get("class") or "")]) == 14


def test_association_is_never_worded_as_cause(read: Reader, full: Reader) -> None:
    assert not re.search(r"\b(causes|leads to|because of|results in|drives)\b", read.text)
    assert "none of them is shown to cause another" in full.text


def test_a_page_of_nine_voices_says_what_is_not_known(bare_html: str) -> None:
    read = Reader(bare_html)
    said = [text for level, text in read.headings if level == 2]
    assert said == [
        "We do not know yet where we fall short: too few voices say so",
        "We do not know yet: no episodes were read",
        "There is nothing to ask yet",
        "We do not know yet where we fall short: too few voices say so",
        "We do not know yet where on the journey we fall short",
        "We do not know yet what matters: too few expectations have both numbers",
        "We do not know yet what kind the expectations are: too few voices have ratings",
        "We do not know yet which link broke: no voices could be joined with episodes",
        "We do not know yet what we may promise: no episodes were read",
        "We do not know yet what people expect in days or minutes: too few say a number",
        "There is nothing to ask yet",
        "All of 9 rows could be used",
    ]


def test_a_page_of_the_shop_says_its_findings(full: Reader) -> None:
    said = [text for level, text in full.headings if level == 2]
    assert said == [
        "“On time” falls furthest short: expected 86%, got 38%",
        "We kept 77% of our promises",
        "Last time you wanted to reach us, how easy was it?",
        "“On time” falls furthest short: expected 86%, got 38%",
        "The journey is worst at “Receive”, where “On time” falls short",
        "“On time” is important and surely below the rest",
        "“Problem solved” looks basic: not met goes together with 1.68 points less, met with 0.40 more",
        "Lateness goes together with a loss of 1.80 points on the scale 1 to 5; slowness alone with 0.16",
        "We could promise 9 days instead of our usual 12.4 days: the record supports it at 95%",
        "“Fast delivery”: people speak of 3 days, and get it in 6 days",
        "Complaints lead: 49% of the voices",
        "One more answer tells most about “Easy contact”",
        "1,486 of 1,547 rows could be used; 61 could not, or said the same twice",
    ]
