"""The token file keeps its promises: contrast in both themes, chart colours that colour-blind people tell apart."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[3] / "frontend" / "tokens.css"
BLOCK = re.compile(r'@plugin "daisyui/theme" \{(.*?)\n\}', re.DOTALL)
COLOUR = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6});")
#: Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
BLINDNESS = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
TEXTS = [
    ("base-content", "base-100"),
    ("base-content", "base-200"),
    ("base-content", "mark"),
    ("muted", "base-100"),
    ("muted", "base-200"),
    ("primary", "base-100"),
    ("primary", "base-200"),
    ("primary", "primary-soft"),
    ("accent-text", "accent-soft"),
    *(
        (f"{tone}-content", tone)
        for tone in ("primary", "accent", "neutral", "info", "success", "warning", "error")
    ),
    *((tone, f"{tone}-soft") for tone in ("info", "success", "warning", "error")),
    *((tone, "base-100") for tone in ("info", "success", "warning", "error")),
    *(("base-content", f"{tone}-soft") for tone in ("info", "success", "warning", "error")),
]


def themes() -> dict[str, dict[str, str]]:
    found = {}
    for block in BLOCK.findall(TOKENS.read_text(encoding="utf-8")):
        name = re.search(r'name: "([\w-]+)"', block)
        assert name
        found[name.group(1)] = {
            key.removeprefix("color-").removeprefix("zq-"): value for key, value in COLOUR.findall(block)
        }
    return found


THEMES = themes()


def linear(colour: str) -> tuple[float, float, float]:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue = (min(1.0, max(0.0, channel)) for channel in rgb)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def seen(colour: str, matrix: tuple[tuple[float, float, float], ...] | None) -> tuple[float, float, float]:
    rgb = linear(colour)
    if matrix is None:
        return lab(rgb)
    red, green, blue = (
        sum(weight * channel for weight, channel in zip(row, rgb, strict=True)) for row in matrix
    )
    return lab((red, green, blue))


def test_there_is_a_light_and_a_dark_theme_with_the_same_tokens() -> None:
    assert set(THEMES) == {"zhiqiao", "zhiqiao-dark"}
    assert set(THEMES["zhiqiao"]) == set(THEMES["zhiqiao-dark"])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_has_aa_contrast(theme: str, text: str, ground: str) -> None:
    assert contrast(THEMES[theme][text], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("mark", ["field-line", "focus", *(f"chart-{number}" for number in range(1, 9))])
def test_marks_and_borders_stand_out_from_the_surface(theme: str, mark: str) -> None:
    assert contrast(THEMES[theme][mark], THEMES[theme]["base-100"]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", ["all", *BLINDNESS])
def test_chart_colours_can_be_told_apart(theme: str, eyes: str) -> None:
    colours = [seen(THEMES[theme][f"chart-{number}"], BLINDNESS.get(eyes)) for number in range(1, 9)]
    for (first, one), (second, other) in combinations(enumerate(colours, start=1), 2):
        distance = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
        assert distance >= 10, f"colours {first} and {second} are {distance:.1f} apart"


@pytest.mark.parametrize("theme", THEMES)
def test_the_first_chart_colour_is_the_primary_one(theme: str) -> None:
    assert THEMES[theme]["chart-1"] == THEMES[theme]["primary"]
