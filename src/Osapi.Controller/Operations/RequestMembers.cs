using System.Buffers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.Operations;

/// <summary>Gathers a request's members: those that the route names from the path, the rest from the body or the query.</summary>
internal static class RequestMembers
{
    /// <summary>The operation's request; null when there are problems, which are added to the list.</summary>
    public static async Task<object?> BindAsync(HttpRequest request, Operation operation, List<Problem> problems)
    {
        var members = operation.Route.HasBody ? await BodyAsync(request, problems) : Query(request, operation);
        if (operation.Route.HasBody)
            foreach (var name in request.Query.Keys.Where(name => !CallParameters.IsOfTheCall(name, operation)))
                problems.Add(new(name, "is unknown in the query: this operation takes its members from the body"));
        // Of a body that could not be read nothing is known, not even what is missing.
        if (members is null)
            return null;
        foreach (var name in operation.Route.Members.Where(name => name != HttpRoute.TargetMember))
        {
            if (members.ContainsKey(name))
                problems.Add(new(name, "is in the path already and must not be given again"));
            members[name] = PathMembers.Of(request, name);
        }

        var binding = RequestBinder.Bind(operation.RequestInfo, members);
        problems.AddRange(binding.Problems);
        return binding.Value;
    }

    private static async Task<JsonObject?> BodyAsync(HttpRequest request, List<Problem> problems)
    {
        if (request.ContentLength is not 0 && request.ContentType is { } type && !IsJson(type))
            throw new BadHttpRequestException("the body must be JSON (Content-Type: application/json)", StatusCodes.Status415UnsupportedMediaType);

        ArrayBufferWriter<byte> body = new();
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            foreach (var segment in read.Buffer)
                body.Write(segment.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                break;
        }

        var (members, problem) = RequestBinder.ParseObject(body.WrittenSpan);
        if (problem is not null)
            problems.Add(problem);
        return members;
    }

    private static bool IsJson(string contentType) =>
        contentType.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);

    private static JsonObject Query(HttpRequest request, Operation operation)
    {
        var known = operation.RequestInfo.Properties.ToDictionary(property => property.Name, property => property.PropertyType);
        JsonObject members = [];
        foreach (var (name, values) in request.Query)
            if (!CallParameters.IsOfTheCall(name, operation))
                members[name] = known.TryGetValue(name, out var type)
                    ? MemberText.ToNode(operation.RequestInfo.Options.GetTypeInfo(type), [.. values.Select(value => value ?? "")])
                    : values.ToString();
        return members;
    }
}
