using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Operations.Json;
using Osapi.Operations.Reviews;

namespace Osapi.Plans.Saved;

/// <summary>The file of a saved plan: a line with the document, and a line with its signature. Every byte of it counts.</summary>
internal static class SavedPlanJson
{
    public const int MaxSize = 64 * 1024 * 1024;

    private static readonly SavedPlanContext Context = new(new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Returns the document as bytes, without its signature.</summary>
    public static byte[] Document(SavedPlan plan) => JsonSerializer.SerializeToUtf8Bytes(plan, Context.SavedPlan);

    public static string Digest(ReadOnlySpan<byte> document) => Convert.ToHexStringLower(SHA256.HashData(document));

    /// <summary>Returns the whole file.</summary>
    public static byte[] File(byte[] document, PlanSignature signature) => [.. document, (byte)'\n', .. JsonSerializer.SerializeToUtf8Bytes(signature, Context.PlanSignature), (byte)'\n'];

    /// <summary>Parses a file.</summary>
    /// <exception cref="FormatException">It is no saved plan, one of a newer version, or damaged.</exception>
    public static (SavedPlan Plan, string Digest, PlanSignature Signature) Parse(ReadOnlySpan<byte> file)
    {
        var end = file.IndexOf((byte)'\n');
        if (end < 0 || file[^1] != (byte)'\n' || JsonConventions.ParseObject(file[..end]) is not { } document || JsonConventions.Text(document, "format") != SavedPlan.FormatName)
            throw new FormatException("it is not a saved plan, or was cut off");
        if (document.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) && number > SavedPlan.NewestVersion)
            throw new FormatException($"it has version {number}, and this program reads up to version {SavedPlan.NewestVersion}");
        try
        {
            var signature = JsonSerializer.Deserialize(file[(end + 1)..^1], Context.PlanSignature)!;
            // A signature that could be written in several ways would be no proof about bytes.
            return file[(end + 1)..^1].SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(signature, Context.PlanSignature))
                ? (document.Deserialize(Context.SavedPlan)!, Digest(file[..end]), signature)
                : throw new FormatException("its signature was changed");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"it was changed: {exception.Message}", exception);
        }
    }
}

[JsonSerializable(typeof(SavedPlan)), JsonSerializable(typeof(PlanSignature))]
internal sealed partial class SavedPlanContext : JsonSerializerContext;
