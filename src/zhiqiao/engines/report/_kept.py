"""The facts of a report as text and back: the frozen ground an edition stands on."""

from __future__ import annotations

from zhiqiao.engines.kernel import NotKept, from_text, to_text
from zhiqiao.engines.report import _facts
from zhiqiao.engines.report._facts import ReportFacts

_CLASSES = tuple(
    one for one in vars(_facts).values() if isinstance(one, type) and one.__module__ == _facts.__name__
)


def facts_to_text(facts: ReportFacts) -> str:
    """Return the facts as JSON text; the same facts give the same text."""
    return to_text(facts)


def facts_from_text(text: str) -> ReportFacts:
    """Return the facts that were written; raise NotKept when the text holds none."""
    found = from_text(text, _CLASSES)
    if not isinstance(found, ReportFacts):
        raise NotKept("not the facts of a report")
    return found
