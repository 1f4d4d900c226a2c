using Osapi.Agent.Hosts.Services;
using Osapi.Operations;

namespace Osapi.Agent.Services;

/// <summary>Refuses what the state of a unit does not allow.</summary>
internal static class UnitRefusal
{
    // Starting one of them stops the whole host, which is not a matter of services (systemd.special(7)).
    private static readonly HashSet<string> HostStops =
    [
        "ctrl-alt-del.target", "emergency.target", "emergency.service", "exit.target", "factory-reset.target", "final.target", "halt.target", "hibernate.target", "hybrid-sleep.target", "initrd-switch-root.target",
        "initrd-switch-root.service", "kexec.target", "poweroff.target", "reboot.target", "rescue.target", "rescue.service", "runlevel0.target", "runlevel1.target", "runlevel6.target", "shutdown.target", "sleep.target",
        "soft-reboot.target", "suspend.target", "suspend-then-hibernate.target", "systemd-exit.service", "systemd-halt.service", "systemd-hibernate.service", "systemd-hybrid-sleep.service", "systemd-kexec.service",
        "systemd-poweroff.service", "systemd-reboot.service", "systemd-soft-reboot.service", "systemd-suspend.service", "systemd-suspend-then-hibernate.service", "umount.target",
    ];

    public static OperationException NotFound(SystemdUnit unit) => new(ErrorType.NotFound, $"there is no unit {unit.Id} on this host");

    public static OperationException OwnUnitError(string unit) => new(ErrorType.Conflict, $"{unit} is the unit of this agent, which would end before it could tell the result");

    /// <summary>Requires that a unit exists.</summary>
    /// <exception cref="OperationException">It does not.</exception>
    public static void RequireFound(SystemdUnit unit)
    {
        if (!unit.IsFound)
            throw NotFound(unit);
    }

    /// <summary>Requires that a unit may be started.</summary>
    /// <exception cref="OperationException">It may not, with the reason.</exception>
    public static void RequireStartable(SystemdUnit unit)
    {
        RequireFound(unit);
        if (unit.IsMasked)
            throw new OperationException(ErrorType.Conflict, $"{unit.Id} is masked and cannot be started; service.state.update with masked: false allows it again");
        if (unit.Names.Prepend(unit.Id).Any(HostStops.Contains))
            throw new OperationException(ErrorType.Conflict, $"{unit.Id} would stop the host, or most of it, and is not started by service operations");
        RequireLoaded(unit);
        if (!unit.CanStart && !unit.NeedsReload)
            throw new OperationException(ErrorType.Conflict, $"{unit.Id} cannot be started by itself: systemd starts it when another unit needs it");
    }

    /// <summary>Requires that a unit may be stopped or restarted.</summary>
    /// <exception cref="OperationException">It may not, with the reason.</exception>
    public static void RequireStoppable(SystemdUnit unit)
    {
        if (OwnUnit.Name is { } own && unit.Names.Prepend(unit.Id).Contains(own))
            throw OwnUnitError(unit.Id);
        if (!unit.CanStop && unit.IsFound)
            throw new OperationException(ErrorType.Conflict, $"{unit.Id} cannot be stopped by itself");
    }

    /// <summary>Requires that systemd accepts the unit's file.</summary>
    /// <exception cref="OperationException">It does not. A file that changed since is not judged.</exception>
    public static void RequireLoaded(SystemdUnit unit)
    {
        if (unit.IsBad && !unit.NeedsReload)
            throw new OperationException(ErrorType.Conflict, $"systemd does not accept {unit.Fragment ?? unit.Id}: {unit.LoadError ?? unit.LoadState}");
    }
}
