"""The colours of the light theme for paper; a test compares them with frontend/tokens.css, where they are chosen."""

from __future__ import annotations

SERIES = ("#0b5f7a", "#e43e06", "#3d93cf", "#7a3e9d", "#58891c", "#bf375d", "#168986", "#6b4a2b")
TEXT = "#17222c"
MUTED = "#54636f"
GRID = "#e6ebef"
LINE = "#dfe5ea"
PRIMARY = "#0b5f7a"
PRIMARY_SOFT = "#e3f0f4"
WARNING = "#9a4d00"
WARNING_SOFT = "#fdeede"
ACCENT = "#7a4a00"
ACCENT_SOFT = "#fff4db"
HEAD = "#f4f6f8"
ERROR = "#b3261e"
#: Beside the colour, so that series are told apart in black and white too.
DASHES = ("solid", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")
HATCHES = ("", "////", "||||", "\\\\\\\\", "xxxx", "----", "++++", "//")
#: Border and ground of callouts by their tone.
BOXES = {
    "method": (PRIMARY, PRIMARY_SOFT),
    "limits": (WARNING, WARNING_SOFT),
    "key": (ACCENT, ACCENT_SOFT),
}
