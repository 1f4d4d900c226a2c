using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Osapi.Agent;
using Osapi.Agent.Enrolment;
using Osapi.Agent.Jobs.Ledgers;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Hosting;
using Osapi.Transport.Embedded;

namespace Osapi.Cli.Hosting;

/// <summary>Runs a node as a service: reports its readiness, waits for a signal, and shuts it down in order.</summary>
internal static partial class ServiceRun
{
    /// <summary>The time limit of a shutdown after the first signal: running jobs 15 s, calls 10 s, the rest 5 s.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs the node until the first signal.</summary>
    /// <param name="what">The name of the node in error messages.</param>
    /// <param name="options">The options of the node.</param>
    /// <param name="announce">Returns the lines to print when the node is ready.</param>
    public static async Task<int> RunAsync(string what, NodeOptions options, Func<OsapiNode, IReadOnlyList<string>> announce)
    {
        CryptoLibrary.Require();
        await using var logs = new ServiceCollection().AddLogging(options.Logging).BuildServiceProvider();
        var logger = Logger(logs);
        using StopSignals signals = new();
        await using var manager = Connect();
        manager.Status("starting");
        OsapiNode node;
        try
        {
            node = await OsapiNode.StartAsync(options, signals.Requested);
        }
        catch (OperationCanceledException) when (signals.Requested.IsCancellationRequested)
        {
            LogStopping(logger, signals.First);
            return ExitCode.Ok;
        }
        catch (StateDirectoryBusyException exception)
        {
            throw new CommandException(ExitCode.Unreachable, $"{exception.Message} Another osapi start uses it; choose another directory with --state-dir.");
        }
        catch (Exception exception) when (StartFailure.Is(exception) || exception is LedgerException or NameTakenException or EnrolmentException or ArgumentException)
        {
            throw new CommandException(ExitCode.Unreachable, $"{what} cannot start: {exception.Message}");
        }

        var lines = announce(node);
        foreach (var line in lines)
            Terminal.Out.Line(line);
        manager.Ready(lines[0]);
        var failure = await WaitAsync(node.WaitForShutdownAsync(CancellationToken.None), signals.Requested);
        manager.Stopping();
        if (failure is null)
            LogStopping(logger, signals.First);
        await StopAsync(what, node);
        return failure is null ? ExitCode.Ok : throw new CommandException(ExitCode.Failed, $"{what} failed: {failure.Message}");
    }

    private static async Task<Exception?> WaitAsync(Task end, CancellationToken stopRequested)
    {
        try
        {
            await end.WaitAsync(stopRequested);
            return new InvalidOperationException("it stopped without a signal");
        }
        catch (OperationCanceledException) when (stopRequested.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private static async Task StopAsync(string what, OsapiNode node)
    {
        try
        {
            await node.DisposeAsync().AsTask().WaitAsync(StopTimeout, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new CommandException(ExitCode.Failed, $"{what} did not stop within {StopTimeout.TotalSeconds} s; the next start reports the outcome of jobs that were still running");
        }
    }

    private static ILogger Logger(ServiceProvider logs) => logs.GetRequiredService<ILoggerFactory>().CreateLogger("Osapi.Start");

    private static SystemdNotice Connect()
    {
        try
        {
            return SystemdNotice.FromEnvironment(TimeProvider.System);
        }
        catch (SocketException exception)
        {
            throw new CommandException(ExitCode.Unreachable, $"NOTIFY_SOCKET names a service manager that cannot be reached: {exception.Message}");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: {Signal}")]
    private static partial void LogStopping(ILogger logger, PosixSignal? signal);
}
