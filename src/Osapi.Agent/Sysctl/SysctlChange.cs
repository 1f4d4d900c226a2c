using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Sysctl;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Sysctl;

/// <summary>The difference between a kernel setting with its file, and the request for it.</summary>
internal sealed record SysctlChange
{
    private const string Family = "sysctl";

    private readonly Host host;

    /// <summary>Reads the setting and its file.</summary>
    /// <param name="host">The host.</param>
    /// <param name="key">The key.</param>
    /// <param name="usesFile">False to leave the file out.</param>
    /// <exception cref="OperationException">The agent's configuration denies the change, or one of them cannot be read.</exception>
    public SysctlChange(Host host, SysctlKey key, bool usesFile)
    {
        host.RequireSysctlAllowed(key);
        this.host = host;
        Key = key;
        Found = new KernelSettings(host).Find(key.Path);
        File = usesFile ? ManagedSysctlFile.Read(host, key) : new(key);
        View = new(host);
    }

    public SysctlKey Key { get; }

    /// <summary>The setting in the kernel; null when it does not know the key.</summary>
    public KernelSetting? Found { get; }

    public ManagedSysctlFile File { get; }

    public SysctlView View { get; }

    /// <summary>The value for the kernel; null to leave its own.</summary>
    public string? NewValue { get; init; }

    /// <summary>The value for the file; null to leave what is there.</summary>
    public string? NewFileValue { get; init; }

    /// <summary>True to remove the file.</summary>
    public bool RemovesFile { get; init; }

    private bool SetsValue => NewValue is not null && !SysctlValue.AreSame(Found?.Value, NewValue);

    private bool WritesFile => NewFileValue is not null && !SysctlValue.AreSame(File.Value, NewFileValue);

    /// <summary>Plans a change. It is computed again when it is this operation's turn.</summary>
    public static ChangePlan<SysctlResult> Plan(Host host, Func<SysctlChange> inspect)
    {
        var change = inspect();
        change.RequirePossible();
        return new()
        {
            Changes = change.SetsValue || change.WritesFile || change.RemovesFile,
            Before = change.Shown(change.Found?.Value, change.File.Value),
            After = change.Shown(change.NewValue, change.RemovesFile ? null : change.NewFileValue),
            Apply = async stop =>
            {
                using var held = await host.Locks.AcquireAsync(Family, host, stop);
                var current = inspect();
                current.RequirePossible();
                return current.Apply();
            },
        };
    }

    private void RequirePossible()
    {
        if (SetsValue)
            new KernelSettings(host).RequireWritable(Found!);
    }

    // The kernel first: a value that it does not take must not be in a file, where it would fail at each boot.
    private HandlerResult<SysctlResult> Apply()
    {
        if (SetsValue)
            KernelValue.Set(host, Found!, NewValue!, View);
        try
        {
            if (WritesFile)
                File.Write(host, NewFileValue!, Found?.IsPublic != false);
            else if (RemovesFile)
                File.Remove(host);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FileExchangedException or OperationException)
        {
            var reason = $"{File.Path} cannot be {(RemovesFile ? "removed" : "written")}: {failure.Message}";
            return SetsValue ? HandlerResult<SysctlResult>.Failed(Result(), $"the value was set in the kernel, but {reason}") : throw new OperationException(ErrorType.Failed, reason);
        }

        return Result();
    }

    private SysctlResult Result() => new SysctlView(host).Of(Key.Path, new KernelSettings(host).Find(Key.Path)) with
    {
        Changed = SetsValue || WritesFile || RemovesFile,
        Previous = SetsValue ? View.Shown(Found!, Found!.Value) : null,
    };

    // Only what differs.
    private JsonElement? Shown(string? value, string? fileValue)
    {
        if (!SetsValue && !WritesFile && !RemovesFile)
            return null;
        JsonObject shown = [];
        if (SetsValue)
            shown["value"] = View.Shown(Found!, value);
        if (WritesFile || RemovesFile)
            shown["persisted"] = Found is null ? fileValue : View.Shown(Found, fileValue);
        return JsonElement.Parse(shown.ToJsonString());
    }
}
