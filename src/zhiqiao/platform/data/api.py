"""What other packages may use of the shared nouns: demand, skills, programmes, evidence, events."""

from __future__ import annotations

from zhiqiao.platform.data.catalogue import Loaded, load_industries, load_skills
from zhiqiao.platform.data.competency.building import load_frameworks
from zhiqiao.platform.data.competency.drafting import WeightOrigin, set_weights
from zhiqiao.platform.data.competency.frameworks import (
    DimensionView,
    FrameworkVersionView,
    FrameworkView,
    IndicatorView,
    SkillLine,
    VersionBrief,
    WeightView,
    framework_version,
    frameworks,
)
from zhiqiao.platform.data.competency.panels import framework_panel
from zhiqiao.platform.data.curriculum import (
    ChangeNote,
    SkillHours,
    add_module,
    retire_module,
    teach_in_module,
)
from zhiqiao.platform.data.errors import CatalogueError, DataError, Refused
from zhiqiao.platform.data.events import (
    DemandAlertRaised,
    FrameworkPublished,
    ModuleChanged,
    PostingsImported,
    PostingsRecoded,
    PostingsWithdrawn,
    SkillsRemined,
)
from zhiqiao.platform.data.evidence import (
    Edge,
    Edges,
    Hop,
    Link,
    SourceText,
    add_edges,
    edges_of,
    remove_edges_of,
    resolve,
    resolver,
    titles,
)
from zhiqiao.platform.data.figures import PlanScope, plan_uuid
from zhiqiao.platform.data.forecasting.actions import scenario_inputs
from zhiqiao.platform.data.forecasting.computing import Level as ForecastLevel
from zhiqiao.platform.data.forecasting.series import DemandSeries, Dimension, demand_series, shared_live
from zhiqiao.platform.data.models import SkillKind
from zhiqiao.platform.data.programmes import (
    CourseView,
    ModuleView,
    ProgrammeView,
    RevisionView,
    RoleView,
    TaughtView,
    module_revisions,
    names_of,
    programme,
    programme_brief,
    programme_of_course,
    programme_of_module,
    programmes,
    whole_programmes,
)
from zhiqiao.platform.data.region import demo_import_is_live, import_demo_postings, load_programmes
from zhiqiao.platform.data.selectors.alerts import AlertView, alert, alerts, alerts_between, alerts_of_roles
from zhiqiao.platform.data.selectors.asked import AskedPostings, PostView, asked_postings, posts
from zhiqiao.platform.data.selectors.coverage import Coverage, SourceShare, Statement, coverage
from zhiqiao.platform.data.selectors.demand import (
    DemandTable,
    ImportShare,
    Live,
    SkillDemandRow,
    SkillView,
    demand,
    skill_totals,
    skills_by_key,
)
from zhiqiao.platform.data.selectors.forecasts import (
    ForecastLine,
    ForecastView,
    ScoreLine,
    forecast_in_force,
    forecast_rows,
    scores_of,
)
from zhiqiao.platform.data.selectors.kept import KeptForecast, kept_forecast, published_forecasts
from zhiqiao.platform.data.selectors.postings import sentences
from zhiqiao.platform.data.selectors.reported import (
    PostingIntake,
    PostingStructure,
    posting_intake,
    posting_structure,
)
from zhiqiao.platform.data.specialties import specialty_directory
from zhiqiao.platform.data.supply.conditions import (
    TrainingConditionView,
    all_conditions,
    condition_names,
    training_conditions,
)
from zhiqiao.platform.data.supply.loading import load_regional, load_supply
from zhiqiao.platform.data.supply.plans import PlanView, enterprise_plans
from zhiqiao.platform.data.supply.projects import ProjectView, projects
from zhiqiao.platform.data.supply.regional import RegionalValueView, regional_values
from zhiqiao.platform.data.supply.years import ProgrammeYearView, programme_years
from zhiqiao.platform.data.survey.demo import load_demo_survey
from zhiqiao.platform.data.tables import listed_postings
from zhiqiao.platform.data.uploads import Upload

__all__ = [
    "AlertView",
    "AskedPostings",
    "CatalogueError",
    "ChangeNote",
    "CourseView",
    "Coverage",
    "DataError",
    "DemandAlertRaised",
    "DemandSeries",
    "DemandTable",
    "Dimension",
    "DimensionView",
    "Edge",
    "Edges",
    "ForecastLevel",
    "ForecastLine",
    "ForecastView",
    "FrameworkPublished",
    "FrameworkVersionView",
    "FrameworkView",
    "Hop",
    "ImportShare",
    "IndicatorView",
    "KeptForecast",
    "Link",
    "Live",
    "Loaded",
    "ModuleChanged",
    "ModuleView",
    "PlanScope",
    "PlanView",
    "PostView",
    "PostingIntake",
    "PostingStructure",
    "PostingsImported",
    "PostingsRecoded",
    "PostingsWithdrawn",
    "ProgrammeView",
    "ProgrammeYearView",
    "ProjectView",
    "Refused",
    "RegionalValueView",
    "RevisionView",
    "RoleView",
    "ScoreLine",
    "SkillDemandRow",
    "SkillHours",
    "SkillKind",
    "SkillLine",
    "SkillView",
    "SkillsRemined",
    "SourceShare",
    "SourceText",
    "Statement",
    "TaughtView",
    "TrainingConditionView",
    "Upload",
    "VersionBrief",
    "WeightOrigin",
    "WeightView",
    "add_edges",
    "add_module",
    "alert",
    "alerts",
    "alerts_between",
    "alerts_of_roles",
    "all_conditions",
    "asked_postings",
    "condition_names",
    "coverage",
    "demand",
    "demand_series",
    "demo_import_is_live",
    "edges_of",
    "enterprise_plans",
    "forecast_in_force",
    "forecast_rows",
    "framework_panel",
    "framework_version",
    "frameworks",
    "import_demo_postings",
    "kept_forecast",
    "listed_postings",
    "load_demo_survey",
    "load_frameworks",
    "load_industries",
    "load_programmes",
    "load_regional",
    "load_skills",
    "load_supply",
    "module_revisions",
    "names_of",
    "plan_uuid",
    "posting_intake",
    "posting_structure",
    "posts",
    "programme",
    "programme_brief",
    "programme_of_course",
    "programme_of_module",
    "programme_years",
    "programmes",
    "projects",
    "published_forecasts",
    "regional_values",
    "remove_edges_of",
    "resolve",
    "resolver",
    "retire_module",
    "scenario_inputs",
    "scores_of",
    "sentences",
    "set_weights",
    "shared_live",
    "skill_totals",
    "skills_by_key",
    "specialty_directory",
    "teach_in_module",
    "titles",
    "training_conditions",
    "whole_programmes",
]
