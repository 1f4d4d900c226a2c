using Osapi.Orchestrator;

namespace Osapi.Cli.Rendering;

/// <summary>The colour of a task's status, which is always printed as text, too.</summary>
internal static class StatusStyle
{
    public static string Of(Status status) => status switch
    {
        Status.Changed => "yellow",
        Status.Unchanged => "green",
        Status.Skipped => "grey",
        Status.Running or Status.Pending => "blue",
        _ => "red",
    };
}
