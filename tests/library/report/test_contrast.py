"""Contrast of the colours in both schemes, computed from the tokens (WCAG 2.2 AA)."""

from __future__ import annotations

import re
from importlib import resources
from itertools import combinations

import pytest

STYLE = resources.files("forvent.report").joinpath("templates/style.css").read_text(encoding="utf-8")
TEXT, GRAPHIC = 4.5, 3.0


def _tokens(scheme: str) -> dict[str, str]:
    """Colours of a scheme by name."""
    blocks = re.findall(r":root \{\n(.*?)\n *\}", STYLE, re.DOTALL)
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", blocks[("light", "dark").index(scheme)]))


def luminance(colour: str) -> float:
    """Relative luminance by WCAG."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG, 1–21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_gives_the_known_extremes() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("token", ["ink", "muted", "accent", "short"])
def test_text_can_be_read(scheme: str, token: str) -> None:
    tokens = _tokens(scheme)
    assert contrast(tokens[token], tokens["paper"]) >= TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marked_words_can_be_read(scheme: str) -> None:
    tokens = _tokens(scheme)
    assert contrast(tokens["ink"], tokens["mark"]) >= TEXT


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("token", ["short", "above", "undecided", "edge"])
def test_lines_and_marks_can_be_seen(scheme: str, token: str) -> None:
    tokens = _tokens(scheme)
    assert contrast(tokens[token], tokens["paper"]) >= GRAPHIC


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_meaning_colours_differ_in_lightness_too(scheme: str) -> None:
    tokens = _tokens(scheme)
    for one, other in combinations(("short", "above", "undecided"), 2):
        assert contrast(tokens[one], tokens[other]) >= 1.15, (one, other)


def test_both_schemes_define_the_same_colours() -> None:
    assert set(_tokens("light")) == set(_tokens("dark"))
    assert len(_tokens("light")) == 11


def test_every_colour_of_the_stylesheet_is_a_token() -> None:
    body = STYLE.split("/* Page */")[1].split("@media print")[0]
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", body) == []
    assert set(re.findall(r"var\(--([a-z]+)\)", body)) <= {*_tokens("light"), "sans", "serif"}
