"""Small predicates that become a database filter and a test of one object, so that both can not differ."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Protocol

from django.db.models import Model, Q


class Predicate(Protocol):
    """A condition on rows of one model."""

    def as_q(self) -> Q:
        """Return the condition as a queryset filter."""
        ...

    def holds(self, obj: Model) -> bool:
        """Tell whether one object meets the condition."""
        ...


def _value(obj: object, lookup: str) -> object:
    """Follow a `__` path over an object; a missing link gives None as a database join would."""
    for name in lookup.split("__"):
        if obj is None:
            return None
        obj = getattr(obj, name)
    return obj


@dataclass(frozen=True)
class Everything:
    """Every row."""

    def as_q(self) -> Q:
        """Return a filter that keeps all; an empty Q would vanish from an alternative (`Q() | x` is `x`)."""
        return ~Q(pk__in=[])

    def holds(self, obj: Model) -> bool:  # noqa: ARG002
        """Hold for any object."""
        return True


@dataclass(frozen=True)
class Nothing:
    """No row."""

    def as_q(self) -> Q:
        """Return a filter that keeps none."""
        return Q(pk__in=[])

    def holds(self, obj: Model) -> bool:  # noqa: ARG002
        """Hold for no object."""
        return False


@dataclass(frozen=True)
class Equals:
    """A column equals a value; None never matches (an actor without an organisation owns nothing)."""

    lookup: str
    value: object

    def as_q(self) -> Q:
        """Return the equality as a filter."""
        return Q(pk__in=[]) if self.value is None else Q(**{self.lookup: self.value})

    def holds(self, obj: Model) -> bool:
        """Compare the object's value."""
        return self.value is not None and _value(obj, self.lookup) == self.value


@dataclass(frozen=True)
class Under:
    """A tree path lies at or below another."""

    lookup: str
    path: str

    def as_q(self) -> Q:
        """Return the prefix as a filter."""
        return Q(**{f"{self.lookup}__startswith": self.path}) if self.path else Q(pk__in=[])

    def holds(self, obj: Model) -> bool:
        """Compare the object's path."""
        return bool(self.path) and str(_value(obj, self.lookup) or "").startswith(self.path)


@dataclass(frozen=True)
class AnyOf:
    """At least one of several conditions."""

    parts: tuple[Predicate, ...]

    def as_q(self) -> Q:
        """Return the alternatives as a filter."""
        return reduce(lambda left, right: left | right, (part.as_q() for part in self.parts), Q(pk__in=[]))

    def holds(self, obj: Model) -> bool:
        """Hold when one part holds."""
        return any(part.holds(obj) for part in self.parts)
