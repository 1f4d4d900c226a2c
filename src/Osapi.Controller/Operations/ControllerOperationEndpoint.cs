using Microsoft.AspNetCore.Http;
using Osapi.Controller.Problems;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.Operations;

/// <summary>The endpoint of every controller operation.</summary>
internal sealed class ControllerOperationEndpoint(RequestMembers members, ControllerResponse answer)
{
    public async Task HandleAsync(HttpContext context, Operation operation)
    {
        List<Problem> problems = [];
        var check = CallParameters.ReadCheck(context.Request, operation, problems);
        var binding = await members.BindAsync(context.Request, operation, problems);
        if (problems.Count > 0)
            await ProblemBody.WriteAsync(context, problems);
        else
            await answer.WriteAsync(context, operation, binding.Value!, check);
    }
}
