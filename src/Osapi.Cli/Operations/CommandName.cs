using System.Text.Json.Serialization.Metadata;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Cli.Operations;

/// <summary>The names of operations on the command line.</summary>
internal static class CommandName
{
    private static readonly IReadOnlyList<string> GenericVerbs = ["get", "execute", "do", "create"];

    /// <summary>
    /// Returns the words of the command: <c>node.hostname.get</c> is <c>node hostname</c>. A generic verb at the end is dropped
    /// unless the noun has several: <c>network.dns.get</c> and <c>network.dns.update</c> are <c>network dns get</c> and <c>network
    /// dns update</c>.
    /// </summary>
    public static IReadOnlyList<string> Of(Operation operation, OperationCatalog catalog)
    {
        var words = operation.Id.Replace('_', '-').Split('.');
        if (words.Length < 3 || !GenericVerbs.Contains(words[^1]))
            return words;
        var noun = operation.Id[..(operation.Id.LastIndexOf('.') + 1)];
        return catalog.Any(other => other.Id != operation.Id && other.Id.StartsWith(noun, StringComparison.Ordinal)) ? words : words[..^1];
    }

    /// <summary>Returns true for a member that is an argument: of the path, or marked as positional.</summary>
    public static bool IsArgument(Operation operation, JsonPropertyInfo property) =>
        operation.Route.Members.Contains(property.Name) || property.AttributeProvider?.IsDefined(typeof(PositionalAttribute), inherit: true) == true;

    /// <summary>Returns the option of a member: <c>stop_timeout</c> is <c>--stop-timeout</c>.</summary>
    public static string Flag(string member) => "--" + member.Replace('_', '-');
}
