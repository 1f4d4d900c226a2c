using System.Text.Json;
using System.Text.Json.Serialization;
using Osapi.Transport.Trust;

namespace Osapi.Agent.Enrolment;

/// <summary>The file with an agent's enrolment in its state directory: with it, the agent starts without a token.</summary>
internal sealed class EnrolmentFile(string stateDirectory)
{
    private const string FileName = "enrolment.json";
    private const int MaxLength = 64 * 1024;

    /// <summary>The path.</summary>
    public string Location { get; } = Path.Combine(stateDirectory, FileName);

    /// <summary>Reads the file; null when there is none.</summary>
    /// <exception cref="EnrolmentException">The file is damaged.</exception>
    public StoredEnrolment? Read()
    {
        try
        {
            if (!File.Exists(Location))
                return null;
            if (new FileInfo(Location).Length <= MaxLength && JsonSerializer.Deserialize(File.ReadAllBytes(Location), EnrolmentFileJson.Default.StoredEnrolment) is { } stored
                && ControllerPublicKey.TryParse(stored.Controllers, provider: null, out _) && (stored.OtherControllers is null || ControllerPublicKey.TryParse(stored.OtherControllers, provider: null, out _)))
                return stored;
        }
        catch (JsonException)
        {
            // The same as a file without a key.
        }

        throw new EnrolmentException($"{Location} is damaged. Remove it, and enroll this agent again with agent.join_token or agent.controller_key");
    }

    /// <summary>Writes the file. It is complete and on the disk, or not there.</summary>
    public void Write(StoredEnrolment enrolment)
    {
        var next = Location + ".new";
        using (FileStream file = new(next, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            JsonSerializer.Serialize(file, enrolment, EnrolmentFileJson.Default.StoredEnrolment);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, Location, overwrite: true);
    }
}

/// <summary>An enrolment as it is stored.</summary>
internal sealed record StoredEnrolment
{
    private const int MaxFormer = 8;

    /// <summary>The name under which the agent is enrolled.</summary>
    public required string Name { get; init; }

    /// <summary>The fingerprint of the agent's key that is enrolled.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The public key of the controllers, which the agent trusts from then on.</summary>
    public required string Controllers { get; init; }

    /// <summary>The key that the agent trusts as well, while the controllers change theirs; null outside of a change.</summary>
    public string? OtherControllers { get; init; }

    /// <summary>The fingerprints of the newest keys that were changed; a setting may still name one.</summary>
    public IReadOnlyList<string> Former { get => field ?? []; init; }

    /// <summary>The keys that the agent trusts, the one that it writes for first.</summary>
    [JsonIgnore]
    public IReadOnlyList<ControllerPublicKey> Accepted =>
        OtherControllers is null ? [ControllerPublicKey.Parse(Controllers)] : [ControllerPublicKey.Parse(Controllers), ControllerPublicKey.Parse(OtherControllers)];

    /// <summary>Gets the enrolment with other keys of the same controllers.</summary>
    public StoredEnrolment With(IReadOnlyList<ControllerPublicKey> accepted) => this with
    {
        Controllers = accepted[0].ToString(),
        OtherControllers = accepted.Count > 1 ? accepted[1].ToString() : null,
        Former = [.. Former.Concat(Accepted.Select(key => key.Fingerprint)).Except(accepted.Select(key => key.Fingerprint)).TakeLast(MaxFormer)],
    };
}

/// <summary>The JSON of the file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, WriteIndented = true)]
[JsonSerializable(typeof(StoredEnrolment))]
internal sealed partial class EnrolmentFileJson : JsonSerializerContext;
