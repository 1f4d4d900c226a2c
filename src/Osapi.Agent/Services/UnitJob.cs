using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Services;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Agent.Services;

/// <summary>One start, stop, restart or reload of a unit, and what came of it.</summary>
/// <param name="host">The host.</param>
/// <param name="before">The unit before.</param>
internal sealed class UnitJob(Host host, SystemdUnit before)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250), ReadTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Runs a verb of systemctl(1), which waits for the end of systemd's job.</summary>
    /// <param name="verb">The verb.</param>
    /// <param name="settle">The time for which the unit must stay up afterwards; zero when it need not.</param>
    /// <param name="cancellationToken">Stops waiting: systemd goes on.</param>
    /// <returns>Null when it succeeded; otherwise the outcome, whose result is for the caller to complete.</returns>
    public async Task<UnitFailure?> RunAsync(string verb, TimeSpan settle, CancellationToken cancellationToken)
    {
        try
        {
            var output = await host.SystemctlAsync(verb, before.Id, cancellationToken);
            if (output.ExitCode == 0)
                return settle > TimeSpan.Zero ? await SettleAsync(settle, cancellationToken) : null;
            var unit = await SystemdUnit.ReadAsync(host, before.Id, cancellationToken);
            return await FailureAsync(unit, $"{verb} of {before.Id} failed: {Reason(unit, output)}");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new(Stopped: true, $"systemd goes on with the {verb} of {before.Id}", await ReadLateAsync(), Log: null);
        }
    }

    /// <summary>Resets the count of failed starts, after which systemd refuses further ones.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken) => await host.SystemctlAsync("reset-failed", before.Id, cancellationToken);

    // A service of the type simple has started as soon as its process exists.
    private async Task<UnitFailure?> SettleAsync(TimeSpan settle, CancellationToken cancellationToken)
    {
        var begin = host.Time.GetTimestamp();
        var started = await SystemdUnit.ReadAsync(host, before.Id, cancellationToken);
        // Units of other types have no process, and a oneshot service has run to its end.
        if (started.Type is null or "oneshot")
            return null;
        if (!started.IsActive)
            return await EndedAsync(started, settle);
        while (host.Time.GetElapsedTime(begin) < settle)
        {
            await Task.Delay(PollInterval, host.Time, cancellationToken);
            var unit = await SystemdUnit.ReadAsync(host, before.Id, cancellationToken);
            if (!unit.IsActive || unit.Invocation != started.Invocation)
                return await EndedAsync(unit, settle);
        }

        return null;
    }

    private async Task<UnitFailure?> EndedAsync(SystemdUnit unit, TimeSpan settle) =>
        await FailureAsync(unit, $"{before.Id} did not stay up for {settle.TotalSeconds:0} s after its start: it is {unit.ActiveState} ({unit.SubState}), {Words(unit)}");

    private async Task<UnitFailure> FailureAsync(SystemdUnit unit, string error) => new(Stopped: false, error, unit, await UnitJournal.ReadAsync(host, unit));

    private async Task<SystemdUnit?> ReadLateAsync()
    {
        using CancellationTokenSource timeout = new(ReadTimeout, host.Time);
        try
        {
            return await SystemdUnit.ReadAsync(host, before.Id, timeout.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or OperationException)
        {
            return null;
        }
    }

    private static string Reason(SystemdUnit unit, ToolOutput output) =>
        output.Error.Length > 0 ? ControlCharacters.Escape(output.ErrorText) : Words(unit);

    private static string Words(SystemdUnit unit) => unit.Result switch
    {
        null or "success" => unit.ExitStatus is { } code ? $"its process ended with exit code {code}" : "systemd gives no reason",
        "start-limit-hit" => "it was started too often (start-limit-hit)",
        "exit-code" => $"its process ended with exit code {unit.ExitStatus}",
        var result => $"result {result}",
    };
}

/// <summary>The failure of a start, stop, restart or reload.</summary>
/// <param name="Stopped">True when the operation was stopped while systemd was at work.</param>
/// <param name="Error">The reason.</param>
/// <param name="Unit">The unit afterwards; null when it could not be read.</param>
/// <param name="Log">The unit's last lines in the journal.</param>
internal sealed record UnitFailure(bool Stopped, string Error, SystemdUnit? Unit, IReadOnlyList<string>? Log)
{
    /// <summary>Creates the answer of the operation.</summary>
    public HandlerResult<ServiceChange> With(ServiceChange change) => Stopped ? HandlerResult<ServiceChange>.Stopped(Error, change) : HandlerResult<ServiceChange>.Failed(change with { Log = Log }, Error);
}
