using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Client;

/// <summary>Creates the HTTP request of a call. The request's bytes are the body; members of the route go into the path, and those of a request without a body into the query.</summary>
internal static class OperationMessage
{
    private const long DefaultMaxOutput = 1024 * 1024;

    /// <summary>Creates the message.</summary>
    /// <param name="baseUrl">The address of the controller.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="request">The request as JSON.</param>
    /// <param name="form">The request as a value, for a route whose body is a form; otherwise null.</param>
    /// <param name="target">The hosts; null for a controller operation.</param>
    /// <param name="options">The options of the call.</param>
    public static HttpRequestMessage Create(Uri baseUrl, Operation operation, ReadOnlyMemory<byte> request, object? form, Target? target, CallOptions options)
    {
        var route = operation.Route;
        var isBody = route is { HasBody: true, IsForm: false };
        var takesMembers = route.Members.Any(name => name != HttpRoute.TargetMember) || (!isBody && operation.RequestInfo.Properties.Count > 0);
        var members = takesMembers ? JsonElement.Parse(request.Span) : default;
        StringBuilder url = new(Path(operation, members, target));
        List<string> query = [];
        if (options.StartWithin is { } bound)
            query.Add("start_within=" + bound.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        if (options.Check && operation.CanBeChecked)
            query.Add("check=true");
        if (options.CancelOnDisconnect)
            query.Add("cancel_on_disconnect=true");
        if (takesMembers && !isBody)
            query.AddRange(members.EnumerateObject()
                .Where(member => route.IsForm ? route.QueryMembers.Contains(member.Name) : !route.Members.Contains(member.Name))
                .SelectMany(QueryOf));
        if (query.Count > 0)
            url.Append('?').AppendJoin('&', query);

        HttpRequestMessage message = new(new(route.Method), new Uri(baseUrl, url.ToString()));
        message.Headers.Accept.Add(new("application/json"));
        message.Headers.Add("Prefer", OutputPreference(options));
        if (options.JobId is { } id)
            message.Headers.Add("Idempotency-Key", id.ToString());
        if (route.IsForm)
            message.Content = FormMessage.Create(operation, form!, members);
        else if (isBody)
            message.Content = new ReadOnlyMemoryContent(takesMembers ? WithoutPath(route, request) : request)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        return message;
    }

    /// <summary>Gets the preference for the size of outputs, which an older controller ignores.</summary>
    public static string OutputPreference(CallOptions options) => string.Create(CultureInfo.InvariantCulture, $"max-output={Math.Max(0, options.MaxOutput ?? DefaultMaxOutput)}");

    private static string Path(Operation operation, JsonElement members, Target? target)
    {
        var path = operation.Route.Template.TrimStart('/');
        foreach (var name in operation.Route.Members)
        {
            var value = name == HttpRoute.TargetMember
                ? (target ?? throw new ArgumentNullException(nameof(target), $"{operation.Id} runs on hosts and needs a target.")).Text
                : TextOf(members, name) ?? throw new ArgumentException($"{name} is required by {operation.Route}.", nameof(members));
            path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
        }

        return path;
    }

    // A list is written as several parameters of the same name.
    private static IEnumerable<string> QueryOf(JsonProperty member)
    {
        IEnumerable<string?> values = member.Value.ValueKind == JsonValueKind.Array ? member.Value.EnumerateArray().Select(TextOf) : [TextOf(member.Value)];
        return values.OfType<string>().Select(value => $"{member.Name}={Uri.EscapeDataString(value)}");
    }

    private static byte[] WithoutPath(HttpRoute route, ReadOnlyMemory<byte> request)
    {
        using MemoryStream body = new();
        using (Utf8JsonWriter writer = new(body))
        {
            writer.WriteStartObject();
            RawJson.CopyMembers(writer, request.Span, (name, _) => !route.Members.Contains(name));
            writer.WriteEndObject();
        }

        return body.ToArray();
    }

    /// <summary>Gets a member as text; null when it is missing or null.</summary>
    public static string? TextOf(JsonElement members, string name) => members.TryGetProperty(name, out var value) ? TextOf(value) : null;

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Null => null,
        _ => value.GetRawText(),
    };
}
