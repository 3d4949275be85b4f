"""Organisations of the four parties (政校企行) as a tree with units, and dated memberships with roles."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import TenantModel, levels
from zhiqiao.infra.db.names import local_name
from zhiqiao.platform.governance.access import ScopeFields
from zhiqiao.platform.governance.models.people import User


class OrganisationKind(models.TextChoices):
    """The four parties, and the platform's own operation."""

    GOVERNMENT = "government", _("政府部门")
    SCHOOL = "school", _("学校")
    ENTERPRISE = "enterprise", _("企业")
    ASSOCIATION = "association", _("行业协会")
    OPERATOR = "operator", _("平台运营")


class UnitKind(models.TextChoices):
    """What a node of the tree is; only `organisation` stands at the root."""

    ORGANISATION = "organisation", _("机构")
    DEPARTMENT = "department", _("部门（系）")
    PROGRAMME = "programme", _("专业")
    PLANT = "plant", _("工厂")


class Role(models.TextChoices):
    """Roles a membership may carry; what each may do stands in packs/common/access/actions.csv."""

    BUREAU_OFFICER = "bureau_officer", _("教育局人员")
    SCHOOL_ADMIN = "school_admin", _("学校管理员")
    PROGRAMME_HEAD = "programme_head", _("专业负责人")
    TEACHER = "teacher", _("教师")
    STUDENT = "student", _("学生")
    GUARDIAN = "guardian", _("监护人")
    ADVISER = "adviser", _("辅导员")
    REGISTRY_OFFICER = "registry_officer", _("教务人员")
    BASE_MANAGER = "base_manager", _("实训基地管理员")
    ENTERPRISE_HR = "enterprise_hr", _("企业人事")
    ENTERPRISE_MENTOR = "enterprise_mentor", _("企业导师")
    ASSOCIATION_OFFICER = "association_officer", _("协会人员")
    EXPERT = "expert", _("专家")
    DATA_OFFICER = "data_officer", _("数据专员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


#: 三员分立 (GB/T 22239-2019 8.1.4.2): one person holds at most one of these.
ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


class Organisation(TenantModel):
    """A node of the tree: an organisation at the root, its units below; `path` holds the ids from the root."""

    data_levels = levels("public")
    scope_fields = ScopeFields(path="path")

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    unit_kind = models.CharField(max_length=20, choices=UnitKind, default=UnitKind.ORGANISATION)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="units")
    path = models.CharField(max_length=200, db_index=True, default="")
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    is_demo = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True, unit_kind="organisation")
                | (models.Q(parent__isnull=False) & ~models.Q(unit_kind="organisation")),
                name="organisation_stands_at_the_root",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def place(self) -> None:
        """Set path and root from the parent; needs an id, so call it after the first save."""
        self.path = f"{self.parent.path if self.parent else '/'}{self.id}/"
        self.org_root_id = self.parent.org_root_id if self.parent else self.id

    @property
    def name(self) -> str:
        """Return the name in the reader's language."""
        return local_name(self.name_zh, self.name_en)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships by date."""

    def current(self, on: dt.date) -> MembershipQuerySet:
        """Keep those that hold on a day."""
        return self.filter(models.Q(starts__lte=on), models.Q(ends__isnull=True) | models.Q(ends__gte=on))


class Membership(TenantModel):
    """A person's dated role in an organisation or unit."""

    data_levels = levels("internal", personal=("user",))
    scope_fields = ScopeFields(owner="user_id", path="organisation__path")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=32, choices=Role)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "starts"], name="membership_once"
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(role__in=ADMINISTRATORS, ends__isnull=True),
                name="membership_one_administrator_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}@{self.organisation_id}"
