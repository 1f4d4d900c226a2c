using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Services;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>Runs <see cref="UpdateUnit"/> on this host.</summary>
internal static class UpdateUnitHandler
{
    public static async Task<ChangePlan<UnitChange>> HandleAsync(UpdateUnit request, Host host, CancellationToken cancellationToken)
    {
        var content = Read(request, host);
        if (content.Differs && request is { DropIn: not null, RestartOnChange: true, Name.IsTemplate: false })
            RequireRestartable(await SystemdUnit.ReadAsync(host, request.Name.FullName, cancellationToken));
        if (content.Differs && !request.Name.IsTemplate && await UnitVerification.RefusalAsync(host, request.Name.FullName, content, cancellationToken) is { } refusal)
            throw new OperationException(ErrorType.Invalid, $"systemd does not accept the content: {refusal}");
        var difference = content.Difference(host);
        var enables = content.Differs || request.Enabled is null ? false : await EnablesAsync(request, host, cancellationToken);
        return new()
        {
            Changes = content.Differs ? true : enables,
            Diff = difference.Shown,
            ContentDiff = difference.Content,
            Apply = async stop =>
            {
                using var held = await host.Locks.AcquireAsync(ServiceHandlers.Family, host, stop);
                return await ApplyAsync(request, host, new() { Name = request.Name.FullName, Path = content.Path, WaitedMs = held.Waited > TimeSpan.Zero ? (long)held.Waited.TotalMilliseconds : null }, stop);
            },
        };
    }

    // A unit that runs behind a mask takes the drop-in, and would then not start again.
    private static void RequireRestartable(SystemdUnit unit)
    {
        if (unit is { IsMasked: true, IsStopped: false, ActiveState: not "failed" })
            UnitRefusal.RequireStartable(unit);
    }

    private static UnitContent Read(UpdateUnit request, Host host)
    {
        host.RequireSystemd();
        host.RequireUnitAllowed(UnitFile.PathOf(request.Name.FullName, request.DropIn?.Value));
        if (request.RestartOnChange == true && request.Name.FullName == OwnUnit.Name)
            throw UnitRefusal.OwnUnitError(request.Name.FullName);
        return UnitContent.Read(host, request.Name.FullName, request.DropIn?.Value, request.Content, request.Force == true);
    }

    private static async Task<bool?> EnablesAsync(UpdateUnit request, Host host, CancellationToken cancellationToken) =>
        await new UnitUpdate(host, new(Enabled: request.Enabled)).ChangesAsync(await SystemdUnit.ReadAsync(host, request.Name.FullName, cancellationToken), cancellationToken);

    private static async Task<HandlerResult<UnitChange>> ApplyAsync(UpdateUnit request, Host host, UnitChange result, CancellationToken cancellationToken)
    {
        var content = Read(request, host);
        // A file that is as it should be, and that systemd has not read, was written by an agent that was killed then.
        if (content.Differs || (!request.Name.IsTemplate && (await SystemdUnit.ReadAsync(host, result.Name, cancellationToken)).NeedsReload))
            result = result with { Changed = content.Differs, DaemonReloaded = true, Warnings = await WriteAsync(request, host, content, cancellationToken) };
        try
        {
            return await FollowAsync(request, host, result, cancellationToken);
        }
        catch (OperationCanceledException) when (result.Changed)
        {
            return HandlerResult<UnitChange>.Stopped("the content was written before", result);
        }
        catch (OperationException exception) when (result.Changed)
        {
            return HandlerResult<UnitChange>.Failed(result, $"the content was written, and then: {exception.Message}", exception.Type);
        }
    }

    private static async Task<HandlerResult<UnitChange>> FollowAsync(UpdateUnit request, Host host, UnitChange result, CancellationToken cancellationToken)
    {
        var isWritten = result.Changed;
        if (request.Enabled is { } enabled)
        {
            var answer = await new UnitUpdate(host, new(Enabled: enabled)).ApplyAsync(result.Name, cancellationToken);
            result = result with { Changed = result.Changed || answer.Result?.Changed == true, Note = answer.Result?.Note };
            if (answer.Outcome == Outcome.Cancelled)
                return HandlerResult<UnitChange>.Stopped(answer.Error!, result);
            if (answer.Outcome != Outcome.Ok)
                return HandlerResult<UnitChange>.Failed(result, answer.Error!, answer.ErrorType ?? ErrorType.Failed);
        }

        return request.RestartOnChange == true && isWritten ? await RestartAsync(host, result, cancellationToken) : result;
    }

    private static async Task<IReadOnlyList<string>?> WriteAsync(UpdateUnit request, Host host, UnitContent content, CancellationToken cancellationToken)
    {
        if (content.Differs)
            await content.WriteAsync(host, content.After, cancellationToken);
        // From here on to the end, whatever is cancelled: the host must not keep a file that systemd does not accept.
        await host.ReloadSystemdAsync(CancellationToken.None);
        var words = await UnitVerification.LinesAsync(host, request.Name.FullName, content.Path, CancellationToken.None);
        if (request.Name.IsTemplate || await SystemdUnit.ReadAsync(host, request.Name.FullName, CancellationToken.None) is not { IsBad: true } bad)
            return words.Count > 0 ? words : null;

        await content.WriteAsync(host, content.Before, CancellationToken.None);
        await host.ReloadSystemdAsync(CancellationToken.None);
        throw new OperationException(ErrorType.Invalid, $"systemd does not accept the content, and {(content.Before is null ? "it was removed again" : "the previous content is back")}: {(words.Count > 0 ? string.Join("; ", words) : bad.LoadError ?? bad.LoadState)}");
    }

    private static async Task<HandlerResult<UnitChange>> RestartAsync(Host host, UnitChange result, CancellationToken cancellationToken)
    {
        var unit = await SystemdUnit.ReadAsync(host, result.Name, cancellationToken);
        if (unit.IsStopped || unit.ActiveState == "failed")
            return result;
        UnitRefusal.RequireStoppable(unit);
        UnitJob job = new(host, unit);
        await job.ResetAsync(cancellationToken);
        var failure = await job.RunAsync("restart", DesiredUnit.SettleOf(null), cancellationToken);
        result = result with { Restarted = true };
        return failure is null ? result
            : failure.Stopped ? HandlerResult<UnitChange>.Stopped(failure.Error, result)
            : HandlerResult<UnitChange>.Failed(result with { Log = failure.Log }, $"the content was written, and then the {failure.Error}");
    }
}
