"""What people change about the skill catalogue: proposals, changes beside the packs, and versions of the whole."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import BaseModel, ScopeFields, TenantModel, levels
from zhiqiao.platform.data.models.postings import PostingImport
from zhiqiao.platform.data.models.skills import SkillKind


class ProposalState(models.TextChoices):
    """Where a proposed term stands."""

    OPEN = "open", _("待审")
    ACCEPTED = "accepted", _("已收为技能")
    MERGED = "merged", _("已并入技能")
    REJECTED = "rejected", _("已驳回")


class ProposalSource(models.TextChoices):
    """Who noticed a term."""

    LEARNED = "learned", _("系统发现")
    HAND = "hand", _("人工提出")


class SkillProposal(BaseModel):
    """A term that may be a skill the catalogue lacks; sentences with it are read from the lake, never copied."""

    data_levels = levels("internal", personal=("proposed_by", "decided_by"))
    scope_fields = ScopeFields(owner="proposed_by_id", root="")

    term = models.CharField(max_length=200, unique=True, help_text="The writing, folded.")
    surface = models.CharField(max_length=200, help_text="As it is written most often.")
    kind = models.CharField(max_length=20, choices=SkillKind, blank=True, default="")
    source = models.CharField(max_length=10, choices=ProposalSource)
    score = models.FloatField(null=True, blank=True, help_text="0..1 of the learned stage; unknown by hand.")
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN, db_index=True)
    note = models.CharField(max_length=300, blank=True, default="")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    job_uuid = models.UUIDField(null=True, blank=True, help_text="The run that counts where it stands.")
    version = models.PositiveIntegerField(default=1, help_text="Raised by each decision.")

    def __str__(self) -> str:
        return self.surface


class ProposalCount(models.Model):
    """Where a proposed term stands in one import; sums go over the live imports a person may see."""

    data_levels = levels("internal")

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(SkillProposal, on_delete=models.CASCADE, related_name="counts")
    posting_import = models.ForeignKey(PostingImport, on_delete=models.CASCADE, related_name="+")
    postings = models.IntegerField()
    mentions = models.IntegerField()
    months = models.JSONField(default=dict, help_text="yyyy-mm -> postings; empty key when unknown")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "posting_import"], name="proposal_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.postings}"


class ChangeKind(models.TextChoices):
    """What a change does."""

    ADD_SKILL = "add_skill", _("新增技能")
    ADD_ALIAS = "add_alias", _("并入为其他写法")
    RETIRE_ALIAS = "retire_alias", _("停用写法")
    RETIRE_SKILL = "retire_skill", _("停用技能")
    REJECT = "reject", _("驳回词语")


class ChangeState(models.TextChoices):
    """Whether a change counts."""

    DRAFT = "draft", _("草稿")
    ACTIVE = "active", _("已生效")
    WITHDRAWN = "withdrawn", _("已撤销")


class SkillChange(TenantModel):
    """One decision about the catalogue; active ones, in order of activation, lie over the pack."""

    data_levels = levels("internal", personal=("made_by", "withdrawn_by"))
    scope_fields = ScopeFields(owner="made_by_id")

    kind = models.CharField(max_length=20, choices=ChangeKind)
    state = models.CharField(max_length=10, choices=ChangeState, default=ChangeState.DRAFT, db_index=True)
    skill_key = models.CharField(max_length=100, blank=True, default="")
    surface = models.CharField(max_length=200, blank=True, default="")
    skill = models.JSONField(default=dict, help_text="zh, en, kind, category, broader, aliases, exact")
    reason = models.CharField(max_length=300, blank=True, default="")
    proposal = models.ForeignKey(
        SkillProposal, null=True, blank=True, on_delete=models.SET_NULL, related_name="changes"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    activated_at = models.DateTimeField(null=True, blank=True)
    turn = models.IntegerField(null=True, blank=True, help_text="Number of the version that it made.")
    version_before = models.CharField(max_length=64, blank=True, default="")
    version_after = models.CharField(max_length=64, blank=True, default="")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.CharField(max_length=300, blank=True, default="")
    impact = models.JSONField(default=dict, help_text="old, new version; counts; places of examples")
    undo_impact = models.JSONField(default=dict, help_text="The same for taking it back.")
    job_uuid = models.UUIDField(null=True, blank=True, help_text="The run that works the impact out.")

    def __str__(self) -> str:
        return f"{self.kind} {self.surface or self.skill_key}"


class TaxonomyVersion(BaseModel):
    """The catalogue as it stood from a moment on: pack and active changes under one digest."""

    data_levels = levels("internal", personal=("made_by",))
    scope_fields = ScopeFields(owner="made_by_id", root="")

    number = models.PositiveIntegerField(unique=True)
    digest = models.CharField(max_length=64, db_index=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    change = models.ForeignKey(
        SkillChange,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="None: the pack itself has changed.",
    )
    is_withdrawal = models.BooleanField(default=False)
    skills = models.IntegerField(default=0)
    surfaces = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.number} ({self.digest})"
