using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Problems;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.Operations;

/// <summary>The endpoint of every operation that the controller answers itself.</summary>
internal sealed class ControllerOperationEndpoint(ControllerHandlers handlers)
{
    public async Task HandleAsync(HttpContext context, Operation operation)
    {
        List<Problem> problems = [];
        var members = await RequestMembers.ReadAsync(context.Request, operation, problems);
        var binding = RequestBinder.Bind(operation.RequestInfo, members);
        problems.AddRange(binding.Problems);
        if (problems.Count > 0)
        {
            await ProblemBody.WriteAsync(context, problems);
            return;
        }

        // A handler may choose another status, as readiness does.
        context.Response.StatusCode = operation.SuccessStatus;
        var result = await handlers.AnswerAsync(operation, binding.Value!, context);
        if (result is NoContent)
            return;
        context.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(context.Response.BodyWriter, result, operation.ResultInfo, context.RequestAborted);
    }
}
