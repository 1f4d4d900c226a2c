using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Orchestrator.Execution;

/// <summary>The calls of one task in one run. It keeps track of the hosts that are still to be called in the next attempt.</summary>
internal abstract class OperationCall
{
    /// <summary>Executes the next attempt.</summary>
    /// <param name="isLast">True when no further attempt can follow.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public abstract Task<Result> NextAsync(bool isLast, CancellationToken cancellationToken);

    public abstract bool CanRetry(RetryStrategy strategy);
}

/// <summary>A call to a controller operation: each attempt repeats the same call.</summary>
internal sealed class ControllerCall(OperationBody body, IOperationInvoker invoker) : OperationCall
{
    public override async Task<Result> NextAsync(bool isLast, CancellationToken cancellationToken)
    {
        var reply = await invoker.SendAsync(body.Operation, body.Request, target: null, options: null, cancellationToken).ConfigureAwait(false);
        return new()
        {
            Error = reply.Succeeded ? null : new TaskFailedException($"the controller answered {body.Operation} with an error status{Reason(reply.Document)}"),
            Changed = body.Operation.IsChange(reply),
            Data = JsonObject.Create(reply.Document),
            Value = reply.Check is not null ? null : body.ValueOf?.Invoke(reply),
        };
    }

    public override bool CanRetry(RetryStrategy strategy) => true;

    private static string Reason(JsonElement answer) =>
        answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String ? $": {error.GetString()}" : "";
}
