"""Charts drawn once for all formats: vector for PDF and pages, pixels for Word."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache
from threading import Lock

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import fontManager

from zhiqiao.engines.documents import _palette
from zhiqiao.engines.documents._chart_values import Chart
from zhiqiao.engines.documents._draw_kinds import Sheet, draw_kind, height_of
from zhiqiao.engines.documents._fonts import FAMILY, Fonts
from zhiqiao.engines.documents._words import Words

WIDTH_MM = 155.0
_DPI = 200
_INCH_MM = 25.4
# matplotlib keeps its settings in one global place; only one thread may draw at a time
_lock = Lock()


class PictureKind(StrEnum):
    """How a picture is written: OUTLINES needs no font where it is shown, TEXT can be searched in a PDF."""

    PNG = "png"
    TEXT = "text"
    OUTLINES = "outlines"


def draw(chart: Chart, kind: PictureKind, *, words: Words, fonts: Fonts) -> bytes:
    """Return the picture of a planned chart, the same bytes for the same chart."""
    with _lock, _settings(kind, fonts):
        size = (WIDTH_MM / _INCH_MM, height_of(chart))
        canvas = Canvas(figsize=size, dpi=_DPI, layout="constrained", facecolor="white")
        FigureCanvasAgg(canvas)
        draw_kind(Sheet(canvas, canvas.subplots(), chart, words, fonts))
        target = io.BytesIO()
        if kind is PictureKind.PNG:
            canvas.savefig(target, format="png", metadata={"Software": None})
        else:
            canvas.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
        return target.getvalue()


@lru_cache(maxsize=4)
def _register(fonts: Fonts) -> None:
    for path in fonts:
        fontManager.addfont(path)


@contextmanager
def _settings(kind: PictureKind, fonts: Fonts) -> Iterator[None]:
    _register(fonts)
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "font.family": [FAMILY],
                "font.size": 9,
                "text.color": _palette.TEXT,
                "text.parse_math": False,  # a dollar sign in a name is a dollar sign
                "axes.edgecolor": _palette.MUTED,
                "axes.linewidth": 0.6,
                "axes.axisbelow": True,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "xtick.color": _palette.MUTED,
                "ytick.color": _palette.MUTED,
                "xtick.labelcolor": _palette.TEXT,
                "ytick.labelcolor": _palette.TEXT,
                "grid.color": _palette.GRID,
                "grid.linewidth": 0.8,
                "hatch.linewidth": 0.6,
                "svg.fonttype": "none" if kind is PictureKind.TEXT else "path",
                "svg.hashsalt": "zhiqiao",
            }
        )
        yield
