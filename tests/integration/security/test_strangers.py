"""Drafts, open studies and other schools' rows through the evidence drawer and every address with an id: 404."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import OrganisationFactory, person_with
from tests.integration.apps.evaluation.conftest import Story, delphi, olive, stella, tell
from tests.integration.platform.data.competency.conftest import (
    acting,
    dictionary_alone,
    expert,
    keeper,
    skills,
    skills_world,
    trades,
)
from tests.integration.platform.data.competency.test_frameworks import draft
from tests.integration.platform.data.conftest import pack
from tests.integration.platform.data.supply.conftest import ActorOf, developer, facts, plan, programme
from zhiqiao.platform.data.evidence import titles
from zhiqiao.platform.data.models import Dimension, EnterprisePlan, FrameworkVersion, Indicator, Programme
from zhiqiao.platform.data.supply.conditions import ConditionFacts, save_condition
from zhiqiao.platform.data.supply.years import save_year
from zhiqiao.platform.governance.api import OrganisationKind, Role, User

__all__ = [
    "acting",
    "delphi",
    "developer",
    "dictionary_alone",
    "draft",
    "expert",
    "keeper",
    "olive",
    "pack",
    "plan",
    "programme",
    "skills",
    "skills_world",
    "stella",
    "tell",
    "trades",
]
SignIn = Callable[[User], Client]


def closed(client: Client, address: str, method: str = "get") -> bool:
    return getattr(client, method)(address).status_code in {404, 405}


def test_a_draft_framework_is_nowhere_to_be_seen(
    draft: FrameworkVersion,
    stella: User,
    officer: User,
    alice: User,
    student: User,
    actor_of: ActorOf,
    sign_in: SignIn,
) -> None:
    kinds = {"framework_dimension": Dimension, "framework_indicator": Indicator}
    for stranger in (stella, officer, alice, student):
        client = sign_in(stranger)
        for kind, model in kinds.items():
            uuid = model.objects.get().uuid
            assert closed(client, reverse("evidence", args=[kind, uuid]))
            assert titles(actor_of(stranger), kind, [uuid]) == {}
        for name in ("version", "edit", "export", "diff"):
            assert closed(client, reverse(f"data:framework_{name}", args=[draft.uuid]))
        for name in ("edit", "publish", "discard"):
            assert closed(client, reverse(f"data:framework_{name}", args=[draft.uuid]), "post")
        assert closed(client, reverse("data:framework", args=[draft.framework.uuid]))
        assert closed(client, reverse("data:framework_draft", args=[draft.framework.uuid]), "post")


def test_an_open_weight_study_is_nowhere_to_be_seen(
    delphi: Story, stella: User, officer: User, alice: User, actor_of: ActorOf, sign_in: SignIn
) -> None:
    study, item = delphi.study.uuid, delphi.study.items.first()
    assert item is not None
    for stranger in (stella, officer, alice):
        client = sign_in(stranger)
        for kind, uuid in (("weight_study", study), ("study_item", item.uuid)):
            assert closed(client, reverse("evidence", args=[kind, uuid]))
            assert titles(actor_of(stranger), kind, [uuid]) == {}
        for name in ("study", "results", "experts"):
            assert closed(client, reverse(f"evaluation:{name}", args=[study]))
        expert = delphi.links[0].expert.uuid
        for name in ("expert_link", "expert_end"):
            assert closed(client, reverse(f"evaluation:{name}", args=[expert]), "post")
        for name in ("round_open", "round_close", "study_close"):
            assert closed(client, reverse(f"evaluation:{name}", args=[study]), "post")
    delphi.study.refresh_from_db()
    assert delphi.study.state == "open"


def test_rows_of_another_school_are_nowhere_to_be_seen(
    alice: User,
    charlie: User,
    student: User,
    mentor: User,
    programme: Programme,
    actor_of: ActorOf,
    sign_in: SignIn,
) -> None:
    year = save_year(actor_of(alice), programme, facts(), year=2025)
    condition = save_condition(actor_of(alice), programme, ConditionFacts("封装线", "条", None, None, "", ""))
    for stranger in (charlie, student, mentor):
        client = sign_in(stranger)
        assert closed(client, reverse("evidence", args=["programme_year", year.uuid]))
        assert titles(actor_of(stranger), "programme_year", [year.uuid]) == {}
        for name, uuid in (
            ("supply_year", year.uuid),
            ("supply_year_edit", year.uuid),
            ("condition_edit", condition.uuid),
        ):
            assert closed(client, reverse(f"data:{name}", args=[uuid]))
    # a form that names a programme of another school by its id
    form = {"programme": programme.pk, "year": "2024", "source": "x", "version": "0"}
    assert sign_in(charlie).post(reverse("data:supply_year_new"), form).status_code == 422
    assert programme.supply_years.count() == 1


def test_a_plan_of_another_enterprise_is_nowhere_to_be_seen(
    plan: Callable[..., EnterprisePlan], officer: User, alice: User, sign_in: SignIn
) -> None:
    people = [
        person_with(
            Role.ENTERPRISE_HR,
            OrganisationFactory(key=f"f{n}", kind=OrganisationKind.ENTERPRISE),
            username=f"h{n}",
        )
        for n in range(2)
    ]
    row = plan(people[0], 4711)
    url = reverse("data:plan_edit", args=[row.uuid])
    assert "4711" in sign_in(people[0]).get(url).content.decode()
    for stranger in (people[1], officer, alice):
        assert closed(sign_in(stranger), url)
        assert closed(sign_in(stranger), url, "post")


@pytest.mark.parametrize(
    "kind", ["programme_year", "project", "regional_value", "framework_indicator", "study_item"]
)
def test_an_id_that_is_none_is_not_there(alice: User, sign_in: SignIn, kind: str) -> None:
    assert closed(sign_in(alice), reverse("evidence", args=[kind, UUID(int=7)]))
