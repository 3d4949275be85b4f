"""Runs that discover competencies, what experts edited in them, and frameworks with their versions and parts.

Result files of a run lie in the lake; here stands what people see first and what they change.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import BaseModel, ScopeFields, TenantModel, levels
from zhiqiao.platform.data.models.skills import Skill


class DiscoveryMethod(models.TextChoices):
    """How skills are grouped; the values are the engine's own."""

    GRAPH = "graph", _("技能共现图（推荐）")
    NMF = "nmf", _("非负矩阵分解")
    W2V = "w2v-kmeans", _("Word2Vec 与 K-means")
    LDA = "lda", _("LDA 主题（词语）")
    LDA_SKILLS = "lda-skills", _("LDA 主题（技能）")


class StudyState(models.TextChoices):
    """Where a discovery run stands."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("计算中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("失败")
    CANCELLED = "cancelled", _("已取消")


class CompetencyStudy(TenantModel):
    """One run of discovery over some postings, and the grouping that experts made of what it found."""

    data_levels = levels("internal", personal=("made_by",))
    scope_fields = ScopeFields(owner="made_by_id")

    title = models.CharField(max_length=200)
    industries = models.JSONField(default=list, help_text="Keys; with `roles` empty too: all postings.")
    roles = models.JSONField(default=list, help_text="Keys of posts beside those of the industries.")
    method = models.CharField(max_length=20, choices=DiscoveryMethod, default=DiscoveryMethod.GRAPH)
    k = models.PositiveIntegerField(null=True, blank=True, help_text="None until the run has suggested one.")
    k_suggested = models.BooleanField(default=False)
    seed = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=StudyState, default=StudyState.QUEUED, db_index=True)
    job_uuid = models.UUIDField(null=True, blank=True)
    error = models.JSONField(default=dict, help_text="zh, en: why the run failed")
    imports = models.JSONField(default=dict, help_text="uuid of an import -> prefix of its postings' ids")
    postings = models.PositiveIntegerField(default=0)
    held_out = models.PositiveIntegerField(default=0)
    corpus_digest = models.CharField(max_length=64, blank=True, default="")
    taxonomy_version = models.CharField(max_length=200, blank=True, default="")
    parameters_version = models.CharField(max_length=40, blank=True, default="")
    coherence = models.FloatField(null=True, blank=True, help_text="mean NPMI on held-out postings, -1 to 1")
    agreement = models.FloatField(null=True, blank=True, help_text="mean adjusted Rand index between seeds")
    seeds = models.PositiveIntegerField(default=0, help_text="how many seeds were compared")
    grouping = models.JSONField(default=dict, help_text="groups, unclustered, last_number; as edited")
    edition = models.PositiveIntegerField(default=0, help_text="Raised by each edit.")
    previous = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="later"
    )
    carried = models.JSONField(default=dict, help_text="matches, new, lost, moved against `previous`")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class StudyEdit(models.Model):
    """One edit of a study's groups by a person; what was before stands beside it, so that it can be undone."""

    data_levels = levels("internal", personal=("made_by", "undone_by"))

    id = models.BigAutoField(primary_key=True)
    study = models.ForeignKey(CompetencyStudy, on_delete=models.CASCADE, related_name="edits")
    edition = models.PositiveIntegerField(help_text="The edition that it made.")
    kind = models.CharField(max_length=10)
    detail = models.JSONField(default=dict, help_text="the engine's record of the edit")
    before = models.JSONField(default=dict, help_text="the grouping before")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["study", "edition"], name="study_edit_once")]

    def __str__(self) -> str:
        return f"{self.study_id}/{self.edition} {self.kind}"


class CompetencyFramework(TenantModel):
    """A framework of competencies that an association keeps; its contents stand in versions."""

    data_levels = levels("public")
    scope_fields = ScopeFields(shared="is_public")

    key = models.CharField(
        max_length=100, help_text="Stable beside the name; of a pack's example the pack's id."
    )
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    is_public = models.BooleanField(default=False, help_text="A version has been published.")
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_root_id", "key"], name="framework_key_once")
        ]

    def __str__(self) -> str:
        return self.name_zh


class FrameworkState(models.TextChoices):
    """Where a version stands; what was published never changes again."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    SUPERSEDED = "superseded", _("已被新版取代")


class FrameworkOrigin(models.TextChoices):
    """What a version was begun from."""

    HAND = "hand", _("手工建立")
    STUDY = "study", _("来自能力发现")
    PACK = "pack", _("来自示例")
    VERSION = "version", _("来自上一版")


class FrameworkVersion(TenantModel):
    """One version: a draft that is edited, or published and immutable."""

    data_levels = levels("public", personal=("made_by", "published_by"))
    scope_fields = ScopeFields(owner="made_by_id", shared="is_public")

    framework = models.ForeignKey(CompetencyFramework, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=FrameworkState, default=FrameworkState.DRAFT)
    is_public = models.BooleanField(default=False)
    origin = models.CharField(max_length=10, choices=FrameworkOrigin, default=FrameworkOrigin.HAND)
    study = models.ForeignKey(
        CompetencyStudy, null=True, blank=True, on_delete=models.SET_NULL, related_name="framework_versions"
    )
    source = models.CharField(max_length=500, blank=True, default="")
    greatest = models.CharField(
        max_length=100, blank=True, default="", help_text="dimension said to weigh most"
    )
    edition = models.PositiveIntegerField(default=0, help_text="Raised by each edit of the draft.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "number"], name="framework_version_once"),
            models.UniqueConstraint(
                fields=["framework"], condition=models.Q(state="draft"), name="framework_one_draft"
            ),
            models.UniqueConstraint(
                fields=["framework"], condition=models.Q(state="published"), name="framework_one_published"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework_id} v{self.number}"


class WeightState(models.TextChoices):
    """Where a weight comes from; the values are the engine's own."""

    UNKNOWN = "unknown", _("未知")
    QUOTED = "quoted", _("引用")
    JUDGED = "judged", _("专家评判")
    COMPUTED = "computed", _("由数据计算")


class Weighted(models.Model):
    """A weight among neighbours, or unknown with the reason; None never stands for zero."""

    weight = models.FloatField(null=True, blank=True)
    weight_state = models.CharField(max_length=10, choices=WeightState, default=WeightState.UNKNOWN)
    weight_source = models.CharField(
        max_length=500,
        blank=True,
        default="",
        help_text="Of a known weight where it is from; else why unknown.",
    )
    weight_kind = models.CharField(max_length=40, blank=True, default="", help_text="kind of its evidence")
    weight_uuid = models.UUIDField(null=True, blank=True)
    weight_detail = models.JSONField(
        default=dict, blank=True, help_text="of a study: method, study, round, experts, cr or w and p"
    )

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(weight__isnull=True, weight_state="unknown")
                | (models.Q(weight__gte=0, weight__lte=1) & ~models.Q(weight_state="unknown")),
                name="%(class)s_weight_or_unknown",
            )
        ]


class Dimension(Weighted, BaseModel):
    """A side of competence in one version."""

    data_levels = levels("public")
    scope_fields = ScopeFields(root="version__org_root_id", shared="version__is_public")

    version = models.ForeignKey(FrameworkVersion, on_delete=models.CASCADE, related_name="dimensions")
    key = models.CharField(max_length=100)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    sort = models.PositiveIntegerField(default=0)

    class Meta(Weighted.Meta):
        abstract = False
        constraints: ClassVar = [
            *Weighted.Meta.constraints,
            models.UniqueConstraint(fields=["version", "key"], name="dimension_key_once"),
        ]

    def __str__(self) -> str:
        return self.name_zh


class Indicator(Weighted, BaseModel):
    """What of a dimension can be told of a person, by skills; `cluster` is the group of a study it was made from."""

    data_levels = levels("public")
    scope_fields = ScopeFields(root="version__org_root_id", shared="version__is_public")

    version = models.ForeignKey(FrameworkVersion, on_delete=models.CASCADE, related_name="indicators")
    dimension = models.ForeignKey(Dimension, on_delete=models.CASCADE, related_name="indicators")
    key = models.CharField(max_length=100)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True, default="")
    sort = models.PositiveIntegerField(default=0)
    note = models.CharField(
        max_length=200, blank=True, default="", help_text="what its source says of its state"
    )
    cluster_uuid = models.UUIDField(null=True, blank=True)

    class Meta(Weighted.Meta):
        abstract = False
        constraints: ClassVar = [
            *Weighted.Meta.constraints,
            models.UniqueConstraint(fields=["version", "key"], name="indicator_key_once"),
        ]

    def __str__(self) -> str:
        return self.name_zh


class IndicatorSkill(Weighted):
    """A skill of an indicator; a skill stands once in a version."""

    data_levels = levels("public")

    id = models.BigAutoField(primary_key=True)
    version = models.ForeignKey(FrameworkVersion, on_delete=models.CASCADE, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    sort = models.PositiveIntegerField(default=0)

    class Meta(Weighted.Meta):
        abstract = False
        constraints: ClassVar = [
            *Weighted.Meta.constraints,
            models.UniqueConstraint(fields=["version", "skill"], name="framework_skill_once"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}:{self.skill_id}"
