using System.Text;
using Osapi.Operations;
using Osapi.Operations.Node;

namespace Osapi.Agent.Hosts;

/// <summary>Reads os-release(5).</summary>
internal static class OsRelease
{
    public static OsInfo ReadOs(this Host host)
    {
        var text = host.ReadFirst("/etc/os-release", "/usr/lib/os-release")
            ?? throw new OperationException(ErrorType.Unavailable, "neither /etc/os-release nor /usr/lib/os-release is there");
        var fields = Parse(text);
        if (fields.Count == 0)
            throw HostFiles.Garbled("/etc/os-release", "assignments");
        // The page says that a missing ID means "linux".
        return new(fields.GetValueOrDefault("ID", "linux").ToLowerInvariant(), fields.GetValueOrDefault("VERSION_ID", ""));
    }

    /// <summary>The assignments of the file: shell syntax without expansions.</summary>
    internal static Dictionary<string, string> Parse(string text)
    {
        Dictionary<string, string> fields = [];
        foreach (var line in text.Split('\n').Select(line => line.Trim()))
            if (!line.StartsWith('#') && line.Split('=', 2) is [var name, var value] && name.Length > 0)
                fields[name] = Unquote(value);
        return fields;
    }

    private static string Unquote(string value)
    {
        if (value.Length >= 2 && value[0] == '\'' && value[^1] == '\'')
            return value[1..^1];
        var quoted = value.Length >= 2 && value[0] == '"' && value[^1] == '"';
        var inner = quoted ? value[1..^1] : value;
        StringBuilder plain = new(inner.Length);
        for (var i = 0; i < inner.Length; i++)
            plain.Append(inner[i] == '\\' && i + 1 < inner.Length ? inner[++i] : inner[i]);
        return plain.ToString();
    }
}
