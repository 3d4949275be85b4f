"""From an edition to its document: a draft is composed from facts and texts, a signed one is read as it was signed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

from django.utils import timezone

from zhiqiao.apps.management.models import EditionPart, EditionState, EditionText, ReportEdition
from zhiqiao.apps.management.report.parts import open_text
from zhiqiao.engines import documents, report
from zhiqiao.engines.documents import (
    BlockPlan,
    CalloutPlan,
    ChartPlan,
    Document,
    ItemsPlan,
    Language,
    Line,
    ParagraphPlan,
    Plan,
    TablePlan,
)
from zhiqiao.packs import common_file

__all__ = [
    "LANGUAGES",
    "Printed",
    "Text",
    "all_lines",
    "block_keys",
    "draft_document",
    "editable_texts",
    "facts_of",
    "generated",
    "limits",
    "lines_of",
    "newest_texts",
    "printed",
    "used_versions",
    "words",
]

LANGUAGES: tuple[Language, ...] = ("zh", "en")
_WORDS, _LIMITS = "demand_report.toml", "report.toml"


Value = TypeVar("Value")


@dataclass(frozen=True)
class Printed:
    """A document with its plan: the same blocks, numbered and with every value written out."""

    document: Document
    plan: Plan

    @cached_property
    def figures(self) -> Mapping[str, str]:
        """Return the figures that have a name, as they are printed."""
        pieces = (piece for block in self.plan.blocks for line in all_lines(block) for piece in line)
        return {piece.origin: piece.text for piece in pieces if piece.origin}


def lines_of(planned: BlockPlan) -> Sequence[Line]:
    """Return the lines of running text that may carry footnotes."""
    if isinstance(planned, ParagraphPlan):
        return [planned.line]
    if isinstance(planned, (ItemsPlan, CalloutPlan)):
        return planned.lines
    return ()


def all_lines(planned: BlockPlan) -> Iterator[Line]:
    """Yield every line of a block in which a figure may stand."""
    yield from lines_of(planned)
    if isinstance(planned, (TablePlan, ChartPlan)):
        yield from planned.notes
    if isinstance(planned, TablePlan):
        yield from (cell.line for row in planned.rows for cell in row)


@dataclass(frozen=True)
class Text:
    """A text that a person may rewrite: what is generated, what stands, and whether the two went apart since."""

    key: str
    heading: str
    generated: str
    text: str
    change: EditionText | None

    @property
    def number(self) -> int:
        """Return how often it was changed; a writer says which state they saw."""
        return self.change.number if self.change else 0

    @property
    def is_edited(self) -> bool:
        """Tell whether a person's text stands."""
        return self.change is not None and self.change.after is not None

    @property
    def is_outdated(self) -> bool:
        """Tell whether the figures changed what is generated since the person wrote."""
        return self.is_edited and self.change is not None and self.change.generated != self.generated

    @property
    def carried(self) -> str | None:
        """Return the person's text with the figures of now; None when nothing changed or it is not certain."""
        if not self.is_outdated or self.change is None:
            return None
        return report.carried(self.change.generated, self.generated, self.text)


def used_versions() -> dict[str, str]:
    """Return the versions of the words and limits now in use."""
    found = {}
    for name, file in (("words", _WORDS), ("report_limits", _LIMITS)):
        data = tomllib.loads(common_file("report", file).read_text(encoding="utf-8"))
        found[name] = str(data["version"])
    return found


def generated(edition: ReportEdition, language: Language) -> Document:
    """Return the document as composed from the facts in force, without what people wrote."""
    return _composed(edition, language, signed=False)


def printed(edition: ReportEdition, language: Language) -> Printed:
    """Return what readers get, with its plan; raise Damaged when what is stored is not what was signed."""
    if edition.state in {EditionState.DRAFT, EditionState.IN_REVIEW}:
        changes = newest_texts(edition, language)
        standing = repr(standing_of(edition, signed=False))
        key = (edition.facts_digest, language, standing, *(str(row.pk) for row in changes.values()))
        return _PRINTED.get(key) or _PRINTED.put(
            key, _print(draft_document(edition, language, changes=changes))
        )
    digest = edition.documents[language]
    found = _PRINTED.get((digest,))
    if found is None:
        text = open_text(edition, EditionPart.Kind.DOCUMENT, digest)
        found = _PRINTED.put((digest,), _print(documents.document_from_text(text)))
    return found


def _print(document: Document) -> Printed:
    return Printed(document, documents.plan(document))


def draft_document(
    edition: ReportEdition,
    language: Language,
    *,
    changes: Mapping[str, EditionText],
    signed: bool = False,
) -> Document:
    """Return facts and people's texts as one document; with `signed` as it is to be signed."""
    document = _composed(edition, language, signed=signed)
    edited = {key: change.after for key, change in changes.items() if change.after is not None}
    return report.with_texts(document, edited) if edited else document


def newest_texts(edition: ReportEdition, language: Language) -> Mapping[str, EditionText]:
    """Return the newest change of each text of a language."""
    rows = EditionText.objects.filter(edition=edition, language=language).select_related("by")
    return {row.key: row for row in rows.order_by("number")}


def editable_texts(edition: ReportEdition, language: Language) -> dict[str, Text]:
    """Return the texts of a draft in the order of the document."""
    changes = newest_texts(edition, language)
    found = {}
    for block in report.texts(generated(edition, language)):
        change = changes.get(block.key)
        text = change.after if change is not None and change.after is not None else block.text
        found[block.key] = Text(block.key, block.heading, block.text, text, change)
    return found


def block_keys(document: Document) -> list[str]:
    """Return the keys of texts, tables and charts: what evidence can lead to."""
    keys = [getattr(block, "key", "") for block in document.blocks]
    return list(dict.fromkeys(key for key in keys if key))


def standing_of(edition: ReportEdition, *, signed: bool) -> report.Standing:
    """Return where an edition stands, for its title page and the block for signing."""
    names = {
        field: person.display_name if (person := getattr(edition, field)) else ""
        for field in ("submitted_by", "signed_by")
    }
    at = edition.signed_at if signed else None
    return report.Standing(
        number=edition.number,
        prepared_by=names["submitted_by"],
        signed_by=names["signed_by"] if signed else "",
        signed_on=timezone.localtime(at).date() if at else None,
        replaces=edition.replaces.number if edition.replaces else None,
        reason=edition.correction,
        digest=edition.facts_digest,
    )


def _composed(edition: ReportEdition, language: Language, *, signed: bool) -> Document:
    standing = standing_of(edition, signed=signed)
    key = (edition.facts_digest, language, repr(standing))
    found = _COMPOSED.get(key)
    if found is None:
        found = _COMPOSED.put(key, report.compose(facts_of(edition), words(language), limits(), standing))
    return found


def facts_of(edition: ReportEdition) -> report.ReportFacts:
    """Return the frozen facts in force; raise Damaged when they are not those that were kept."""
    key = (edition.facts_digest,)
    found = _FACTS.get(key)
    if found is None:
        text = open_text(edition, EditionPart.Kind.FACTS, edition.facts_digest)
        found = _FACTS.put(key, report.facts_from_text(text))
    return found


class _Kept(Generic[Value]):
    """The newest few values by what they were made from: the same key is the same value, so none gets old."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[tuple[str, ...], Value] = {}

    def get(self, key: tuple[str, ...]) -> Value | None:
        return self._values.get(key)

    def put(self, key: tuple[str, ...], value: Value) -> Value:
        self._values[key] = value
        for old in list(self._values)[: -self._most]:
            self._values.pop(old, None)
        return value


_FACTS: _Kept[report.ReportFacts] = _Kept(2)
_COMPOSED: _Kept[Document] = _Kept(6)
_PRINTED: _Kept[Printed] = _Kept(6)


@lru_cache(maxsize=2)
def words(language: Language) -> report.Words:
    """Return the words of the report in a language."""
    return report.read_words(common_file("report", _WORDS), language)


@lru_cache(maxsize=1)
def limits() -> report.ReportParameters:
    """Return the limits of the report."""
    return report.read_report_parameters(common_file("report", _LIMITS))
