"""Skills that open answers name, by the dictionary that postings are mined with; of three enterprises or more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from zhiqiao import packs
from zhiqiao.engines.surveys import LEAST_SHOWN
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.survey.counting import Counted

__all__ = ["NamedSkill", "mined_skills"]


@dataclass(frozen=True)
class NamedSkill:
    """A skill with how many enterprises named it."""

    key: str
    name: Name
    enterprises: int


def mined_skills(counted: Counted, questions: Sequence[str]) -> dict[str, list[NamedSkill]]:
    """Return by open question the skills that at least three enterprises named in their answers, most named first.

    The dictionary knows no “not”: an enterprise that writes that it needs no English counts as naming English.
    """
    texts = {
        (question, code): str(answers[question])
        for question in questions
        for code, answers in counted.answered.items()
        if answers.get(question)
    }
    if len(texts) < LEAST_SHOWN:
        return {}
    # heavy, and only open answers need it
    import pyarrow as pa

    from zhiqiao.engines import jobmining
    from zhiqiao.platform.data.mined_with import current_rules
    from zhiqiao.platform.data.taxonomy import overlay

    places = list(texts)
    ids = [str(at) for at in range(len(places))]
    batch = pa.record_batch({"posting_id": ids, "text": list(texts.values())})
    taxonomy = overlay.effective(packs.folder("common", "skills")).taxonomy
    found = jobmining.mine_batch(batch, taxonomy=taxonomy, rules=current_rules())
    named = set(zip(found["skill_id"].to_pylist(), found["posting_id"].to_pylist(), strict=True))
    counts = Counter((places[int(at)][0], skill) for skill, at in named)
    shown = {key: number for key, number in counts.items() if number >= LEAST_SHOWN}
    names = {one.id: Name(one.zh, one.en) for one in taxonomy.skills}
    told: dict[str, list[NamedSkill]] = {}
    for (question, skill), number in sorted(shown.items(), key=lambda one: (-one[1], one[0])):
        told.setdefault(question, []).append(NamedSkill(skill, names[skill], number))
    return told
