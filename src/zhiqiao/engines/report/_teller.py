"""What all chapters share: figures with their evidence, estimates, unknowns with their reason, source lines."""

from __future__ import annotations

from dataclasses import dataclass

from zhiqiao.engines.documents import (
    Cell,
    Cite,
    Figure,
    Inline,
    NamedNumber,
    Paragraph,
    Source,
    Text,
    Unknown,
    ValueKind,
)
from zhiqiao.engines.report._facts import Direction, Estimate, ReportFacts, SourceFacts
from zhiqiao.engines.report._figure_table import Evidence
from zhiqiao.engines.report._figures import end
from zhiqiao.engines.report._measures import ReportParameters
from zhiqiao.engines.report._words import Value, Words


@dataclass(frozen=True)
class Teller:
    """Facts, words and limits, with the few ways in which they become parts of a document.

    `of` is the name of a figure (see `_figures`): by it a reader gets to what the figure rests on.
    """

    facts: ReportFacts
    words: Words
    limits: ReportParameters

    def say(self, key: str, *, block: str = "", **values: Value) -> Paragraph:
        """Return a sentence as a paragraph; `block` names it where one of several sentences stands there."""
        return Paragraph(self.words.say(key, **values), block or key)

    def text(self, key: str, **values: str | int) -> str:
        """Return a text without figures."""
        return self.words.text(key, **values)

    def because(self, what: str) -> str:
        """Return why something is unknown; `what` is a key of `facts.missing` or a reason itself."""
        return self.text(f"reason.{self.facts.missing.get(what, what)}")

    def count(self, value: float | None, evidence: Evidence = "recent", *, of: str) -> Figure:
        """Return a number of postings, persons or months."""
        return Figure(value, places=0, evidence=self.why(evidence), marked=False, origin=of)

    def number(self, value: float | None, evidence: Evidence, *, of: str, places: int = 2) -> Figure:
        """Return a figure with decimals."""
        return Figure(value, places=places, evidence=self.why(evidence), marked=False, origin=of)

    def share(
        self, value: float | None, evidence: Evidence = "recent", *, of: str, places: int = 0
    ) -> Figure:
        """Return a share of one as per cent, by default without decimals: counts are small."""
        return Figure(
            value, ValueKind.PERCENT, places=places, evidence=self.why(evidence), marked=False, origin=of
        )

    def bounds(
        self, estimate: Estimate, evidence: Evidence, *, of: str, percent: bool = False
    ) -> dict[str, Value]:
        """Return the places `low` and `high` of a sentence; `of` names the figure in their middle."""
        write = self.share if percent else self.count
        return {
            "low": write(estimate.low, evidence, of=end("low", of)),
            "high": write(estimate.high, evidence, of=end("high", of)),
        }

    def level(self) -> str:
        """Return the level of forecast intervals as a text."""
        return f"{self.facts.level:g}"

    def balance_level(self) -> str:
        """Return the level of intervals of the balance as a text."""
        return f"{self.facts.balance_level * 100:g}"

    def unknown(self, what: str) -> Unknown:
        """Return an unknown cell with its reason."""
        return Unknown(self.because(what))

    def estimate(self, estimate: Estimate | None, what: str, *, of: str) -> Cell:
        """Return the value of an estimate as a cell."""
        return self.unknown(what) if estimate is None else self.known(estimate.value, what, of=of)

    def known(self, value: float | None, what: str, *, of: str) -> Cell:
        """Return a value as a cell, unknown with its reason where there is none."""
        return self.unknown(what) if value is None else NamedNumber(value, of)

    def range(self, estimate: Estimate | None, what: str, *, of: str, places: int = 0) -> Cell:
        """Return an interval as a cell; `of` names the figure in its middle."""
        if estimate is None or estimate.low is None or estimate.high is None:
            return self.unknown(what)
        dash = " – " if places else "–"
        return (self.plain(estimate.low, end("low", of), places=places), dash,
                self.plain(estimate.high, end("high", of), places=places))  # fmt: skip

    def plain(self, value: float | None, of: str, *, places: int | None = 0, percent: bool = False) -> Figure:
        """Return a figure in the words of a cell: its table says the evidence."""
        return Figure(value, ValueKind.PERCENT if percent else ValueKind.NUMBER, places=places, origin=of)

    def direction(self, direction: Direction) -> str:
        """Return the word for a direction."""
        return self.text(f"direction.{direction.value}")

    def source(self, *kinds: str) -> Text:
        """Return the source line of a table: the sources used of these kinds, each with its number."""
        found: list[Inline] = []
        for source in self.facts.sources:
            if source.kind in kinds and source.count is not None:
                found += [self.text("list.semicolon")] if found else []
                found += [self.source_name(source), Cite(source.key)]
        return found

    def source_name(self, source: SourceFacts) -> str:
        """Return a source's name, with the word for demo data where it is one."""
        name = self.words.name(source.name)
        return self.text("data.synthetic", name=name) if source.synthetic else name

    def listed_sources(self) -> list[Source]:
        """Return the list of sources of the document: those that were used."""
        return [
            Source(
                source.key,
                self.source_name(source),
                self.words.name(self.facts.organisation),
                self.text("data.months", first=source.first, last=source.last) if source.first else "",
                self.text(f"kind.{source.kind}"),
            )
            for source in self.facts.sources
            if source.count is not None
        ]

    def why(self, evidence: Evidence) -> str:
        """Return what figures of a kind rest on, in a sentence."""
        facts = self.facts
        years = [item.year for item in facts.programmes if item.year is not None]
        kept = evidence == "backtest" and facts.backtest is not None and facts.backtest.kept
        return self.text(
            "evidence.backtest_kept" if kept else f"evidence.{evidence}",
            first=_first(facts, evidence),
            last=facts.recent[-1],
            months=len(facts.judged),
            level=self.balance_level() if evidence == "balance" else self.level(),
            rate=f"{facts.false_discovery * 100:g}",
            year=max(years, default=facts.year),
            origin=facts.backtest.origin if facts.backtest else "",
        )


def _first(facts: ReportFacts, evidence: Evidence) -> str:
    if evidence in {"forecast", "scenario", "intake"}:
        return facts.months[0]
    return (facts.judged if evidence == "balance" else facts.recent)[0]
