using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;

namespace Osapi.Agent.Files.Downloads;

/// <summary>The agent's record of a downloaded file, with which it asks the server whether the file has changed.</summary>
internal sealed record DownloadRecord
{
    private const int Private = 0x180; // 0600

    public required string Path { get; init; }

    public required string Url { get; init; }

    public required string Etag { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>Finds the record of a path; null when there is none that can be used.</summary>
    public static DownloadRecord? Find(Host host, string path)
    {
        try
        {
            return host.StateDirectory is { } state && System.IO.Path.Join(state, "downloads", NameOf(path)) is var file && File.Exists(file)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(file), DownloadRecordJson.Default.DownloadRecord) : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            // Without it, the file is fetched again.
            return null;
        }
    }

    /// <summary>Saves the record. An equal one is left alone.</summary>
    public void Save(Host host)
    {
        if (host.StateDirectory is not { } state || Find(host, Path) == this)
            return;
        using var directory = PrivateDirectory.Open(System.IO.Path.Join(state, "downloads"));
        new FileReplacement(directory, NameOf(Path)).Run(JsonSerializer.SerializeToUtf8Bytes(this, DownloadRecordJson.Default.DownloadRecord), Private);
    }

    private static string NameOf(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path))) + ".json";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DownloadRecord))]
internal sealed partial class DownloadRecordJson : JsonSerializerContext;
