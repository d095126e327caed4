"""Addresses of projects: figures entered and reviewed."""

from django.urls import include, path

from projects.views import (
    approval,
    dimensions,
    documents,
    entry,
    evidence,
    explain,
    focus_areas,
    history,
    imports,
    legacy,
    library,
    money,
    money_forms,
    money_lists,
    organisations,
    partners,
    periods,
    results,
    review,
    rule_counts,
    settings,
    updates,
    workplan,
    workplan_forms,
)

app_name = "projects"

# Entering and reviewing.
entering = [
    path("enter/", entry.EnterView.as_view(), name="enter"),
    path("enter/sent/", updates.SentView.as_view(), name="sent"),
    path("enter/figures/<int:pk>/", entry.FigureView.as_view(), name="figure"),
    path("enter/<path:period>/", entry.EnterPeriodView.as_view(), name="enter-period"),
    path("updates/<int:pk>/", updates.UpdateView.as_view(), name="update"),
    path("updates/<int:pk>/delete/", updates.UpdateDeleteView.as_view(), name="update-delete"),
    path("evidence/<uuid:pk>/", evidence.EvidenceView.as_view(), name="evidence"),
    path("review/", review.ReviewView.as_view(), name="review"),
    path("review/approve/", review.ApproveTickedView.as_view(), name="approve-ticked"),
    path("review/rules/", rule_counts.RuleCountsView.as_view(), name="rule-counts"),
    path("review/take-back/", review.TakeBackView.as_view(), name="take-back"),
    path("review/<int:pk>/", review.ReviewUpdateView.as_view(), name="review-update"),
    path("review/<int:pk>/approve/", review.ApproveView.as_view(), name="update-approve"),
    path("review/<int:pk>/answer/", review.AnswerFlagView.as_view(), name="update-answer"),
    path("review/<int:pk>/return/", review.ReturnView.as_view(), name="update-return"),
]

# Handing in files: IATI, and a project's framework.
importing = [
    path("imports/", imports.ImportsView.as_view(), name="imports"),
    path("imports/framework-template/", imports.FrameworkTemplateView.as_view(), name="framework-template"),
    path("imports/<uuid:pk>/", imports.ImportView.as_view(), name="import"),
    path("imports/<uuid:pk>/confirm/", imports.ConfirmView.as_view(), name="import-confirm"),
    path("projects/<int:pk>/import/", imports.FrameworkImportView.as_view(), name="framework-import"),
]

# The parts of a project, each an address that does not change.
part_urls = [
    path("results/from-library/", library.FromLibraryView.as_view(), name="from-library"),
    path("results/", results.ResultsView.as_view(), name="results"),
    path("results/<int:indicator>/rows/", explain.ExplainRowsView.as_view(), name="explain-rows"),
    path("periods/", periods.PeriodsView.as_view(), name="periods"),
    path("periods/lock/", periods.LockView.as_view(), name="periods-lock"),
    path("periods/unlock/", periods.UnlockView.as_view(), name="periods-unlock"),
    path("periods/except/", periods.ExceptionView.as_view(), name="periods-except"),
    path("workplan/", workplan.WorkplanView.as_view(), name="workplan"),
    path("workplan/activities/", workplan.ActivitiesView.as_view(), name="activities"),
    path("workplan/activities/new/", workplan_forms.AddActivityView.as_view(), name="activity-new"),
    path("workplan/activities/<int:row>/", workplan_forms.ChangeActivityView.as_view(), name="activity"),
    path("workplan/deliverables/", workplan.DeliverablesView.as_view(), name="deliverables"),
    path("workplan/deliverables/new/", workplan_forms.AddDeliverableView.as_view(), name="deliverable-new"),
    path("workplan/deliverables/<int:row>/", workplan_forms.ChangeDeliverableView.as_view(), name="deliverable"),
    path("workplan/milestones/", workplan.MilestonesView.as_view(), name="milestones"),
    path("workplan/milestones/new/", workplan_forms.AddMilestoneView.as_view(), name="milestone-new"),
    path("workplan/milestones/<int:row>/", workplan_forms.ChangeMilestoneView.as_view(), name="milestone"),
    path("workplan/risks/", workplan.RisksView.as_view(), name="risks"),
    path("workplan/risks/new/", workplan_forms.AddRiskView.as_view(), name="risk-new"),
    path("workplan/risks/<int:row>/", workplan_forms.ChangeRiskView.as_view(), name="risk"),
    path("money/", money.MoneyView.as_view(), name="money"),
    path("money/lines/", money_lists.LinesView.as_view(), name="budget-lines"),
    path("money/lines/new/", money_forms.AddLineView.as_view(), name="budget-line-new"),
    path("money/expenses/", money_lists.ExpensesView.as_view(), name="expenses"),
    path("money/expenses/new/", money_forms.AddExpenseView.as_view(), name="expense-new"),
    path("money/grants/", money_lists.GrantsView.as_view(), name="grants"),
    path("money/grants/new/", money_forms.AddGrantView.as_view(), name="grant-new"),
    path("money/owed/", money_lists.OwedView.as_view(), name="owed"),
    path("money/owed/new/", money_forms.AddOwedView.as_view(), name="owed-new"),
    path("money/owed/<int:row>/", money_forms.OwedStateView.as_view(), name="owed-state"),
    path("money/transactions/", money_lists.TransactionsView.as_view(), name="transactions"),
    path("partners/", partners.PartnersView.as_view(), name="partners"),
    path("partners/new/", partners.AddPartnerView.as_view(), name="partner-new"),
    path("legacy/", legacy.LegacyView.as_view(), name="legacy"),
    path("legacy/new/", legacy.AddLegacyView.as_view(), name="legacy-new"),
    path("legacy/<int:row>/", legacy.ChangeLegacyView.as_view(), name="legacy-change"),
    path("legacy/checks/", legacy.ChecksView.as_view(), name="legacy-checks"),
    path("legacy/checks/<int:row>/", legacy.RecordCheckView.as_view(), name="legacy-check"),
    path("documents/", documents.DocumentsView.as_view(), name="documents"),
    path("history/", history.HistoryView.as_view(), name="history"),
    path("settings/", settings.SettingsView.as_view(), name="settings"),
    path("settings/steps/", approval.ApprovalStepsView.as_view(), name="approval-steps"),
    path("settings/rules/", approval.FlagRulesListView.as_view(), name="flag-rules-list"),
    path("settings/rules/<int:row>/", approval.FlagRulesView.as_view(), name="flag-rules"),
    path("settings/rules/<int:row>/reset/", approval.ResetFlagRulesView.as_view(), name="flag-rules-reset"),
    path("settings/data/", settings.DataView.as_view(), name="settings-data"),
    path("settings/activate/", settings.ActivateView.as_view(), name="project-activate"),
    path("settings/close/", settings.CloseView.as_view(), name="project-close"),
    path("settings/publish/", settings.PublishView.as_view(), name="project-publish"),
    path("settings/unpublish/", settings.UnpublishView.as_view(), name="project-unpublish"),
    path("settings/roles/new/", settings.GrantRoleView.as_view(), name="role-new"),
    path("settings/roles/<int:row>/withdraw/", settings.WithdrawRoleView.as_view(), name="role-withdraw"),
]

# What serves all projects: the library of indicators.
shared = [
    path("library/", library.LibraryView.as_view(), name="library"),
    path("library/new/", library.AddDefinitionView.as_view(), name="definition-new"),
    path("library/dimensions/", dimensions.DimensionsView.as_view(), name="dimensions"),
    path("library/dimensions/new/", dimensions.AddDimensionView.as_view(), name="dimension-new"),
    path("library/dimensions/<int:row>/", dimensions.ChangeDimensionView.as_view(), name="dimension"),
    path("library/<int:row>/", library.DefinitionView.as_view(), name="definition"),
    path("library/<int:row>/change/", library.ChangeDefinitionView.as_view(), name="definition-change"),
]

# Projects, the lists they choose from, and the page of an organisation with its projects.
parts = [
    path("projects/new/", settings.NewProjectView.as_view(), name="project-new"),
    path("administration/focus-areas/", focus_areas.FocusAreasView.as_view(), name="focus-areas"),
    path("administration/focus-areas/new/", focus_areas.AddFocusAreaView.as_view(), name="focus-area-new"),
    path("administration/focus-areas/<int:row>/", focus_areas.ChangeFocusAreaView.as_view(), name="focus-area"),
    path("partners/<int:pk>/", organisations.OrganisationView.as_view(), name="organisation"),
    path("projects/<int:pk>/", include(part_urls)),
]

urlpatterns = [*parts, *shared, *entering, *importing]
