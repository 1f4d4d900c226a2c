using System.CommandLine;
using Microsoft.Extensions.Logging;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Controller;
using Osapi.Embedded;
using Osapi.Transport;
using Osapi.Transport.Embedded;

namespace Osapi.Cli.Commands;

/// <summary><c>osapi start</c>: controller and agent in one process, until it is told to stop.</summary>
internal static class StartCommand
{
    private static readonly Option<string[]> Listen = new("--listen")
    {
        Description = "An address to listen on; repeatable, port 0 for any free one",
        DefaultValueFactory = _ => ["http://127.0.0.1:8080"],
    };

    private static readonly Option<string?> Hostname = new("--hostname") { Description = "The agent's name; the machine's when not given" };
    private static readonly Option<string[]> Labels = new("--label") { Description = "A label of the agent, key=value; repeatable" };
    private static readonly Option<int> MaxJobs = new("--max-jobs") { Description = "How many jobs run at once", DefaultValueFactory = _ => 10 };
    private static readonly Option<LogLevel> Level = new("--log-level") { Description = "What is logged, to standard error", DefaultValueFactory = _ => LogLevel.Information };

    public static Command Create(ConnectionOptions connection)
    {
        Command command = new("start", "Run controller and agent on this machine, with nothing else installed") { Listen, Hostname, Labels, MaxJobs, Level };
        command.SetAction((result, cancellationToken) => RunAsync(StartOptions.Read(
            result.GetValue(Listen)!, result.GetValue(Hostname), result.GetValue(Labels) ?? [], result.GetValue(MaxJobs), StateDirectory.Resolve(result.GetValue(connection.StateDir))) with
        {
            Logging = logging => logging.SetMinimumLevel(result.GetValue(Level)).AddFilter("Microsoft", LogLevel.Warning).AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
            }).AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace),
        }, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(EmbeddedSystemOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var system = await EmbeddedSystem.StartAsync(options, cancellationToken);
            Terminal.Line($"osapi {ProductVersion.Text} listens on {string.Join(", ", system.Urls.Append(system.Socket))}");
            Terminal.Line($"state in {system.StateDirectory}; a token: osapi token generate --roles read --subject you");
            await system.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Ok;
        }
        catch (StateDirectoryBusyException exception)
        {
            throw new CommandException(ExitCode.Unreachable, $"{exception.Message} Another osapi start runs on it; give this one its own with --state-dir.");
        }
        catch (Exception exception) when (exception is TransportException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandException(ExitCode.Unreachable, exception.Message);
        }
    }
}
