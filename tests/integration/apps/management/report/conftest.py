"""Editions of a report over small facts made by hand; two officers of the bureau, for one never signs their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.conftest import Places
from tests.factories import person_with
from tests.unit.engines.report import made
from zhiqiao.apps.management.models import EditionPart, ReportEdition
from zhiqiao.apps.management.report import gathering, publishing
from zhiqiao.apps.management.report.making import make_draft
from zhiqiao.apps.management.report.publishing import publish_edition
from zhiqiao.apps.management.report.signing import sign, submit
from zhiqiao.engines.report import Change, Name, ReportFacts
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import Role, User

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
YEAR = 2025
ActorOf = Callable[[User], Actor]


@pytest.fixture
def chief(places: Places) -> User:
    """A second officer of the bureau, who signs."""
    return person_with(Role.BUREAU_OFFICER, places.bureau, username="chief", display_name="罗正华")


@pytest.fixture
def strange_officer(places: Places) -> User:
    """An officer of another bureau."""
    from tests.factories import OrganisationFactory
    from zhiqiao.platform.governance.models import OrganisationKind

    other = OrganisationFactory(key="other-bureau", kind=OrganisationKind.GOVERNMENT)
    return person_with(Role.BUREAU_OFFICER, other, username="strange-officer")


class Facts:
    """What is gathered; a test may change the figures between two drafts."""

    def __init__(self) -> None:
        self.value: ReportFacts = replace(
            made.facts(), year=YEAR, region=Name("testcity", "测试市", "Test City"), label=None
        )
        self.asked = 0

    def more(self, count: int) -> None:
        """Count more postings than before."""
        total = self.value.total
        self.value = replace(
            self.value, total=Change(total.now + count, total.before, total.direction, None, None)
        )


@pytest.fixture
def facts(monkeypatch: pytest.MonkeyPatch) -> Facts:
    """Facts in place of what is gathered from the database."""
    found = Facts()

    def gather(
        acting: Actor,
        year: int,
        *,
        today: dt.date,
        step: Callable[[int, str], None] = lambda _done, _stage: None,
        anew: bool = False,
    ) -> ReportFacts:
        step(0, "读取数据")
        found.asked += 1
        step(1, "汇总")
        return replace(found.value, year=year, date=today)

    monkeypatch.setattr(gathering, "gather_facts", gather)
    return found


@pytest.fixture
def quick_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that need no drawing; a test of the real ones does not ask for this."""
    kinds = EditionPart.Kind
    for kind in (kinds.DOCX, kinds.PDF, kinds.XLSX):
        monkeypatch.setitem(
            publishing.FILES,
            kind,
            lambda document, kind=kind: f"{kind} {document.language} {document.edition}".encode(),
        )


def draft(acting: Actor, *, year: int = YEAR, correction: str = "") -> ReportEdition:
    """Make a draft now."""
    return make_draft(
        year,
        acting=acting,
        correction=correction,
        today=NOW.date(),
        now=NOW,
        step=lambda _done, _stage: None,
    )


@pytest.fixture
def edition(facts: Facts, officer: User, actor_of: ActorOf) -> ReportEdition:
    """A draft of the officer."""
    return draft(actor_of(officer))


@pytest.fixture
def signed(edition: ReportEdition, officer: User, chief: User, actor_of: ActorOf) -> ReportEdition:
    """The draft submitted by the officer and signed by the chief."""
    row = submit(edition.uuid, acting=actor_of(officer), version=edition.version, now=NOW)
    return sign(row.uuid, acting=actor_of(chief), version=row.version, now=NOW)


@pytest.fixture
def published(signed: ReportEdition, chief: User, actor_of: ActorOf, quick_files: None) -> ReportEdition:
    """The signed edition, published."""
    return publish_edition(
        signed.uuid,
        acting=actor_of(chief),
        version=signed.version,
        clock=lambda: NOW,
        step=lambda _done, _stage: None,
    )
