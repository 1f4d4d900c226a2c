using System.Collections;
using System.Text.Json;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;
using Osapi.Operations.Json;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Handlers;

/// <summary>Which handler does which operation. The types at the two ends are checked where the row is written.</summary>
internal sealed class HandlerTable : IEnumerable<Operation>
{
    // The members of a large result that are parsed have fewer bytes than this.
    private const int MaxParsed = 1024;

    private readonly Dictionary<string, Row> rows = [];

    /// <summary>Adds a row whose handler answers with the result.</summary>
    /// <exception cref="ArgumentException">The operation has a handler already.</exception>
    public void Add<TRequest, TResult>(Operation<TRequest, TResult> operation, Handler<TRequest, TResult> handler)
        where TRequest : notnull
        where TResult : class =>
        Add(operation, new Handler<TRequest, HandlerResult<TResult>>(async (request, host, cancellationToken) => await handler(request, host, cancellationToken)));

    /// <summary>Adds a row whose handler also says how it ended.</summary>
    /// <exception cref="ArgumentException">The operation has a handler already.</exception>
    public void Add<TRequest, TResult>(Operation<TRequest, TResult> operation, Handler<TRequest, HandlerResult<TResult>> handler)
        where TRequest : notnull
        where TResult : class =>
        Add(new Row(operation, async (request, host, cancellationToken) =>
        {
            var answer = await handler((TRequest)request, host, cancellationToken);
            return new(answer.Outcome, answer.Result is { } result ? Json(result, operation, host.OutputShare) : null, answer.Error, answer.ErrorType);
        }));

    /// <summary>Adds a row for an idempotent operation: the handler finds out what there is to do, and a check stops there.</summary>
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

    /// <summary>Adds the rows of a family's table.</summary>
    /// <exception cref="ArgumentException">One of its operations has a handler already.</exception>
    public void Add(HandlerTable family)
    {
        foreach (var row in family.rows.Values)
            Add(row);
    }

    public Row? Find(string operationId) => rows.GetValueOrDefault(operationId);

    public IEnumerator<Operation> GetEnumerator() => rows.Values.Select(row => row.Operation).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // A large result stays as it is, and only what decides about the entry is parsed: a document rents as many bytes as it
    // has, from a pool that keeps them for each thread.
    private static JsonElement Json<TRequest, TResult>(TResult result, Operation<TRequest, TResult> operation, OutputBudget.Share? share)
        where TRequest : notnull
        where TResult : class
    {
        var json = JobEntries.Json(writer => JsonSerializer.Serialize(writer, result, operation.Result));
        if (json.Length <= JobEntries.Inline || share is null)
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

    /// <summary>One operation with its handler, after the types are gone.</summary>
    internal sealed record Row(Operation Operation, Func<object, Host, CancellationToken, Task<UntypedResult>> HandleAsync)
    {
        /// <summary>Says what the operation would change; null when it cannot be known beforehand.</summary>
        public Func<object, Host, CancellationToken, Task<CheckResult>>? CheckAsync { get; init; }
    }

    /// <summary>An answer whose result is JSON.</summary>
    internal readonly record struct UntypedResult(Outcome Outcome, JsonElement? Result, string? Error, ErrorType? ErrorType);
}
