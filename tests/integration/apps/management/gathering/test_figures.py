"""Every figure of an edition opens, and what it opens to gives the figure again, in drafts and published editions."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from tests.conftest import Places
from tests.factories import person_with
from tests.integration.apps.management.gathering.conftest import TODAY, History
from tests.integration.apps.management.report.conftest import draft, quick_files, strange_officer
from zhiqiao.apps.management.models import BalanceReport, EditionBlock, ReportEdition
from zhiqiao.apps.management.report import composing
from zhiqiao.apps.management.report.composing import facts_of, printed
from zhiqiao.apps.management.report.figures import Ways, edition_of, figure_uuid
from zhiqiao.apps.management.report.publishing import publish_edition
from zhiqiao.apps.management.report.signing import sign, submit
from zhiqiao.engines.documents import NamedNumber, Table, plan
from zhiqiao.platform.data.api import Hop, resolve
from zhiqiao.platform.data.models import DemandForecast
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import Role, User

__all__ = ["quick_files", "strange_officer"]

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
Publish = Callable[[dt.date], DemandForecast]


@pytest.fixture
def row(history: History, balance: BalanceReport, acting: Actor, publish: Publish) -> ReportEdition:
    """A draft of the region that rests on a published forecast and the balance in force."""
    publish(TODAY)
    return draft(acting, year=2027)


def hop(acting: Actor, row: ReportEdition, name: str) -> Hop:
    return resolve(acting, "report_figure", figure_uuid(row.pk, name))


def again(found: Hop) -> str:
    assert found.recompute is not None
    return found.recompute()


def test_every_figure_of_a_draft_opens_and_is_computed_again(
    history: History, row: ReportEdition, acting: Actor, officer: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(officer)
    _all_figures_are_links(client, row)
    _older_editions_lead_to_tables(client, row)
    _parts_and_lists_and_stored_results(client, row, acting)
    names = printed(row, "zh").figures
    # counts and shares of lists, then a forecast, a scenario, a share of the balance and a sum of the intake
    wanted = ["total", "before:office", "share:office", "skill-share:office/typing", "month:office/2026-10"]
    wanted += ["next-low:office", "scenario-base:office/2", "uncovered:new-materials", "coverage:read"]
    for name in wanted:
        found = hop(acting, row, name)
        assert found.value == names[name]
        assert again(found) == found.value, name
        assert found.title
        assert found.how
    history.add("2026-10", history.clerk, [("typing",)] * 40)
    for name in ("total", "share:office", "next:office"):
        assert again(hop(acting, row, name)) != names[name], name


def _all_figures_are_links(client: Client, row: ReportEdition) -> None:
    told = read(client, row, "all")
    names = printed(row, "zh").figures
    # both ends of an interval in a table lead to the figure between them
    middles = {name: re.sub("-(low|high):", ":", name) for name in names}
    links = set(re.findall("/evidence/report_figure/([^/]+)/", told))
    lost = [
        name
        for name, middle in middles.items()
        if not {str(figure_uuid(row.pk, one)) for one in (name, middle)} & links
    ]
    assert len(names) > 200
    assert lost == []
    assert "/evidence/report_block/" not in told


def _older_editions_lead_to_tables(client: Client, row: ReportEdition) -> None:
    """Read the edition as one that was signed before figures had names."""
    kept = printed(row, "zh").document
    blocks = [_without_names(block) if isinstance(block, Table) else block for block in kept.blocks]
    bare = replace(kept, blocks=blocks)
    with pytest.MonkeyPatch.context() as patched:
        shown = composing.Printed(bare, plan(bare))
        patched.setattr("zhiqiao.apps.management.report.page.printed", lambda _row, _language: shown)
        told = read(client, row, "heading-8")
    block = EditionBlock.objects.get(edition=row, key="industries")
    assert f"/evidence/report_block/{block.uuid}/" in told


def _without_names(table: Table) -> Table:
    rows = [[cell.value if isinstance(cell, NamedNumber) else cell for cell in cells] for cells in table.rows]
    return replace(table, rows=rows)


def _parts_and_lists_and_stored_results(client: Client, row: ReportEdition, acting: Actor) -> None:
    share = hop(acting, row, "share:office")
    parts = [link for link in share.basis if link.kind == "report_figure"]
    assert [resolve(acting, link.kind, link.uuid).value for link in parts] == [link.note for link in parts]
    assert "÷" in str(share.how)
    # this one is not printed itself, a printed share rests on it
    assert hop(acting, row, "skill-before:new-materials/ceramic-chip-packaging").value == "0"
    ahead = hop(acting, row, "next:new-materials")
    assert {"forecast_row", "demand_forecast", "report_edition"} <= {link.kind for link in ahead.basis}
    way = str(dict(hop(acting, row, "total").facts)["招聘信息"])
    listed = client.get(html.unescape(way.split('href="')[1].split('"', maxsplit=1)[0]))
    assert listed.context["table"].total == facts_of(row).total.now


def read(client: Client, row: ReportEdition, chapter: str) -> str:
    answer = client.get(reverse("management:report", args=[row.uuid], query={"chapter": chapter}))
    assert answer.status_code == 200
    return answer.content.decode()


def test_published_figures_open_for_readers_as_far_as_they_may_see(
    row: ReportEdition,
    acting: Actor,
    actor_of: Callable[[User], Actor],
    second_officer: User,
    strange_officer: User,
    places: Places,
    quick_files: None,
) -> None:
    adviser = actor_of(person_with(Role.ADVISER, places.school, username="adviser-of-figures"))
    stranger = actor_of(strange_officer)
    for person in (adviser, stranger):
        with pytest.raises(Http404):
            hop(person, row, "next:office")
    chief = actor_of(second_officer)
    row = submit(row.uuid, acting=acting, version=row.version, now=NOW)
    row = sign(row.uuid, acting=chief, version=row.version, now=NOW)
    row = publish_edition(
        row.uuid, acting=chief, version=row.version, clock=lambda: NOW, step=lambda _done, _stage: None
    )
    for person, sees in ((acting, True), (stranger, True), (adviser, False)):
        ahead, total = hop(person, row, "next:office"), hop(person, row, "total")
        assert again(ahead) == ahead.value == printed(row, "zh").figures["next:office"]
        assert ("招聘信息" in dict(total.facts)) is sees
        assert any(link.kind == "forecast_row" for link in ahead.basis) is sees
    for uuid in (
        figure_uuid(row.pk, "no-such:figure"),
        figure_uuid(row.pk + 1, "total"),
        uuid4(),
        UUID(int=0),
    ):
        with pytest.raises(Http404):
            resolve(acting, "report_figure", uuid)


def test_who_may_not_see_evidence_gets_no_way_to_it() -> None:
    block = uuid4()
    assert Ways(7, {"gap": block}, is_open=False).to("total", "gap") == ""
    ways = Ways(7, {"gap": block})
    assert ways.to("total", "gap") == reverse("evidence", args=["report_figure", figure_uuid(7, "total")])
    assert ways.to("", "gap") == reverse("evidence", args=["report_block", block])
    assert ways.to("", "other") == ""
    assert edition_of(figure_uuid(7, "total")) == 7
    assert edition_of(block) is None
