using System.Text.Json;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Services;
using Osapi.Operations;

namespace Osapi.Agent.Services;

/// <summary>The links that enable or mask a unit.</summary>
internal static class UnitLinks
{
    /// <summary>Decides whether enabling or disabling a unit would change something; null when only systemd can tell.</summary>
    /// <exception cref="OperationException">The unit cannot be enabled.</exception>
    public static async Task<bool?> EnablingChangesAsync(Host host, SystemdUnit unit, bool enabled, CancellationToken cancellationToken)
    {
        var changes = await LinksChangeAsync(host, unit, enabled, cancellationToken);
        if (changes != false)
            RequireLinksAllowed(host, unit, enabled);
        return changes;
    }

    private static async Task<bool?> LinksChangeAsync(Host host, SystemdUnit unit, bool enabled, CancellationToken cancellationToken)
    {
        if (!enabled)
            return unit.FileState is "enabled" or "enabled-runtime" || UnitInstallation.LinksOf(host, unit.Id).Any();
        if (unit.IsMasked)
            throw new OperationException(ErrorType.Conflict, $"{unit.Id} is masked and cannot be enabled; service.state.update with masked: false allows it again");
        UnitRefusal.RequireLoaded(unit);
        return unit.FileState switch
        {
            "static" => false,
            "generated" => throw new OperationException(ErrorType.Conflict, $"{unit.Id} is generated from {unit.Source ?? "another file"}, which decides whether it starts at boot"),
            "transient" or null => throw new OperationException(ErrorType.Conflict, $"{unit.Id} has no unit file that could be enabled"),
            "disabled" or "enabled-runtime" or "linked" or "linked-runtime" => true,
            _ => !await UnitInstallation.IsCompleteAsync(host, unit, cancellationToken),
        };
    }

    /// <summary>Enables or disables a unit; returns true when links were changed. It is not cancelled in the middle.</summary>
    public static async Task<bool> EnableAsync(Host host, SystemdUnit unit, bool enabled, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (enabled)
            return HasLinks((await host.CallSystemdAsync("EnableUnitFiles", ["asbb", "1", unit.Id, "false", "false"], CancellationToken.None))[1]);
        // Links that last until the next boot are disabled apart from the others.
        return HasLinks((await host.CallSystemdAsync("DisableUnitFiles", ["asb", "1", unit.Id, "false"], CancellationToken.None))[0])
            | HasLinks((await host.CallSystemdAsync("DisableUnitFiles", ["asb", "1", unit.Id, "true"], CancellationToken.None))[0]);
    }

    /// <summary>Disables all instances of a template; returns true when links were changed.</summary>
    public static async Task<bool> DisableTemplateAsync(Host host, string template, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return HasLinks((await host.CallSystemdAsync("DisableUnitFiles", ["asb", "1", template, "false"], CancellationToken.None))[0]);
    }

    /// <summary>Requires that a unit can be masked: no file of an administrator is in the place of the link.</summary>
    /// <exception cref="OperationException">It cannot, or the agent's configuration denies it.</exception>
    public static void RequireMaskable(Host host, SystemdUnit unit)
    {
        var path = UnitFile.PathOf(unit.Id, dropIn: null);
        host.RequireAllowed(path);
        if (UnitFile.LinkAt(host, path) is { } destination)
            throw new OperationException(ErrorType.Conflict, $"{unit.Id} cannot be masked: {path} is a link to {destination}");
        if (File.Exists(host.FullPath(path)))
            throw new OperationException(ErrorType.Conflict, $"{unit.Id} cannot be masked, because its unit file is {path}: stop and disable it instead, or remove the file");
    }

    /// <summary>Masks or unmasks a unit; returns true when links were changed. It is not cancelled in the middle.</summary>
    public static async Task<bool> MaskAsync(Host host, SystemdUnit unit, bool masked, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        host.RequireAllowed(UnitFile.PathOf(unit.Id, dropIn: null));
        if (masked)
            return HasLinks((await host.CallSystemdAsync("MaskUnitFiles", ["asbb", "1", unit.Id, "false", "false"], CancellationToken.None))[0]);
        return HasLinks((await host.CallSystemdAsync("UnmaskUnitFiles", ["asb", "1", unit.Id, "false"], CancellationToken.None))[0])
            | HasLinks((await host.CallSystemdAsync("UnmaskUnitFiles", ["asb", "1", unit.Id, "true"], CancellationToken.None))[0]);
    }

    private static void RequireLinksAllowed(Host host, SystemdUnit unit, bool enabled)
    {
        var installation = UnitInstallation.Read(host, unit);
        foreach (var link in enabled ? installation.Links : UnitInstallation.LinksOf(host, unit.Id))
            host.RequireAllowed(link);
        // Links of other units, and those whose names only systemd knows.
        if (installation is not { IsKnown: true, Also.Count: 0 })
            host.RequireAllowed(UnitFile.Directory);
    }

    private static bool HasLinks(JsonElement links) => links.ValueKind == JsonValueKind.Array && links.GetArrayLength() > 0;
}
