using System.Text.Json;
using Microsoft.Extensions.Logging;
using Osapi.Operations.Tokens;

namespace Osapi.Controller.Auth;

/// <summary>The copy of the revoked tokens on this controller's disk. It survives the loss of the store, which is then restored from it.</summary>
internal sealed partial class RevocationFile(string path, ILogger<RevocationFile> logger)
{
    /// <summary>The name of the file in the state directory.</summary>
    public const string FileName = "revoked.json";

    private bool hasFailed;

    /// <summary>Reads the file; returns nothing when it does not exist or is invalid. An invalid file is renamed and kept.</summary>
    public IReadOnlyList<TokenRevocation> Read()
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), TokenOperations.List.Result)?.Items.Where(item => item is { Id.Length: > 0 }).ToList() ?? [] : [];
        }
        catch (JsonException exception)
        {
            File.Move(path, path + ".damaged", overwrite: true);
            LogDamaged(path, exception.Message);
            return [];
        }
    }

    /// <summary>Writes the file. A failing disk is logged once, and the revocations in the store continue to work.</summary>
    public void Write(IReadOnlyList<TokenRevocation> revoked)
    {
        var next = path + ".new";
        try
        {
            using (FileStream file = new(next, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                JsonSerializer.Serialize(file, new(revoked, revoked.Count), TokenOperations.List.Result);
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

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} cannot be written; until then the revoked tokens are only in the store: {Reason}")]
    private partial void LogNotWritten(string path, string reason);
}
