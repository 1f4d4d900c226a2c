using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Packages;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Hosts.Transactions;
using Osapi.Operations;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Packages;

/// <summary>Runs <see cref="RefreshIndex"/> on this host.</summary>
internal static class RefreshIndexHandler
{
    private const int MaxSources = 20;

    public static Task<ChangePlan<RefreshResult>> HandleAsync(RefreshIndex request, Host host, CancellationToken cancellationToken)
    {
        var isDue = IsDue(request, host);
        return Task.FromResult(new ChangePlan<RefreshResult>
        {
            // Only the sources know whether they have something new for an index that is there.
            Changes = !isDue ? false : host.IndexAge() is null ? true : null,
            Apply = async stop =>
            {
                using var session = await PackageSession.BeginAsync(host, DpkgLocks.OfIndex, request.LockTimeout, stop);
                // Another operation may have refreshed it in the meantime.
                if (!IsDue(request, host))
                    return new RefreshResult { IndexAge = (long?)host.IndexAge()?.TotalSeconds, WaitedMs = session.WaitedMs };
                var before = host.IndexState();
                var end = await RunAsync(host, [], stop);
                var text = $"{end.Output.Text}\n{end.Error.Text}";
                var failed = text.Split('\n').Where(line => line.StartsWith("E: Failed to fetch ", StringComparison.Ordinal)).Select(line => line.Split(' ')[4]).Distinct().Take(MaxSources).ToList();
                RefreshResult result = new()
                {
                    Changed = before != host.IndexState(),
                    IndexAge = (long?)host.IndexAge()?.TotalSeconds,
                    FailedSources = failed.Count > 0 ? failed : null,
                    WaitedMs = session.WaitedMs,
                    OutputTail = TransactionOutput.TailOf(text),
                };
                if (end.Stopped is { } stopped)
                    return HandlerResult<RefreshResult>.Stopped(stopped.ToString(), result);
                if (end.Exit.Code == 0)
                    return result;
                var (type, message) = AptErrors.Explain(text, end.Exit.Code);
                return HandlerResult<RefreshResult>.Failed(result, message, type);
            },
        });
    }

    /// <summary>Refreshes the index as a step of another operation, which has the lock of the family.</summary>
    /// <param name="host">The host.</param>
    /// <param name="lockTimeout">The seconds to wait for another program; null for the default.</param>
    /// <param name="options">More options of apt-get; those limit it to some sources.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationException">A source does not answer, or another program has the index locked.</exception>
    public static async Task RefreshAsync(Host host, int? lockTimeout, IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        await DpkgLocks.WaitAsync(host, DpkgLocks.OfIndex, lockTimeout ?? PackageSession.DefaultLockTimeout, cancellationToken);
        var end = await RunAsync(host, options, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (end.Exit.Code != 0)
            throw AptErrors.Of($"{end.Output.Text}\n{end.Error.Text}", end.Exit.Code);
    }

    private static bool IsDue(RefreshIndex request, Host host) => host.IndexAge() is not { } age || age.TotalSeconds >= (request.OlderThan ?? 0);

    // It may be ended at any time: apt replaces its files only when they are complete.
    private static async Task<ProcessResult> RunAsync(Host host, IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        // By the option's name in the configuration, which older versions ignore instead of refusing it.
        ProcessRequest process = new("apt-get", ["-q", "-o", "APT::Update::Error-Mode=any", .. options, "update"]) { Environment = AptCommand.Environment(ConfigFilePolicy.Keep) };
        var end = await host.RunAsync(process, cancellationToken);
        // A part of the index says nothing about the rest.
        if (end.Exit.Code == 0 && end.Stopped is null && options.Count == 0)
            host.MarkIndexFresh();
        return end;
    }
}
