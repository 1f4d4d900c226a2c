using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Limits;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.Operations;

/// <summary>Collects a request's members: those of the route from the path, the rest from the body or the query.</summary>
internal sealed class RequestMembers(RequestBodies bodies, ControllerOptions options)
{
    // A request whose members are all in the path needs no body; some callers send an empty object.
    private const long MaxEmptyBody = 4 * 1024;

    /// <summary>Binds the operation's request; null when there are problems, which are added to the list.</summary>
    public async Task<object?> BindAsync(HttpRequest request, Operation operation, List<Problem> problems)
    {
        var members = operation.Route.HasBody ? await BodyAsync(request, operation, problems) : Query(request, operation);
        if (operation.Route.HasBody)
            foreach (var name in request.Query.Keys.Where(name => !CallParameters.IsCallParameter(name, operation)))
                problems.Add(new(name, "is unknown in the query: this operation takes its members from the body"));
        // Without a readable body, missing members cannot be reported.
        if (members is null)
            return null;
        foreach (var name in operation.Route.Members.Where(name => name != HttpRoute.TargetMember))
        {
            if (members.ContainsKey(name))
                problems.Add(new(name, "is already in the path and must not be repeated"));
            members[name] = PathMembers.Of(request, name);
        }

        var binding = RequestBinder.Bind(operation.RequestInfo, members);
        problems.AddRange(binding.Problems);
        return binding.Value;
    }

    private async Task<JsonObject?> BodyAsync(HttpRequest request, Operation operation, List<Problem> problems)
    {
        if (request.ContentLength is not 0 && request.ContentType is { } type && !IsJson(type))
            throw new BadHttpRequestException("the body must be JSON (Content-Type: application/json)", StatusCodes.Status415UnsupportedMediaType);
        var (members, problem) = await bodies.ReadAsync(request, MaxBytesOf(operation), body => RequestBinder.ParseObject(body.Span));
        if (problem is not null)
            problems.Add(problem);
        return members;
    }

    private long MaxBytesOf(Operation operation) => Math.Min(
        options.MaxRequestBytes,
        operation.HasLargeRequest ? options.MaxRequestBytes
            : operation.RequestInfo.Properties.Count <= operation.Route.Members.Count(name => name != HttpRoute.TargetMember) ? MaxEmptyBody
            : options.Limits.SmallRequestBytes);

    private static bool IsJson(string contentType) =>
        contentType.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);

    private static JsonObject Query(HttpRequest request, Operation operation)
    {
        var known = operation.RequestInfo.Properties.ToDictionary(property => property.Name, property => property.PropertyType);
        JsonObject members = [];
        foreach (var (name, values) in request.Query)
            if (!CallParameters.IsCallParameter(name, operation))
                members[name] = known.TryGetValue(name, out var type)
                    ? MemberParser.ToNode(operation.RequestInfo.Options.GetTypeInfo(type), [.. values.Select(value => value ?? "")])
                    : values.ToString();
        return members;
    }
}
