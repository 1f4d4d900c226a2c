using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Client;

/// <summary>Creates the HTTP request of a call: members of the route go into the path, the rest into body or query.</summary>
internal static class OperationMessage
{
    public static HttpRequestMessage Create(Uri baseUrl, Operation operation, object request, Target? target, CallOptions options)
    {
        var members = JsonSerializer.SerializeToNode(request, operation.RequestInfo)!.AsObject();
        StringBuilder url = new(Path(operation, members, target));
        List<string> query = [];
        if (options.StartWithin is { } bound)
            query.Add("start_within=" + bound.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        if (options.Check && operation.CanBeChecked)
            query.Add("check=true");
        if (options.CancelOnDisconnect)
            query.Add("cancel_on_disconnect=true");
        if (!operation.Route.HasBody)
            query.AddRange(members.SelectMany(QueryOf));
        foreach (var name in operation.Route.QueryMembers)
            if (members.Remove(name, out var value))
                query.AddRange(QueryOf(new(name, value)));
        if (query.Count > 0)
            url.Append('?').AppendJoin('&', query);

        HttpRequestMessage message = new(new(operation.Route.Method), new Uri(baseUrl, url.ToString()));
        message.Headers.Accept.Add(new("application/json"));
        if (options.JobId is { } id)
            message.Headers.Add("Idempotency-Key", id.ToString());
        if (operation.Route.IsForm)
            message.Content = FormMessage.Create(operation, request, members);
        else if (operation.Route.HasBody)
            message.Content = new StringContent(members.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        return message;
    }

    private static string Path(Operation operation, JsonObject members, Target? target)
    {
        var path = operation.Route.Template.TrimStart('/');
        foreach (var name in operation.Route.Members)
        {
            var value = name == HttpRoute.TargetMember
                ? (target ?? throw new ArgumentNullException(nameof(target), $"{operation.Id} runs on hosts and needs a target.")).Text
                : TextOf(members[name]) ?? throw new ArgumentException($"{name} is required by {operation.Route}.", nameof(members));
            path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
            members.Remove(name);
        }

        return path;
    }

    // A list is written as several parameters of the same name.
    private static IEnumerable<string> QueryOf(KeyValuePair<string, JsonNode?> member)
    {
        IEnumerable<string?> values = member.Value is JsonArray list ? list.Select(TextOf) : [TextOf(member.Value)];
        return values.OfType<string>().Select(value => $"{member.Key}={Uri.EscapeDataString(value)}");
    }

    public static string? TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node?.ToJsonString();
}
