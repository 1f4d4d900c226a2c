using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations.Json;
using Osapi.Controller.Runs.Detached;
using Osapi.Controller.Runs.Runners;
using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

/// <summary>The JSON of the messages about runs. A large message is compressed: its texts repeat.</summary>
[JsonSerializable(typeof(RunMessage)), JsonSerializable(typeof(PlanLock)), JsonSerializable(typeof(ForgottenSteps)), JsonSerializable(typeof(CancelWish))]
[JsonSerializable(typeof(SealedInputs)), JsonSerializable(typeof(RunContent)), JsonSerializable(typeof(JournalState)), JsonSerializable(typeof(OwedList)), JsonSerializable(typeof(HeardRunners)), JsonSerializable(typeof(JournalBatch))]
internal sealed partial class RunJson : JsonSerializerContext
{
    private const int MaxPlain = 16 * 1024;

    // More than any request can become.
    private const int MaxUnpacked = 256 << 20;

    public static RunJson Stored { get; } = new(JsonConventions.Lenient);

    /// <summary>Writes a value.</summary>
    public static byte[] Pack<T>(T value, JsonTypeInfo<T> info)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, info);
        if (json.Length <= MaxPlain)
            return json;
        using MemoryStream packed = new();
        using (DeflateStream deflate = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            // No JSON begins so.
            packed.WriteByte(0);
            deflate.Write(json);
        }

        return packed.ToArray();
    }

    /// <summary>Reads a value; null when it is not one.</summary>
    public static T? Unpack<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> info)
        where T : class
    {
        try
        {
            return bytes.IsEmpty ? null : JsonSerializer.Deserialize(bytes[0] == 0 ? Inflate(bytes[1..]) : bytes, info);
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException or FormatException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> Inflate(ReadOnlySpan<byte> packed)
    {
        using MemoryStream source = new(packed.ToArray());
        using DeflateStream inflate = new(source, CompressionMode.Decompress);
        using MemoryStream json = new();
        var buffer = new byte[MaxPlain];
        for (var count = inflate.Read(buffer); count > 0; count = inflate.Read(buffer))
        {
            if (json.Length + count > MaxUnpacked)
                throw new InvalidDataException("The message is too large.");
            json.Write(buffer, 0, count);
        }

        return json.GetBuffer().AsSpan(0, (int)json.Length);
    }
}
