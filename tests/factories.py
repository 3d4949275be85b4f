"""Makers of people and organisations for tests of every package."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from zhiqiao.platform.governance.models import (
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    UnitKind,
    User,
)

#: Every test password; long enough for the product's own rules.
PASSWORD = "a long enough pass-phrase"


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """A root organisation; with `parent` a unit below it."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    key = factory.Sequence(lambda number: f"organisation-{number}")
    kind = OrganisationKind.SCHOOL
    parent = None
    unit_kind = factory.LazyAttribute(
        lambda made: UnitKind.DEPARTMENT if made.parent else UnitKind.ORGANISATION
    )
    name_zh = factory.Sequence(lambda number: f"测试机构{number}")
    name_en = factory.Sequence(lambda number: f"Test organisation {number}")
    org_root_id = 0

    @factory.post_generation
    def place(self: Organisation, create: bool, extracted: object, **_: object) -> None:
        """Give the node its place in the tree, as the product's own action does."""
        if create:
            self.place()
            self.save()


class UserFactory(DjangoModelFactory[User]):
    """A person with a password and no membership."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person{number}")
    display_name = factory.Sequence(lambda number: f"测试人员{number}")
    email = factory.LazyAttribute(lambda made: f"{made.username}@example.org")

    @factory.post_generation
    def password(self: User, create: bool, extracted: str | None, **_: object) -> None:
        """Set the test password."""
        self.set_password(extracted or PASSWORD)
        if create:
            self.save()


class MembershipFactory(DjangoModelFactory[Membership]):
    """A role that has held for a while."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    org_root_id = factory.LazyAttribute(lambda made: made.organisation.org_root_id)
    role = Role.TEACHER
    starts = dt.date(2026, 1, 1)


def person_with(role: Role, organisation: Organisation, **fields: object) -> User:
    """Make a person who holds one role in an organisation."""
    user: User = UserFactory(**fields)
    MembershipFactory(user=user, organisation=organisation, role=role)
    return user


def the_one(role: Role, organisation: Organisation, *, username: str, **fields: object) -> User:
    """Return the person of a name whom a world has brought along (tests/worlds.py), else make one."""
    return User.objects.filter(username=username).first() or person_with(
        role, organisation, username=username, **fields
    )
