using System.Collections;
using Microsoft.AspNetCore.Http;
using Osapi.Operations;

namespace Osapi.Controller.Operations;

/// <summary>Answers one controller operation.</summary>
internal delegate Task<TResult> ControllerHandler<TRequest, TResult>(TRequest request, HttpContext context);

/// <summary>Which handler answers which controller operation, and what says beforehand what it would change.</summary>
internal sealed class ControllerHandlers : IEnumerable<string>
{
    private readonly Dictionary<string, Row> rows = [];

    /// <summary>Adds a row for an operation that only looks, or of which only doing it can tell what it changes.</summary>
    public void Add<TRequest, TResult>(ControllerOperation<TRequest, TResult> operation, ControllerHandler<TRequest, TResult> handler)
        where TRequest : notnull
        where TResult : notnull =>
        rows.Add(operation.Id, new(async (request, context) => await handler((TRequest)request, context)));

    /// <summary>Adds a row for an operation that can be foretold.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="handler">Does it.</param>
    /// <param name="check">Writes nothing, and refuses what the handler would refuse.</param>
    public void Add<TRequest, TResult>(ControllerOperation<TRequest, TResult> operation, ControllerHandler<TRequest, TResult> handler, ControllerHandler<TRequest, CheckResult> check)
        where TRequest : notnull
        where TResult : notnull
    {
        Add(operation, handler);
        rows[operation.Id] = rows[operation.Id] with { CheckAsync = (request, context) => check((TRequest)request, context) };
    }

    /// <summary>Does an operation.</summary>
    public Task<object> AnswerAsync(Operation operation, object request, HttpContext context) => rows[operation.Id].AnswerAsync(request, context);

    /// <summary>What an operation would change.</summary>
    public Task<CheckResult> CheckAsync(Operation operation, object request, HttpContext context) =>
        rows[operation.Id].CheckAsync is { } check ? check(request, context) : Task.FromResult(new CheckResult());

    public IEnumerator<string> GetEnumerator() => rows.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed record Row(Func<object, HttpContext, Task<object>> AnswerAsync)
    {
        public Func<object, HttpContext, Task<CheckResult>>? CheckAsync { get; init; }
    }
}
