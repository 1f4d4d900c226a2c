namespace Osapi.Operations.Services;

/// <summary>The state of a service, or of another unit, in the words of systemd.</summary>
public sealed record ServiceStatus
{
    /// <summary>The unit's own name, where an alias was given.</summary>
    public required string Name { get; init; }

    /// <summary>The state of loading it: loaded, masked, bad-setting or error.</summary>
    public required string LoadState { get; init; }

    /// <summary>The reason for which it could not be loaded; null when it could.</summary>
    public string? LoadError { get; init; }

    /// <summary>The state: active, reloading, inactive, failed, activating or deactivating.</summary>
    public required string ActiveState { get; init; }

    /// <summary>The state in the words of its type, such as running or exited.</summary>
    public required string SubState { get; init; }

    /// <summary>The state of its unit file: enabled, disabled, static, masked, indirect, generated and others; null when it has none.</summary>
    public string? EnabledState { get; init; }

    /// <summary>The kind of service, such as simple, notify or oneshot; null for other units.</summary>
    public string? Type { get; init; }

    /// <summary>The result of its last run, such as success, exit-code or start-limit-hit; null for units that do not run.</summary>
    public string? Result { get; init; }

    /// <summary>The process id of its main process; null when it has none.</summary>
    public int? MainPid { get; init; }

    /// <summary>The exit code of its last main process; null before one has ended.</summary>
    public int? ExecStatus { get; init; }

    /// <summary>The number of automatic restarts since it was started.</summary>
    public int Restarts { get; init; }

    /// <summary>The time of its last change of state; null when it has not changed since the boot.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>True when its unit file has changed since systemd read it.</summary>
    public bool NeedDaemonReload { get; init; }

    /// <summary>True when it can read its configuration again without a restart.</summary>
    public bool CanReload { get; init; }

    /// <summary>The path of its unit file; null when it has none.</summary>
    public string? FragmentPath { get; init; }

    /// <summary>The paths of its drop-ins; null when it has none.</summary>
    public IReadOnlyList<string>? DropIns { get; init; }

    /// <summary>The file from which its unit file was generated, such as an init script; null for other units.</summary>
    public string? SourcePath { get; init; }

    /// <summary>The sockets, timers and paths that start it; null when there are none.</summary>
    public IReadOnlyList<string>? TriggeredBy { get; init; }

    /// <summary>The description.</summary>
    public string? Description { get; init; }

    /// <summary>The memory that it uses, in bytes; null where systemd does not account for it.</summary>
    public long? Memory { get; init; }

    /// <summary>The number of its processes and threads; null where systemd does not account for them.</summary>
    public long? Tasks { get; init; }

    /// <summary>True when <c>service.unit.update</c> wrote its unit file.</summary>
    public bool Managed { get; init; }
}
