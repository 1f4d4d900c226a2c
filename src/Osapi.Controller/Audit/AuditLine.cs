using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Osapi.Operations.Audit;

namespace Osapi.Controller.Audit;

/// <summary>The line of an entry in a chain: number, hash of the line before, key, entry, authentication code.</summary>
/// <remarks>
/// <c>{"n":7,"prev":"..","key":"..","entry":{..},"mac":".."}</c>, exactly in this form. The code is an HMAC-SHA256 over the name of the chain and everything
/// before it; the hash is the SHA-256 of the whole line without its end.
/// </remarks>
internal readonly record struct AuditLine(long Number, string Previous, string KeyId, ReadOnlyMemory<byte> Entry)
{
    /// <summary>The length of a key's id.</summary>
    public const int KeyIdSize = 8;

    /// <summary>The maximum length of a line, in bytes; entries are cut so that they are shorter.</summary>
    public const int MaxSize = 64 * 1024;

    private const int HashSize = 43;

    // ,"mac":"<hash>"}
    private const int TailSize = 8 + HashSize + 2;

    /// <summary>The previous hash of the first entry of a chain.</summary>
    public static string NoHash { get; } = new('A', HashSize);

    /// <summary>Writes a line, with its end.</summary>
    public static byte[] Write(string chain, long number, string previous, string keyId, byte[] key, AuditEntry entry)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(entry, AuditJson.Results.AuditEntry);
        var head = string.Create(CultureInfo.InvariantCulture, $$"""{"n":{{number}},"prev":"{{previous}}","key":"{{keyId}}","entry":""");
        var line = new byte[head.Length + body.Length + TailSize + 1];
        Encoding.ASCII.GetBytes(head, line);
        body.CopyTo(line, head.Length);
        var end = head.Length + body.Length;
        var mac = CodeOf(chain, key, line.AsSpan(0, end));
        Encoding.ASCII.GetBytes($",\"mac\":\"{mac}\"}}\n", line.AsSpan(end));
        return line;
    }

    /// <summary>Reads a line without its end; false when it has not the form of one. The code is not checked.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> line, out AuditLine read)
    {
        read = default;
        var bytes = line.Span;
        if (!bytes.StartsWith("{\"n\":"u8) || bytes.Length <= TailSize || !Utf8Parser.TryParse(bytes[5..], out long number, out var digits) || number < 1)
            return false;
        var at = 5 + digits;
        if (!TryTake(bytes, ref at, ",\"prev\":\""u8, HashSize, out var previous) || !TryTake(bytes, ref at, "\",\"key\":\""u8, KeyIdSize, out var key) || !bytes[at..].StartsWith("\",\"entry\":"u8))
            return false;
        at += "\",\"entry\":"u8.Length;
        var end = bytes.Length - TailSize;
        if (end < at || !bytes[end..].StartsWith(",\"mac\":\""u8) || !bytes.EndsWith("\"}"u8))
            return false;
        read = new(number, previous, key, line[at..end]);
        return true;
    }

    /// <summary>Checks the authentication code of a line.</summary>
    public static bool IsAuthentic(string chain, byte[] key, ReadOnlySpan<byte> line)
    {
        var end = line.Length - TailSize;
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeOf(chain, key, line[..end])), line.Slice(end + 8, HashSize));
    }

    /// <summary>Gets the hash of a line, given without its end.</summary>
    public static string HashOf(ReadOnlySpan<byte> line)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(line, hash);
        return Base64Url.EncodeToString(hash);
    }

    /// <summary>Parses the entry, with its place; null when it is not one.</summary>
    public AuditEntry? Parse(string chain)
    {
        try
        {
            return JsonSerializer.Deserialize(Entry.Span, AuditJson.Results.AuditEntry) is { } entry ? entry with { Id = AuditId.Of(chain, Number), Controller = chain, Number = Number } : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string CodeOf(string chain, byte[] key, ReadOnlySpan<byte> line)
    {
        using var code = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        code.AppendData(Encoding.ASCII.GetBytes($"osapi audit 1 {chain}\n"));
        code.AppendData(line);
        return Base64Url.EncodeToString(code.GetHashAndReset());
    }

    private static bool TryTake(ReadOnlySpan<byte> line, ref int at, ReadOnlySpan<byte> before, int length, out string text)
    {
        text = "";
        if (!line[at..].StartsWith(before) || line.Length < at + before.Length + length)
            return false;
        text = Encoding.ASCII.GetString(line.Slice(at + before.Length, length));
        at += before.Length + length;
        return true;
    }
}
