using System.Collections.Concurrent;
using System.Text.Json;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;
using Osapi.Operations.Targets;

namespace Osapi.Testing;

/// <summary>
/// The invoker for tests: it answers calls from a script, as a controller with hosts would, and records them. An operation
/// without an answer of its own is answered with the example of the catalog. Safe to use from several threads.
/// </summary>
/// <remarks>
/// It rejects what a controller rejects: an invalid request and a missing target. As over HTTP, the failure of a
/// single host is an exception, and failures of several hosts are entries of the answer.
/// </remarks>
public sealed partial class ScriptedInvoker : IOperationInvoker
{
    private readonly ConcurrentDictionary<string, Script> answers = [];
    private readonly ConcurrentQueue<ScriptedCall> calls = [];

    /// <summary>Creates an invoker without answers of its own.</summary>
    public ScriptedInvoker()
    {
        Client = new(this);
        // Calls of a script do not become jobs; a plan reads the job after a call that broke off.
        Fail(JobOperations.Get, new NotFoundException("the script has no jobs"));
        Answer(TargetOperations.Resolve, Resolve);
    }

    private delegate Task<JsonElement> Script(ScriptedCall call, string jobId, CancellationToken cancellationToken);

    /// <summary>The client whose calls this invoker answers; for <c>new Plan(invoker.Client)</c>.</summary>
    public OsapiClient Client { get; }

    /// <summary>The existing hosts: <c>_any</c> is the first, and <c>_all</c> and every label are all of them. <c>web-01</c> when not set.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = ["web-01"];

    /// <summary>The calls so far, in order, including rejected ones. Not the resolution of targets, with which every plan begins.</summary>
    public IReadOnlyList<ScriptedCall> Calls => [.. calls];

    /// <summary>Gets the requests of an operation so far, in order.</summary>
    public IReadOnlyList<TRequest> RequestsOf<TRequest, TResult>(Operation<TRequest, TResult> operation)
        where TRequest : notnull
        where TResult : notnull => RequestsOf<TRequest>(operation);

    /// <inheritdoc cref="RequestsOf{TRequest, TResult}(Operation{TRequest, TResult})"/>
    public IReadOnlyList<TRequest> RequestsOf<TRequest, TResult>(ControllerOperation<TRequest, TResult> operation)
        where TRequest : notnull
        where TResult : notnull => RequestsOf<TRequest>(operation);

    /// <summary>Makes one call: records it and answers from the script.</summary>
    /// <exception cref="ValidationException">The request breaks its rules.</exception>
    /// <exception cref="ArgumentException">The request is of another operation.</exception>
    /// <exception cref="ArgumentNullException">A host operation has no target.</exception>
    public async Task<OperationReply> SendAsync(
        Operation operation, object request, Target? target, CallOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        ScriptedCall call = new(operation, request, target, options ?? new());
        // A plan resolves its targets by itself.
        if (operation != TargetOperations.Resolve)
            calls.Enqueue(call);
        if (operation.RunsOn == RunsOn.Host)
            ArgumentNullException.ThrowIfNull(target);
        ThrowIfInvalid(operation, request);
        var jobId = (call.Options.JobId ?? Guid.NewGuid()).ToString();
        try
        {
            var document = await (answers.GetValueOrDefault(operation.Id) ?? Example)(call, jobId, cancellationToken).ConfigureAwait(false);
            OperationReply reply = new(document, document.GetRawText());
            ReportEnded(call, reply.Hosts);
            return reply;
        }
        catch (ApiException failure)
        {
            ReportEnded(call, failure.Hosts);
            throw;
        }
    }

    private static void ReportEnded(ScriptedCall call, IEnumerable<HostReply> hosts)
    {
        if (call is { Operation.RunsOn: RunsOn.Host, Options.HostEnded: { } ended })
            foreach (var host in hosts.Where(host => host.Outcome != Outcome.Running))
                ended(host);
    }

    // Every host that a target names exists, as for calls.
    private ResolvedTarget Resolve(ResolveTarget request) =>
        request.Target.Contains(',', StringComparison.Ordinal) ? new() { Hosts = [.. request.Target.Split(',').Select(host => new ResolvedHost(host))] }
        : !Target.TryParse(request.Target, out var target, out var problem) ? new() { Problem = problem }
        : new() { Hosts = [.. (target.Kind == TargetKind.Any ? Hosts : HostsOf(target)).Select(host => new ResolvedHost(host))] };

    private List<TRequest> RequestsOf<TRequest>(Operation operation) => [.. calls.Where(call => call.Operation == operation).Select(call => (TRequest)call.Request)];

    private static void ThrowIfInvalid(Operation operation, object request)
    {
        if (!operation.RequestInfo.Type.IsInstanceOfType(request))
            throw new ArgumentException($"{operation} has requests of type {operation.RequestInfo.Type.Name}, not {request.GetType().Name}.", nameof(request));
        Binding binding;
        try
        {
            binding = RequestBinder.Bind(operation.RequestInfo, JsonSerializer.SerializeToNode(request, operation.RequestInfo)!.AsObject());
        }
        catch (JsonException exception)
        {
            throw new ValidationException(exception.Message);
        }

        if (binding.Problems.Count > 0)
            throw new ValidationException(binding.Text) { Errors = [.. binding.Problems.Select(problem => problem.ToString())] };
    }

    private Task<JsonElement> Example(ScriptedCall call, string jobId, CancellationToken cancellationToken) => Task.FromResult(call.Operation.RunsOn == RunsOn.Host
        ? AnswerDocument.OfHosts(call, jobId, HostsOf(call.Target!), _ => call.Operation.ExamplePair.Result)
        : AnswerDocument.OfController(call, call.Operation.ExamplePair.Result));

    private IEnumerable<string> HostsOf(Target target) => target.Kind switch
    {
        TargetKind.Host => [target.Text],
        TargetKind.Hosts => target.Hostnames,
        TargetKind.Any => Hosts.Take(1),
        _ => Hosts,
    };
}
