namespace Osapi.Operations.Sysctl;

/// <summary>Gets a kernel setting of a host, whoever set it.</summary>
public sealed record GetSysctl
{
    /// <summary>The key.</summary>
    public required SysctlKey Key { get; init; }
}

public static partial class SysctlOperations
{
    /// <inheritdoc cref="GetSysctl"/>
    public static Operation<GetSysctl, SysctlSetting> Get { get; } = new("sysctl.value.get", Idempotency.ReadOnly)
    {
        Route = HttpRoute.Get("/node/{hostname}/sysctl/{key}"),
        Permission = Permissions.SysctlRead,
        Request = SysctlJson.Requests.GetSysctl,
        Result = SysctlJson.Results.SysctlSetting,
        Example = static () => (new() { Key = SysctlExamples.Key }, SysctlExamples.Setting),
    };
}

public sealed partial class SysctlClient
{
    /// <inheritdoc cref="SysctlOperations.Get"/>
    public Task<JobReply<SysctlSetting>> GetAsync(Target target, SysctlKey key, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(SysctlOperations.Get, new() { Key = key }, target, options, cancellationToken);
}
