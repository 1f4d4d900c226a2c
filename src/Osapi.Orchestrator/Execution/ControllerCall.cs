using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Orchestrator.Execution;

/// <summary>A call of a controller operation.</summary>
internal static class ControllerCall
{
    public static async Task<Result> SendAsync(OperationBody body, IOperationInvoker invoker, CancellationToken cancellationToken)
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

    private static string Reason(JsonElement answer) =>
        answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String ? $": {error.GetString()}" : "";
}
