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
                && ControllerPublicKey.TryParse(stored.Controllers, provider: null, out _))
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
    /// <summary>The name under which the agent is enrolled.</summary>
    public required string Name { get; init; }

    /// <summary>The fingerprint of the agent's key that is enrolled.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The public key of the controllers, which the agent trusts from then on.</summary>
    public required string Controllers { get; init; }
}

/// <summary>The JSON of the file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, WriteIndented = true)]
[JsonSerializable(typeof(StoredEnrolment))]
internal sealed partial class EnrolmentFileJson : JsonSerializerContext;
