using Osapi.Cli.Rendering.Reports;
using Osapi.Cli.RunReports;
using Osapi.Cli.SavedPlans;
using Osapi.Orchestrator;

namespace Osapi.Cli.Commands;

/// <summary>The flags of a command that runs a plan.</summary>
/// <param name="Json">True to print events and the report as JSON.</param>
/// <param name="Form">The form of the report for people.</param>
/// <param name="Why">The cell to explain; null for none.</param>
/// <param name="Yes">True to answer the questions of the plan with yes.</param>
/// <param name="Reports">The files that get the report.</param>
/// <param name="Selection">The part of the plan that is run; null for all of it.</param>
internal sealed record RunFlags(bool Json, ReportForm Form, string? Why, bool Yes, IReadOnlyList<ReportFile> Reports, PlanSelection? Selection)
{
    /// <summary>The record that the controller keeps of the run; null for a run that is not recorded.</summary>
    public RunOptions? Record { get; init; }

    /// <summary>True to tell by the exit code that something would change.</summary>
    public bool ReportsChange { get; init; }

    /// <summary>The file that gets what is shown; null for none.</summary>
    public PlanSaving? Saving { get; init; }
}
