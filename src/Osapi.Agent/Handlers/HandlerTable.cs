using System.Collections;
using System.Text.Json;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Handlers;

/// <summary>
/// The table of operations and their handlers. The compiler checks that each handler has its operation's types.
/// </summary>
internal sealed class HandlerTable : IEnumerable<Operation>
{
    // The parsed parts of a large result are smaller than this.
    private const int MaxParsed = 1024;

    private readonly Dictionary<string, Row> rows = [];

    /// <summary>Adds a handler that returns the result.</summary>
    /// <exception cref="ArgumentException">The operation has a handler already.</exception>
    public void Add<TRequest, TResult>(Operation<TRequest, TResult> operation, Handler<TRequest, TResult> handler)
        where TRequest : notnull
        where TResult : class =>
        Add(operation, new Handler<TRequest, HandlerResult<TResult>>(async (request, host, cancellationToken) => await handler(request, host, cancellationToken)));

    /// <summary>Adds a handler that also returns the outcome.</summary>
    /// <exception cref="ArgumentException">The operation has a handler already.</exception>
    public void Add<TRequest, TResult>(Operation<TRequest, TResult> operation, Handler<TRequest, HandlerResult<TResult>> handler)
        where TRequest : notnull
        where TResult : class =>
        Add(new Row(operation, async (request, host, cancellationToken) =>
        {
            var answer = await handler((TRequest)request, host, cancellationToken);
            return new(answer.Outcome, answer.Result is { } result ? await SeparateThread.RunIfLargeAsync(host.OutputShare?.OutputSize ?? 0, () => Json(result, operation, host.OutputShare)) : null, answer.Error, answer.ErrorType);
        }));

    /// <summary>Adds a handler for an idempotent operation: it computes the changes, and a check stops there.</summary>
    /// <exception cref="ArgumentException">The operation has a handler already.</exception>
    public void Add<TRequest, TResult>(Operation<TRequest, TResult> operation, Handler<TRequest, ChangePlan<TResult>> handler)
        where TRequest : notnull
        where TResult : class
    {
        Add(operation, new Handler<TRequest, HandlerResult<TResult>>(async (request, host, cancellationToken) =>
            await (await handler(request, host, cancellationToken)).Apply(cancellationToken)));
        rows[operation.Id] = rows[operation.Id] with
        {
            CheckAsync = async (request, host, cancellationToken) =>
            {
                var planned = await handler((TRequest)request, host, cancellationToken);
                return new() { Changed = planned.Changes, Diff = planned.Diff, ContentDiff = host.ShowsContent ? planned.ContentDiff : null, Before = planned.Before, After = planned.After };
            },
        };
    }

    /// <summary>Adds all handlers of a family.</summary>
    /// <exception cref="ArgumentException">One of its operations has a handler already.</exception>
    public void Add(HandlerTable family)
    {
        foreach (var row in family.rows.Values)
            Add(row);
    }

    public Row? Find(string operationId) => rows.GetValueOrDefault(operationId);

    public IEnumerator<Operation> GetEnumerator() => rows.Values.Select(row => row.Operation).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // A large result stays raw JSON, and only the parts that decide the outcome are parsed: a document rents as many
    // bytes as it has, from a pool that keeps them for each thread.
    private static JsonElement Json<TRequest, TResult>(TResult result, Operation<TRequest, TResult> operation, OutputBudget.Share? share)
        where TRequest : notnull
        where TResult : class
    {
        var json = JobEntries.Json(writer => JsonSerializer.Serialize(writer, result, operation.Result));
        if (json.Length <= JobEntries.MaxInlineSize || share is null)
            return JsonElement.Parse(json);
        share.LargeResult = json;
        return JsonElement.Parse(JobEntries.Json(writer =>
        {
            writer.WriteStartObject();
            RawJson.CopyMembers(writer, json, static (_, length) => length < MaxParsed);
            writer.WriteEndObject();
        }));
    }

    private void Add(Row row)
    {
        if (!rows.TryAdd(row.Operation.Id, row))
            throw new ArgumentException($"The operation {row.Operation.Id} has two handlers.", nameof(row));
    }

    /// <summary>One operation with its handler, with the types erased.</summary>
    internal sealed record Row(Operation Operation, Func<object, Host, CancellationToken, Task<UntypedResult>> HandleAsync)
    {
        /// <summary>Computes the changes that the operation would make; null when they cannot be predicted.</summary>
        public Func<object, Host, CancellationToken, Task<CheckResult>>? CheckAsync { get; init; }
    }

    /// <summary>An answer whose result is JSON.</summary>
    internal readonly record struct UntypedResult(Outcome Outcome, JsonElement? Result, string? Error, ErrorType? ErrorType);
}
