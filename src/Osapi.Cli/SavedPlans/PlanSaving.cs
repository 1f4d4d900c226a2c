using System.Collections.Concurrent;
using System.CommandLine;
using System.Text.Json;
using Osapi.Cli.Rendering;
using Osapi.Cli.Streams;
using Osapi.Cli.Yaml;
using Osapi.Client;
using Osapi.Orchestrator;
using Osapi.Plans;
using Osapi.Plans.Reports;
using Osapi.Plans.Saved;

namespace Osapi.Cli.SavedPlans;

/// <summary>Saves what a check showed, for <c>osapi run --check --save</c>.</summary>
internal sealed record PlanSaving
{
    private static readonly Option<string?> Save = new("--save") { Description = "With --check: save what was shown, signed by the controllers, to run exactly that with osapi apply", HelpName = "file" };

    private readonly ConcurrentDictionary<string, string?> environment = [];

    private PlanSaving(OutputFile file) => File = file;

    public OutputFile File { get; }

    /// <summary>Returns a variable of the environment, and remembers that it was read.</summary>
    public Func<string, string?> Environment => name => environment.GetOrAdd(name, System.Environment.GetEnvironmentVariable);

    private SavedPlan? Known { get; init; }

    private SourceFiles? Sources { get; init; }

    public static void AddTo(Command command) => command.Options.Add(Save);

    /// <summary>Reads the option; null when nothing is saved. The path of the plan becomes a full one.</summary>
    public static PlanSaving? Read(ParseResult result, Option<bool> check, ref string path, List<string> problems)
    {
        if (result.GetValue(Save) is not { } name)
            return null;
        if (!result.GetValue(check))
            problems.Add("--save saves what a check shows: it needs --check");
        if (path == "-")
            problems.Add("--save needs a plan file: a plan from standard input cannot be saved");
        OutputFile file = new(name);
        if ((name.Length == 0 ? "the name is empty" : file.Problem()) is { } problem)
            problems.Add($"--save: '{name}' cannot be written: {problem}");
        path = path is "-" or "" ? path : Path.GetFullPath(path);
        return new(file);
    }

    /// <summary>Returns the saving of a plan with what it is read from.</summary>
    public PlanSaving With(string path, SourceFiles sources, PlanInputs inputs, IReadOnlyList<string> variableFiles, PlanSelection? selection) => this with
    {
        Sources = sources,
        Known = new()
        {
            Format = SavedPlan.FormatName,
            Version = SavedPlan.NewestVersion,
            Name = "",
            Path = path,
            Files = [],
            Set = [.. inputs.Set.Select(pair => (IReadOnlyList<string>)[pair.Name, pair.Text])],
            VariableFiles = variableFiles,
            Environment = new Dictionary<string, string?>(),
            Selection = selection is null ? null : new([.. selection.Only], [.. selection.Skip], [.. selection.Tags], [.. selection.SkipTags], selection.StartAt, selection.Limit?.Text),
            Hosts = new Dictionary<string, string?>(),
            Prints = [],
            Shown = default,
        },
    };

    /// <summary>Saves a check that has ended, and returns the exit code.</summary>
    public async Task<int> SaveAsync(
        OsapiClient client, Report report, Plan plan, RecordedChecks requests, string name, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellationToken)
    {
        var prints = StatePrints.Of(report, plan, requests);
        var shown = RunReportBuild.Of(report, plan, name, isCheck: true, ExitCode.Ok);
        var document = SavedPlanJson.Document(Known! with
        {
            Name = name,
            Files = [.. Sources!.Contents.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => new SavedFile(file.Key, file.Value))],
            Environment = new SortedDictionary<string, string?>(environment, StringComparer.Ordinal),
            Hosts = await HostKeys.ReadAsync(client, prints, cancellationToken),
            Prints = prints,
            Shown = JsonElement.Parse(RunReportJson.ToBytes(shown)),
        });
        var signature = await client.Review.CreateSignatureAsync(new() { Digest = SavedPlanJson.Digest(document), Secrets = SecretsDigest.Of(secrets) }, cancellationToken: cancellationToken);
        try
        {
            File.Write(SavedPlanJson.File(document, signature));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Terminal.Fail($"{File.Path} cannot be written: {exception.Message}");
            return ExitCode.OutputLost;
        }

        Terminal.Error.Line($"saved {File.Path}: osapi apply {File.Path} runs exactly this");
        return ExitCode.Ok;
    }
}
