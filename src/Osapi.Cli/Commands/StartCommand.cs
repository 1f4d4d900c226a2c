using System.CommandLine;
using Microsoft.Extensions.Logging;
using Osapi.Cli.Connection;
using Osapi.Cli.Rendering;
using Osapi.Controller;
using Osapi.Embedded;
using Osapi.Transport.Embedded;

namespace Osapi.Cli.Commands;

/// <summary><c>osapi start</c>: controller and agent in one process, until it is told to stop.</summary>
internal static class StartCommand
{
    // All take text, so that everything that is wrong can be told at once.
    private static readonly Option<string[]> Listen = new("--listen")
    {
        Description = "An address to listen on; repeatable, port 0 for any free one",
        HelpName = "http://ip:port",
        DefaultValueFactory = _ => ["http://127.0.0.1:8080"],
    };

    private static readonly Option<string?> Hostname = new("--hostname") { Description = "The agent's name; the machine's when not given", HelpName = "name" };
    private static readonly Option<string[]> Labels = new("--label") { Description = "A label of the agent; repeatable", HelpName = "key=value" };
    private static readonly Option<string> MaxJobs = new("--max-jobs") { Description = "How many jobs run at once (1 to 1000)", HelpName = "number", DefaultValueFactory = _ => "10" };
    private static readonly Option<string> Level = new("--log-level")
    {
        Description = $"What is logged, to standard error: {string.Join(", ", StartOptions.LevelNames)}",
        HelpName = "level",
        DefaultValueFactory = _ => "information",
    };

    public static Command Create(ConnectionOptions connection)
    {
        Command command = new("start", "Run controller and agent on this machine, with nothing else installed") { Listen, Hostname, Labels, MaxJobs, Level };
        command.SetAction((result, cancellationToken) =>
        {
            var (options, level) = StartOptions.Read(
                result.GetValue(Listen)!,
                result.GetValue(Hostname),
                result.GetValue(Labels) ?? [],
                result.GetValue(MaxJobs)!,
                result.GetValue(Level)!,
                StateDirectory.Resolve(result.GetValue(connection.StateDir)));
            return RunAsync(options with { Logging = logging => ConfigureLogging(logging, level) }, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(EmbeddedSystemOptions options, CancellationToken cancellationToken)
    {
        await using var system = await StartAsync(options, cancellationToken);
        Terminal.Line($"osapi {ProductVersion.Text} listens on {string.Join(", ", system.Urls.Append(system.Socket))}");
        Terminal.Line($"state in {system.StateDirectory}; a token: osapi token generate --roles read --subject you");
        try
        {
            await system.WaitForShutdownAsync(cancellationToken);
            return ExitCode.Ok;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new CommandException(ExitCode.Failed, $"the system cannot go on: {exception.Message}");
        }
    }

    private static async Task<EmbeddedSystem> StartAsync(EmbeddedSystemOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await EmbeddedSystem.StartAsync(options, cancellationToken);
        }
        catch (StateDirectoryBusyException exception)
        {
            throw new CommandException(ExitCode.Unreachable, $"{exception.Message} Another osapi start runs on it; give this one its own with --state-dir.");
        }
        catch (Exception exception) when (StartFailure.Is(exception))
        {
            throw new CommandException(ExitCode.Unreachable, $"the system cannot start on {string.Join(", ", options.Urls.Select(url => url.Authority))} with its state in {options.StateDirectory}: {exception.Message}");
        }
    }

    private static void ConfigureLogging(ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level).AddFilter("Microsoft", LogLevel.Warning)
            // What failed, with a page of where; the command says it in a line when it ends.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
            })
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
