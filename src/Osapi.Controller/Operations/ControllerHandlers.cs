using System.Collections;
using Microsoft.AspNetCore.Http;
using Osapi.Operations;

namespace Osapi.Controller.Operations;

/// <summary>Handles one controller operation.</summary>
internal delegate Task<TResult> ControllerHandler<TRequest, TResult>(TRequest request, HttpContext context);

/// <summary>The table of controller operations and their handlers and checks.</summary>
internal sealed class ControllerHandlers : IEnumerable<string>
{
    private readonly Dictionary<string, Row> rows = [];

    /// <summary>Adds a handler for an operation that is read-only, or whose changes cannot be predicted.</summary>
    public void Add<TRequest, TResult>(ControllerOperation<TRequest, TResult> operation, ControllerHandler<TRequest, TResult> handler)
        where TRequest : notnull
        where TResult : notnull =>
        rows.Add(operation.Id, new(async (request, context) => await handler((TRequest)request, context)));

    /// <summary>Adds a handler for an operation whose changes can be predicted.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="handler">Executes the operation.</param>
    /// <param name="check">Computes the changes without writing, and refuses what the handler would refuse.</param>
    public void Add<TRequest, TResult>(ControllerOperation<TRequest, TResult> operation, ControllerHandler<TRequest, TResult> handler, ControllerHandler<TRequest, CheckResult> check)
        where TRequest : notnull
        where TResult : notnull
    {
        Add(operation, handler);
        rows[operation.Id] = rows[operation.Id] with { CheckAsync = (request, context) => check((TRequest)request, context) };
    }

    /// <summary>Executes an operation.</summary>
    public Task<object> AnswerAsync(Operation operation, object request, HttpContext context) => rows[operation.Id].AnswerAsync(request, context);

    /// <summary>Checks the changes that an operation would make.</summary>
    public Task<CheckResult> CheckAsync(Operation operation, object request, HttpContext context) =>
        rows[operation.Id].CheckAsync is { } check ? check(request, context) : Task.FromResult(new CheckResult());

    public IEnumerator<string> GetEnumerator() => rows.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed record Row(Func<object, HttpContext, Task<object>> AnswerAsync)
    {
        public Func<object, HttpContext, Task<CheckResult>>? CheckAsync { get; init; }
    }
}
