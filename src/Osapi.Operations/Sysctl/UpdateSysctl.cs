using Osapi.Operations.Json;

namespace Osapi.Operations.Sysctl;

/// <summary>Ensures that a kernel setting has a value, now and after each boot.</summary>
/// <remarks>
/// The kernel gets the value first, so that a value that it does not accept is never in a file. The file is
/// <c>/etc/sysctl.d/90-osapi-KEY.conf</c>, with <c>-</c> for <c>/</c> in the key.
/// </remarks>
public sealed record UpdateSysctl : IValidatable
{
    /// <summary>The key.</summary>
    public required SysctlKey Key { get; init; }

    /// <summary>The value, at most 4,096 characters.</summary>
    public required SysctlValue Value { get; init; }

    /// <summary>True to set the value in the running kernel, false to leave that one; default: true.</summary>
    public bool? Runtime { get; init; }

    /// <summary>True to set the value at each boot, false to leave the files as they are; default: true.</summary>
    public bool? Persistent { get; init; }

    /// <summary>True to only write the file when the kernel does not know the key, such as one of a module not yet loaded; default: false.</summary>
    public bool? IgnoreUnknown { get; init; }

    /// <summary>True to write the file although a later one sets another value, and in the place of one of another program; default: false.</summary>
    public bool? Force { get; init; }

    IEnumerable<Problem> IValidatable.Validate()
    {
        if (Runtime == false && Persistent == false)
            yield return new("runtime", "must not be false together with persistent");
    }
}

public static partial class SysctlOperations
{
    /// <inheritdoc cref="UpdateSysctl"/>
    public static Operation<UpdateSysctl, SysctlResult> Update { get; } = new("sysctl.value.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/sysctl/{key}"),
        Permission = Permissions.SysctlWrite,
        Rights = "root",
        Request = SysctlJson.Requests.UpdateSysctl,
        Result = SysctlJson.Results.SysctlResult,
        Example = static () => (
            new() { Key = SysctlExamples.Key, Value = "1" },
            new() { Key = SysctlExamples.Key, Value = "1", Managed = true, Persisted = "1", Path = SysctlExamples.Path, Changed = true, Previous = "0" }),
    };
}

public sealed partial class SysctlClient
{
    /// <inheritdoc cref="SysctlOperations.Update"/>
    public Task<JobReply<SysctlResult>> UpdateAsync(Target target, UpdateSysctl request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(SysctlOperations.Update, request, target, options, cancellationToken);
}
