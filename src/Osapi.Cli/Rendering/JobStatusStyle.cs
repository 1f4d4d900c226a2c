using Osapi.Operations.Jobs;
using Osapi.Operations.Json;

namespace Osapi.Cli.Rendering;

/// <summary>The colour of a job's status; the word itself always stands beside it.</summary>
internal static class JobStatusStyle
{
    public static string Of(JobStatus status) => status switch
    {
        JobStatus.Completed => "green",
        JobStatus.Submitted or JobStatus.Processing => "blue",
        JobStatus.Cancelled => "grey",
        _ => "red",
    };

    public static string Word(JobStatus status) => SnakeCaseName.Of(status);
}
