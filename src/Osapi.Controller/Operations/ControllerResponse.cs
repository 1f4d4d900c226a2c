using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Osapi.Operations;

namespace Osapi.Controller.Operations;

/// <summary>Does what is right by now, or checks it, and writes the answer.</summary>
internal sealed class ControllerResponse(ControllerHandlers handlers)
{
    public async Task WriteAsync(HttpContext context, Operation operation, object request, bool check)
    {
        if (check)
        {
            var foreseen = await handlers.CheckAsync(operation, request, context);
            // Whatever the operation itself answers with, nothing was created, accepted or deleted.
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Response.ContentType = "application/json";
            await WriteAsync(context, foreseen);
            return;
        }

        // A handler may choose another status, as readiness does.
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
