"""Turns the loop once in demo mode: forecast, alerts, balance, report and competency study on the pack's own postings.

The worker does it in the background, one step after the other, through the verbs people use and in the name of a demo
person; the audit trail says that it was the demo and not the person. A step whose result is there is left out, so every
start completes what is missing; a step that fails is told and does not stop the others.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from zhiqiao.apps.management.balance.jobs import run_balance
from zhiqiao.apps.management.balance.selectors import report_row
from zhiqiao.apps.management.report.jobs import run_draft
from zhiqiao.apps.management.report.selectors import editions
from zhiqiao.engines import demand as engine
from zhiqiao.infra.config import config
from zhiqiao.infra.jobs.api import Cancelled, JobContext, JobError, JobFailed, JobState, enqueue, job, runs
from zhiqiao.platform.data import api as data
from zhiqiao.platform.data.competency.studies import studies
from zhiqiao.platform.data.competency.studying import Wanted, start_study
from zhiqiao.platform.data.forecasting.actions import publish_forecast
from zhiqiao.platform.data.forecasting.jobs import run_forecast
from zhiqiao.platform.data.forecasting.watching import raise_alerts
from zhiqiao.platform.data.selectors.forecasts import forecasts
from zhiqiao.platform.governance.api import Actor, Role, actor_of_membership, audit, demo_actor

__all__ = ["STEPS", "TURN", "run_step", "start"]

TURN = "demo.turn"
ATTEMPTS = 3
NOTE = "演示数据"
#: Months between the days on which the watch looks again, and how many such days: the newest month is the last.
_WATCH_EACH, _WATCH_DAYS = 3, 4
#: From July on the report is that of the coming year, as its own page proposes.
_SECOND_HALF = 7
_WATCHING = gettext_noop("逐季回看需求变化")
_PUBLISHING = gettext_noop("发布演示预测")

log = logging.getLogger(__name__)
Result = dict[str, object]


@dataclass(frozen=True)
class Step:
    """Something the product offers to do by a person: for whom, whether its result is there, how it is made."""

    key: str
    title: str
    roles: tuple[Role, ...]
    is_there: Callable[[Actor], bool]
    make: Callable[[JobContext, Actor], Result]

    def actor(self) -> Actor | None:
        """Return the demo person in whose name it is done; None when the pack has none."""
        return next(filter(None, map(demo_actor, self.roles)), None)


def start() -> bool:
    """Queue the first missing step of a demo whose postings are in; False when there is nothing to do."""
    on_the_way = runs().filter(kind=TURN, state__in=[JobState.QUEUED, JobState.RUNNING])
    if not config().demo or on_the_way.exists() or not data.demo_import_is_live():
        return False
    return _queue(STEPS)


@job(TURN, attempts=ATTEMPTS)
def run_step(context: JobContext, *, step: str, membership_id: int) -> Result:
    """Make the result of one step unless it is there, and queue the next step whatever comes of this one."""
    at = next(place for place, one in enumerate(STEPS) if one.key == step)
    wanted, later = STEPS[at], STEPS[at + 1 :]
    acting = actor_of_membership(membership_id)
    if not config().demo:
        raise Cancelled
    try:
        result = {} if wanted.is_there(acting) else wanted.make(context, acting)
    except JobError as error:
        if isinstance(
            error, Cancelled | JobFailed
        ):  # else the worker stops or lost the run: the step comes again
            log.warning("demo: step %s is left out: %s", step, error)
            _queue(later)
        raise
    except Exception:
        if context.run.attempts >= ATTEMPTS:
            log.warning("demo: step %s is given up", step)
            _queue(later)
        raise
    _queue(later)
    return result


def _queue(steps: tuple[Step, ...]) -> bool:
    """Queue the first of these steps that is missing, once."""
    if runs().filter(kind=TURN, state=JobState.QUEUED).exists():
        return False
    for step in steps:
        acting = step.actor()
        if acting is None:
            log.warning("demo: step %s is left out: the pack has no person for it", step.key)
        elif not _is_done(step, acting):
            _enqueue(step, acting)
            return True
    log.info("demo: the loop has been turned once")
    return False


def _is_done(step: Step, acting: Actor) -> bool:
    """Tell whether its result is there, or was once made here: what people took away stays away."""
    done = runs().filter(kind=TURN, state=JobState.SUCCEEDED, params__step=step.key)
    return done.exists() or step.is_there(acting)


def _enqueue(step: Step, acting: Actor) -> None:
    run = enqueue(
        TURN,
        owner_id=acting.user_id,
        org_root_id=acting.org_root_id,
        title=step.title,
        params={"step": step.key, "membership_id": acting.membership_id},
        exclusive=TURN,
    )
    audit(acting, "demo.step_queued", obj=("job", str(run.uuid)), detail={"step": step.key, "note": NOTE})


def _membership(acting: Actor) -> int:
    assert acting.membership_id is not None  # demo_actor gives nobody without one
    return acting.membership_id


def _forecast(context: JobContext, acting: Actor) -> Result:
    """Make a forecast, or take up the draft of an interrupted step, and publish it: all of it is demo data."""
    drafts = [row for row in forecasts(acting) if not row.is_published and row.made_by_id == acting.user_id]
    if not drafts:
        run_forecast(context, membership_id=_membership(acting))
        drafts = list(forecasts(acting)[:1])
    draft = drafts[0]
    if not draft.is_demo:
        raise JobFailed(gettext_noop("这份预测不是演示数据，只能由人发布。"))
    context.progress(1, 1, _PUBLISHING)
    publish_forecast(acting, draft.uuid, now=timezone.now())
    audit(acting, "demo.forecast_published", obj=("demand_forecast", str(draft.uuid)), detail={"note": NOTE})
    return {"url": reverse("data:forecast", args=[draft.uuid])}


def _watch(context: JobContext, _acting: Actor) -> Result:
    """Watch as if the postings had come in quarter by quarter.

    The watch that follows an import looks at the newest months only; of years that come in at once it tells nobody.
    """
    count = 0
    days = _watch_days()
    for place, day in enumerate(days):
        context.check_cancelled()
        context.progress(place, len(days), _WATCHING)
        count += len(raise_alerts(today=day))
    return {"alerts": count, "url": reverse("data:alerts")}


def _watch_days() -> list[dt.date]:
    """Return the first days after the newest month with postings and after those a quarter, two, three before."""
    system = Actor.system()
    months = data.demand_series(
        system, ("industry",), today=timezone.localdate(), among=data.shared_live(system)
    ).months
    last = engine.month_number(months[-1]) if months else None
    if last is None:
        return []
    backs = range(_WATCH_EACH * (_WATCH_DAYS - 1), -1, -_WATCH_EACH)
    return [dt.date.fromisoformat(f"{engine.month_text(last + 1 - back)}-01") for back in backs]


def _balance(context: JobContext, acting: Actor) -> Result:
    return {
        **run_balance(context, membership_id=_membership(acting)),
        "url": reverse("management:balance"),
    }


def _report(context: JobContext, acting: Actor) -> Result:
    today = timezone.localdate()
    year = today.year + (today.month >= _SECOND_HALF)
    return run_draft(context, membership_id=_membership(acting), year=year)


def _study(_context: JobContext, acting: Actor) -> Result:
    """Start the discovery in the industry with the most postings; it has a run of its own."""
    series = data.demand_series(acting, ("industry",), today=timezone.localdate())
    most = int(np.nansum(series.counts, axis=1).argmax()) if series.keys else None
    industries = () if most is None else series.keys[most]
    names = {post.industry_key: post.industry.zh for post in data.posts()}
    title = f"{NOTE}：{'、'.join(names[key] for key in industries)}能力发现"
    try:
        study = start_study(acting, Wanted(title, industries))
    except data.Refused as error:
        raise JobFailed(str(error)) from error
    return {"url": reverse("data:study", args=[study.uuid])}


_BUREAU = (Role.BUREAU_OFFICER,)
#: The report takes over the forecast published last, the alerts and the balance; the study takes longest.
STEPS: tuple[Step, ...] = (
    Step(
        "forecast",
        gettext_noop("演示数据：预测需求并发布"),
        _BUREAU,
        lambda acting: bool(data.published_forecasts(acting)),
        _forecast,
    ),
    Step(
        "alerts",
        gettext_noop("演示数据：查看需求变化"),
        _BUREAU,
        lambda acting: bool(data.alerts(acting)),
        _watch,
    ),
    Step(
        "balance",
        gettext_noop("演示数据：计算区域供需匹配"),
        _BUREAU,
        lambda acting: report_row(acting) is not None,
        _balance,
    ),
    Step(
        "report",
        gettext_noop("演示数据：编制人才需求报告草稿"),
        _BUREAU,
        lambda acting: bool(editions(acting)),
        _report,
    ),
    Step(
        "study",
        gettext_noop("演示数据：开始能力发现"),
        (Role.ASSOCIATION_OFFICER, *_BUREAU),
        lambda acting: studies(acting).exists(),
        _study,
    ),
)
