using System.CommandLine.Completions;
using System.Text.Json.Serialization.Metadata;
using Osapi.Cli.Connection;
using Osapi.Cli.Yaml;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Jobs;
using Osapi.Operations.Runs;
using Osapi.Plans;

namespace Osapi.Cli.Completion;

/// <summary>
/// The values that complete a command line: hosts, jobs and files of the controller, and tasks of a plan file. A controller that does not answer at once, or
/// is not running, gives none: a completion never waits, never starts a system, and never fails.
/// </summary>
internal static class LiveValues
{
    /// <summary>The time in which a controller must answer.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(1);

    private const int MaxJobs = 50;

    // Set while a shell asks; the help and the errors of the command line ask for completions, too, and must not wait for a controller.
    private static ConnectionOptions? connection;
    private static TimeSpan timeLimit;

    /// <summary>True while a shell asks.</summary>
    public static bool IsUsed => connection is not null;

    /// <summary>Lets the values be read from the controller.</summary>
    /// <param name="options">The options about the controller.</param>
    /// <param name="timeout">The time in which it must answer.</param>
    public static void Use(ConnectionOptions options, TimeSpan timeout) => (connection, timeLimit) = (options, timeout);

    /// <summary>Returns the values of a member of a request, as far as its type or its name tells.</summary>
    public static IEnumerable<CompletionItem> Of(Operation operation, JsonPropertyInfo property, CompletionContext context) => property switch
    {
        _ when connection is null => [],
        { PropertyType: var type } when (Nullable.GetUnderlyingType(type) ?? type) == typeof(JobId) => Jobs(context),
        { PropertyType: var type } when type == typeof(RunId) => Runs(context),
        { PropertyType: var type } when type == typeof(ObjectName) && operation != FileOperations.Upload => Files(context),
        { Name: "hostname" } when operation.RunsOn == RunsOn.Controller => Hosts(context),
        { Name: "name" } when operation.Family == "agent" => Hosts(context),
        { Name: "operation" } => Items(OperationCatalog.Default.Select(other => other.Id)),
        _ => [],
    };

    /// <summary>Returns the targets: the fixed ones, hosts and labels.</summary>
    public static IEnumerable<CompletionItem> Targets(CompletionContext context) => !IsUsed ? [] : Items(["_any", "_all", .. Ask(context, async (client, cancellationToken) =>
    {
        var agents = (await client.Agent.ListAsync(cancellationToken: cancellationToken)).Agents;
        return agents.Select(agent => agent.Hostname).Concat(agents.SelectMany(agent => agent.Labels).Select(label => $"{label.Key}:{label.Value}").Distinct());
    })]);

    public static IEnumerable<CompletionItem> Hosts(CompletionContext context) => Items(Ask(context, async (client, cancellationToken) =>
        (await client.Agent.ListAsync(cancellationToken: cancellationToken)).Agents.Select(agent => agent.Hostname)));

    /// <summary>Returns the ids of the newest runs.</summary>
    public static IEnumerable<CompletionItem> Runs(CompletionContext context) => Items(Ask(context, async (client, cancellationToken) =>
        (await client.Run.ListAsync(new() { Limit = MaxJobs }, cancellationToken: cancellationToken)).Items.Select(run => run.Id.ToString())));

    /// <summary>Returns the ids of the newest jobs.</summary>
    public static IEnumerable<CompletionItem> Jobs(CompletionContext context) => Items(Ask(context, async (client, cancellationToken) =>
        (await client.Job.ListAsync(new ListJobs { Limit = MaxJobs }, cancellationToken: cancellationToken)).Items.Select(job => job.Id.ToString())));

    public static IEnumerable<CompletionItem> Files(CompletionContext context) => Items(Ask(context, async (client, cancellationToken) =>
        (await client.File.ListAsync(cancellationToken: cancellationToken)).Files.Select(file => file.Name)));

    /// <summary>Returns the names of the tasks of a plan file; none when it is not valid.</summary>
    public static IEnumerable<CompletionItem> Tasks(string? path)
    {
        // Standard input is the shell's.
        if (path is null or "" or "-" || connection is null)
            return [];
        try
        {
            var (root, problems) = YamlFile.Load(path);
            return Items(PlanFileReader.Read(root, problems, OperationCatalog.Default).Plan?.Tasks.Select(task => task.Name) ?? []);
        }
        catch (CommandException)
        {
            return [];
        }
    }

    private static IEnumerable<CompletionItem> Items(IEnumerable<string> values) => values.Select(value => new CompletionItem(value));

    private static IReadOnlyList<string> Ask(CompletionContext context, Func<OsapiClient, CancellationToken, Task<IEnumerable<string>>> question)
    {
        if (connection is null)
            return [];
        using CancellationTokenSource timeout = new(timeLimit, TimeProvider.System);
        try
        {
            // The completion of a word is the whole work of this process.
            return AskAsync(connection.Read(context.ParseResult, []), question, timeout.Token).WaitAsync(timeout.Token).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is OperationCanceledException or OsapiException or CommandException or IOException)
        {
            return [];
        }
    }

    private static async Task<IReadOnlyList<string>> AskAsync(ConnectionSettings settings, Func<OsapiClient, CancellationToken, Task<IEnumerable<string>>> question, CancellationToken cancellationToken)
    {
        await using var open = await ControllerConnection.OpenRunningAsync(settings, cancellationToken);
        return open is null ? [] : [.. await question(open.Client, cancellationToken)];
    }
}
