using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Audit;
using Osapi.Operations;

namespace Osapi.Controller.Operations;

/// <summary>Executes or checks an operation, and writes the response.</summary>
internal sealed class ControllerResponse(ControllerHandlers handlers, AuditRecorder audit)
{
    public async Task WriteAsync(HttpContext context, Operation operation, object request, bool check)
    {
        await audit.BeginAsync(context, operation, request, check);
        if (check)
        {
            var prediction = await handlers.CheckAsync(operation, request, context);
            // Whatever status the operation has, a check creates, accepts or deletes nothing.
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Response.ContentType = "application/json";
            await WriteAsync(context, prediction);
            return;
        }

        // A handler may set another status, as readiness does.
        context.Response.StatusCode = operation.SuccessStatus;
        var result = await handlers.AnswerAsync(operation, request, context);
        if (result is NoContent)
            return;
        context.Response.ContentType = "application/json";
        await ResponseBuffer.WriteAsync(context, writer => JsonSerializer.Serialize(writer, result, operation.ResultInfo), new() { Encoder = operation.ResultInfo.Options.Encoder });
    }

    private static async Task WriteAsync(HttpContext context, CheckResult check)
    {
        await using Utf8JsonWriter writer = new(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WritePropertyName("check");
        check.Write(writer);
        writer.WriteEndObject();
    }
}
