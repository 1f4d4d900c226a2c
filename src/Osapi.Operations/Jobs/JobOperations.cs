using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Jobs;

/// <summary>Jobs: list, watch, cancel, retry and delete them.</summary>
public static partial class JobOperations
{
    internal static OperationFamily Family => new([List, Get, Cancel, Retry, Delete]) { Read = [Permissions.JobRead], Write = [Permissions.JobWrite] };
}

/// <summary>Calls of the job family.</summary>
/// <param name="invoker">The invoker that executes the calls.</param>
public sealed partial class JobClient(IOperationInvoker invoker);

[JsonSerializable(typeof(ListJobs)), JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(GetJob)), JsonSerializable(typeof(CancelJob)), JsonSerializable(typeof(JobDetail))]
[JsonSerializable(typeof(RetryJob)), JsonSerializable(typeof(JobCreated))]
[JsonSerializable(typeof(DeleteJob)), JsonSerializable(typeof(NoContent))]
[JsonSerializable(typeof(SubmitJob)), JsonSerializable(typeof(JobUpdate))]
internal sealed partial class JobsJson : JsonSerializerContext
{
    public static JobsJson Requests { get; } = new(JsonConventions.Strict);

    public static JobsJson Results { get; } = new(JsonConventions.Lenient);
}
