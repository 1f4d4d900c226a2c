using System.Collections;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Transactions;

/// <summary>Runs a program that must never end in the middle, such as apt-get.</summary>
/// <remarks>
/// No cancel, time limit, crash or restart of the agent ends it. Where systemd runs, it is in a scope of its own, so that
/// a restart of the agent's unit does not reach it.
/// </remarks>
internal static class HostTransaction
{
    // The exit code of flock(1) when another agent's transaction is faster; no program of a transaction uses it.
    private const int IsLockedCode = 75;

    // The maximum of the output that is kept for messages.
    private const int MaxText = 64 * 1024;

    private static readonly TimeSpan ReadInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="host">The host.</param>
    /// <param name="family">The family, whose lock the caller holds.</param>
    /// <param name="name">Its name for messages, such as <c>apt-get install</c>.</param>
    /// <param name="request">The program.</param>
    /// <param name="capture">The capture that gets its output while it runs.</param>
    /// <param name="cancellationToken">Stops it before it has started; afterwards nothing does.</param>
    /// <returns>The exit, with the end of the output: at most 64 KiB.</returns>
    /// <exception cref="OperationException">It cannot be started, or another agent's transaction was faster.</exception>
    public static async Task<TransactionOutput> RunTransactionAsync(this Host host, string family, string name, ProcessRequest request, OutputCapture capture, CancellationToken cancellationToken)
    {
        TransactionFiles files = new(host, family);
        using var output = files.CreateOutput();
        IReadOnlyList<string> command = ["flock", "--timeout", "5", "--conflict-exit-code", $"{IsLockedCode}", "--close", files.Lock, request.Program, .. request.Arguments];
        host.CommitPoint.Pass(name, cancellationToken);
        var process = DetachedProcess.RunAsync([.. Scope(host, family), .. command], EnvironmentOf(request), output);
        var exit = await FollowAsync(host, files.Output, capture, process);
        return exit.Code != IsLockedCode
            ? new(exit, Tail(files.Output))
            : throw new OperationException(ErrorType.Unavailable, $"another agent of this machine runs a transaction of the family {family}");
    }

    // sd_booted(3).
    private static IReadOnlyList<string> Scope(Host host, string family) => !Directory.Exists(host.FullPath("/run/systemd/system"))
        ? []
        : ["systemd-run", "--scope", "--quiet", "--collect", $"--unit=osapi-{family}-{Guid.NewGuid():N}", "--"];

    // Without the marker of the job: the next run of the agent ends the processes that have it.
    private static Dictionary<string, string> EnvironmentOf(ProcessRequest request)
    {
        Dictionary<string, string> environment = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string)variable.Value!;
        foreach (var (name, value) in request.Environment)
            environment[name] = value;
        environment.Remove(ProcessMarker.Variable);
        environment.Remove("NOTIFY_SOCKET");
        environment.Remove("WATCHDOG_PID");
        return environment;
    }

    private static async Task<ProcessExit> FollowAsync(Host host, string path, OutputCapture capture, Task<ProcessExit> process)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[16 * 1024];
        long offset = 0;
        for (var isOver = false; !isOver;)
        {
            await ((Task)process).WaitAsync(ReadInterval, host.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Looked at before the rest is read.
            isOver = process.IsCompleted;
            while (RandomAccess.Read(file, buffer, offset) is > 0 and var count)
            {
                capture.Keep(buffer.AsSpan(0, count));
                offset += count;
            }
        }

        return await process;
    }

    private static string Tail(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[MaxText];
        var begin = Math.Max(0, RandomAccess.GetLength(file) - MaxText);
        var length = RandomAccess.Read(file, buffer, begin);
        return System.Text.Encoding.UTF8.GetString(buffer.AsSpan(0, length));
    }
}
