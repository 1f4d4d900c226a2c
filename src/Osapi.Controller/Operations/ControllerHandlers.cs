using System.Collections;
using Microsoft.AspNetCore.Http;
using Osapi.Operations;

namespace Osapi.Controller.Operations;

/// <summary>Answers one controller operation.</summary>
internal delegate Task<TResult> ControllerHandler<TRequest, TResult>(TRequest request, HttpContext context);

/// <summary>Which handler answers which controller operation.</summary>
internal sealed class ControllerHandlers : IEnumerable<string>
{
    private readonly Dictionary<string, Func<object, HttpContext, Task<object>>> handlers = [];

    public void Add<TRequest, TResult>(ControllerOperation<TRequest, TResult> operation, ControllerHandler<TRequest, TResult> handler)
        where TRequest : notnull
        where TResult : notnull =>
        handlers.Add(operation.Id, async (request, context) => await handler((TRequest)request, context));

    public bool Has(Operation operation) => handlers.ContainsKey(operation.Id);

    public Task<object> AnswerAsync(Operation operation, object request, HttpContext context) => handlers[operation.Id](request, context);

    public IEnumerator<string> GetEnumerator() => handlers.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
