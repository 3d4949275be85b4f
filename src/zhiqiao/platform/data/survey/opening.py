"""Skills that open answers name, by the dictionary that postings are mined with; of three enterprises or more."""

from __future__ import annotations

from dataclasses import dataclass

from zhiqiao import packs
from zhiqiao.engines.surveys import LEAST_SHOWN
from zhiqiao.infra.db.names import Name
from zhiqiao.platform.data.models import Skill
from zhiqiao.platform.data.survey.counting import Counted

__all__ = ["NamedSkill", "mined_skills"]


@dataclass(frozen=True)
class NamedSkill:
    """A skill with how many enterprises named it."""

    key: str
    name: Name
    enterprises: int


def mined_skills(counted: Counted, question: str) -> list[NamedSkill]:
    """Return the skills that at least three enterprises named in their answers to an open question, most named first.

    The dictionary knows no “not”: an enterprise that writes that it needs no English counts as naming English.
    """
    texts = {
        code: str(answers[question]) for code, answers in counted.answered.items() if answers.get(question)
    }
    if len(texts) < LEAST_SHOWN:
        return []
    # heavy, and only open answers need it
    import pyarrow as pa

    from zhiqiao.engines import jobmining
    from zhiqiao.platform.data.mined_with import current_rules
    from zhiqiao.platform.data.taxonomy import overlay

    batch = pa.record_batch({"posting_id": list(texts), "text": list(texts.values())})
    taxonomy = overlay.effective(packs.folder("common", "skills")).taxonomy
    found = jobmining.mine_batch(batch, taxonomy=taxonomy, rules=current_rules())
    pairs = set(zip(found["skill_id"].to_pylist(), found["posting_id"].to_pylist(), strict=True))
    counts: dict[str, int] = {}
    for skill, _enterprise in pairs:
        counts[skill] = counts.get(skill, 0) + 1
    shown = {skill: number for skill, number in counts.items() if number >= LEAST_SHOWN}
    names = {row.key: Name(row.name_zh, row.name_en) for row in Skill.objects.filter(key__in=shown)}
    return [
        NamedSkill(key, names.get(key, Name(key, key)), number)
        for key, number in sorted(shown.items(), key=lambda one: (-one[1], one[0]))
    ]
