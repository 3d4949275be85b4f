"""Early signals of the report: those the watch finds over the year, as people were alerted of them and judged them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from zhiqiao.apps.management.report.gathering_counts import Counted
from zhiqiao.apps.management.report.gathering_region import Region
from zhiqiao.engines.report import Name, SignalFacts
from zhiqiao.platform.data.api import AlertView, alerts_between
from zhiqiao.platform.governance.api import Actor

__all__ = ["Alerts", "alerts_for"]

_Key = tuple[str, str, str, bool]
_ALL = Name("", "全部产业", "All industries")


@dataclass(frozen=True)
class Alerts:
    """The alerts raised in the year of the report, by industry, skill, month and direction."""

    raised: Mapping[_Key, AlertView]

    def told(self, found: tuple[SignalFacts, ...], region: Region) -> tuple[SignalFacts, ...]:
        """Return the signals found, without those dismissed, with alerts that speak of all industries at the end.

        The watch raises only what is new when it runs; the report tells the whole year, by the same rule.
        """
        own = [item for item in found if (alert := self.of(item)) is None or alert.is_open]
        wide = [
            _signal(alert, region)
            for (industry, *_rest), alert in self.raised.items()
            if not industry and alert.is_open and alert.skill_key in region.skills
        ]
        return (*own, *wide)

    def of(self, signal: SignalFacts) -> AlertView | None:
        """Return the alert of a signal."""
        return self.raised.get((signal.industry.key, signal.skill.key, signal.month, signal.rising))

    def uuid_of(self, signal: SignalFacts) -> UUID | None:
        """Return the uuid of the alert of a signal."""
        alert = self.of(signal)
        return alert.uuid if alert else None


def alerts_for(acting: Actor, count: Counted) -> Alerts:
    """Return the alerts of the last twelve months of the report."""
    found = sorted(alerts_between(acting, *count.recent), key=lambda item: (item.month, item.p))
    return Alerts(
        {
            (item.industry_key, item.skill_key, item.month, item.direction == "rise"): item
            for item in reversed(found)
        }
    )


def _signal(alert: AlertView, region: Region) -> SignalFacts:
    return SignalFacts(
        skill=region.skills[alert.skill_key].name,
        industry=_ALL,
        month=alert.month,
        rising=alert.direction == "rise",
        window=alert.window,
        count=alert.count,
        total=alert.total,
        before_count=alert.before_count,
        before_total=alert.before_total,
    )
