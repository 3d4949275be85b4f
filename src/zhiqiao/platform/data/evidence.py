"""The evidence of figures: hops with their basis and what rests on them, resolvers per kind, stored edges.

A kind of thing (posting, skill, gap line …) registers a resolver in its package's `resolvers.py`; the drawer walks
from hop to hop. Edges that can be derived from rows (posting asks for skill) are given by resolvers; edges of stored
results (gap line rests on demand figure) are written with `add_edges`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils.functional import Promise

from zhiqiao.platform.data.models import EvidenceEdge
from zhiqiao.platform.governance.access import Actor

__all__ = [
    "Edge",
    "Edges",
    "Hop",
    "Link",
    "SourceText",
    "add_edges",
    "edges_of",
    "kinds",
    "label_of",
    "remove_edges_of",
    "resolve",
    "resolver",
    "results_on",
    "titles",
]

Text = str | Promise
Resolver = Callable[[Actor, UUID], "Hop"]
Titles = Callable[[Actor, Sequence[UUID]], Mapping[UUID, str]]
_LINKS_SHOWN = 20


@dataclass(frozen=True)
class Link:
    """The way to a neighbouring hop."""

    kind: str
    uuid: UUID
    title: str
    note: Text = ""


@dataclass(frozen=True)
class SourceText:
    """A passage of a source: parts of text, each highlighted or not, and where it stands."""

    text_parts: tuple[tuple[str, bool], ...]
    url: str = ""
    note: Text = ""


@dataclass(frozen=True)
class Hop:
    """One stop on the way from a figure to its sources: what it is, how it came about, what it rests on."""

    kind: str
    uuid: UUID
    title: str
    facts: Sequence[tuple[Text, object]] = ()
    how: Text = ""
    method: str = ""
    method_version: str = ""
    at: dt.datetime | None = None
    basis: Sequence[Link] = ()
    derived: Sequence[Link] = ()
    sources: Sequence[SourceText] = ()
    url: str = ""
    value: str = ""
    recompute: Callable[[], str] | None = None
    is_demo: bool = False
    more_basis: int = 0
    more_derived: int = 0


@dataclass(frozen=True)
class Edge:
    """`derived` rests on `basis` (each kind and uuid) by a method in a version; `detail` holds counts or spans."""

    derived: tuple[str, UUID]
    basis: tuple[str, UUID]
    relation: str
    method: str
    method_version: str
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Edges:
    """The stored edges around one thing."""

    basis: tuple[Edge, ...]
    derived: tuple[Edge, ...]


@dataclass(frozen=True)
class _Kind:
    label: Text
    resolve: Resolver
    titles: Titles | None


_KINDS: dict[str, _Kind] = {}


def resolver(kind: str, *, label: Text = "", titles: Titles | None = None) -> Callable[[Resolver], Resolver]:
    """Register how a kind becomes a hop; `titles` names many at once and leaves out what may not be seen."""

    def register(function: Resolver) -> Resolver:
        _KINDS[kind] = _Kind(label or kind, function, titles)
        return function

    return register


def kinds() -> tuple[str, ...]:
    """Return the registered kinds."""
    return tuple(_KINDS)


def label_of(kind: str) -> Text:
    """Return what a kind is called."""
    return _KINDS[kind].label if kind in _KINDS else kind


def resolve(actor: Actor, kind: str, uuid: UUID) -> Hop:
    """Return a hop with its stored edges walked one step; 404 when unknown or not to be seen."""
    if kind not in _KINDS:
        raise Http404
    hop = _KINDS[kind].resolve(actor, uuid)
    edges = edges_of(kind, uuid)
    basis = _links(actor, [edge.basis for edge in edges.basis], known=hop.basis)
    derived = _links(actor, [edge.derived for edge in edges.derived], known=hop.derived)
    return replace(
        hop,
        basis=(*hop.basis, *basis)[:_LINKS_SHOWN],
        derived=(*derived, *hop.derived)[:_LINKS_SHOWN],
        more_basis=hop.more_basis + max(0, len(hop.basis) + len(basis) - _LINKS_SHOWN),
        more_derived=hop.more_derived + max(0, len(hop.derived) + len(derived) - _LINKS_SHOWN),
    )


def titles(actor: Actor, kind: str, uuids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Return the titles of those things of a kind that the actor may see."""
    known = _KINDS.get(kind)
    if known is None:
        return {}
    if known.titles is not None:
        return known.titles(actor, uuids)
    found = {}
    for uuid in uuids[:_LINKS_SHOWN]:
        try:
            found[uuid] = known.resolve(actor, uuid).title
        except Http404:
            continue
    return found


def add_edges(edges: Iterable[Edge], *, org_root_id: int) -> int:
    """Write edges of one organisation's results; an edge that is there gets the new method and detail."""
    rows = [
        EvidenceEdge(
            org_root_id=org_root_id,
            derived_kind=edge.derived[0],
            derived_uuid=edge.derived[1],
            basis_kind=edge.basis[0],
            basis_uuid=edge.basis[1],
            relation=edge.relation,
            method=edge.method,
            method_version=edge.method_version,
            detail=dict(edge.detail),
        )
        for edge in edges
    ]
    EvidenceEdge.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["derived_kind", "derived_uuid", "basis_kind", "basis_uuid", "relation"],
        update_fields=["method", "method_version", "detail", "updated_at"],
    )
    return len(rows)


def edges_of(kind: str, uuid: UUID) -> Edges:
    """Return what a thing rests on and what rests on it, as stored."""
    rows = EvidenceEdge.objects.filter(
        Q(derived_kind=kind, derived_uuid=uuid) | Q(basis_kind=kind, basis_uuid=uuid)
    ).order_by("id")
    basis: list[Edge] = []
    derived: list[Edge] = []
    for row in rows:
        edge = Edge(
            derived=(row.derived_kind, row.derived_uuid),
            basis=(row.basis_kind, row.basis_uuid),
            relation=row.relation,
            method=row.method,
            method_version=row.method_version,
            detail=row.detail,
        )
        (basis if edge.derived == (kind, uuid) else derived).append(edge)
    return Edges(tuple(basis), tuple(derived))


def results_on(kind: str, uuids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, list[UUID]]]:
    """Return, for each of these things that stored results rest on, the results by kind."""
    found: dict[UUID, dict[str, list[UUID]]] = {}
    rows = EvidenceEdge.objects.filter(basis_kind=kind, basis_uuid__in=uuids).order_by("id")
    for basis, derived_kind, derived in rows.values_list("basis_uuid", "derived_kind", "derived_uuid"):
        found.setdefault(basis, {}).setdefault(derived_kind, []).append(derived)
    return found


def remove_edges_of(kind: str, uuids: Sequence[UUID]) -> int:
    """Remove what derived things of a kind rest on, before they are computed anew; return how many edges."""
    return EvidenceEdge.objects.filter(derived_kind=kind, derived_uuid__in=uuids).delete()[0]


def _links(actor: Actor, ends: Sequence[tuple[str, UUID]], *, known: Sequence[Link]) -> list[Link]:
    seen = {(link.kind, link.uuid) for link in known}
    by_kind: dict[str, list[UUID]] = defaultdict(list)
    for kind, uuid in dict.fromkeys(ends):
        if (kind, uuid) not in seen:
            by_kind[kind].append(uuid)
    return [
        Link(kind, uuid, title)
        for kind, uuids in by_kind.items()
        for uuid, title in titles(actor, kind, uuids).items()
    ]
