namespace Osapi.Cli.Rendering.Reports;

/// <summary>The form of a report for people.</summary>
/// <param name="Verbosity">The amount of text.</param>
/// <param name="Answers">The tasks whose answers are printed.</param>
/// <param name="IsCheck">True when the run was a check.</param>
/// <param name="Deadline">The time limit of the run; null for none.</param>
internal sealed record ReportForm(RunVerbosity Verbosity, AnswerFilter Answers, bool IsCheck, TimeSpan? Deadline);
