"""The cast of every test: Alice owns, Bob works beside her, Charlie is a stranger, and one person per desk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import settings as hypothesis_settings

from tests import migrated
from tests.factories import OrganisationFactory, the_one
from tests.worlds import in_order, lay, stand_on
from zhiqiao.infra.db.frozen import lift
from zhiqiao.platform.governance.access import Actor
from zhiqiao.platform.governance.models import Organisation, OrganisationKind, Role, UnitKind, User
from zhiqiao.platform.governance.sessions import actor_for, current_memberships

# A busy machine is no failure: tests are not timed.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave the worlds (tests/worlds.py) that a test does not stand on."""
    stand_on(item)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests of one world follow each other."""
    items[:] = in_order(items)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Let Django take the SQLite file that is laid out for it; the data folder goes with the run."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def keep_migrated(django_db_modify_db_settings: None) -> Iterator[Callable[[], None]]:
    """Lay a migrated file out for Django, else return how to keep the one it makes; others wait meanwhile."""
    with ExitStack() as stack:
        if connection.vendor == "sqlite" and not migrated.copy(
            place := Path(connection.settings_dict["TEST"]["NAME"])
        ):
            stack.enter_context(migrated.alone())
            if migrated.copy(place):  # somebody made it while this process waited
                stack.close()
            else:
                stack.callback(lambda: migrated.keep(connection.connection))
        yield stack.close


@pytest.fixture(scope="session")
def django_db_setup(
    keep_migrated: Callable[[], None], django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Let Django empty the tables between transactional tests although audit trail and editions refuse deletion.

    The triggers go before the flush; `post_migrate`, which a flush sends too, puts them back.
    """
    with django_db_blocker.unblock():
        connection.ensure_connection()
        keep_migrated()
    flush = connection.ops.execute_sql_flush

    def unlocked(statements: list[str]) -> None:
        lift(connection)
        flush(statements)

    connection.ops.execute_sql_flush = unlocked  # type: ignore[method-assign]
    yield
    connection.ops.execute_sql_flush = flush  # type: ignore[method-assign]


@dataclass(frozen=True)
class Places:
    """Where the cast works."""

    school: Organisation
    department: Organisation
    programme: Organisation
    other_school: Organisation
    other_programme: Organisation
    bureau: Organisation
    enterprise: Organisation
    association: Organisation
    operator: Organisation


def make_places() -> Places:
    """Make two schools with a programme each, a bureau, an enterprise, an association and the operator."""

    def school(letter: str) -> tuple[Organisation, Organisation, Organisation]:
        root = OrganisationFactory(key=f"school-{letter}", name_zh=f"{letter}校", name_en=f"School {letter}")
        department = OrganisationFactory(key=f"department-{letter}", parent=root)
        programme = OrganisationFactory(
            key=f"programme-{letter}", parent=department, unit_kind=UnitKind.PROGRAMME
        )
        return root, department, programme

    school_a, department, programme = school("a")
    school_b, _, other_programme = school("b")
    kinds = OrganisationKind
    return Places(
        school=school_a,
        department=department,
        programme=programme,
        other_school=school_b,
        other_programme=other_programme,
        bureau=OrganisationFactory(key="bureau", kind=kinds.GOVERNMENT),
        enterprise=OrganisationFactory(key="enterprise", kind=kinds.ENTERPRISE),
        association=OrganisationFactory(key="association", kind=kinds.ASSOCIATION),
        operator=OrganisationFactory(key="operator", kind=kinds.OPERATOR),
    )


@pytest.fixture(scope="session")
def places_world(request: pytest.FixtureRequest) -> Iterator[Places | None]:
    """The organisations of the cast."""
    yield from lay(request, make_places, or_bare=True)


@pytest.fixture
def places(places_world: Places | None, db: None) -> Places:
    """Two schools with a programme each, a bureau, an enterprise, an association and the operator."""
    return deepcopy(places_world) if places_world else make_places()


@pytest.fixture
def alice(places: Places) -> User:
    """Head of a programme of school A; the owner in every story."""
    return the_one(Role.PROGRAMME_HEAD, places.programme, username="alice", display_name="Alice")


@pytest.fixture
def bob(places: Places) -> User:
    """Teacher in Alice's programme; the colleague."""
    return the_one(Role.TEACHER, places.programme, username="bob", display_name="Bob")


@pytest.fixture
def charlie(places: Places) -> User:
    """Head of a programme of another school; the stranger."""
    return the_one(Role.PROGRAMME_HEAD, places.other_programme, username="charlie", display_name="Charlie")


@pytest.fixture
def school_admin(places: Places) -> User:
    """Administrator of school A."""
    return the_one(Role.SCHOOL_ADMIN, places.school, username="school-admin")


@pytest.fixture
def student(places: Places) -> User:
    """Student of Alice's programme."""
    return the_one(Role.STUDENT, places.programme, username="student")


@pytest.fixture
def officer(places: Places) -> User:
    """Officer of the education bureau."""
    return the_one(Role.BUREAU_OFFICER, places.bureau, username="officer")


@pytest.fixture
def mentor(places: Places) -> User:
    """Mentor in the enterprise."""
    return the_one(Role.ENTERPRISE_MENTOR, places.enterprise, username="mentor")


@pytest.fixture
def data_officer(places: Places) -> User:
    """Data officer of the bureau."""
    return the_one(Role.DATA_OFFICER, places.bureau, username="data-officer")


@pytest.fixture
def sysadmin(places: Places) -> User:
    """System administrator."""
    return the_one(Role.SYSTEM_ADMIN, places.operator, username="sysadmin")


@pytest.fixture
def secadmin(places: Places) -> User:
    """Security administrator."""
    return the_one(Role.SECURITY_ADMIN, places.operator, username="secadmin")


@pytest.fixture
def auditor(places: Places) -> User:
    """Audit administrator."""
    return the_one(Role.AUDIT_ADMIN, places.operator, username="auditor")


@pytest.fixture
def sign_in() -> Callable[[User], Client]:
    """Return a function that gives a browser in which a person is signed in."""

    def _sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return _sign_in


@pytest.fixture
def actor_of() -> Callable[[User], Actor]:
    """Return a function that gives the actor of a person under the first current membership."""

    def _actor_of(user: User) -> Actor:
        return actor_for(user, current_memberships(user.id)[0])

    return _actor_of


@pytest.fixture(autouse=True)
def _fresh_limits(request: pytest.FixtureRequest) -> None:
    """Forget counted sign-in attempts where no rollback does it; no flush knows the cache table."""
    if "transactional_db" in request.fixturenames:
        request.getfixturevalue("transactional_db")
        cache.clear()
