using Osapi.Operations;

namespace Osapi.Cli.Operations;

/// <summary>What an operation is called on the command line.</summary>
internal static class CommandName
{
    private static readonly IReadOnlyList<string> Plain = ["get", "execute", "do"];

    /// <summary>
    /// The words of the id: <c>node.hostname.get</c> is <c>node hostname</c>. The plain verb at the end goes, unless the
    /// noun has several: <c>network.dns.get</c> and <c>network.dns.update</c> are <c>network dns get</c> and <c>network dns update</c>.
    /// </summary>
    public static IReadOnlyList<string> Of(Operation operation, OperationCatalog catalog)
    {
        var words = operation.Id.Split('.');
        if (words.Length < 3 || !Plain.Contains(words[^1]))
            return words;
        var noun = operation.Id[..(operation.Id.LastIndexOf('.') + 1)];
        return catalog.Any(other => other.Id != operation.Id && other.Id.StartsWith(noun, StringComparison.Ordinal)) ? words : words[..^1];
    }

    /// <summary>The flag of a member: <c>stop_timeout</c> is <c>--stop-timeout</c>.</summary>
    public static string Flag(string member) => "--" + member.Replace('_', '-');
}
