using System.Collections.Concurrent;
using System.Text.Json;
using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator.Tests;

/// <summary>An invoker that answers calls from a script: by target if there is an answer for it, otherwise in order.</summary>
internal sealed class ScriptedInvoker : IOperationInvoker
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Func<OperationReply>>> script = [];
    private readonly ConcurrentQueue<(string Call, CallOptions? Options)> calls = [];
    private readonly ConcurrentQueue<object> requests = [];

    public IReadOnlyList<string> Calls => [.. calls.Select(call => call.Call)];

    public IReadOnlyList<object> Requests => [.. requests];

    public IReadOnlyList<JobId?> JobIds => [.. calls.Select(call => call.Options?.JobId)];

    public IReadOnlyList<bool> Checks => [.. calls.Select(call => call.Options?.Check == true)];

    public ScriptedInvoker Answer(string json, string target = "") => Answer(() => new(JsonElement.Parse(json), json), target);

    public ScriptedInvoker Throw(Exception exception, string target = "") => Answer(() => throw exception, target);

    public Task<OperationReply> SendAsync(Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        // An older controller cannot resolve targets.
        if (operation.Id == "target.resolve.get" && !script.ContainsKey("resolve"))
            throw new NotFoundException("there is no GET /target");
        requests.Enqueue(request);
        calls.Enqueue(($"{operation.Id} {target}".TrimEnd(), options));
        foreach (var key in (string[])[target?.Text ?? "", ""])
            if (script.TryGetValue(key, out var answers) && answers.TryDequeue(out var answer))
                return Task.FromResult(answer());
        throw new InvalidOperationException($"The script has no answer for {operation.Id} {target}.");
    }

    private ScriptedInvoker Answer(Func<OperationReply> answer, string target)
    {
        script.GetOrAdd(target, _ => []).Enqueue(answer);
        return this;
    }
}
