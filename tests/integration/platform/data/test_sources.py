"""The source register: who may see and change what, what must be stated, what leaves a trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.integration.platform.data.conftest import Upload
from tests.integration.platform.data.sources_cast import FACTS, NewSource
from zhiqiao.infra.jobs.models import OutboxEvent
from zhiqiao.platform.data import connecting, registering
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import CollectionTerms, Connector, FacetCount, Source
from zhiqiao.platform.data.selectors import sources as selectors
from zhiqiao.platform.governance.api import Actor, AuditEvent, User

ActorOf = Callable[[User], Actor]
SignIn = Callable[[User], Client]
TODAY = dt.date(2026, 11, 21)


def states_of(actor: Actor, source: Source) -> set[str]:
    found = {view.uuid: view for view in selectors.sources(actor, today=TODAY)}
    return {state.key for state in found[source.uuid].states}


def posted(**changes: object) -> dict[str, object]:
    """Return the form of a source as a browser sends it."""
    values = {name: value for name, value in vars(FACTS).items() if value not in (None, False, [])}
    values["steward"] = ""
    values.pop("steward_id", None)
    return {**values, **changes}


def test_owner_and_colleague_change_a_source_and_a_stranger_does_not_find_it(
    olga: User, otto: User, dora: User, new_source: NewSource, sign_in: SignIn
) -> None:
    address = reverse("data:source_edit", args=[new_source().uuid])
    assert sign_in(olga).post(address, posted(name="新名称")).status_code == 302
    assert sign_in(otto).post(address, posted(name="又一个名称")).status_code == 302
    assert sign_in(dora).get(address).status_code == 404
    assert sign_in(dora).post(address, posted()).status_code == 404
    assert Source.objects.get().name == "又一个名称"


def test_the_region_reads_a_shared_source_without_names_and_may_not_change_it(
    olga: User, alice: User, new_source: NewSource, sign_in: SignIn
) -> None:
    source = new_source(is_shared=True, steward_id=olga.pk)
    page = sign_in(alice).get(reverse("data:source", args=[source.uuid]))
    assert page.status_code == 200
    assert "Olga" not in page.content.decode()
    assert "Olga" in sign_in(olga).get(reverse("data:source", args=[source.uuid])).content.decode()
    assert sign_in(alice).get(reverse("data:source_edit", args=[source.uuid])).status_code == 404
    for tab in ("connectors", "history"):
        assert sign_in(alice).get(reverse("data:source_tab", args=[source.uuid, tab])).status_code == 404


def test_a_private_source_is_not_found_by_the_region(
    alice: User, new_source: NewSource, sign_in: SignIn
) -> None:
    source = new_source()
    assert sign_in(alice).get(reverse("data:source", args=[source.uuid])).status_code == 404


def test_a_verb_asks_for_permission_itself(dora: User, new_source: NewSource, actor_of: ActorOf) -> None:
    source = new_source(is_shared=True)
    with pytest.raises(Http404):
        registering.change_source(actor_of(dora), source, FACTS)
    with pytest.raises(Http404):
        connecting.give_token(actor_of(dora), source, name="x", scopes=["postings.write"], expires_on=None)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"licence_note": " ", "is_shared": True}, "许可"),
        ({"trust": "A"}, "理由"),
        ({"covers_from": dt.date(2026, 2, 1), "covers_to": dt.date(2026, 1, 1)}, "早于"),
        ({"industries": ["Ω"]}, "目录"),
        ({"terms_note": "有事打电话 13800138000"}, "联系方式"),
        ({"steward_id": 999_999}, "在职"),
    ],
    ids=["shared without licence", "grade without reason", "period", "section", "contact data", "steward"],
)
def test_what_can_not_be_is_refused_with_the_reason(
    new_source: NewSource, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        new_source(**changes)
    assert not Source.objects.exists()


def test_the_database_too_holds_no_shared_source_without_a_licence(new_source: NewSource) -> None:
    source = new_source(licence_note="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(is_shared=True)


def test_a_grade_names_who_graded_and_when(otto: User, new_source: NewSource, actor_of: ActorOf) -> None:
    source = new_source()
    facts = replace(FACTS, trust="B", trust_reason="已核对来函")
    registering.change_source(actor_of(otto), source, facts)
    assert (source.trust, source.graded_by) == ("B", otto)
    assert source.graded_at is not None
    registering.change_source(actor_of(otto), source, FACTS)
    assert (source.trust, source.graded_by, source.graded_at) == ("", None, None)


def test_changes_stand_in_the_trail_with_old_and_new_value(
    olga: User, new_source: NewSource, actor_of: ActorOf, sign_in: SignIn
) -> None:
    source = new_source()
    registering.change_source(actor_of(olga), source, replace(FACTS, refresh_days=30))
    event = AuditEvent.objects.get(action="sources.changed")
    assert event.detail == {"refresh_days": ["None", "30"]}
    page = sign_in(olga).get(reverse("data:source_tab", args=[source.uuid, "history"])).content.decode()
    assert "登记来源" in page
    assert "30" in page


def test_saving_without_a_change_leaves_no_trace(
    olga: User, new_source: NewSource, actor_of: ActorOf
) -> None:
    source = new_source()
    assert registering.change_source(actor_of(olga), source, FACTS) == {}
    assert not AuditEvent.objects.filter(action="sources.changed").exists()


def test_states_say_what_wants_attention(olga: User, new_source: NewSource, actor_of: ActorOf) -> None:
    source = new_source(
        licence_note="", refresh_days=30, refreshed_on=dt.date(2026, 10, 1), collection_terms="forbidden"
    )
    expected = {"overdue", "no_licence", "ungraded", "forbidden", "empty"}
    assert states_of(actor_of(olga), source) == expected
    registering.change_source(
        actor_of(olga),
        source,
        replace(FACTS, trust="C", trust_reason="第三方", refresh_days=60, refreshed_on=dt.date(2026, 10, 1)),
    )
    assert states_of(actor_of(olga), source) == {"empty"}


def test_a_claimed_industry_without_postings_is_a_state(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    done = import_file(alice)
    Source.objects.update(industries=["C", "I"])
    FacetCount.objects.filter(facet="industry").update(value="I")
    view = selectors.sources(actor_of(alice), today=TODAY)[0]
    assert [state.text for state in view.states if state.key == "industry"] == ["没有 C 制造业 的招聘信息"]
    assert view.kept == done.kept


def test_an_import_that_goes_live_refreshes_its_source(alice: User, import_file: Upload) -> None:
    done = import_file(alice)
    assert done.finished_at is not None
    assert Source.objects.get().refreshed_on == timezone.localdate(done.finished_at)


def test_the_list_filters_by_state_and_exports(olga: User, new_source: NewSource, sign_in: SignIn) -> None:
    new_source(name="缺许可", licence_note="")
    new_source(name="齐全")
    client = sign_in(olga)
    page = client.get(reverse("data:sources") + "?state=no_licence").content.decode()
    assert "缺许可" in page
    assert "齐全" not in page
    export = client.get(reverse("data:sources") + "?export=csv").content.decode("utf-8-sig")
    assert "没有许可说明" in export


def test_sharing_tells_others_that_postings_count_more_widely(alice: User, import_file: Upload) -> None:
    done = import_file(alice)
    source = done.source
    facts = replace(FACTS, name=source.name, licence_note=source.licence_note, kind="other", is_shared=True)
    told = OutboxEvent.objects.filter(kind="PostingsImported", payload__is_shared=True)
    assert not told.exists()
    registering.change_source(Actor.system(), source, facts)
    assert told.exists()
    registering.change_source(Actor.system(), source, replace(facts, is_shared=False))
    assert OutboxEvent.objects.latest("id").kind == "PostingsWithdrawn"


def test_terms_that_forbid_collection_stop_and_block_automatic_connectors(
    olga: User, new_source: NewSource, actor_of: ActorOf
) -> None:
    source = new_source()
    connecting.set_up(actor_of(olga), source, "watched_folder", {"folder": "monthly"})
    registering.change_source(
        actor_of(olga), source, replace(FACTS, collection_terms=CollectionTerms.FORBIDDEN)
    )
    assert not Connector.objects.get().is_active
    with pytest.raises(Refused, match="禁止"):
        connecting.set_up(actor_of(olga), source, "watched_folder", {"folder": "monthly"})
    with pytest.raises(Refused, match="禁止"):
        connecting.give_token(actor_of(olga), source, name="x", scopes=["postings.write"], expires_on=None)


@pytest.mark.parametrize("tab", ["facts", "imports", "coverage", "connectors", "history"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_tab_opens_in_both_languages(
    olga: User, new_source: NewSource, sign_in: SignIn, tab: str, language: str
) -> None:
    client = sign_in(olga)
    client.cookies["zq_language"] = language
    source = new_source(places=["巴中市"], industries=["C"])
    address = reverse("data:source_tab", args=[source.uuid, tab])
    assert client.get(address).status_code == 200
    assert client.get(reverse("data:source_tab", args=[source.uuid, "nothing"])).status_code == 404


def test_coverage_is_measured_and_gaps_of_claims_are_marked(
    alice: User, import_file: Upload, sign_in: SignIn
) -> None:
    source = import_file(alice).source
    Source.objects.update(places=["达州市", "成都市"])
    cells = {cell.label: cell for cell in selectors.coverage_of(Source.objects.get())["city"]}
    assert (cells["成都市"].postings, cells["成都市"].latest) == (1, "2026-01")
    assert (cells["达州市"].postings, cells["达州市"].is_declared) == (0, True)
    assert sign_in(alice).get(reverse("data:source_tab", args=[source.uuid, "coverage"])).status_code == 200
