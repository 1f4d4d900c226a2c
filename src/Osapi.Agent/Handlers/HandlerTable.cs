using System.Collections;
using System.Text.Json;
using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Handlers;

/// <summary>Does one operation on this host.</summary>
internal delegate Task<Answer<TResult>> Handler<TRequest, TResult>(TRequest request, Host host, CancellationToken cancellationToken)
    where TResult : class;

/// <summary>Finds out what an idempotent operation has to do on this host, without doing it.</summary>
internal delegate Task<Planned<TResult>> Planner<TRequest, TResult>(TRequest request, Host host, CancellationToken cancellationToken)
    where TResult : class;

/// <summary>Which handler does which operation. The types at the two ends are checked where the row is written.</summary>
internal sealed class HandlerTable : IEnumerable<Operation>
{
    private readonly Dictionary<string, Row> rows = [];

    /// <summary>Adds a row.</summary>
    /// <exception cref="ArgumentException">The operation has a handler already.</exception>
    public void Add<TRequest, TResult>(Operation<TRequest, TResult> operation, Handler<TRequest, TResult> handler)
        where TRequest : notnull
        where TResult : class =>
        rows.Add(operation.Id, new(operation, async (request, host, cancellationToken) =>
        {
            var answer = await handler((TRequest)request, host, cancellationToken);
            return new(answer.Outcome, answer.Result is { } result ? JsonSerializer.SerializeToElement(result, operation.Result) : null, answer.Error, answer.ErrorType);
        }));

    /// <summary>Adds a row for an idempotent operation, which first finds out what there is to do.</summary>
    /// <exception cref="ArgumentException">The operation has a handler already.</exception>
    public void Add<TRequest, TResult>(Operation<TRequest, TResult> operation, Planner<TRequest, TResult> planner)
        where TRequest : notnull
        where TResult : class
    {
        Add(operation, async (request, host, cancellationToken) => await (await planner(request, host, cancellationToken)).Apply(cancellationToken));
        rows[operation.Id] = rows[operation.Id] with
        {
            CheckAsync = async (request, host, cancellationToken) =>
            {
                var planned = await planner((TRequest)request, host, cancellationToken);
                return new() { Changed = planned.Changes, Diff = planned.Diff, Before = planned.Before, After = planned.After };
            },
        };
    }

    /// <summary>Adds the rows of a family's table.</summary>
    public void Add(HandlerTable family)
    {
        foreach (var (id, row) in family.rows)
            rows.Add(id, row);
    }

    public Row? Find(string operationId) => rows.GetValueOrDefault(operationId);

    public IEnumerator<Operation> GetEnumerator() => rows.Values.Select(row => row.Operation).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>One operation with its handler, after the types are gone.</summary>
    internal sealed record Row(Operation Operation, Func<object, Host, CancellationToken, Task<UntypedAnswer>> HandleAsync)
    {
        /// <summary>Says what the operation would change; null for one that only looks, or that acts each time.</summary>
        public Func<object, Host, CancellationToken, Task<CheckResult>>? CheckAsync { get; init; }
    }

    /// <summary>An answer whose result is JSON.</summary>
    internal readonly record struct UntypedAnswer(Outcome Outcome, JsonElement? Result, string? Error, ErrorType? ErrorType);
}
