using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Osapi.Controller.Limits;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Controller.Operations;

/// <summary>Binds a request: its body as it came or, where members are in the path or the query, one JSON object that is written from them.</summary>
internal sealed class RequestMembers(RequestBodies bodies, ControllerOptions options)
{
    // A request whose members are all in the path needs no body; some callers send an empty object.
    private const long MaxEmptyBody = 4 * 1024;

    /// <summary>Binds the operation's request; without a value when there are problems, which are added to the list.</summary>
    public async Task<Binding> BindAsync(HttpRequest request, Operation operation, List<Problem> problems)
    {
        var path = operation.Route.Members.Where(name => name != HttpRoute.TargetMember).ToDictionary(name => name, name => PathMembers.Of(request, name));
        List<Problem> repeated = [];
        Binding binding;
        if (operation.Route.HasBody)
        {
            RequireJson(request);
            (binding, var isObject) = await bodies.ReadAsync(request, MaxBytesOf(operation), body => BindBody(operation, body, path, repeated));
            // Without a readable body, missing members cannot be reported.
            if (!isObject)
                problems.AddRange(binding.Problems);
            foreach (var name in request.Query.Keys.Where(name => !CallParameters.IsCallParameter(name, operation)))
                problems.Add(new(name, "is unknown in the query: this operation takes its members from the body"));
            if (!isObject)
                return binding;
        }
        else
        {
            binding = RequestBinder.Bind(operation.RequestInfo, FromQuery(request, operation, path, repeated));
        }

        problems.AddRange(repeated);
        problems.AddRange(binding.Problems);
        return binding;
    }

    private static (Binding Binding, bool IsObject) BindBody(Operation operation, ReadOnlyMemory<byte> body, Dictionary<string, string> path, List<Problem> repeated)
    {
        var request = path.Count == 0 ? body : Merge(body, path, repeated);
        var binding = RequestBinder.Bind(operation.RequestInfo, request);
        return (binding, binding.Value is not null || RequestBinder.ParseObject(request.Span).Problem is null);
    }

    // The binder reports a body that is not an object.
    private static ReadOnlyMemory<byte> Merge(ReadOnlyMemory<byte> body, Dictionary<string, string> path, List<Problem> repeated)
    {
        var given = body.IsEmpty ? JsonElement.Parse("{}") : JsonConventions.ParseObject(body.Span);
        return given is not { } members ? body : Write(path, members.EnumerateObject().Select(member => member.Name), repeated, writer =>
        {
            foreach (var member in members.EnumerateObject().Where(member => !path.ContainsKey(member.Name)))
            {
                writer.WritePropertyName(member.Name);
                RawJson.Write(writer, member.Value);
            }
        });
    }

    private static ReadOnlyMemory<byte> FromQuery(HttpRequest request, Operation operation, Dictionary<string, string> path, List<Problem> repeated)
    {
        var known = operation.RequestInfo.Properties.ToDictionary(property => property.Name, property => property.PropertyType);
        var names = request.Query.Keys.Where(name => !CallParameters.IsCallParameter(name, operation)).ToList();
        return Write(path, names, repeated, writer =>
        {
            foreach (var name in names.Where(name => !path.ContainsKey(name)))
            {
                writer.WritePropertyName(name);
                if (known.TryGetValue(name, out var type))
                    MemberParser.Write(writer, operation.RequestInfo.Options.GetTypeInfo(type), [.. request.Query[name].Select(value => value ?? "")]);
                else
                    writer.WriteStringValue(request.Query[name].ToString());
            }
        });
    }

    private static ReadOnlyMemory<byte> Write(Dictionary<string, string> path, IEnumerable<string> given, List<Problem> repeated, Action<Utf8JsonWriter> writeGiven)
    {
        repeated.AddRange(path.Keys.Intersect(given).Select(name => new Problem(name, "is already in the path and must not be repeated")));
        ArrayBufferWriter<byte> json = new();
        using Utf8JsonWriter writer = new(json);
        writer.WriteStartObject();
        writeGiven(writer);
        foreach (var (name, value) in path)
            writer.WriteString(name, value);
        writer.WriteEndObject();
        writer.Flush();
        return json.WrittenMemory;
    }

    /// <summary>Gets the maximum size of an operation's request.</summary>
    public long MaxBytesOf(Operation operation) => Math.Min(
        options.MaxRequestBytes,
        operation.HasLargeRequest ? options.MaxRequestBytes
            : operation.RequestInfo.Properties.Count <= operation.Route.Members.Count(name => name != HttpRoute.TargetMember) ? MaxEmptyBody
            : options.Limits.SmallRequestBytes);

    /// <summary>Refuses a body of another content type.</summary>
    /// <exception cref="BadHttpRequestException">The body is not JSON.</exception>
    public static void RequireJson(HttpRequest request)
    {
        if (request.ContentLength is not 0 && request.ContentType is { } type && !IsJson(type))
            throw new BadHttpRequestException("the body must be JSON (Content-Type: application/json)", StatusCodes.Status415UnsupportedMediaType);
    }

    private static bool IsJson(string contentType) =>
        contentType.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);
}
