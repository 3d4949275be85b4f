"""Every figure of the report by its name: read from the facts once more, with what it is computed from.

The composer writes the name beside each figure it prints, and reads the facts on its own; here the same figure is read
from its name alone. A name is a measure and its scope: `postings:INDUSTRY/POST`.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiqiao.engines.documents import Figure, Language, ValueKind, figure_text
from zhiqiao.engines.report._facts import ReportFacts
from zhiqiao.engines.report._figure_table import MEASURES, Evidence, Index, Scope


def named(measure: str, *scope: str) -> str:
    """Return the name of a figure."""
    return f"{measure}:{'/'.join(scope)}" if scope else measure


def end(which: str, name: str) -> str:
    """Return the name of the low or high end of the interval around a figure."""
    measure, colon, scope = name.partition(":")
    return f"{measure}-{which}{colon}{scope}"


def between(low: str, high: str) -> str:
    """Return the name of the figure between two ends of an interval; empty when they are no such ends."""
    middle = low.replace("-low", "", 1)
    return middle if (end("low", middle), end("high", middle)) == (low, high) else ""


@dataclass(frozen=True)
class Measured:
    """A figure read from the facts.

    `rests` names the figures it is computed from, `refs` the keys of `facts.evidence` it leads to. With `counted` the
    first of them, where it is a list of postings, has as many as the figure says.
    """

    name: str
    measure: str
    scope: Scope
    value: float
    kind: ValueKind
    places: int | None
    evidence: Evidence
    rests: tuple[str, ...]
    refs: tuple[str, ...]
    counted: bool

    def text(self, language: Language) -> str:
        """Return the figure as the report prints it."""
        return self.written(self.value, language)

    def written(self, value: float, language: Language) -> str:
        """Return another value as the report would print it in the place of this one."""
        return figure_text(Figure(value, self.kind, places=self.places), language)


class Figures:
    """The facts, by the names of their figures."""

    def __init__(self, facts: ReportFacts) -> None:
        self.index = Index(facts)

    def get(self, name: str) -> Measured | None:
        """Return the figure of a name; None when the facts have none."""
        measure, _, rest = name.partition(":")
        scope = tuple(rest.split("/")) if rest else ()
        known = MEASURES.get(measure)
        try:
            value = known.read(self.index, scope) if known else None
        except (KeyError, IndexError, ValueError, StopIteration):  # a scope that these facts do not have
            value = None
        if known is None or value is None:
            return None
        return Measured(
            name=name,
            measure=measure,
            scope=scope,
            value=value,
            kind=ValueKind.PERCENT if known.percent else ValueKind.NUMBER,
            places=known.places,
            evidence=known.evidence,
            rests=tuple(_filled(one, scope) for one in known.rests),
            refs=tuple(
                ref for one in known.refs if (ref := _filled(one, scope)) in self.index.facts.evidence
            ),
            counted=known.counted,
        )


def _filled(template: str, scope: Scope) -> str:
    """Fill a template: {all} is the whole scope, {head} all but its last part, {0} its first."""
    return template.format(*scope, all="/".join(scope), head="/".join(scope[:-1]))
