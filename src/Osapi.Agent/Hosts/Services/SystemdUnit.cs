using System.Globalization;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Services;

/// <summary>A unit as <c>systemctl show</c> describes it.</summary>
internal sealed class SystemdUnit(IReadOnlyDictionary<string, string> properties)
{
    private const string Properties = "Id,Names,LoadState,LoadError,ActiveState,SubState,UnitFileState,Type,RemainAfterExit,Result,MainPID,ExecMainStatus,ExecMainExitTimestampMonotonic,NRestarts,"
        + "StateChangeTimestampMonotonic,NeedDaemonReload,CanReload,CanStart,CanStop,FragmentPath,DropInPaths,SourcePath,TriggeredBy,InvocationID,Description,MemoryCurrent,TasksCurrent";

    /// <summary>The unit's own name, where an alias was given.</summary>
    public string Id => this["Id"];

    public IReadOnlyList<string> Names => Words("Names");

    public string LoadState => this["LoadState"];

    /// <summary>The words of the error that loading it gave; null when there is none.</summary>
    public string? LoadError => Text("LoadError") is { } error ? error.IndexOf('"', StringComparison.Ordinal) is >= 0 and var quote ? error[quote..].Trim('"') : error : null;

    public string ActiveState => this["ActiveState"];

    public string SubState => this["SubState"];

    /// <summary>The state of its unit file; null when it has none.</summary>
    public string? FileState => Text("UnitFileState");

    public string? Type => Text("Type");

    public string? Result => Text("Result");

    public int? MainPid => Number("MainPID") is > 0 and var pid ? (int)pid : null;

    public int? ExitStatus => Number("ExecMainExitTimestampMonotonic") is > 0 ? (int?)Number("ExecMainStatus") : null;

    public int Restarts => (int)(Number("NRestarts") ?? 0);

    /// <summary>The time of its last change of state, in microseconds of the monotonic clock; zero for none since the boot.</summary>
    public long StateChanged => Number("StateChangeTimestampMonotonic") ?? 0;

    public bool NeedsReload => Is("NeedDaemonReload");

    public bool CanReload => Is("CanReload");

    public bool CanStart => Is("CanStart");

    public bool CanStop => Is("CanStop");

    public string? Fragment => Text("FragmentPath");

    public IReadOnlyList<string> DropIns => Words("DropInPaths");

    public string? Source => Text("SourcePath");

    public IReadOnlyList<string> TriggeredBy => Words("TriggeredBy");

    /// <summary>The id of its last run; null when it has not run.</summary>
    public string? Invocation => Text("InvocationID");

    public string? Description => Text("Description");

    public long? Memory => Number("MemoryCurrent");

    public long? Tasks => Number("TasksCurrent");

    public bool IsFound => LoadState != "not-found";

    public bool IsMasked => LoadState == "masked" || FileState is "masked" or "masked-runtime";

    /// <summary>True when systemd does not accept its unit file.</summary>
    public bool IsBad => LoadState is "bad-setting" or "error";

    public bool IsActive => ActiveState is "active" or "reloading";

    public bool IsStopped => ActiveState == "inactive";

    /// <summary>True for a service that is inactive again when it has run.</summary>
    public bool EndsByItself => Type == "oneshot" && !Is("RemainAfterExit");

    private string this[string name] => properties.GetValueOrDefault(name, "");

    /// <summary>Reads a unit. One that does not exist has the load state <c>not-found</c>.</summary>
    public static async Task<SystemdUnit> ReadAsync(Host host, string name, CancellationToken cancellationToken)
    {
        host.RequireSystemd();
        return Parse(await host.ShowUnitAsync(name, Properties, cancellationToken));
    }

    /// <summary>Parses lines of <c>Name=value</c>.</summary>
    /// <exception cref="OperationException">They do not describe a unit.</exception>
    internal static SystemdUnit Parse(string output)
    {
        Dictionary<string, string> properties = new(StringComparer.Ordinal);
        foreach (var line in output.Split('\n'))
            if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
                properties.TryAdd(line[..at], line[(at + 1)..]);
        SystemdUnit unit = new(properties);
        return unit is { Id.Length: > 0, LoadState.Length: > 0, ActiveState.Length: > 0 }
            ? unit
            : throw new OperationException(ErrorType.Failed, "the answer of systemctl show does not describe a unit");
    }

    private string? Text(string name) => this[name] is { Length: > 0 } text ? text : null;

    private bool Is(string name) => this[name] == "yes";

    private string[] Words(string name) => this[name].Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // Values that are not set are written "[not set]", or as the largest number.
    private long? Number(string name) => long.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
