namespace Osapi.Operations.Sysctl;

/// <summary>Ensures that no file of <c>sysctl.value.update</c> sets a kernel setting at boot.</summary>
/// <remarks>The running kernel keeps its value unless <c>restore</c> gives another one: it does not tell what its default was.</remarks>
public sealed record DeleteSysctl
{
    /// <summary>The key.</summary>
    public required SysctlKey Key { get; init; }

    /// <summary>The value to set in the running kernel now; default: none, the kernel keeps the one that it has.</summary>
    public SysctlValue? Restore { get; init; }
}

public static partial class SysctlOperations
{
    /// <inheritdoc cref="DeleteSysctl"/>
    public static Operation<DeleteSysctl, SysctlResult> Delete { get; } = new("sysctl.value.delete", Idempotency.Idempotent)
    {
        Route = HttpRoute.Delete("/node/{hostname}/sysctl/{key}"),
        Permission = Permissions.SysctlWrite,
        Rights = "root",
        Request = SysctlJson.Requests.DeleteSysctl,
        Result = SysctlJson.Results.SysctlResult,
        Example = static () => (
            new() { Key = SysctlExamples.Key, Restore = "0" },
            new() { Key = SysctlExamples.Key, Value = "0", Changed = true, Previous = "1" }),
    };
}

public sealed partial class SysctlClient
{
    /// <inheritdoc cref="SysctlOperations.Delete"/>
    public Task<JobReply<SysctlResult>> DeleteAsync(Target target, DeleteSysctl request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(SysctlOperations.Delete, request, target, options, cancellationToken);
}
