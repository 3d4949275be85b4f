"""Where an edition of the report stands: its number, who prepared and signed it, what it replaces."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from zhiqiao.engines.documents._text import long_date
from zhiqiao.engines.report._teller import Teller


@dataclass(frozen=True)
class Standing:
    """An edition of a year; without `signed_by` it is a draft. `digest` is that of the facts (SHA-256)."""

    number: int
    prepared_by: str = ""
    signed_by: str = ""
    signed_on: dt.date | None = None
    replaces: int | None = None
    reason: str = ""
    digest: str = ""


DRAFT = Standing(0)


def edition(tell: Teller, standing: Standing) -> str:
    """Return the edition as the title page names it."""
    if not standing.number:
        return tell.text("title.edition", year=tell.facts.year)
    key = "title.edition_signed" if standing.signed_on else "title.edition_draft"
    return tell.text(key, year=tell.facts.year, number=standing.number)


def cover_lines(tell: Teller, standing: Standing) -> list[tuple[str, str]]:
    """Return the lines of the title page on state, signature and what is replaced."""
    lines = [(tell.text("title.status"), _status(tell, standing))]
    if standing.replaces:
        replaced = tell.text("title.replaces_value", number=standing.replaces, reason=standing.reason)
        lines.append((tell.text("title.replaces"), replaced))
    return lines


def _status(tell: Teller, standing: Standing) -> str:
    if standing.signed_on is None:
        return tell.text("title.status_value")
    day = long_date(standing.signed_on, tell.words.language)
    return tell.text("title.status_signed", day=day, who=standing.signed_by)


def signature_lines(tell: Teller, standing: Standing) -> list[tuple[str, str]]:
    """Return the lines of the block for signing: who prepared, who read it over and issued it, and when."""
    organisation, draft = tell.words.name(tell.facts.organisation), tell.text("signature.draft")
    who = standing.prepared_by
    prepared = tell.text("signature.person", organisation=organisation, who=who) if who else organisation
    day = long_date(standing.signed_on, tell.words.language) if standing.signed_on else draft
    return [
        (tell.text("signature.editor"), prepared),
        (tell.text("signature.reviewer"), standing.signed_by or draft),
        (tell.text("signature.issuer"), standing.signed_by or draft),
        (tell.text("signature.date"), day),
    ]
