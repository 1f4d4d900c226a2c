using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;
using Osapi.Operations.Targets;
using Osapi.Orchestrator;
using Osapi.Plans.Values;

namespace Osapi.Plans.Tests.Language;

/// <summary>Hosts that answer commands from a script, by the program and the host; <c>ok</c> when there is none.</summary>
internal sealed class ScriptedHosts(params string[] names) : IOperationInvoker
{
    private readonly ConcurrentQueue<string> calls = [];
    private readonly Dictionary<(string Command, string Host), Queue<string>> script = [];

    /// <summary>The calls: the hosts, and the request.</summary>
    public IEnumerable<string> Calls => calls;

    public Dictionary<string, JsonObject> Facts { get; } = [];

    public Dictionary<string, string> Secrets { get; } = [];

    /// <summary>Adds the answers of a host, as members of its entry: <c>"changed":true,"stdout":"x"</c>.</summary>
    public ScriptedHosts Answer(string command, string host, params IEnumerable<string> members)
    {
        script[(command, host)] = new(members);
        return this;
    }

    public async Task<Report> RunAsync(LanguageText text, bool check = false)
    {
        RunValues values = new() { Environment = text.Environment.GetValueOrDefault, Facts = Facts, Secrets = Secrets };
        var plan = PlanBuild.Of(text.Read(), client: null, check ? new DryRunInvoker(this) : this, new(), values);
        return await plan.RunAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
    }

    public Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        if (request is ResolveTarget resolve)
            return Task.FromResult(new OperationReply(JsonSerializer.SerializeToElement(new ResolvedTarget { Hosts = [.. HostsOf(resolve.Target).Select(host => new ResolvedHost(host, false))] }, TargetOperations.Resolve.Result)));
        var members = JsonSerializer.SerializeToNode(request, operation.RequestInfo)!.AsObject();
        foreach (var empty in members.Where(member => member.Value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 }).ToList())
            members.Remove(empty.Key);
        calls.Enqueue($"{target} {members.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })}".Trim());
        if (target is null)
            return Task.FromResult(new OperationReply(JsonElement.Parse("""{"status":"ok"}""")));
        var command = members["command"]?.ToString() ?? "";
        var entries = HostsOf(target.Text).Select(host => Entry(command, host, options?.Check == true));
        return Task.FromResult(new OperationReply(JsonElement.Parse($$$"""{"job_id":"{{{options!.JobId}}}","results":[{{{string.Join(",", entries)}}}]}""")));
    }

    private string Entry(string command, string host, bool check)
    {
        if (check)
            return $$$"""{"hostname":"{{{host}}}","outcome":"ok","changed":false,"check":{"changed":null}}""";
        var answer = script.TryGetValue((command, host), out var answers) && answers.TryDequeue(out var next) ? next : """ "outcome":"ok" """;
        return $$"""{"hostname":"{{host}}","stdout":"","stderr":"","exit_code":0,"duration_ms":1,"changed":false,"outcome":"ok",{{answer}}}""";
    }

    private IEnumerable<string> HostsOf(string target) => target switch
    {
        "_any" => names.Take(1),
        "_all" => names,
        _ => target.Split(',').Where(names.Contains),
    };
}
