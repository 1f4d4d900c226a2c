using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Osapi.Operations.Users;

/// <summary>The parts of a line of <c>authorized_keys</c>, as sshd(8) separates them.</summary>
/// <param name="Options">The options; null for none.</param>
/// <param name="Type">The type of the key.</param>
/// <param name="Key">The key in base64.</param>
/// <param name="Comment">The comment; null for none.</param>
internal sealed record AuthorizedKeyLine(string? Options, string Type, string Key, string? Comment)
{
    private const int MaxTypeLength = 64;

    /// <summary>The fingerprint, as ssh-keygen(1) prints it.</summary>
    public string Fingerprint => "SHA256:" + Convert.ToBase64String(SHA256.HashData(Convert.FromBase64String(Key))).TrimEnd('=');

    /// <summary>True when both lines have the same key, whatever their options and comments are.</summary>
    public bool IsSameKey(AuthorizedKeyLine other) => Type == other.Type && Key == other.Key;

    /// <summary>Finds the key in a line; null for a comment, an empty line, and a line that sshd does not understand.</summary>
    public static AuthorizedKeyLine? Find(string line)
    {
        var text = line.Trim(' ', '\t', '\r');
        if (text.Length == 0 || text[0] == '#')
            return null;
        if (FindKey(text) is { } plain)
            return plain;
        var end = EndOfOptions(text);
        return end < 0 ? null : FindKey(text[end..].TrimStart(' ', '\t')) is { } restricted ? restricted with { Options = text[..end] } : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(' ', ((string?[])[Options, Type, Key, Comment]).OfType<string>());

    private static AuthorizedKeyLine? FindKey(string text)
    {
        var words = text.Split((char[])[' ', '\t'], 2, StringSplitOptions.TrimEntries);
        if (words is not [{ Length: > 0 and <= MaxTypeLength } type, var rest])
            return null;
        var parts = rest.Split((char[])[' ', '\t'], 2, StringSplitOptions.TrimEntries);
        return IsKey(type, parts[0]) ? new(null, type, parts[0], parts is [_, { Length: > 0 } comment] ? comment : null) : null;
    }

    // The key begins with its own type, as a length and a text (RFC 4253, 6.6).
    private static bool IsKey(string type, string base64)
    {
        var key = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, key, out var length) || length < 4)
            return false;
        var typeLength = BinaryPrimitives.ReadUInt32BigEndian(key);
        return typeLength <= length - 4 && Encoding.Latin1.GetString(key, 4, (int)typeLength) == type && length > 4 + typeLength && Convert.ToBase64String(key, 0, length) == base64;
    }

    // Options end at the first space outside of quotes.
    private static int EndOfOptions(string text)
    {
        var isQuoted = false;
        for (var at = 0; at < text.Length; at++)
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] == '"')
                at++;
            else if (text[at] == '"')
                isQuoted = !isQuoted;
            else if (text[at] is ' ' or '\t' && !isQuoted)
                return at;
        return -1;
    }
}
