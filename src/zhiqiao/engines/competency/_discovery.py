"""One run of discovery from a corpus to clusters with typical skills, example sentences, scores and suggested names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from zhiqiao.engines.competency._coherence import modularity, ranked, silhouette
from zhiqiao.engines.competency._corpus import Corpus
from zhiqiao.engines.competency._evaluate import skill_coherences
from zhiqiao.engines.competency._examples import Example, examples_of
from zhiqiao.engines.competency._graph import edges_of
from zhiqiao.engines.competency._methods import Clustering, Method, cluster
from zhiqiao.engines.competency._naming import Suggested, suggest_name
from zhiqiao.engines.competency._parameters import Parameters
from zhiqiao.engines.competency._space import Space, build_space
from zhiqiao.engines.competency._topics import Term

__all__ = ["Cluster", "Discovery", "Member", "Reason", "Unclustered", "discover"]

Reason = Literal["rare", "small_cluster"]


@dataclass(frozen=True)
class Member:
    """A skill of a cluster; the weight is its part of the cluster's modularity (`ranked`), postings are of all."""

    skill_id: str
    zh: str
    kind: str
    weight: float
    postings: int


@dataclass(frozen=True)
class Cluster:
    """Skills that belong together, the most typical first.

    `name` is suggested by a rule and to be confirmed by a person; `coherence` is the NPMI of the first skills on
    held-out postings and None where it can not be told. `terms` are the first words of a topic over words.
    """

    id: str
    name: Suggested
    members: tuple[Member, ...]
    postings: int
    coherence: float | None
    terms: tuple[Term, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Unclustered:
    """A skill without a cluster and why: named by too few postings, or left in a group too small to keep."""

    skill_id: str
    zh: str
    kind: str
    postings: int
    reason: Reason


@dataclass(frozen=True)
class Discovery:
    """The clusters of a corpus and all that they were made by: the same again gives the same again."""

    method: Method
    k: int
    seed: int
    parameters_version: str
    corpus_digest: str
    taxonomy_version: str
    postings: int
    fold: int
    held_out: int
    clusters: tuple[Cluster, ...]
    unclustered: tuple[Unclustered, ...]
    coherence: float | None
    silhouette: float | None
    modularity: float


def discover(
    corpus: Corpus,
    *,
    method: Method,
    k: int,
    seed: int,
    parameters: Parameters,
    broader: Mapping[str, Sequence[tuple[str, str, str]]] | None = None,
) -> Discovery:
    """Group the skills of a corpus.

    `broader` names what stands above a skill in the taxonomy, nearest first, its category last, as (id, zh, en); it
    only serves to suggest names. Raises CorpusError or ParameterError.
    """
    space = build_space(corpus, parameters)
    found = cluster(space, method=method, k=k, seed=seed, parameters=parameters)
    coherences = skill_coherences(space, found, parameters)
    known = [value for value in coherences if value is not None]
    return Discovery(
        method=method,
        k=k,
        seed=seed,
        parameters_version=parameters.version,
        corpus_digest=corpus.digest,
        taxonomy_version=corpus.taxonomy_version,
        postings=len(corpus.posting_ids),
        fold=corpus.fold,
        held_out=len(space.held),
        clusters=_clusters(space, found, coherences, parameters, broader or {}),
        unclustered=_unclustered(space, found),
        coherence=float(np.mean(known)) if known else None,
        silhouette=silhouette(space, found.labels, smoothing=parameters.graph.smoothing),
        modularity=modularity(edges_of(space, parameters), found.labels),
    )


def _clusters(
    space: Space,
    found: Clustering,
    coherences: Sequence[float | None],
    parameters: Parameters,
    broader: Mapping[str, Sequence[tuple[str, str, str]]],
) -> tuple[Cluster, ...]:
    skills = space.corpus.skills
    groups = []
    for members, weights in ranked(space, found.labels):
        numbers = [int(space.skills[at]) for at in members]
        groups.append(
            tuple(
                Member(skills[at].id, skills[at].zh, skills[at].kind, float(weight), skills[at].postings)
                for at, weight in zip(numbers, weights, strict=True)
            )
        )
    examples = examples_of(space.corpus, groups_of(groups), parameters.result)
    counts = _postings(space.corpus, groups_of(groups))
    return tuple(
        Cluster(
            id=f"c{number + 1:02d}",
            name=suggest_name([(member.skill_id, member.zh) for member in members], broader),
            members=members,
            postings=counts[number],
            coherence=coherences[number],
            terms=found.terms[number] if found.terms else (),
            examples=examples[number],
        )
        for number, members in enumerate(groups)
    )


def groups_of(groups: Sequence[Sequence[Member]]) -> list[list[str]]:
    """Return the ids of the skills of each group."""
    return [[member.skill_id for member in members] for members in groups]


def _postings(corpus: Corpus, groups: Sequence[Sequence[str]]) -> list[int]:
    """Count the postings that name a skill of each group."""
    group_of = {skill: number for number, skills in enumerate(groups) for skill in skills}
    numbers = [group_of.get(skill.id) for skill in corpus.skills]
    counts = [0] * len(groups)
    for own in corpus.skill_sets:
        for number in {numbers[skill] for skill in own}:
            if number is not None:
                counts[number] += 1
    return counts


def _unclustered(space: Space, found: Clustering) -> tuple[Unclustered, ...]:
    label = dict(zip(space.skills.tolist(), found.labels.tolist(), strict=True))
    return tuple(
        Unclustered(
            skill.id, skill.zh, skill.kind, skill.postings, "small_cluster" if at in label else "rare"
        )
        for at, skill in enumerate(space.corpus.skills)
        if label.get(at, -1) < 0
    )
