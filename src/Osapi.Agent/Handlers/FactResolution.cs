using System.Buffers;
using System.Text.Json;
using Osapi.Agent.Hosts;
using Osapi.Operations;
using Osapi.Operations.Facts;
using Osapi.Operations.Json;

namespace Osapi.Agent.Handlers;

/// <summary>Replaces fact references in every text of a request.</summary>
/// <remarks>
/// It runs once, before the request is bound, so that validation sees the values that the host will use. Member names
/// are left alone.
/// </remarks>
internal static class FactResolution
{
    /// <summary>Resolves the references. Returns the request as JSON, or all problems.</summary>
    public static async Task<(ReadOnlyMemory<byte> Request, string? Problem)> ResolveAsync(Operation operation, ReadOnlyMemory<byte> request, Host host, CancellationToken cancellationToken)
    {
        if (!Refers(request.Span))
            return (request, null);

        var facts = await host.Facts.ReadAsync(host, cancellationToken);
        SortedSet<string> problems = new(StringComparer.Ordinal);
        Rewriting rewriting = new(facts, ShellLines(operation), problems);
        var resolved = rewriting.Of(JsonElement.Parse(request.Span));
        return problems.Count == 0 ? (resolved, null) : (default, string.Join("; ", problems));
    }

    private static bool Refers(ReadOnlySpan<byte> json)
    {
        // Any character of a reference may be JSON-escaped.
        if (json.IndexOf("@fact."u8) < 0 && json.IndexOf("\\u"u8) < 0)
            return false;
        Utf8JsonReader reader = new(json);
        var found = false;
        try
        {
            while (reader.Read())
                found |= reader.TokenType == JsonTokenType.String && reader.GetString()!.Contains(FactReference.Prefix, StringComparison.Ordinal);
            return found;
        }
        catch (InvalidOperationException)
        {
            // Invalid Unicode; the binder refuses it with its own message.
            return false;
        }
    }

    private static HashSet<string> ShellLines(Operation operation) =>
        [.. operation.RequestInfo.Properties
            .Where(property => property.AttributeProvider?.IsDefined(typeof(ShellLineAttribute), inherit: true) == true)
            .Select(property => property.Name)];

    private sealed class Rewriting(HostFacts facts, HashSet<string> shellLines, SortedSet<string> problems)
    {
        // The characters that no shell interprets, inside or outside of quotes. Facts of a machine consist of them.
        private static readonly SearchValues<char> SafeInShell =
            SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@+");

        public ReadOnlyMemory<byte> Of(JsonElement request)
        {
            ArrayBufferWriter<byte> json = new();
            using (Utf8JsonWriter writer = new(json))
                Write(writer, request, inShell: false, isTop: true);
            return json.WrittenMemory;
        }

        private void Write(Utf8JsonWriter writer, JsonElement value, bool inShell, bool isTop = false)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    writer.WriteStartObject();
                    foreach (var member in value.EnumerateObject())
                    {
                        writer.WritePropertyName(member.Name);
                        Write(writer, member.Value, inShell || (isTop && shellLines.Contains(member.Name)));
                    }

                    writer.WriteEndObject();
                    break;
                case JsonValueKind.Array:
                    writer.WriteStartArray();
                    foreach (var element in value.EnumerateArray())
                        Write(writer, element, inShell);
                    writer.WriteEndArray();
                    break;
                case JsonValueKind.String:
                    writer.WriteStringValue(FactReference.Resolve(value.GetString()!, key => Value(key, inShell), problems));
                    break;
                default:
                    value.WriteTo(writer);
                    break;
            }
        }

        private string? Value(string key, bool inShell)
        {
            var value = FactKeys.Value(facts, key);
            if (!inShell || value is null || !value.AsSpan().ContainsAnyExcept(SafeInShell))
                return value;
            problems.Add($"{FactReference.Prefix}{key} contains characters that a shell interprets; pass it in env and write \"$NAME\" in the command");
            return value;
        }
    }
}
