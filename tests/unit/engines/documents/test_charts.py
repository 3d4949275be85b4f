"""Pictures: the same each time, told apart without colour, the font's own letters."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import matplotlib as mpl
import pytest

from tests.unit.engines.documents.conftest import small
from tests.unit.engines.documents.demo import demo
from zhiqiao.engines.documents import Chart, ChartKind, Series, find_fonts
from zhiqiao.engines.documents import _palette as palette
from zhiqiao.engines.documents._draw import PictureKind, draw
from zhiqiao.engines.documents._plan import plan
from zhiqiao.engines.documents._plan_values import ChartPlan
from zhiqiao.engines.documents._words import words_of

TOKENS = Path(__file__).parents[4] / "frontend" / "tokens.css"
CHARTS = [block.chart for block in plan(demo("zh")).blocks if isinstance(block, ChartPlan)]


def picture(chart: Chart, kind: PictureKind = PictureKind.TEXT) -> bytes:
    return draw(chart, kind, words=words_of("zh"), fonts=find_fonts())


def planned(chart: Chart) -> Chart:
    block = plan(small(chart)).blocks[0]
    assert isinstance(block, ChartPlan)
    return block.chart


def test_colours_are_those_of_the_tokens() -> None:
    light = TOKENS.read_text(encoding="utf-8").split('name: "zhiqiao-dark"')[0]
    tokens = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", light))
    assert tuple(tokens[f"chart-{at}"] for at in range(1, 9)) == palette.SERIES
    named = {
        "TEXT": "color-base-content", "MUTED": "zq-muted", "GRID": "chart-grid", "PRIMARY": "color-primary",
        "PRIMARY_SOFT": "zq-primary-soft", "WARNING": "color-warning", "WARNING_SOFT": "zq-warning-soft",
        "ACCENT": "zq-accent-text", "ACCENT_SOFT": "zq-accent-soft", "ERROR": "color-error",
    }  # fmt: skip
    assert {name: getattr(palette, name) for name in named} == {
        name: tokens[token] for name, token in named.items()
    }


def test_series_differ_by_more_than_colour() -> None:
    assert len(set(palette.MARKERS)) == len(set(palette.HATCHES)) == len(palette.SERIES)


@pytest.mark.parametrize("chart", CHARTS, ids=[chart.kind.value for chart in CHARTS])
@pytest.mark.parametrize("kind", list(PictureKind))
def test_the_same_chart_is_the_same_picture(chart: Chart, kind: PictureKind) -> None:
    assert picture(chart, kind) == picture(chart, kind)


def test_a_persons_own_settings_of_the_library_change_nothing() -> None:
    expected = picture(CHARTS[0])
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9}):
        assert picture(CHARTS[0]) == expected
        assert mpl.rcParams["font.size"] == 30


def test_two_threads_draw_one_after_the_other() -> None:
    alone = [picture(chart) for chart in CHARTS]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(picture, CHARTS)) == alone


def test_text_is_text_in_the_documents_font_and_dollars_are_dollars() -> None:
    chart = planned(Chart("c", ChartKind.BARS, ["$x^2$ 月薪"], [Series("s", [1])], "alt"))
    made = picture(chart).decode()
    assert ">$x^2$ 月薪<" in made
    assert set(re.findall(r"font: [^;\"]*?'([^']+)'|font-family: '([^']+)'", made)) <= {
        ("Noto Sans S Chinese", ""),
        ("", "Noto Sans S Chinese"),
    }


def test_an_unknown_bar_says_so_and_zero_says_zero() -> None:
    made = picture(planned(Chart("c", ChartKind.BARS, ["a", "b"], [Series("s", [None, 0])], "alt")))
    texts = re.findall(r"<text[^>]*>([^<]*)<", made.decode())
    assert "未知" in texts
    assert "0" in texts


def test_a_gap_in_a_line_is_not_bridged() -> None:
    whole = planned(Chart("c", ChartKind.LINE, list("abcde"), [Series("s", [1, 2, 3, 4, 5])], "alt"))
    gap = planned(Chart("c", ChartKind.LINE, list("abcde"), [Series("s", [1, 2, None, 4, 5])], "alt"))

    def moves(chart: Chart) -> int:
        path = re.search(
            r'<g id="line2d_\d+">\s*<path d="([^"]*)"[^>]*stroke: #0b5f7a', picture(chart).decode()
        )
        assert path
        return path.group(1).count("M")

    assert (moves(whole), moves(gap)) == (1, 2)


@pytest.mark.parametrize("count", [1, 70])
@pytest.mark.parametrize("kind", list(ChartKind))
def test_any_number_of_categories(kind: ChartKind, count: int) -> None:
    series = [Series(f"s{at}", [at + one % 7 for one in range(count)]) for at in range(2)]
    assert picture(planned(Chart("c", kind, [f"类别{at}" for at in range(count)], series, "alt")))
