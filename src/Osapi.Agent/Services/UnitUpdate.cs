using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Services;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>The update of a unit to a desired state.</summary>
/// <remarks>The order is: unmask, enable or disable, start or stop, mask. The unit is read again after each step.</remarks>
internal sealed class UnitUpdate(Host host, DesiredUnit desired)
{
    private bool changed;
    private bool reloaded;

    /// <summary>Computes the changes.</summary>
    /// <exception cref="OperationException">The unit does not exist, or its state forbids the change.</exception>
    public static async Task<ChangePlan<ServiceChange>> PlanAsync(UnitName name, DesiredUnit desired, Host host, CancellationToken cancellationToken)
    {
        var unit = await SystemdUnit.ReadAsync(host, name.FullName, cancellationToken);
        var unseen = !unit.IsFound && UnitFile.IsOnDisk(host, name.FullName);
        var changes = unseen ? Unseen(desired) : await new UnitUpdate(host, desired).ChangesAsync(unit, cancellationToken);
        return new()
        {
            Changes = changes,
            Before = JsonSerializer.SerializeToElement(UnitStates.Of(unit), ServiceJson.Results.UnitState),
            Apply = async stop =>
            {
                using var held = await host.Locks.AcquireAsync(ServiceHandlers.Family, host, stop);
                var answer = await new UnitUpdate(host, desired).ApplyAsync(name.FullName, stop);
                return held.Waited > TimeSpan.Zero ? UnitStates.Waited(answer, held.Waited) : answer;
            },
        };
    }

    /// <summary>Decides whether something would change; null when only systemd can tell.</summary>
    public async Task<bool?> ChangesAsync(SystemdUnit unit, CancellationToken cancellationToken)
    {
        if (!unit.IsFound && desired is { Masked: true, Running: null, Enabled: null })
        {
            UnitLinks.RequireMaskable(host, unit);
            return true;
        }

        // A unit whose file was removed can still be stopped.
        if (!unit.IsFound && (unit.IsStopped || desired is not { Running: false, Enabled: null, Masked: null }))
            throw UnitRefusal.NotFound(unit);
        // What it is behind the mask can be seen when the mask is gone.
        if (desired.Masked == false && unit.IsMasked)
            return true;
        List<bool?> parts = [desired.Masked == true && !unit.IsMasked, Starts(unit) || Stops(unit), await EnablesAsync(unit, cancellationToken)];
        if (parts[0] == true)
            UnitLinks.RequireMaskable(host, unit);
        return parts.Contains(true) ? true : parts.Contains(null) ? null : false;
    }

    /// <summary>Makes the changes to a unit, or to a template, which can only be disabled, while the caller holds the family's lock.</summary>
    public async Task<HandlerResult<ServiceChange>> ApplyOrPassAsync(UnitName name, CancellationToken cancellationToken)
    {
        if (!name.IsTemplate)
            return await ApplyAsync(name.FullName, cancellationToken);
        return new ServiceChange { Name = name.FullName, Changed = await UnitLinks.DisableTemplateAsync(host, name.FullName, cancellationToken) };
    }

    /// <summary>Makes the changes, while the caller holds the family's lock.</summary>
    public async Task<HandlerResult<ServiceChange>> ApplyAsync(string name, CancellationToken cancellationToken)
    {
        var before = await SystemdUnit.ReadAsync(host, name, cancellationToken);
        try
        {
            return await ApplyAsync(name, before, cancellationToken);
        }
        catch (OperationCanceledException) when (changed)
        {
            return HandlerResult<ServiceChange>.Stopped("part of it was changed before", Result(before, await SystemdUnit.ReadAsync(host, name, CancellationToken.None)));
        }
        catch (OperationException exception) when (changed)
        {
            // The completed steps stay: the host has changed.
            return HandlerResult<ServiceChange>.Failed(Result(before, await SystemdUnit.ReadAsync(host, name, cancellationToken)), $"{exception.Message}; part of it was changed before", exception.Type);
        }
    }

    private async Task<HandlerResult<ServiceChange>> ApplyAsync(string name, SystemdUnit before, CancellationToken cancellationToken)
    {
        var unit = before;
        if ((!unit.IsFound && UnitFile.IsOnDisk(host, name)) || (unit.NeedsReload && await ChangesAsync(unit, cancellationToken) != false))
            unit = await ReloadAsync(name, cancellationToken);
        var unmasking = desired.Masked == false && unit.IsMasked;
        if (await ChangesAsync(unit, cancellationToken) == false)
            return Result(before, unit);

        if (unmasking)
            unit = await ChangedAsync(unit, await UnitLinks.MaskAsync(host, unit, masked: false, cancellationToken));
        if (unmasking && !unit.IsFound)
            return Result(before, unit);
        if (await EnablesAsync(unit, cancellationToken) != false)
            unit = await ChangedAsync(unit, await UnitLinks.EnableAsync(host, unit, desired.Enabled == true, cancellationToken));
        if (Starts(unit) || Stops(unit))
        {
            var failure = await RunAsync(unit, cancellationToken);
            unit = failure?.Unit ?? (failure is null ? await SystemdUnit.ReadAsync(host, unit.Id, cancellationToken) : unit);
            changed = true;
            if (failure is not null)
                return failure.With(Result(before, unit));
        }

        if (desired.Masked == true && !unit.IsMasked)
            unit = await ChangedAsync(unit, await UnitLinks.MaskAsync(host, unit, masked: true, cancellationToken));
        return Result(before, unit);
    }

    // Enough for a prediction: its file says the rest when systemd has read it.
    private static bool? Unseen(DesiredUnit desired) => desired.Running == true || desired.Enabled == true || desired.Masked == true ? true : null;

    private bool Starts(SystemdUnit unit)
    {
        if (desired.Running != true || unit.IsActive)
            return false;
        UnitRefusal.RequireStartable(unit);
        return true;
    }

    private bool Stops(SystemdUnit unit)
    {
        if (desired.Running != false || unit.IsStopped)
            return false;
        UnitRefusal.RequireStoppable(unit);
        return true;
    }

    private async Task<bool?> EnablesAsync(SystemdUnit unit, CancellationToken cancellationToken) =>
        desired.Enabled is { } enabled ? await UnitLinks.EnablingChangesAsync(host, unit, enabled, cancellationToken) : false;

    private async Task<UnitFailure?> RunAsync(SystemdUnit unit, CancellationToken cancellationToken)
    {
        UnitJob job = new(host, unit);
        if (desired.Running == true)
        {
            if (desired.ResetsFailed)
                await job.ResetAsync(cancellationToken);
            return await job.RunAsync("start", desired.Settle, cancellationToken);
        }

        var failure = await job.RunAsync("stop", TimeSpan.Zero, cancellationToken);
        // A unit that failed, before or by the stop, is not inactive by a stop.
        if (failure is null && await SystemdUnit.ReadAsync(host, unit.Id, cancellationToken) is { IsStopped: false })
            await job.ResetAsync(cancellationToken);
        return failure;
    }

    // systemd reads changed links in any case, also when the operation is stopped meanwhile.
    private async Task<SystemdUnit> ChangedAsync(SystemdUnit unit, bool links)
    {
        if (!links)
            return unit;
        changed = true;
        return await ReloadAsync(unit.Id, CancellationToken.None);
    }

    private async Task<SystemdUnit> ReloadAsync(string name, CancellationToken cancellationToken)
    {
        await host.ReloadSystemdAsync(cancellationToken);
        reloaded = true;
        return await SystemdUnit.ReadAsync(host, name, cancellationToken);
    }

    private ServiceChange Result(SystemdUnit before, SystemdUnit after) => new()
    {
        Name = after.Id,
        Changed = changed,
        Before = UnitStates.Of(before),
        After = UnitStates.Of(after),
        DaemonReloaded = reloaded ? true : null,
        MainPid = after.MainPid,
        Note = UnitStates.NoteOf(desired, after),
    };
}
