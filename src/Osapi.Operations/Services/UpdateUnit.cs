using Osapi.Operations.Json;

namespace Osapi.Operations.Services;

/// <summary>Ensures that a unit file, or a drop-in, has this content, and that systemd has read it.</summary>
/// <remarks>
/// The file is <c>/etc/systemd/system/NAME</c>, or <c>NAME.d/DROP_IN</c> there. If systemd does not accept it, the previous content is
/// put back. A unit file that another program wrote is a conflict without <c>force</c>.
/// </remarks>
public sealed record UpdateUnit : IValidatable
{
    /// <summary>The name of the service or unit. It may be a template, such as <c>backup@.service</c>.</summary>
    public required UnitName Name { get; init; }

    /// <summary>The content, at most 64 KiB.</summary>
    [Length(1, 65536), NoNul]
    public required string Content { get; init; }

    /// <summary>The name of the drop-in; default: none, the unit file itself.</summary>
    public DropInName? DropIn { get; init; }

    /// <summary>True to make the unit start at each boot; default: unchanged.</summary>
    public bool? Enabled { get; init; }

    /// <summary>True to restart the unit when the content changed and it is running; default: false.</summary>
    public bool? RestartOnChange { get; init; }

    /// <summary>True to replace a unit file that another program wrote; default: false.</summary>
    public bool? Force { get; init; }

    IEnumerable<Problem> IValidatable.Validate() =>
        Enabled is not null || RestartOnChange == true ? Name.ProblemsOfInstance() : [];
}

public static partial class ServiceOperations
{
    /// <inheritdoc cref="Osapi.Operations.Services.UpdateUnit"/>
    public static Operation<UpdateUnit, UnitChange> UpdateUnit { get; } = new("service.unit.update", Idempotency.Idempotent)
    {
        Route = HttpRoute.Put("/node/{hostname}/service/{name}/unit"),
        Permission = Permissions.ServiceWrite,
        Rights = ServiceExamples.Rights,
        HasLargeRequest = true,
        Request = ServiceJson.Requests.UpdateUnit,
        Result = ServiceJson.Results.UnitChange,
        Timeout = static request => TimeSpan.FromSeconds(request.RestartOnChange == true ? 150 : 60),
        Example = static () => (
            new() { Name = "example-web", Content = "[Service]\nExecStart=/usr/bin/sleep infinity\n\n[Install]\nWantedBy=multi-user.target" },
            new() { Name = "example-web.service", Path = ServiceExamples.UnitPath, Changed = true, DaemonReloaded = true }),
    };
}

public sealed partial class ServiceClient
{
    /// <inheritdoc cref="UpdateUnit"/>
    public Task<JobReply<UnitChange>> UpdateUnitAsync(Target target, UpdateUnit request, CallOptions? options = null, CancellationToken cancellationToken = default) =>
        invoker.InvokeAsync(ServiceOperations.UpdateUnit, request, target, options, cancellationToken);
}
