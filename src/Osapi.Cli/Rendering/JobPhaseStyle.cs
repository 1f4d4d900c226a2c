using Osapi.Operations.Jobs;
using Osapi.Operations.Json;

namespace Osapi.Cli.Rendering;

/// <summary>The colour of a job's status; the word itself always stands beside it.</summary>
internal static class JobPhaseStyle
{
    public static string Of(JobPhase status) => status switch
    {
        JobPhase.Completed => "green",
        JobPhase.Submitted or JobPhase.Processing => "blue",
        JobPhase.Cancelled => "grey",
        _ => "red",
    };

    public static string Word(JobPhase status) => WireName.Of(status);
}
