"""People from a roster file: every row is checked first, with a reason and a way out for each that fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext as _

from zhiqiao.engines.tabular import Limits, inspect, read, read_vocabulary, recognise, text_of_reason
from zhiqiao.packs import common_file
from zhiqiao.platform.governance.access import Actor, can
from zhiqiao.platform.governance.actions.grants import check_grant, check_separation, standing
from zhiqiao.platform.governance.actions.people import check_free, check_username
from zhiqiao.platform.governance.errors import GovernanceError, Refused
from zhiqiao.platform.governance.models import Organisation, Role, User

#: A roster is small; the limits keep a wrong file from taking the machine.
LIMITS = Limits(max_bytes=20 * 1024**2, max_rows=5_000, max_columns=100, max_cell_chars=1_000)
REQUIRED = ("display_name", "username", "role", "organisation")
Taken = TypeVar("Taken")

_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True)
class RosterRow:
    """One person of a roster, ready to be written."""

    row: int
    username: str
    display_name: str
    email: str
    role: str
    organisation: Organisation
    starts: dt.date
    ends: dt.date | None
    known: User | None

    @property
    def role_label(self) -> str:
        """Return the role in the reader's language."""
        return str(Role(self.role).label)


@dataclass(frozen=True)
class RosterError:
    """Why a row can not be taken, and how to mend it."""

    row: int
    field: str
    reason: str


@dataclass(frozen=True)
class Roster:
    """What a roster file holds: rows that can be written, and rows that can not."""

    rows: list[RosterRow] = field(default_factory=list)
    errors: list[RosterError] = field(default_factory=list)


def field_labels() -> dict[str, str]:
    """Return the columns of a roster in the reader's language."""
    return {
        "display_name": _("姓名"),
        "username": _("用户名"),
        "email": _("邮箱"),
        "role": _("角色"),
        "organisation": _("单位编号"),
        "starts": _("起始日期"),
        "ends": _("结束日期"),
    }


def check_roster(actor: Actor, path: Path, *, name: str, today: dt.date) -> Roster:
    """Read a roster and check every row without writing anything; raise TableError when it is no table.

    A missing column is one error of row 0.
    """
    info = inspect(path, name=name, limits=LIMITS)
    found = recognise(info.columns, [], read_vocabulary(common_file("access", "roster_columns.csv")))
    columns = {target: match.source for target, match in found.items()}
    roster = Roster()
    labels = field_labels()
    for target in REQUIRED:
        if target not in columns:
            reason = _("缺少“%(column)s”这一列，请下载模板对照") % {"column": labels[target]}
            roster.errors.append(RosterError(0, labels[target], reason))
    if roster.errors:
        return roster
    reader = _RowReader(actor, today)
    for number, cells in _cells(path, name, columns, roster):
        row, faults = reader.read(number, cells)
        roster.errors.extend(RosterError(number, labels.get(fault.field, ""), str(fault)) for fault in faults)
        if row is not None:
            roster.rows.append(row)
    roster.errors.sort(key=lambda error: error.row)
    return roster


def _cells(
    path: Path, name: str, columns: dict[str, str], roster: Roster
) -> Iterator[tuple[int, dict[str, str]]]:
    for chunk in read(path, name=name, limits=LIMITS):
        for error in chunk.errors:
            reason = text_of_reason(error.reason, "zh" if _is_zh() else "en")
            roster.errors.append(RosterError(error.row, error.field, reason))
        for number, row in zip(chunk.row_numbers.to_pylist(), chunk.rows.to_pylist(), strict=True):
            yield number, {target: (row.get(source) or "").strip() for target, source in columns.items()}


def _is_zh() -> bool:
    return translation.get_language().startswith("zh")


class _Draft(NamedTuple):
    """The cells of a row, each right by itself."""

    username: str
    email: str
    role: str
    organisation: Organisation
    starts: dt.date
    ends: dt.date | None


def _role_words() -> dict[str, str]:
    """Return the words a roster may name roles by: the keys, and the labels in every language."""
    words = {value: value for value in Role.values}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {str(Role(value).label).lower().replace(" ", "_"): value for value in Role.values}
    return words


class _RowReader:
    """Checks rows one after another and remembers the names already taken by rows above."""

    def __init__(self, actor: Actor, today: dt.date) -> None:
        self._actor = actor
        self._today = today
        self._taken: dict[str, int] = {}
        self._units = {unit.key: unit for unit in Organisation.objects.filter(is_active=True)}
        self._roles = _role_words()

    def read(self, number: int, cells: dict[str, str]) -> tuple[RosterRow | None, list[GovernanceError]]:
        """Return the row's person, or everything that is wrong with the row, so that it is mended in one go."""
        faults: list[GovernanceError] = [
            Refused(_("不能为空"), field=target) for target in REQUIRED if not cells[target]
        ]

        def take(target: str, check: Callable[[str], Taken]) -> Taken | None:
            try:
                return check(cells.get(target, ""))
            except GovernanceError as fault:
                if cells.get(target):  # an empty cell is named already
                    faults.append(fault)
                return None

        organisation = take("organisation", self._organisation)
        role = take("role", self._role)
        username = take("username", check_username)
        email = take("email", self._email)
        starts = take("starts", lambda text: self._date(text, "starts") or self._today)
        ends = take("ends", lambda text: self._date(text, "ends"))
        if faults or not (organisation and role and username and starts):
            return None, faults
        person = _Draft(username, email or "", role, organisation, starts, ends)
        try:
            known = self._check(number, person)
        except GovernanceError as fault:
            return None, [fault]
        name = cells["display_name"][:100]
        return RosterRow(number, username, name, person.email, role, organisation, starts, ends, known), []

    def _check(self, number: int, draft: _Draft) -> User | None:
        """Check what concerns several cells or rows; return the account the person has already."""
        check_grant(self._actor, draft.role, draft.organisation)
        known = self._known(draft.username, draft.email, draft.organisation, draft.role)
        self._once(number, draft.username, draft.email)
        if draft.ends is not None and draft.ends < draft.starts:
            raise Refused(_("结束日期早于起始日期"), field="ends")
        return known

    def _role(self, text: str) -> str:
        role = self._roles.get(text.lower().replace(" ", "_"))
        if role is None:
            raise Refused(_("没有这个角色：%(role)s") % {"role": text}, field="role")
        return role

    def _organisation(self, key: str) -> Organisation:
        unit = self._units.get(key)
        # a unit of somebody else is as unknown as one that does not exist
        if unit is None or (not self._actor.is_system and not self._may_see(unit)):
            text = _("没有编号为“%(key)s”的单位；编号见机构名录") % {"key": key}
            raise Refused(text, field="organisation")
        return unit

    def _may_see(self, unit: Organisation) -> bool:
        return can(self._actor, "people.manage", unit)

    def _known(self, username: str, email: str, organisation: Organisation, role: str) -> User | None:
        """Return the account of that name in the same organisation; elsewhere the name is simply taken."""
        known = User.objects.filter(
            username=username, memberships__org_root_id=organisation.org_root_id
        ).first()
        if known is None:
            check_free(username=username, email=email)
            return None
        held = standing(known, on=self._today)
        if any(have.role == role and have.organisation_id == organisation.id for have in held):
            raise Refused(_("此人已有这个角色"), field="role")
        check_separation(role, (have.role for have in held))
        return known

    def _once(self, number: int, username: str, email: str) -> None:
        for value, target in ((username, "username"), (email, "email")):
            above = self._taken.setdefault(value, number) if value else number
            if above != number:
                raise Refused(_("与第 %(row)s 行重复") % {"row": above}, field=target)

    @staticmethod
    def _email(text: str) -> str:
        try:
            if text:
                validate_email(text)
        except ValidationError as error:
            raise Refused(_("不是有效的邮箱，例如 name@example.com"), field="email") from error
        return text.lower()

    @staticmethod
    def _date(text: str, target: str) -> dt.date | None:
        if not text:
            return None
        for pattern in _DATE_FORMATS:
            try:
                return dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007  # a calendar day has no zone
            except ValueError:
                continue
        raise Refused(_("日期请写成 2026-09-01 这样的格式"), field=target)
