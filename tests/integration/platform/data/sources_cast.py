"""People and sources of the tests of the register and its connectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Places
from tests.factories import person_with
from zhiqiao.infra import storage
from zhiqiao.platform.data import registering
from zhiqiao.platform.data.models import CollectionTerms, Source, SourceKind
from zhiqiao.platform.data.registering import SourceFacts
from zhiqiao.platform.governance.api import Actor, Role, User

FACTS = SourceFacts(
    name="人才网月报",
    kind=SourceKind.JOB_SITE,
    licence_note="人才网提供，仅限区域内统计。",
    collection_terms=CollectionTerms.PERMITTED,
    terms_note="",
    steward_id=None,
    trust="",
    trust_reason="",
    places=[],
    industries=[],
    covers_from=None,
    covers_to=None,
    refresh_days=None,
    refreshed_on=None,
    is_shared=False,
)
NewSource = Callable[..., Source]


@pytest.fixture
def olga(places: Places) -> User:
    """Officer of the association; owns the sources of these tests."""
    return person_with(Role.ASSOCIATION_OFFICER, places.association, username="olga", display_name="Olga")


@pytest.fixture
def otto(places: Places) -> User:
    """Another officer of the association; the colleague."""
    return person_with(Role.ASSOCIATION_OFFICER, places.association, username="otto", display_name="Otto")


@pytest.fixture
def dora(places: Places) -> User:
    """Data officer of the other school; the stranger."""
    return person_with(Role.DATA_OFFICER, places.other_school, username="dora", display_name="Dora")


@pytest.fixture
def hanna(places: Places) -> User:
    """HR of the enterprise."""
    return person_with(Role.ENTERPRISE_HR, places.enterprise, username="hanna", display_name="Hanna")


@pytest.fixture
def new_source(skills: Path, olga: User, actor_of: Callable[[User], Actor]) -> NewSource:
    """Return a function that registers a source of the association."""

    def _new(user: User | None = None, **facts: object) -> Source:
        return registering.register_source(actor_of(user or olga), replace(FACTS, **facts))  # type: ignore[arg-type]

    return _new


@pytest.fixture
def inbox(places: Places) -> Path:
    """The association's inbox folder, empty."""
    import shutil

    root = storage.inbox(places.association.key)
    shutil.rmtree(root)
    return storage.inbox(places.association.key)
