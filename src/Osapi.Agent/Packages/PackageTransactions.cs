using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Packages;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Hosts.Transactions;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;
using Osapi.Operations.Packages;

namespace Osapi.Agent.Packages;

/// <summary>Plans and runs the transactions of one request: install, remove or upgrade.</summary>
/// <param name="host">The host.</param>
/// <param name="request">The request.</param>
/// <param name="named">The names in it; packages of these names may be incomplete, because the transaction completes them.</param>
/// <param name="planAsync">Plans the request; the flag is true when the index may be refreshed first.</param>
internal sealed class PackageTransactions(Host host, PackageTransaction request, IReadOnlyCollection<string> named, Func<DpkgDatabase, bool, CancellationToken, Task<PackagePlan>> planAsync)
{
    // Once no program has the lock, another one can only be faster by a moment.
    private const int FasterTimeout = 30;

    // One for all programs of the job: a reader follows it.
    private OutputCapture? output;
    private bool isRefreshed;
    private bool isRepaired;

    private ConfigFilePolicy Policy => request.Conffiles ?? ConfigFilePolicy.Keep;

    public async Task<ChangePlan<PackageResult>> PlanAsync(CancellationToken cancellationToken)
    {
        await PackageSession.WaitAsync(host, DpkgLocks.OfPackages, request.LockTimeout, cancellationToken);
        var state = host.PackageState();
        var plan = await PlanAsync(await DpkgDatabase.ReadAsync(host, cancellationToken), mayRefresh: true, cancellationToken);
        return new()
        {
            Changes = plan.Changes,
            Before = plan.Before,
            After = plan.After,
            Apply = stop => plan.Changes == false && state == host.PackageState() ? Task.FromResult<HandlerResult<PackageResult>>(new PackageResult { Note = plan.Note }) : ApplyAsync(plan, state, stop),
        };
    }

    private async Task<PackagePlan> PlanAsync(DpkgDatabase database, bool mayRefresh, CancellationToken cancellationToken)
    {
        var broken = database.Packages.Where(package => package.IsBroken && !named.Contains(package.Name)).ToList();
        if (broken.Count == 0 && !host.HasDpkgJournal())
            return await planAsync(database, mayRefresh, cancellationToken);
        if (request.Repair == true && !isRepaired)
            return new() { RepairsFirst = true };
        var reason = broken.Count > 0
            ? $"packages of this host are incomplete: {string.Join(", ", broken.Take(10).Select(package => $"{package.Name} is {(package.Status is { } status ? SnakeCaseName.Of(status) : "to be installed again")}"))}"
            : "dpkg was interrupted on this host";
        throw new OperationException(ErrorType.Conflict, reason + (isRepaired ? ", also after dpkg --configure -a" : "; repair runs dpkg --configure -a first"));
    }

    private async Task<HandlerResult<PackageResult>> ApplyAsync(PackagePlan plan, string state, CancellationToken stop)
    {
        using var session = await PackageSession.BeginAsync(host, DpkgLocks.OfPackages, request.LockTimeout, stop);
        var before = await DpkgDatabase.ReadAsync(host, stop);
        if (state != host.PackageState())
            plan = await PlanAsync(before, mayRefresh: true, stop);
        TransactionOutput? failure = null;
        if (plan.RepairsFirst)
        {
            failure = await RunAsync("dpkg --configure -a", AptCommand.Repair(Policy), stop);
            isRepaired = true;
            if (failure is null)
                plan = await PlanAsync(await DpkgDatabase.ReadAsync(host, stop), mayRefresh: true, stop);
        }

        if (failure is null && plan.RefreshesFirst)
        {
            await RefreshIndexHandler.RefreshAsync(host, request.LockTimeout, [], stop);
            isRefreshed = true;
            plan = await PlanAsync(await DpkgDatabase.ReadAsync(host, stop), mayRefresh: false, stop);
        }

        if (failure is null && plan.Action is { } action)
            failure = await RunAsync($"apt-get {action.First(word => !word.StartsWith('-'))}", AptCommand.Transaction(Policy, FasterTimeout, action), stop);
        return await EndAsync(before, plan, failure, session);
    }

    // Null when it succeeded.
    private async Task<TransactionOutput?> RunAsync(string name, ProcessRequest process, CancellationToken stop)
    {
        output ??= host.Capture(OutputStream.Stdout);
        var end = await host.RunTransactionAsync(PackageSession.Family, name, process, output, stop);
        return end.Succeeded ? null : end;
    }

    private async Task<HandlerResult<PackageResult>> EndAsync(DpkgDatabase before, PackagePlan plan, TransactionOutput? failure, PackageSession session)
    {
        if (failure is null)
        {
            await AptMarks.SetAsync(host, "manual", plan.Manual);
            await AptMarks.SetAsync(host, "auto", plan.Automatic);
        }

        // What the packages are now is the truth, whatever the programs said.
        var after = await DpkgDatabase.ReadAsync(host, CancellationToken.None);
        var changes = before.ChangesTo(after);
        // dpkg forgets the hold of a package that it was told to change.
        await AptMarks.SetAsync(host, "hold", [.. before.Packages.Where(package => package.Held && after.Find(DpkgDatabase.NameOf(package)) is { IsThere: true, Held: false }).Select(before.MarkOf)]);
        var text = output?.Text();
        PackageResult result = new()
        {
            Changed = changes.Count > 0 || isRepaired || (failure is null && plan.Manual.Count > 0),
            Packages = changes.Count > 0 ? changes : null,
            MarkedManual = failure is null && plan.Manual.Count > 0 ? plan.Manual : null,
            Refreshed = isRefreshed,
            RebootRequired = host.RequiresReboot(),
            WaitedMs = session.WaitedMs,
            Stdout = text?.Text,
            StdoutTruncated = text?.Truncated == true,
            StdoutBytes = text?.Bytes,
            Note = plan.Note,
        };
        if (failure is null)
            return result;
        var (type, message) = AptErrors.Explain(failure.Text, failure.Exit.Code);
        return HandlerResult<PackageResult>.Failed(result, failure.Exit.Signal is { } signal ? $"ended by {signal}: {message}" : message, type);
    }
}
