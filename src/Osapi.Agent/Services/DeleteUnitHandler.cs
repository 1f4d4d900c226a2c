using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Services;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>Runs <see cref="DeleteUnit"/> on this host.</summary>
internal static class DeleteUnitHandler
{
    public static async Task<ChangePlan<UnitChange>> HandleAsync(DeleteUnit request, Host host, CancellationToken cancellationToken)
    {
        var content = Read(request, host);
        await RequireStoppableAsync(request, host, content, cancellationToken);
        var difference = content.Difference(host);
        return new()
        {
            Changes = content.Differs,
            Diff = difference.Shown,
            ContentDiff = difference.Content,
            Apply = async stop =>
            {
                using var held = await host.Locks.AcquireAsync(ServiceHandlers.Family, host, stop);
                return await ApplyAsync(request, host, new() { Name = request.Name.FullName, Path = content.Path, WaitedMs = held.Waited > TimeSpan.Zero ? (long)held.Waited.TotalMilliseconds : null }, stop);
            },
        };
    }

    private static UnitContent Read(DeleteUnit request, Host host)
    {
        host.RequireSystemd();
        host.RequireUnitAllowed(UnitFile.PathOf(request.Name.FullName, request.DropIn?.Value));
        return UnitContent.Read(host, request.Name.FullName, request.DropIn?.Value, content: null, request.Force == true);
    }

    // With a file of a package behind it, or without the drop-in, the unit goes on.
    private static bool IsEnd(DeleteUnit request, Host host) => request.DropIn is null && !UnitFile.IsElsewhere(host, request.Name.FullName);

    private static async Task RequireStoppableAsync(DeleteUnit request, Host host, UnitContent content, CancellationToken cancellationToken)
    {
        if (!content.Differs || !IsEnd(request, host))
            return;
        var name = request.Name.FullName;
        if (!request.Name.IsTemplate)
        {
            if (await SystemdUnit.ReadAsync(host, name, cancellationToken) is { IsStopped: false } running)
                UnitRefusal.RequireStoppable(running);
        }
        else if ((await SystemdUnits.ListAsync(host, name.Replace("@.", "@*.", StringComparison.Ordinal), cancellationToken)).FirstOrDefault(unit => unit.ActiveState != "inactive") is { } instance)
            throw new OperationException(ErrorType.Conflict, $"{name} is not removed while {instance.Name}, an instance of it, is {instance.ActiveState}");
    }

    private static async Task<HandlerResult<UnitChange>> ApplyAsync(DeleteUnit request, Host host, UnitChange result, CancellationToken cancellationToken)
    {
        var content = Read(request, host);
        if (!content.Differs)
            return result;
        await RequireStoppableAsync(request, host, content, cancellationToken);
        if (IsEnd(request, host))
        {
            // Nothing is removed while the unit still runs: nobody could stop it by its name.
            var answer = await new UnitUpdate(host, new(Running: request.Name.IsTemplate ? null : false, Enabled: false)).ApplyOrPassAsync(request.Name, cancellationToken);
            result = result with { Changed = answer.Result?.Changed == true, Note = answer.Result?.Note };
            if (answer.Outcome == Outcome.Cancelled)
                return HandlerResult<UnitChange>.Stopped($"{answer.Error}; the file was not removed", result);
            if (answer.Outcome != Outcome.Ok)
                return HandlerResult<UnitChange>.Failed(result with { Log = answer.Result?.Log }, $"{answer.Error}; the file was not removed", answer.ErrorType ?? ErrorType.Failed);
        }

        try
        {
            await content.WriteAsync(host, content: null, CancellationToken.None);
            RemoveEmptyDirectory(request, host, content);
            result = result with { Changed = true };
            await host.ReloadSystemdAsync(CancellationToken.None);
            return result with { DaemonReloaded = true };
        }
        catch (OperationException exception) when (result.Changed)
        {
            return HandlerResult<UnitChange>.Failed(result, $"{exception.Message}; part of it was changed before", exception.Type);
        }
    }

    private static void RemoveEmptyDirectory(DeleteUnit request, Host host, UnitContent content)
    {
        if (request.DropIn is null)
            return;
        try
        {
            Directory.Delete(host.FullPath(Path.GetDirectoryName(content.Path)!));
        }
        catch (IOException)
        {
            // Other drop-ins are in it.
        }
    }
}
