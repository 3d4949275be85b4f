"""Post surveys (岗位调研): the register of enterprises, questionnaires by version, who was asked, what they said.

Answers are a trade secret of the enterprise; contacts are personal. Others than the office see sums of three or more.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import ScopeFields, TenantModel, levels
from zhiqiao.infra.db.frozen import Frozen
from zhiqiao.platform.data.models.curriculum import Programme
from zhiqiao.platform.data.models.industry import Industry


class EnterpriseSize(models.TextChoices):
    """Sizes of enterprises (工信部联企业〔2011〕300号); empty is unknown."""

    LARGE = "large", _("大型")
    MEDIUM = "medium", _("中型")
    SMALL = "small", _("小型")
    MICRO = "micro", _("微型")


class SurveyedEnterprise(TenantModel):
    """An enterprise in the register of an association; the same firm may stand in the registers of several."""

    data_levels = levels("internal", personal=("contact_name", "contact_phone", "contact_email"))
    scope_fields = ScopeFields()

    name = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150, blank=True, default="")
    folded_name = models.CharField(max_length=150, db_index=True, help_text="Folded for comparing.")
    credit_code = models.CharField(max_length=18, blank=True, default="", db_index=True)
    industry = models.ForeignKey(Industry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    size = models.CharField(max_length=10, choices=EnterpriseSize, blank=True, default="")
    place = models.CharField(max_length=60, blank=True, default="", help_text="County or city.")
    contact_name = models.CharField(max_length=60, blank=True, default="")
    contact_phone = models.CharField(max_length=40, blank=True, default="")
    contact_email = models.EmailField(blank=True, default="")
    origin = models.CharField(max_length=20, default="typed", help_text="typed, file, platform or postings")
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_root_id", "folded_name"], name="surveyed_enterprise_name_once"
            ),
            models.UniqueConstraint(
                fields=["org_root_id", "credit_code"],
                condition=~Q(credit_code=""),
                name="surveyed_enterprise_code_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SurveyState(models.TextChoices):
    """A draft asks nobody; a closed survey takes no more answers."""

    DRAFT = "draft", _("草稿")
    OPEN = "open", _("调研中")
    CLOSED = "closed", _("已结束")


class PostSurvey(TenantModel):
    """One survey of an association for a programme.

    `draw` says how the sample was drawn: seed, size and how many each stratum has and gave. `least_days` is the
    interval of rule JS-03 on the day of the draw.
    """

    data_levels = levels("internal", personal=("created_by",))
    scope_fields = ScopeFields(shared="is_shared")

    title = models.CharField(max_length=150)
    purpose = models.CharField(max_length=1000, blank=True, default="")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SurveyState, default=SurveyState.DRAFT, db_index=True)
    draw = models.JSONField(default=dict, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    least_days = models.PositiveIntegerField(default=0)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    is_shared = models.BooleanField(default=False, help_text="results open to the region; set when closed")
    is_demo = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


class QuestionnaireVersion(TenantModel):
    """The questions of a survey; one that was given to an enterprise is never changed again."""

    data_levels = levels("internal")
    scope_fields = ScopeFields(shared="survey__is_shared")

    survey = models.ForeignKey(PostSurvey, on_delete=models.CASCADE, related_name="questionnaires")
    number = models.PositiveSmallIntegerField()
    questions = models.JSONField(default=dict, help_text="a Questionnaire of engines/surveys")
    bank_version = models.CharField(max_length=20, blank=True, default="")
    published_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], name="questionnaire_number_once"),
            models.UniqueConstraint(
                fields=["survey"], condition=Q(published_at=None), name="one_questionnaire_draft_a_survey"
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class UnitOutcome(models.TextChoices):
    """What the office noted of an asked enterprise; answers speak for themselves."""

    DECLINED = "declined", _("谢绝")
    UNREACHABLE = "unreachable", _("联系不上")
    WITHDRAWN = "withdrawn", _("已撤回")


class SurveyUnit(TenantModel):
    """An enterprise in the frame of a survey, with its stratum as it was at the draw; a drawn one may be asked.

    The link's secret is kept as a hash. `asked_before` is the day on which any body of the region last asked it.
    """

    data_levels = levels("internal", core_secret=("token_hash",), personal=("outcome_note",))
    # names are for those who run the survey: no shared rows
    scope_fields = ScopeFields()

    survey = models.ForeignKey(PostSurvey, on_delete=models.CASCADE, related_name="units")
    enterprise = models.ForeignKey(SurveyedEnterprise, on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=8)
    industry = models.CharField(max_length=64, blank=True, default="")
    size = models.CharField(max_length=10, blank=True, default="")
    place = models.CharField(max_length=60, blank=True, default="")
    may_ask_from = models.DateField(null=True, blank=True, help_text="kept out of the draw until this day")
    is_drawn = models.BooleanField(default=False)
    questionnaire = models.ForeignKey(
        QuestionnaireVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="units"
    )
    token_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - none, not an empty hash
    expires_at = models.DateTimeField(null=True, blank=True)
    asked_on = models.DateField(null=True, blank=True, db_index=True)
    asked_before = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=UnitOutcome, blank=True, default="")
    outcome_note = models.CharField(max_length=300, blank=True, default="")
    reminders = models.PositiveIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "enterprise"], name="survey_unit_once"),
            models.UniqueConstraint(fields=["survey", "code"], name="survey_unit_code_once"),
        ]

    def __str__(self) -> str:
        return self.code


class SurveySheet(TenantModel):
    """One answering of an enterprise; a corrected one replaces it, and only the latest submitted one counts."""

    data_levels = levels("trade_secret")
    scope_fields = ScopeFields()

    unit = models.ForeignKey(SurveyUnit, on_delete=models.CASCADE, related_name="sheets")
    questionnaire = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="sheets")
    number = models.PositiveSmallIntegerField(default=1)
    answers = models.JSONField(default=dict)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    reused_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="used_in"
    )
    may_reuse = models.BooleanField(null=True, help_text="consent to use the answers in later surveys")
    version = models.PositiveIntegerField(
        default=1, help_text="Raised by every save; a save names the one it saw."
    )

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "number"], name="survey_sheet_number_once"),
            models.UniqueConstraint(
                fields=["unit"], condition=Q(submitted_at=None), name="one_open_survey_sheet"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.number}"


class EnterpriseVisit(TenantModel):
    """A visit (走访) that deepens a survey: who went, whom they met, what was found."""

    data_levels = levels("internal", personal=("visitors", "met"), trade_secret=("findings",))
    scope_fields = ScopeFields()

    survey = models.ForeignKey(PostSurvey, on_delete=models.CASCADE, related_name="visits")
    unit = models.ForeignKey(SurveyUnit, on_delete=models.PROTECT, related_name="visits")
    visited_on = models.DateField()
    visitors = models.CharField(max_length=200)
    met = models.CharField(max_length=200, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="", help_text="why it was chosen, then")
    findings = models.TextField(max_length=4000)
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "visited_on"], name="enterprise_visit_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.visited_on}"


class SurveyReport(TenantModel):
    """The local report of posts needed (岗位需求报告): what officers write; once published, with its figures, frozen.

    `content` is the report as it was published (figures, tables, texts); empty before.
    """

    data_levels = levels("internal", personal=("published_by",))
    scope_fields = ScopeFields(shared="is_shared")

    survey = models.ForeignKey(PostSurvey, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField()
    texts = models.JSONField(default=dict, help_text="section -> {zh, en}")
    content = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_shared = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], name="survey_report_number_once"),
            models.UniqueConstraint(
                fields=["survey"], condition=Q(published_at=None), name="one_survey_report_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.number}"


FROZEN = (
    Frozen(
        QuestionnaireVersion,
        "questionnaires that were given out are never changed or removed",
        rows="OLD.published_at IS NOT NULL",
    ),
    Frozen(
        SurveyReport,
        "published reports are never changed or removed",
        rows="OLD.published_at IS NOT NULL",
    ),
)
