using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Orchestrator.Engine;

namespace Osapi.Orchestrator.Execution;

/// <summary>A call of a controller operation.</summary>
internal static class ControllerCall
{
    public static async Task<Result> SendAsync(OperationBody body, CellCall call)
    {
        var reply = await call.Invoker.SendAsync(body.Operation, call.Request!, target: null, options: null, call.Token).ConfigureAwait(false);
        return new()
        {
            Error = reply.Succeeded ? null : new TaskFailedException($"the controller answered {body.Operation} with an error status{Reason(reply.Document)}"),
            Changed = body.Operation.IsChange(reply),
            Data = JsonObject.Create(reply.Document),
            Value = reply.Check is not null ? null : body.ValueOf?.Invoke(reply),
            IsCheck = reply.Check is not null,
        };
    }

    private static string Reason(JsonElement answer) =>
        answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String ? $": {error.GetString()}" : "";
}
