using System.Security.Cryptography;
using System.Text;

namespace Osapi.Cli.Tests.Secrets;

/// <summary>Secrets that are recognized wherever they turn up, also in other forms: base64 at any offset, hexadecimal, escaped in JSON or in a URL, UTF-16.</summary>
/// <remarks>All begin alike, and end with a number for what they were given.</remarks>
internal sealed class Canaries
{
    private const int NumberLength = 4;

    private readonly string prefix = $"c4n4ry{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(9))}";
    private readonly List<string> uses = [];
    private readonly List<(string Form, byte[] Bytes)> forms;

    public Canaries()
    {
        var bytes = Encoding.ASCII.GetBytes(prefix);
        forms =
        [
            ("as it is", bytes),
            ("hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes))),
            ("hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexString(bytes))),
            ("escaped in JSON", Escaped("\\u00", "x2")),
            ("escaped in JSON", Escaped("\\u00", "X2")),
            ("escaped in a URL", Escaped("%", "X2")),
            ("UTF-16", Encoding.Unicode.GetBytes(prefix)),
            .. Enumerable.Range(0, 3).Select(offset => ($"base64 at {offset}", Base64(bytes, offset))),
        ];
    }

    /// <summary>The number of secrets.</summary>
    public int Count => uses.Count;

    /// <summary>Creates a secret, with letters after it that JSON, shells and URLs escape.</summary>
    /// <param name="use">What it is given for.</param>
    public string Next(string use)
    {
        uses.Add(use);
        return $"{prefix}{uses.Count - 1:0000} \"'/+&é";
    }

    /// <summary>Creates a secret that has the form of a hash of a password.</summary>
    /// <param name="use">What it is given for.</param>
    public string NextHash(string use)
    {
        const int HashLength = 86;
        return "$6$acme$" + Next(use).Split(' ')[0].PadRight(HashLength, '.');
    }

    /// <summary>Finds a secret in a text or a file; null when there is none, otherwise its form and use.</summary>
    public string? Find(ReadOnlySpan<byte> content)
    {
        foreach (var (form, bytes) in forms)
            if (content.IndexOf(bytes) is >= 0 and var at)
                return $"{form}: {Use(content[(at + bytes.Length)..])}, at {at}: {Encoding.Latin1.GetString(content.Slice(Math.Max(0, at - 80), Math.Min(300, content.Length - Math.Max(0, at - 80))))}";
        return null;
    }

    public string? Find(string text) => Find(Encoding.UTF8.GetBytes(text));

    private string Use(ReadOnlySpan<byte> after) => after.Length >= NumberLength && int.TryParse(after[..NumberLength], out var number) && number < uses.Count ? uses[number] : "some use";

    private byte[] Escaped(string escape, string format) =>
        Encoding.ASCII.GetBytes(string.Concat(prefix.Select(letter => escape + ((int)letter).ToString(format, System.Globalization.CultureInfo.InvariantCulture))));

    // Without the digits to which the neighbours contribute.
    private static byte[] Base64(byte[] bytes, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. bytes]);
        var first = offset == 0 ? 0 : offset + 1;
        return Encoding.ASCII.GetBytes(text[first..((offset + bytes.Length) / 3 * 4)]);
    }
}
