using System.Text.Json.Nodes;
using Osapi.Cli.Plans;
using Osapi.Cli.Yaml;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Reviews;
using Osapi.Orchestrator;
using Osapi.Plans;
using Osapi.Plans.Saved;
using Osapi.Plans.Values;

namespace Osapi.Cli.SavedPlans;

/// <summary>Compares a saved plan with what a check finds now, before anything runs.</summary>
/// <param name="Saved">The saved plan.</param>
/// <param name="Digest">The digest of its document.</param>
/// <param name="Signature">Its signature.</param>
internal sealed record SavedPlanReview(SavedPlan Saved, string Digest, PlanSignature Signature)
{
    /// <summary>The selected part of the plan; null for all of it.</summary>
    public PlanSelection? Selection => Saved.Selection is not { } saved ? null : new()
    {
        Only = saved.Only,
        Skip = saved.Skip,
        Tags = saved.Tags,
        SkipTags = saved.SkipTags,
        StartAt = saved.StartAt,
        Limit = saved.Limit is not { } limit ? null : limit.Contains(',', StringComparison.Ordinal) ? Target.OfHosts(limit.Split(',')) : Target.Parse(limit),
    };

    /// <summary>Loads a file.</summary>
    /// <exception cref="CommandException">It cannot be read, or is no saved plan.</exception>
    public static SavedPlanReview Load(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > SavedPlanJson.MaxSize })
                throw new FormatException($"it is larger than {SavedPlanJson.MaxSize / 1024 / 1024} MiB");
            var (saved, digest, signature) = SavedPlanJson.Parse(File.ReadAllBytes(path));
            return new(saved, digest, signature);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.BadInput, $"{path} cannot be read: {exception.Message}");
        }
        catch (FormatException exception)
        {
            throw new CommandException(ExitCode.BadInput, $"{path}: {exception.Message}; nothing was run");
        }
    }

    /// <summary>Reads the plan from what was saved, not from the disk.</summary>
    /// <exception cref="CommandException">It cannot be read.</exception>
    public async Task<(PlanFile File, SourceFiles Sources)> ReadAsync()
    {
        SourceFiles sources = new() { Saved = Saved.Files.DistinctBy(file => file.Path).ToDictionary(file => file.Path, file => file.Content) };
        PlanInputs inputs = new()
        {
            Set = [.. Saved.Set.Select(pair => (pair[0], pair[1]))],
            VariableFiles = [.. Saved.VariableFiles.Select(file => IncludedFiles.Load(file, sources))],
            Environment = Environment,
            Include = (path, including) => IncludedFiles.Find(path, including ?? Saved.Path, sources),
        };
        var (file, mistakes) = await PlanLoading.LoadAsync(Saved.Path, sources, inputs);
        List<string> problems = [];
        var plan = file is null ? null : SelectionOptions.Apply(file, Selection, problems);
        return mistakes.Count + problems.Count > 0 ? throw CommandException.BadInput(problems, mistakes) : (plan!, sources);
    }

    /// <summary>Returns the values that the expressions of the plan read.</summary>
    public async Task<RunValues> ValuesAsync(PlanFile plan, OsapiClient client, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellationToken) => new()
    {
        Environment = Environment,
        Secrets = secrets,
        Facts = plan.ReadsFacts ? await HostFactsReader.ReadAsync(client, cancellationToken) : new Dictionary<string, JsonObject>(),
    };

    /// <summary>Asks the controllers whether the document is the one that they signed; returns the reason when it is not.</summary>
    public Task<string?> SignatureProblemAsync(OsapiClient client, CancellationToken cancellationToken) => SignatureProblemAsync(client, secrets: null, cancellationToken);

    /// <summary>Asks the controllers whether the secrets are those that they signed with the document; returns the reason when they are not.</summary>
    public async Task<string?> SecretsProblemAsync(OsapiClient client, IReadOnlyDictionary<string, string> secrets, CancellationToken cancellationToken) =>
        SecretsDigest.Of(secrets) is null != Signature.SecretsCode is null ? "it was signed with other secrets" : await SignatureProblemAsync(client, SecretsDigest.Of(secrets), cancellationToken);

    /// <summary>Checks the plan and returns what differs from what was shown; empty when nothing does.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="client">The client of the controller.</param>
    /// <param name="invoker">The invoker of the calls.</param>
    /// <param name="values">The values of the run.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    public async Task<IReadOnlyList<string>> DifferencesAsync(PlanFile plan, OsapiClient client, IOperationInvoker invoker, RunValues values, CancellationToken cancellationToken)
    {
        RecordedChecks requests = new(invoker);
        var check = PlanBuild.Of(plan, client, new DryRunInvoker(requests), new(), values, Selection);
        try
        {
            var report = await check.RunAsync(cancellationToken);
            var found = StatePrints.Of(report, check, requests);
            return [.. HostKeys.Differences(Saved.Hosts, await HostKeys.ReadAsync(client, found, cancellationToken)), .. StatePrints.Differences(Saved.Prints, found)];
        }
        catch (InvalidPlanException exception)
        {
            return [.. exception.Errors.Select(error => error.Message)];
        }
    }

    private async Task<string?> SignatureProblemAsync(OsapiClient client, string? secrets, CancellationToken cancellationToken)
    {
        try
        {
            VerifySignature request = new() { Digest = Digest, Controllers = Signature.Controllers, Caller = Signature.Caller, SignedAt = Signature.SignedAt, Code = Signature.Code, Secrets = secrets, SecretsCode = secrets is null ? null : Signature.SecretsCode };
            return (await client.Review.VerifySignatureAsync(request, cancellationToken: cancellationToken)).Problem;
        }
        catch (ValidationException exception)
        {
            return $"its signature was changed: {exception.Message}";
        }
    }

    // What was not read when the plan was saved is not there now.
    private string? Environment(string name) => Saved.Environment.GetValueOrDefault(name);
}
