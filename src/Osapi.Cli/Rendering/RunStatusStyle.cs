using Osapi.Operations.Json;
using Osapi.Operations.Runs;

namespace Osapi.Cli.Rendering;

/// <summary>The colour of a run's status and of a cell's, which are always printed as text, too.</summary>
internal static class RunStatusStyle
{
    public static string Of(RunStatus status) => status switch
    {
        RunStatus.Succeeded => "green",
        RunStatus.Running or RunStatus.Waiting => "blue",
        RunStatus.Superseded or RunStatus.Cancelled => "grey",
        _ => "red",
    };

    public static string Text(RunStatus status) => SnakeCaseName.Of(status);

    public static string OfCell(string status) => status switch
    {
        "changed" => "yellow",
        "unchanged" => "green",
        "skipped" or "cancelled" => "grey",
        "running" => "blue",
        _ => "red",
    };
}
