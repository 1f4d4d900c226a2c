using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Agents;

/// <summary>
/// The copy of the roster on this controller's disk. It survives the loss of the store, which is then restored from it.
/// </summary>
internal sealed partial class RosterFile(string path, ILogger<RosterFile> logger)
{
    /// <summary>The name of the file in the state directory.</summary>
    public const string FileName = "roster.json";

    private bool hasFailed;

    /// <summary>
    /// Reads the file; returns an empty copy when it does not exist or is invalid. An invalid file is renamed and kept.
    /// </summary>
    public RosterCopy Read()
    {
        try
        {
            var copy = File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), RosterFileJson.Default.RosterCopy) : null;
            return copy is null ? new() : copy with { Entries = [.. copy.Entries.Where(entry => entry is { Name.Length: > 0, Version: > 0 } && Roster.HasValidEnrolment(entry))] };
        }
        catch (JsonException exception)
        {
            File.Move(path, path + ".damaged", overwrite: true);
            LogDamaged(path, exception.Message);
            return new();
        }
    }

    /// <summary>Writes the file. A failing disk is logged once, and the roster in the store continues to work.</summary>
    public void Write(RosterCopy copy)
    {
        var next = path + ".new";
        try
        {
            using (FileStream file = new(next, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                JsonSerializer.Serialize(file, copy, RosterFileJson.Default.RosterCopy);
                file.Flush(flushToDisk: true);
            }

            File.Move(next, path, overwrite: true);
            hasFailed = false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!hasFailed)
                LogNotWritten(path, exception.Message);
            hasFailed = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} is invalid and was renamed: {Reason}")]
    private partial void LogDamaged(string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} cannot be written; until then the roster is only in the store: {Reason}")]
    private partial void LogNotWritten(string path, string reason);
}

/// <summary>The last known state of the roster.</summary>
internal sealed record RosterCopy
{
    /// <summary>The id of the roster in the store; null before the first.</summary>
    public string? Id { get; init; }

    /// <summary>The highest known version of each entry.</summary>
    public IReadOnlyList<RosterEntry> Entries { get => field ?? []; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RosterCopy)), JsonSerializable(typeof(RosterAnnouncement))]
internal sealed partial class RosterFileJson : JsonSerializerContext;
