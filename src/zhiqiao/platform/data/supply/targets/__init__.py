"""The kinds of table that can be taken in as files, by the verb that the trail names them with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from zhiqiao.platform.data.supply.importing import Target
from zhiqiao.platform.data.supply.targets.conditions import ConditionsOfProgrammes
from zhiqiao.platform.data.supply.targets.enterprises import OwnEnterprises
from zhiqiao.platform.data.supply.targets.plans import OwnPlans
from zhiqiao.platform.data.supply.targets.projects import OwnProjects
from zhiqiao.platform.data.supply.targets.regional import RegionalValues
from zhiqiao.platform.data.supply.targets.specialties import SpecialtyEditions
from zhiqiao.platform.data.supply.targets.years import YearsOfProgrammes
from zhiqiao.platform.governance.api import Actor

__all__ = [
    "TARGETS",
    "ConditionsOfProgrammes",
    "OwnEnterprises",
    "OwnPlans",
    "OwnProjects",
    "RegionalValues",
    "SpecialtyEditions",
    "YearsOfProgrammes",
]

TARGETS: Mapping[str, Callable[[Actor], Target]] = {
    kind.verb: kind
    for kind in (
        YearsOfProgrammes,
        ConditionsOfProgrammes,
        OwnPlans,
        OwnProjects,
        RegionalValues,
        SpecialtyEditions,
        OwnEnterprises,
    )
}
