"""Marks for a published edition: who may give them, that the newest count, what one alone does not show."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test import Client
from django.urls import reverse

from tests.conftest import Places
from tests.factories import person_with
from tests.integration.apps.management.report.conftest import NOW, ActorOf, draft
from zhiqiao.apps.management.errors import BadEdit
from zhiqiao.apps.management.models import EditionRating, ReportEdition
from zhiqiao.apps.management.report.rating import rate, rated, rubric, why_not
from zhiqiao.apps.management.report.signing import withdraw
from zhiqiao.platform.data.evidence import resolve
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import AuditEvent, Role, User

SignIn = Callable[[User], Client]
KEYS = [one.key for one in rubric().criteria]


@pytest.fixture
def raters(places: Places) -> tuple[User, User]:
    """An officer of the association and a school's administrator: neither had a part in the report."""
    return (
        person_with(Role.ASSOCIATION_OFFICER, places.association, username="rater-a"),
        person_with(Role.SCHOOL_ADMIN, places.school, username="rater-b"),
    )


def marks(*given: int) -> dict[str, int]:
    return dict(zip(KEYS, given, strict=True))


def give(acting: Actor, row: ReportEdition, *given: int, comment: str = "") -> EditionRating:
    return rate(row.uuid, acting=acting, marks=marks(*given), comment=comment, now=NOW)


def test_one_person_alone_shows_no_figure_two_do(
    published: ReportEdition, raters: tuple[User, User], officer: User, actor_of: ActorOf
) -> None:
    first, second = map(actor_of, raters)
    give(first, published, 4, 4, 4, 4, 4, 4)
    assert rated(actor_of(officer), published).raters == 1
    assert rated(actor_of(officer), published).quality is None
    give(second, published, 4, 4, 2, 4, 4, 4)
    found = rated(actor_of(officer), published).quality
    assert found is not None
    assert found.share == pytest.approx((5 * 4 + 3) / 24)
    assert [one.criterion.key for one in found.to_settle] == [KEYS[2]]


def test_marks_given_again_count_instead_and_the_older_stay(
    published: ReportEdition, raters: tuple[User, User], actor_of: ActorOf
) -> None:
    first, second = map(actor_of, raters)
    give(first, published, 0, 0, 0, 0, 0, 0)
    give(first, published, 2, 2, 2, 2, 2, 2, comment=" 好\x00 ")
    give(second, published, 2, 2, 2, 2, 2, 2)
    found = rated(first, published)
    assert (found.raters, found.quality.share if found.quality else None) == (2, 0.5)
    assert [row.number for row in EditionRating.objects.filter(by_id=first.user_id).order_by("number")] == [
        1,
        2,
    ]
    kept = found.mine
    assert kept is not None
    assert kept.comment == "好"
    assert AuditEvent.objects.filter(action="report.rated").count() == 3


def test_those_who_made_or_signed_it_give_no_marks(
    published: ReportEdition, officer: User, chief: User, actor_of: ActorOf
) -> None:
    for person in (officer, chief):
        assert why_not(actor_of(person), published)
        with pytest.raises((BadEdit, Http404)):
            give(actor_of(person), published, 4, 4, 4, 4, 4, 4)
    assert not EditionRating.objects.exists()


def test_a_draft_and_a_withdrawn_edition_take_no_marks(
    published: ReportEdition, raters: tuple[User, User], chief: User, actor_of: ActorOf
) -> None:
    withdraw(published.uuid, acting=actor_of(chief), version=published.version, reason="有误", now=NOW)
    with pytest.raises(BadEdit, match="未撤回"):
        give(actor_of(raters[0]), published, 4, 4, 4, 4, 4, 4)
    later = draft(actor_of(chief), correction="更正")
    with pytest.raises(Http404):
        give(actor_of(raters[0]), later, 4, 4, 4, 4, 4, 4)


@pytest.mark.parametrize("wrong", [{}, {KEYS[0]: 4}, dict.fromkeys(KEYS, 5), dict.fromkeys(KEYS, -1)])
def test_every_criterion_needs_a_mark_of_the_scale(
    published: ReportEdition, raters: tuple[User, User], actor_of: ActorOf, wrong: dict[str, int]
) -> None:
    with pytest.raises(BadEdit, match="每一项"):
        rate(published.uuid, acting=actor_of(raters[0]), marks=wrong, comment="", now=NOW)


def test_the_database_refuses_to_change_marks(
    published: ReportEdition, raters: tuple[User, User], actor_of: ActorOf
) -> None:
    give(actor_of(raters[0]), published, 1, 1, 1, 1, 1, 1)
    for verb in ("UPDATE management_editionrating SET number = 9", "DELETE FROM management_editionrating"):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            connection.cursor().execute(verb)


def test_the_page_takes_a_sheet_and_shows_what_two_gave(
    published: ReportEdition, raters: tuple[User, User], sign_in: SignIn
) -> None:
    page, send = (reverse(f"management:report_{name}", args=[published.uuid]) for name in ("quality", "rate"))
    for person in raters:
        client = sign_in(person)
        assert "至少 2 人评分后才显示" in client.get(page).content.decode()
        sheet = {f"mark-{key}": "3" for key in KEYS}
        assert client.post(send, {**sheet, f"mark-{KEYS[1]}": "x"}).status_code == 422
        assert client.post(send, sheet).status_code == 302
    shown = client.get(page).content.decode()
    assert "75.0%" in shown
    assert 'value="3" checked' in shown


def test_a_sheet_that_is_refused_comes_back_filled(
    published: ReportEdition, raters: tuple[User, User], sign_in: SignIn
) -> None:
    send = reverse("management:report_rate", args=[published.uuid])
    answer = sign_in(raters[0]).post(send, {f"mark-{KEYS[0]}": "4", "comment": "<b>粗</b>"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'name="mark-{KEYS[0]}" value="4" checked' in text
    assert "&lt;b&gt;粗&lt;/b&gt;" in text
    assert "<b>粗</b>" not in text


def test_students_read_the_figure_and_give_no_marks(
    published: ReportEdition, places: Places, sign_in: SignIn
) -> None:
    client = sign_in(person_with(Role.STUDENT, places.programme, username="pupil"))
    page, send = (reverse(f"management:report_{name}", args=[published.uuid]) for name in ("quality", "rate"))
    assert "您的角色不能为报告评分" in client.get(page).content.decode()
    assert client.post(send, {f"mark-{key}": "3" for key in KEYS}).status_code == 404
    assert client.get(reverse("management:report_quality", args=[uuid4()])).status_code == 404


def test_evidence_holds_means_and_no_single_sheet(
    published: ReportEdition, raters: tuple[User, User], actor_of: ActorOf
) -> None:
    first, second = map(actor_of, raters)
    give(first, published, 4, 4, 4, 4, 4, 4, comment="只有我知道")
    give(second, published, 2, 2, 2, 2, 2, 2)
    hop = resolve(second, "report_quality", published.uuid)
    assert hop.value == "75.0%"
    assert hop.recompute is not None
    assert hop.recompute() == hop.value
    assert "只有我知道" not in str(hop)
    assert dict(hop.facts)[rubric().criteria[0].zh] == "3.0 / 4"
