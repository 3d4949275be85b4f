"""What other packages show on a framework's page, without this package knowing them."""

from __future__ import annotations

from collections.abc import Callable

from zhiqiao.platform.data.competency.frameworks import FrameworkVersionView
from zhiqiao.platform.governance.api import Actor

__all__ = ["Panel", "framework_panel", "panels"]

Panel = Callable[[Actor, FrameworkVersionView], str]
"""Returns rendered HTML, empty where there is nothing to show to this person."""

_PANELS: list[Panel] = []


def framework_panel(panel: Panel) -> Panel:
    """Register a panel; the same one twice counts once."""
    if panel not in _PANELS:
        _PANELS.append(panel)
    return panel


def panels(actor: Actor, view: FrameworkVersionView) -> list[str]:
    """Return what the registered panels show of a version."""
    return [shown for panel in _PANELS if (shown := panel(actor, view))]
