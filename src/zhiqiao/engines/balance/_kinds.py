"""The kinds of gap that the fourth source paper names (its table 1), each with what it was concluded from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhiqiao.engines.balance._index import RoleIndex
from zhiqiao.engines.balance._values import BalanceParameters, ProgrammeSupply


class GapKind(StrEnum):
    """What is wrong between a post and the programmes of the region."""

    PROGRAMME_MISSING = "programme_missing"
    CONTENT_BEHIND = "content_behind"
    CONDITIONS_SHORT = "conditions_short"
    TOO_THEORETICAL = "too_theoretical"
    OVER_SUPPLY = "over_supply"


@dataclass(frozen=True)
class KindFinding:
    """A kind of gap at a post; `programme` is empty when it concerns none. `basis` are the numbers it rests on."""

    kind: GapKind
    role: str
    programme: str
    basis: Mapping[str, float | str]


def gap_kinds(
    index: RoleIndex, programmes: Sequence[ProgrammeSupply], parameters: BalanceParameters
) -> tuple[KindFinding, ...]:
    """Return the kinds of gap of one post, in the order of `GapKind`; nothing is concluded from what is unknown."""
    if index.uncovered is None:
        return ()
    role = index.role.key
    serving = [programme for programme in programmes if programme.key in index.programmes]
    if not serving:
        return (KindFinding(GapKind.PROGRAMME_MISSING, role, "", {"postings": index.postings}),)
    limits = parameters.kinds
    found = []
    if index.uncovered.low >= limits["content_behind"]:
        found.append(KindFinding(GapKind.CONTENT_BEHIND, role, "", {"uncovered": index.uncovered.value}))
    for programme in serving:
        found += _of_programme(role, programme, limits)
    if index.quantity is not None and index.quantity.high <= -limits["over_supply"]:
        found.append(KindFinding(GapKind.OVER_SUPPLY, role, "", {"quantity": index.quantity.value}))
    order = list(GapKind)
    return tuple(sorted(found, key=lambda finding: order.index(finding.kind)))


def _of_programme(role: str, programme: ProgrammeSupply, limits: Mapping[str, float]) -> list[KindFinding]:
    found = []
    for item in programme.conditions:
        if item.present is not None and item.present < limits["conditions"] * item.required:
            basis: dict[str, float | str] = {
                "name": item.name,
                "required": item.required,
                "present": item.present,
            }
            found.append(KindFinding(GapKind.CONDITIONS_SHORT, role, programme.key, basis))
    share, projects = programme.practice_share, programme.real_projects
    if share is not None and share < limits["practice_share"]:
        found.append(KindFinding(GapKind.TOO_THEORETICAL, role, programme.key, {"practice_share": share}))
    elif projects == 0:
        found.append(KindFinding(GapKind.TOO_THEORETICAL, role, programme.key, {"real_projects": 0}))
    return found
