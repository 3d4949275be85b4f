"""What this package tells others; written to the outbox in the transaction of the change."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "DemandAlertRaised",
    "FrameworkPublished",
    "ModuleChanged",
    "PostingsImported",
    "PostingsRecoded",
    "PostingsWithdrawn",
    "SkillsRemined",
]


@dataclass(frozen=True)
class PostingsImported:
    """An import has gone live: its postings count from now on."""

    import_uuid: str
    org_root_id: int
    is_shared: bool


@dataclass(frozen=True)
class PostingsRecoded:
    """Postings of an import have other posts, or count no more or again, because a person said so."""

    import_uuid: str
    org_root_id: int
    is_shared: bool


@dataclass(frozen=True)
class PostingsWithdrawn:
    """An import was withdrawn: its postings count no more."""

    import_uuid: str
    org_root_id: int
    is_shared: bool


@dataclass(frozen=True)
class ModuleChanged:
    """A module was changed, made or retired: what rests on its hours is to be computed anew."""

    module_uuid: str
    programme_uuid: str
    org_root_id: int


@dataclass(frozen=True)
class SkillsRemined:
    """The skills of an import were found anew with another version of the catalogue."""

    import_uuid: str
    org_root_id: int
    is_shared: bool
    version: str


@dataclass(frozen=True)
class DemandAlertRaised:
    """How often the region's shared postings name a skill has changed; `role_keys` are the posts that name it."""

    alert_uuid: str
    skill_key: str
    role_keys: tuple[str, ...]
    month: str
    direction: str


@dataclass(frozen=True)
class FrameworkPublished:
    """A version of a competency framework was published; the one before, if any, is superseded."""

    framework_uuid: str
    version_uuid: str
    number: int
    org_root_id: int
