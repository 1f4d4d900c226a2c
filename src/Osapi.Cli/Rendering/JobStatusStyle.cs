using Osapi.Operations.Jobs;
using Osapi.Operations.Json;

namespace Osapi.Cli.Rendering;

/// <summary>The colour of a job's status, which is always printed as text, too.</summary>
internal static class JobStatusStyle
{
    public static string Of(JobStatus status) => status switch
    {
        JobStatus.Completed => "green",
        JobStatus.Submitted or JobStatus.Processing => "blue",
        JobStatus.Cancelled => "grey",
        _ => "red",
    };

    public static string Text(JobStatus status) => SnakeCaseName.Of(status);
}
