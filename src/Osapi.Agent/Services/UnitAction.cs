using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Services;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>A restart or a reload: an action that is a change each time.</summary>
internal sealed record UnitAction
{
    /// <summary>The verb of systemctl(1).</summary>
    public required string Verb { get; init; }

    /// <summary>Throws when the state of the unit forbids the action.</summary>
    public required Action<SystemdUnit> Require { get; init; }

    /// <summary>Gets the reason for which the action is left out; null when it is not.</summary>
    public Func<SystemdUnit, string?> SkipReason { get; init; } = _ => null;

    /// <summary>The time that the unit must stay up afterwards.</summary>
    public TimeSpan Settle { get; init; }

    /// <summary>True to reset the count of failed starts before.</summary>
    public bool ResetsFailed { get; init; }

    /// <summary>Computes what can be predicted: whether the action is possible.</summary>
    public static async Task<ChangePlan<ServiceChange>> PlanAsync(UnitName name, UnitAction action, Host host, CancellationToken cancellationToken)
    {
        var unit = await SystemdUnit.ReadAsync(host, name.FullName, cancellationToken);
        var skipped = action.SkipReason(unit) is not null;
        if (unit.IsFound || !UnitFile.IsOnDisk(host, name.FullName))
        {
            UnitRefusal.RequireFound(unit);
            if (!skipped)
                action.Require(unit);
        }

        return new()
        {
            Changes = skipped ? false : null,
            Apply = async stop =>
            {
                using var held = await host.Locks.AcquireAsync(ServiceHandlers.Family, host, stop);
                var answer = await action.RunAsync(name.FullName, host, stop);
                return held.Waited > TimeSpan.Zero ? UnitStates.Waited(answer, held.Waited) : answer;
            },
        };
    }

    private async Task<HandlerResult<ServiceChange>> RunAsync(string name, Host host, CancellationToken cancellationToken)
    {
        var before = await SystemdUnit.ReadAsync(host, name, cancellationToken);
        if (before.IsFound && SkipReason(before) is { } reason)
            return HandlerResult<ServiceChange>.Skipped(reason);
        var reloads = before.NeedsReload || !before.IsFound;
        if (reloads)
            await host.ReloadSystemdAsync(cancellationToken);
        var unit = reloads ? await SystemdUnit.ReadAsync(host, name, cancellationToken) : before;
        Require(unit);

        UnitJob job = new(host, unit);
        if (ResetsFailed)
            await job.ResetAsync(cancellationToken);
        var failure = await job.RunAsync(Verb, Settle, cancellationToken);
        var after = failure is null ? await SystemdUnit.ReadAsync(host, name, cancellationToken) : failure.Unit ?? unit;
        ServiceChange change = new()
        {
            Name = after.Id,
            Changed = true,
            Before = UnitStates.Of(before),
            After = UnitStates.Of(after),
            DaemonReloaded = reloads ? true : null,
            MainPid = after.MainPid,
        };
        return failure?.With(change) ?? change;
    }
}
