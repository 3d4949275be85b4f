"""Two editors at once: one edit is kept, the other is told, nothing is lost and nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.platform.data.competency.test_frameworks import draft
from tests.together import together
from zhiqiao.platform.data.competency import building, drafting, editing, publishing
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import (
    CompetencyFramework,
    CompetencyStudy,
    Dimension,
    FrameworkState,
    FrameworkVersion,
    Indicator,
    IndicatorSkill,
    StudyEdit,
)
from zhiqiao.platform.governance.api import Actor, AuditEvent, User

__all__ = ["draft"]
pytestmark = pytest.mark.django_db(transaction=True)
Acts = Callable[[User], Actor]


def refused(outcomes: object) -> int:
    """Return how many were told no; anything else that was raised fails the test."""
    assert isinstance(outcomes, list)
    broken = [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert broken == []
    return sum(isinstance(one, Refused) for one in outcomes)


def test_of_many_edits_of_one_draft_one_is_kept(
    draft: FrameworkVersion, acting: Actor, expert: User, actor_of: Acts
) -> None:
    other, edition = actor_of(expert), draft.edition
    dimension, indicator = Dimension.objects.get(), Indicator.objects.get()
    outcomes = together(
        lambda: drafting.rename_part(acting, draft.uuid, dimension.uuid, "园林", seen=edition),
        lambda: drafting.rename_part(other, draft.uuid, dimension.uuid, "花卉", seen=edition),
        lambda: drafting.add_skill(other, draft.uuid, indicator.uuid, "garden-3", seen=edition),
        lambda: drafting.remove_part(acting, draft.uuid, indicator.uuid, seen=edition),
    )
    assert refused(outcomes) == 3
    draft.refresh_from_db()
    assert draft.edition == edition + 1
    edits = AuditEvent.objects.filter(action="frameworks.edited", detail__edition=edition + 1)
    assert edits.count() == 1


def test_edits_without_an_edition_are_all_kept(draft: FrameworkVersion, acting: Actor) -> None:
    outcomes = together(*(
        lambda number=number: drafting.add_dimension(acting, draft.uuid, f"维度{number}", seen=None)
        for number in range(4)
    ))  # fmt: skip
    assert refused(outcomes) == 0
    assert Dimension.objects.filter(version=draft).count() == 5
    assert len(set(Dimension.objects.values_list("key", flat=True))) == 5


def test_publication_and_an_edit_at_the_same_moment(
    draft: FrameworkVersion, acting: Actor, expert: User, actor_of: Acts
) -> None:
    other, edition = actor_of(expert), draft.edition
    dimension = Dimension.objects.get()
    outcomes = together(
        lambda: publishing.publish_version(acting, draft.uuid, seen=edition),
        lambda: drafting.rename_part(other, draft.uuid, dimension.uuid, "花卉", seen=edition),
    )
    assert refused(outcomes) == 1
    draft.refresh_from_db()
    dimension.refresh_from_db()
    was_published = draft.state == FrameworkState.PUBLISHED
    assert (dimension.name_zh == "园艺") == was_published


def test_publication_twice_and_a_discard_at_the_same_moment(draft: FrameworkVersion, acting: Actor) -> None:
    edition = draft.edition
    outcomes = together(
        lambda: publishing.publish_version(acting, draft.uuid, seen=edition),
        lambda: publishing.publish_version(acting, draft.uuid, seen=edition),
        lambda: publishing.discard_draft(acting, draft.uuid, seen=edition),
    )
    told = [one for one in outcomes if isinstance(one, Exception)]
    # who comes when the draft is gone already is told that there is none
    assert all(type(one).__name__ in {"Refused", "Http404"} for one in told), told
    assert len(told) == 2
    left = list(FrameworkVersion.objects.values_list("state", flat=True))
    assert left in ([], [FrameworkState.PUBLISHED])
    assert bool(left) == CompetencyFramework.objects.exists()


def test_a_draft_thrown_away_under_an_edit(draft: FrameworkVersion, acting: Actor) -> None:
    edition, dimension = draft.edition, Dimension.objects.get()
    outcomes = together(
        lambda: publishing.discard_draft(acting, draft.uuid, seen=edition),
        lambda: drafting.rename_part(acting, draft.uuid, dimension.uuid, "花卉", seen=edition),
    )
    told = [one for one in outcomes if isinstance(one, Exception)]
    assert [type(one).__name__ in {"Refused", "Http404"} for one in told] == [True]
    assert FrameworkVersion.objects.exists() == (told[0] is outcomes[0])


def test_the_next_version_is_begun_once_and_whole(draft: FrameworkVersion, acting: Actor) -> None:
    first = publishing.publish_version(acting, draft.uuid, seen=draft.edition)
    outcomes = together(*[lambda: building.next_draft(acting, first.framework)] * 3)
    assert refused(outcomes) == 2
    second = FrameworkVersion.objects.get(number=2)
    assert IndicatorSkill.objects.filter(version=second).count() == 2


def test_the_example_is_begun_once(trades: Path, acting: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    made = building._of_example

    def short(actor: Actor, example: object, *, is_demo: bool) -> FrameworkVersion:
        return building._begin(actor, "示例", "", origin="pack", key="example", is_demo=is_demo)  # type: ignore[arg-type]  # the text of the choice

    assert made
    monkeypatch.setattr(building, "_of_example", short)
    example = building.examples()[0]
    assert refused(together(*[lambda: building.from_example(acting, example)] * 3)) == 2
    assert CompetencyFramework.objects.count() == 1


def test_of_many_edits_of_the_groups_one_is_kept_with_its_before(
    study: CompetencyStudy, acting: Actor, expert: User, actor_of: Acts
) -> None:
    other = actor_of(expert)
    ids = [group["id"] for group in study.grouping["groups"]]
    skills = study.grouping["groups"][0]["skills"]
    seen = study.edition
    outcomes = together(
        lambda: editing.merge_groups(acting, study, ids[:2], seen=seen),
        lambda: editing.split_group(other, study, ids[0], skills[:2], name="新组", seen=seen),
        lambda: editing.move_skill(acting, study, skills[0], ids[1], seen=seen),
        lambda: editing.rename_group(other, study, ids[0], "改名", seen=seen),
    )
    assert refused(outcomes) == 3
    before = study.grouping
    study.refresh_from_db()
    assert StudyEdit.objects.get().before == before
    everything = sorted(skill for group in before["groups"] for skill in group["skills"])
    assert sorted(skill for group in study.grouping["groups"] for skill in group["skills"]) == everything
