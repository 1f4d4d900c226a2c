using System.Collections;
using System.Text.Json;
using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Handlers;

/// <summary>Does one operation on this host.</summary>
internal delegate Task<Answer<TResult>> Handler<TRequest, TResult>(TRequest request, Host host, CancellationToken cancellationToken)
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
    internal sealed record Row(Operation Operation, Func<object, Host, CancellationToken, Task<UntypedAnswer>> HandleAsync);

    /// <summary>An answer whose result is JSON.</summary>
    internal readonly record struct UntypedAnswer(Outcome Outcome, JsonElement? Result, string? Error, ErrorType? ErrorType);
}
