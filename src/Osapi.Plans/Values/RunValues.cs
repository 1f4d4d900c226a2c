using System.Text.Json.Nodes;
using Osapi.Orchestrator;
using Osapi.Plans.Conditions;
using Osapi.Plans.Expressions;

namespace Osapi.Plans.Values;

/// <summary>The values of a run that expressions read: what is known before it, and the results of its tasks.</summary>
internal sealed class RunValues
{
    /// <summary>Returns a variable of the environment; null when there is none.</summary>
    public Func<string, string?> Environment { get; init; } = static _ => null;

    /// <summary>The id of the run; zeros in a check, which is no run.</summary>
    public string RunId { get; init; } = Guid.Empty.ToString();

    /// <summary>The values of the secrets by name.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>The facts of the hosts by name; empty when no expression reads them.</summary>
    public IReadOnlyDictionary<string, JsonObject> Facts { get; init; } = new Dictionary<string, JsonObject>();

    /// <summary>Returns the values for a run with an id.</summary>
    public RunValues WithRun(string id) => new() { Environment = Environment, RunId = id, Secrets = Secrets, Facts = Facts };

    /// <summary>Returns the values for an expression in one cell.</summary>
    /// <param name="place">The place of the expression.</param>
    /// <param name="results">The results that the cell sees.</param>
    /// <param name="host">The host of the cell; null for none.</param>
    /// <param name="own">The cell's own result; null while it has none.</param>
    public ExpressionValues For(ExpressionPlace place, Results results, string? host, Result? own = null) =>
        new ExpressionValues(task => ResultValues.HostOf(place.Scope, results, task))
            .AddKnown(place.Scope, Environment, place.Each)
            .Add("results", () => new ResultValues(place.Scope, results, host))
            .Add("host", () => JsonValue.Create(KnownHost(host)))
            .Add("facts", () => Facts.TryGetValue(KnownHost(host), out var facts) ? facts : throw new ValueException($"the controller has no facts of {host}"))
            .Add("run", () => new JsonObject { ["id"] = RunId })
            .Add("secrets", () => new SecretValues(Secrets))
            .Add("result", () => own!.HostResults is [var cell] && place.RunsOnHosts
                ? CellValues.Of(place.Task, cell)
                : new CellValues(place.Task, on: null, own.Status, own.Changed, own.Data, absence: null));

    private static string KnownHost(string? host) => host ?? throw new ValueException("the host is not known before the task runs, because the controller could not resolve its target");

    private sealed class SecretValues(IReadOnlyDictionary<string, string> secrets) : MapValue
    {
        public override IReadOnlyCollection<string> Keys => [.. secrets.Keys];

        public override bool TryRead(string key, out object? value)
        {
            value = secrets.TryGetValue(key, out var text) ? JsonValue.Create(text) : null;
            return value is not null;
        }
    }
}
