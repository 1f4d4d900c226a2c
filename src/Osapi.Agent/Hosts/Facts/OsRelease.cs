using System.Text;
using Osapi.Operations;
using Osapi.Operations.Node;

namespace Osapi.Agent.Hosts.Facts;

/// <summary>Reads os-release(5).</summary>
internal static class OsRelease
{
    public static OsInfo ReadOs(this Host host)
    {
        var fields = Parse(host.ReadFirst("/etc/os-release", "/usr/lib/os-release")
            ?? throw new OperationException(ErrorType.Unavailable, "the distribution cannot be determined: there is neither /etc/os-release nor /usr/lib/os-release"));
        // The manual page defines "linux" for a missing ID. A rolling distribution has no VERSION_ID.
        return new(fields.GetValueOrDefault("ID") is { Length: > 0 } id ? id.ToLowerInvariant() : "linux", fields.GetValueOrDefault("VERSION_ID", ""));
    }

    /// <summary>
    /// Parses the assignments of the file; the last assignment of a name counts, and invalid lines are skipped.
    /// </summary>
    internal static Dictionary<string, string> Parse(string text)
    {
        Dictionary<string, string> fields = [];
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
            if (!line.StartsWith('#') && line.Split('=', 2) is [var name, var value] && name.Length > 0)
                fields[name] = Unquote(value);
        return fields;
    }

    /// <summary>
    /// Unquotes one shell word, without expansions: nothing is special in single quotes; in double quotes a backslash
    /// escapes only <c>$ " \ `</c>; outside of quotes it escapes anything, and a space ends the word.
    /// </summary>
    private static string Unquote(string word)
    {
        StringBuilder value = new(word.Length);
        var quote = '\0';
        for (var at = 0; at < word.Length; at++)
        {
            var character = word[at];
            var next = at + 1 < word.Length ? word[at + 1] : '\0';
            if (quote == '\0' && character is '"' or '\'')
                quote = character;
            else if (character == quote)
                quote = '\0';
            else if (character == '\\' && (quote == '\0' ? next != '\0' : quote == '"' && next is '$' or '"' or '\\' or '`'))
                value.Append(word[++at]);
            else if (quote == '\0' && char.IsWhiteSpace(character))
                break;
            else
                value.Append(character);
        }

        return value.ToString();
    }
}
