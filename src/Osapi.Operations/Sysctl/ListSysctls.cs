namespace Osapi.Operations.Sysctl;

/// <summary>Lists kernel settings of a host by key, with the files that set them at boot.</summary>
public sealed record ListSysctls
{
    /// <summary>The first parts of the keys to list, such as <c>net.ipv4</c>; default: all keys, often more than 1,000.</summary>
    public SysctlKey? Prefix { get; init; }

    /// <summary>True to list only keys that <c>sysctl.value.update</c> sets at boot, false for the others only; default: both.</summary>
    public bool? Managed { get; init; }
}

public static partial class SysctlOperations
{
    /// <inheritdoc cref="ListSysctls"/>
    public static Operation<ListSysctls, SysctlList> List { get; } = new("sysctl.list.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/sysctl"),
        Permission = Permissions.SysctlRead,
        Request = SysctlJson.Requests.ListSysctls,
        Result = SysctlJson.Results.SysctlList,
        Example = static () => (new() { Managed = true }, new() { Settings = [SysctlExamples.Setting] }),
    };
}

public sealed partial class SysctlClient
{
    /// <inheritdoc cref="SysctlOperations.List"/>
    public Task<JobReply<SysctlList>> ListAsync(Target target, ListSysctls? request = null, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(SysctlOperations.List, request ?? new(), target, options, cancellationToken);
}
