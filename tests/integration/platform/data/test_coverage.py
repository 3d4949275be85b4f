"""Statements on coverage: each says what the data say, with the numbers, and only when it matters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.platform.data.conftest import HEADER, ROWS, Upload
from zhiqiao.platform.data import measuring
from zhiqiao.platform.data.models import Facet, FacetCount, JobRole, Skill, Source
from zhiqiao.platform.data.selectors.coverage import Coverage, coverage, source_shares
from zhiqiao.platform.data.selectors.demand import demand, live
from zhiqiao.platform.governance.api import Actor, User

ActorOf = Callable[[User], Actor]
SignIn = Callable[[User], Client]
TODAY = dt.date(2026, 11, 21)


def kinds(found: Coverage) -> list[str]:
    return [statement.kind for statement in found.statements]


def numbers(found: Coverage, kind: str) -> list[dict[str, object]]:
    return [dict(statement.numbers) for statement in found.statements if statement.kind == kind]


def set_industry(code: str, *, latest: str) -> None:
    FacetCount.objects.filter(facet=Facet.INDUSTRY).update(value=code, latest=latest)


def test_without_postings_the_report_says_few_and_nothing_else(alice: User, actor_of: ActorOf) -> None:
    found = coverage(actor_of(alice), today=TODAY)
    assert (found.total, kinds(found)) == (0, ["few"])


def test_one_source_few_rows_no_grade(alice: User, import_file: Upload, actor_of: ActorOf) -> None:
    import_file(alice)
    found = coverage(actor_of(alice), today=TODAY)
    assert numbers(found, "few") == [{"postings": 3, "least": 30}]
    assert numbers(found, "source") == [{"postings": 3, "total": 3}, {"sources": 1, "postings": 3}]
    assert [(share.postings, share.total, share.trust) for share in found.sources] == [(3, 3, "")]


def test_a_graded_source_among_others_is_not_complained_about(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    import_file(alice, HEADER + ROWS[0].replace("Python和Docker", "Java"), name="b.csv", shared=True)
    Source.objects.update(trust="B")
    found = coverage(actor_of(alice), today=TODAY)
    assert sorted(share.postings for share in found.sources) == [1, 3]
    assert numbers(found, "source") == []


def test_an_industry_that_ended_and_one_that_never_came(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    Source.objects.update(industries=["A", "C"])
    set_industry("C", latest="2020-05")
    found = coverage(actor_of(alice), today=TODAY)
    assert numbers(found, "industry") == [
        {"industry": "A", "postings": 0},
        {"industry": "C", "latest": "2020-05"},
    ]
    assert "2020-05 之后没有行业门类 C 制造业 的招聘信息。" in found.texts
    set_industry("C", latest="2026-05")
    assert numbers(coverage(actor_of(alice), today=TODAY), "industry") == [{"industry": "A", "postings": 0}]


def test_a_claimed_city_without_postings_is_named(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    Source.objects.update(places=["成都", "达州市"])
    assert numbers(coverage(actor_of(alice), today=TODAY), "place") == [{"place": "达州市", "postings": 0}]


def test_tags_only_and_unknown_months_are_counted(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice, "".join([HEADER, *(row.rpartition(",")[0] + ",\n" for row in ROWS)]))
    FacetCount.objects.filter(facet=Facet.TEXT_KIND).update(value="tags")
    found = coverage(actor_of(alice), today=TODAY)
    assert "100.0% 的招聘信息只有技能标签，没有正文。" in found.texts
    assert "100.0% 的招聘信息没有发布月份。" in found.texts
    assert "100.0% 的招聘信息没有可识别的行业门类。" in found.texts


def test_an_overdue_source_is_named_with_its_day(alice: User, import_file: Upload, actor_of: ActorOf) -> None:
    import_file(alice)
    Source.objects.update(refresh_days=30, refreshed_on=dt.date(2026, 10, 1))
    assert numbers(coverage(actor_of(alice), today=TODAY), "refresh") == [{"due": "2026-10-31", "days": 21}]
    assert numbers(coverage(actor_of(alice), today=dt.date(2026, 10, 31)), "refresh") == []


def test_many_gaps_of_one_kind_are_cut_and_counted(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    Source.objects.update(places=[f"地方{number}" for number in range(9)])
    assert numbers(coverage(actor_of(alice), today=TODAY), "place")[-1] == {"more": 3}


def test_only_the_posts_asked_for_count(alice: User, import_file: Upload, actor_of: ActorOf) -> None:
    import_file(alice)
    role = JobRole.objects.get(key="packer")
    found = coverage(actor_of(alice), [role.pk], today=TODAY)
    assert found.total == 1
    assert numbers(found, "few") == [{"postings": 1, "least": 30}]


def test_imports_from_before_measuring_are_said_and_then_measured(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    FacetCount.objects.all().delete()
    assert numbers(coverage(actor_of(alice), today=TODAY), "unmeasured") == [{"postings": 3}]
    assert measuring.measure_unmeasured() == 1
    assert measuring.measure_unmeasured() == 0
    assert "unmeasured" not in kinds(coverage(actor_of(alice), today=TODAY))


def test_a_strangers_private_source_is_nowhere_in_it(
    alice: User, charlie: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    found = coverage(actor_of(charlie), today=TODAY)
    assert (found.total, found.sources) == (0, ())


def test_a_figure_states_its_sources_with_trust_and_postings(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    import_file(alice, HEADER + ROWS[0].replace("Python和Docker", "Java"), name="b.csv", shared=True)
    Source.objects.filter(is_shared=True).update(trust="A")
    java = Skill.objects.get(key="java")
    shares = source_shares(live(actor_of(alice)), skill_id=java.pk)
    assert [(share.trust, share.postings, share.asking) for share in shares] == [("", 3, 1), ("A", 1, 1)]
    table = demand(actor_of(alice))
    assert sorted((item.trust, item.postings) for item in table.imports) == [("", 3), ("A", 1)]


def test_the_same_posting_in_two_sources_counts_once(
    alice: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(alice)
    again = import_file(alice, HEADER + ROWS[0] + ROWS[1], name="elsewhere.csv", shared=True)
    assert (again.kept, again.duplicates) == (0, 2)
    assert sum(share.postings for share in source_shares(live(actor_of(alice)))) == 3


def test_a_posting_shared_by_one_organisation_counts_once_for_another(
    alice: User, charlie: User, import_file: Upload, actor_of: ActorOf
) -> None:
    import_file(charlie, shared=True)
    again = import_file(alice)
    assert (again.kept, again.duplicates) == (0, 4)
    assert sum(share.postings for share in source_shares(live(actor_of(alice)))) == 3


@pytest.mark.parametrize("page", ["data:skills", "data:skill", "data:role"])
def test_pages_and_exports_carry_the_statements(
    alice: User, import_file: Upload, sign_in: SignIn, page: str
) -> None:
    import_file(alice)
    key = {"data:skill": ["python"], "data:role": ["developer"]}.get(page, [])
    client = sign_in(alice)
    shown = client.get(reverse(page, args=key)).content.decode()
    assert "少于 30 条" in shown
    if page != "data:skill":
        export = client.get(reverse(page, args=key) + "?export=csv").content.decode("utf-8-sig")
        assert "# 只有 " in export
