using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Hosts.Transactions;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Users;

/// <summary>The right to change the users and groups of a host: no other operation of the two families does at the same time.</summary>
/// <remarks>Its programs are transactions: one that is ended in the middle leaves half an account.</remarks>
internal sealed class AccountSession : IDisposable
{
    // Users and groups are in the same files.
    private const string Family = "user";

    private static readonly IReadOnlyDictionary<string, string> Environment = new Dictionary<string, string>
    {
        ["LC_ALL"] = "C.UTF-8",
        // The agent's may lack the directories of administration.
        ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    };

    private readonly Host host;
    private readonly FamilyLock family;

    private AccountSession(Host host, FamilyLock family) => (this.host, this.family) = (host, family);

    /// <summary>Waits until nothing else changes accounts.</summary>
    /// <exception cref="OperationException">The agent is not root.</exception>
    /// <exception cref="FamilyLockCanceledException">It was stopped while it waited.</exception>
    public static async Task<AccountSession> BeginAsync(Host host, CancellationToken cancellationToken)
    {
        if (Accounts.EffectiveUser != 0)
            throw new OperationException(ErrorType.Unavailable, "users and groups can only be changed by an agent that runs as root");
        var family = await host.Locks.AcquireAsync(Family, host, cancellationToken);
        try
        {
            await new TransactionFiles(host, Family).WaitAsync(cancellationToken);
            return new(host, family);
        }
        catch
        {
            family.Dispose();
            throw;
        }
    }

    /// <summary>Runs one of the tools that change accounts, to its end. A stop ends the job before the first one only.</summary>
    /// <exception cref="OperationException">The tool failed.</exception>
    public async Task RunAsync(string tool, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var end = await host.RunTransactionAsync(Family, tool, new(tool, arguments) { Environment = Environment }, host.CaptureInMemory(), StopOf(cancellationToken));
        if (!end.Succeeded)
            throw AccountErrors.Of(tool, end.Exit.Code, end.Tail);
    }

    /// <summary>Writes the password field of a user, which no process list ever shows.</summary>
    /// <exception cref="OperationException">chpasswd failed.</exception>
    public async Task SetPasswordAsync(string user, string field, CancellationToken cancellationToken)
    {
        const string Tool = "chpasswd";
        host.CommitPoint.Pass(Tool, StopOf(cancellationToken));
        // It takes a moment, and replaces the file at once or not at all.
        var end = await Found(Tool, host.RunAsync(new ProcessRequest(Tool, ["-e"]) { Environment = Environment, Input = $"{user}:{field}\n" }, CancellationToken.None));
        if (end.Exit is not { Code: 0, Signal: null })
            throw AccountErrors.Of(Tool, end.Exit.Code, TransactionOutput.TailOf($"{end.Output.Text}\n{end.Error.Text}"));
    }

    /// <summary>Passes the point from which the change is not stopped any more.</summary>
    public void Begin(string work, CancellationToken cancellationToken) => host.CommitPoint.Pass(work, StopOf(cancellationToken));

    public void Dispose() => family.Dispose();

    private static async Task<ProcessResult> Found(string tool, Task<ProcessResult> run)
    {
        try
        {
            return await run;
        }
        catch (OperationException missing) when (missing.Type == ErrorType.NotFound)
        {
            throw AccountErrors.Missing(tool);
        }
    }

    private CancellationToken StopOf(CancellationToken cancellationToken) => host.CommitPoint.Work is null ? cancellationToken : CancellationToken.None;
}
