"""Small worlds of postings and programmes for tests, drawn from a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from zhiqiao.engines.balance import Postings, ProgrammeSupply, RoleFacts, SkillFacts, Taught


def postings_of(
    asked: Mapping[str, Mapping[str, float]],
    *,
    size: Mapping[str, int],
    seed: int = 1,
    kinds: Mapping[str, str] | None = None,
) -> Postings:
    """Draw postings: `asked` maps posts to the share of their postings that names each skill."""
    chance = np.random.default_rng(seed)
    skills = sorted({skill for shares in asked.values() for skill in shares})
    role, posting, skill = [], [], []
    for at, (key, shares) in enumerate(asked.items()):
        for _ in range(size[key]):
            named = [name for name in skills if chance.random() < shares.get(name, 0.0)]
            posting += [len(role)] * len(named)
            skill += [skills.index(name) for name in named]
            role.append(at)
    return Postings(
        roles=tuple(RoleFacts(key, industry=f"i-{key[0]}", link=f"l-{key}") for key in asked),
        skills=tuple(SkillFacts(name, (kinds or {}).get(name, "tool")) for name in skills),
        role=np.array(role, dtype=np.int64),
        posting=np.array(posting, dtype=np.int64),
        skill=np.array(skill, dtype=np.int64),
    )


def programme(
    key: str, roles: Sequence[str], taught: Mapping[str, float], graduates: float | None = 100
) -> ProgrammeSupply:
    """Return a programme that teaches each skill for so many hours, half of them practice."""
    return ProgrammeSupply(
        key, tuple(roles), {name: Taught(hours, hours / 2) for name, hours in taught.items()}, graduates
    )
