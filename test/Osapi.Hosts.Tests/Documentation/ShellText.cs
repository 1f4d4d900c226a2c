using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Osapi.Cli.Operations;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Hosts.Tests.Documentation;

/// <summary>Writes an example as shell lines: with <c>osapi</c>, and with curl.</summary>
internal static partial class ShellText
{
    private const string Url = "http://127.0.0.1:8080";

    // Readable text, instead of escapes for everything that some browser might misread.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Command(Operation operation, JsonObject members)
    {
        List<string> words = ["osapi", .. CommandName.Of(operation, OperationCatalog.Default)];
        words.AddRange(operation.RequestInfo.Properties.Where(property => CommandName.IsArgument(operation, property)).Select(property => Quoted(members[property.Name]!.ToString())));
        foreach (var (name, value) in members.Where(member => !CommandName.IsArgument(operation, operation.RequestInfo.Properties.Single(property => property.Name == member.Key))))
            words.AddRange(Flags(CommandName.Flag(name), value));
        if (operation.RunsOn == RunsOn.Host)
            words.Add("--target _all");
        return string.Join(' ', words);
    }

    public static string Curl(Operation operation, JsonObject members)
    {
        var rest = members.DeepClone().AsObject();
        var path = operation.Route.Template.Replace("{hostname}", "_all", StringComparison.Ordinal);
        foreach (var name in operation.Route.Members.Where(name => name != HttpRoute.TargetMember))
            if (rest.Remove(name, out var value))
                path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value!.ToString()), StringComparison.Ordinal);
        var query = rest.Where(member => !operation.Route.HasBody || operation.Route.QueryMembers.Contains(member.Key)).ToList();
        foreach (var (name, _) in query)
            rest.Remove(name);
        if (query.Count > 0)
            path += "?" + string.Join('&', query.SelectMany(member => (member.Value as JsonArray ?? [member.Value!.DeepClone()]).Select(value => $"{member.Key}={Uri.EscapeDataString($"{value}")}")));

        List<string> words = ["curl -s"];
        if (operation.RequiresToken)
            words.Add("-H \"Authorization: Bearer $TOKEN\"");
        if (operation.Route.IsForm)
            words.AddRange(rest.Select(member => IsFile(operation, member.Key) ? $"-F {LocalFile.Part}=@{member.Value}" : $"-F {Quoted($"{member.Key}={member.Value}")}"));
        else if (operation.Route.HasBody && rest.Count > 0)
            words.Add($"--json {Quoted(rest.ToJsonString(Plain))}");
        if (operation.Route.Method is var method && method != "GET" && (method != "POST" || (rest.Count == 0 && !operation.Route.IsForm)))
            words.Add($"-X {method}");
        words.Add(Quoted(Url + path));
        return string.Join(' ', words);
    }

    private static bool IsFile(Operation operation, string member) => operation.RequestInfo.Properties.Single(property => property.Name == member).PropertyType == typeof(LocalFile);

    private static IEnumerable<string> Flags(string flag, JsonNode? value) => value switch
    {
        JsonArray items => items.SelectMany(item => Flags(flag, item)),
        JsonObject entries => entries.Select(entry => $"{flag} {Quoted($"{entry.Key}={Scalar(entry.Value)}")}"),
        JsonValue when value.GetValueKind() == JsonValueKind.True => [flag],
        _ when Scalar(value).StartsWith('-') => [$"{flag}={Quoted(Scalar(value))}"],
        _ => [$"{flag} {Quoted(Scalar(value))}"],
    };

    private static string Scalar(JsonNode? value) => value is JsonObject or JsonArray ? value.ToJsonString(Plain) : $"{value}";

    private static string Quoted(string word) => PlainWord.IsMatch(word) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex("^[A-Za-z0-9_./:@%+=,-]+$")]
    private static partial Regex PlainWord { get; }
}
