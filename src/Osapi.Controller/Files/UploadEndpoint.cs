using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Limits;
using Osapi.Controller.Operations;
using Osapi.Controller.Problems;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Controller.Files;

/// <summary>The endpoint of <c>file.upload</c>: reads a form of any size as a stream, and reports all errors at once.</summary>
internal sealed class UploadEndpoint(ControllerResponse answer, UploadSpool spool, ControllerOptions options, TimeProvider time)
{
    public async Task HandleAsync(HttpContext context, Operation operation)
    {
        BodyLimits.Apply(context.Request, options.MaxUploadBytes);
        await using TimedRequestBody body = new(context.Request, options.Limits.BodyTimeout, time);
        List<Problem> problems = [];
        JsonObject members = [];
        var check = CallParameters.ReadCheck(context.Request, operation, problems);
        ReadQuery(context.Request, operation, members, problems);
        var content = await UploadForm.ReadAsync(context.Request, body, operation, spool, members, problems);
        await using (content)
        {
            // The name is known by now; the path rule is for callers with a local file.
            members["path"] = LocalFile.Part;
            var binding = RequestBinder.Bind(operation.RequestInfo, members);
            problems.AddRange(binding.Problems);
            if (content is null)
                problems.Add(new(LocalFile.Part, "is required"));
            if (problems.Count > 0)
            {
                await ProblemBody.WriteAsync(context, problems);
                return;
            }

            context.Features.Set(content);
            await answer.WriteAsync(context, operation, binding.Value!, check);
        }
    }

    private static void ReadQuery(HttpRequest request, Operation operation, JsonObject members, List<Problem> problems)
    {
        foreach (var (name, values) in request.Query)
            if (operation.Route.QueryMembers.Contains(name))
                members[name] = MemberParser.ToNode(
                    operation.RequestInfo.Options.GetTypeInfo(operation.RequestInfo.Properties.Single(property => property.Name == name).PropertyType),
                    [.. values.Select(value => value ?? "")]);
            else if (!CallParameters.IsCallParameter(name, operation))
                problems.Add(new(name, "is unknown in the query"));
    }
}
