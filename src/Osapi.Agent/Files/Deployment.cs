using System.Globalization;
using System.Text.Json;
using Osapi.Agent.Hosts;
using Osapi.Agent.Handlers;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>One file that shall be on this host as asked: what there is, what differs, and how it is put right.</summary>
internal sealed class Deployment(Host host, DeployFile request, FileContent content, WantedOwner owner)
{
    private const int NewFileMode = 0x1A4; // 0644

    private readonly string path = request.Path.Value;
    private readonly string parent = Path.GetDirectoryName(request.Path.Value)!;
    private readonly string name = Path.GetFileName(request.Path.Value);

    /// <summary>The file as it is; null when there is none. Nothing is written.</summary>
    /// <exception cref="OperationException">The file cannot be deployed there, or not be looked at.</exception>
    public async Task<FoundFile?> LookAsync(CancellationToken cancellationToken)
    {
        using var directory = HostErrors.Named(path, () => HostDirectory.Open(host, parent, create: false, toWrite: true));
        if (directory is not null)
            return await LookAsync(directory, cancellationToken);
        return request.CreateParents == true ? null : throw MissingParent();
    }

    /// <summary>What is not as asked, by name.</summary>
    public IReadOnlyList<string> Differences(FoundFile? found) =>
        found is null ? ["missing"] : found.Differences(content.Sha256, request.Mode?.Bits, owner.User, owner.Group);

    public bool IsContentDifferent(FoundFile? found) => found?.Sha256 != content.Sha256;

    /// <summary>The file's settings as they would be.</summary>
    public JsonElement SettingsAfter(FoundFile? found) => FileSettings.Of(
        content.Sha256, content.Size, ModeAfter(found), owner.User ?? found?.Stat.User ?? Libc.EffectiveUser(), owner.Group ?? found?.Stat.Group);

    /// <summary>Puts right what differs, remembers what was deployed, and answers.</summary>
    public async Task<Answer<DeployResult>> ApplyAsync(FoundFile? planned, CancellationToken cancellationToken)
    {
        using var held = await FileLock.HoldAsync(path, cancellationToken);
        return await HostErrors.NamedAsync(path, async () =>
        {
            using var directory = HostDirectory.Open(host, parent, request.CreateParents == true, toWrite: true) ?? throw MissingParent();
            // Between the look and now somebody else may have been here.
            var found = directory.Stat(name)?.Version == planned?.Stat.Version ? planned : await LookAsync(directory, cancellationToken);
            var differences = Differences(found);
            DeployResult result = new() { Path = path, Sha256 = content.Sha256, Size = content.Size };
            if (differences.Count > 0)
                result = await ChangeAsync(directory, found, result with { Changed = true, Differences = differences }, cancellationToken);
            return Remember(result);
        });
    }

    private async Task<DeployResult> ChangeAsync(HostDirectory directory, FoundFile? found, DeployResult result, CancellationToken cancellationToken)
    {
        // Other names of the same file must not change with this one.
        if (found is { Stat.Links: 1 } && !IsContentDifferent(found))
        {
            using var file = directory.OpenToRead(name);
            FileReplacement.SetOwnerAndMode(file, ModeAfter(found), owner.User, owner.Group);
            Libc.Sync(file);
            return result;
        }

        string? backup = null;
        if (request.Backup == true && found is not null && IsContentDifferent(found))
            backup = await BackupAsync(directory, found, cancellationToken);
        try
        {
            var inPlace = await new FileReplacement(directory, name).RunAsync(
                content.WriteAsync, ModeAfter(found), owner.User ?? found?.Stat.User, owner.Group ?? found?.Stat.Group, cancellationToken);
            return result with { Backup = backup is null ? null : Path.Join(parent, backup), InPlace = inPlace ? true : null };
        }
        catch when (backup is not null && directory.Stat(name)?.Version == found?.Stat.Version)
        {
            Libc.Unlink(directory.Handle, backup);
            throw;
        }
    }

    private async Task<string> BackupAsync(HostDirectory directory, FoundFile found, CancellationToken cancellationToken)
    {
        var stamp = host.Time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'.'fff'Z'", CultureInfo.InvariantCulture);
        var backup = $"{name}.{stamp}";
        for (var number = 1; directory.Stat(backup) is not null; number++)
            backup = $"{name}.{stamp}.{number}";
        await new FileReplacement(directory, backup).RunAsync(
            async (stream, stop) =>
            {
                await using FileStream old = new(directory.OpenToRead(name), FileAccess.Read, bufferSize: 0);
                await old.CopyToAsync(stream, stop);
            },
            found.Stat.Mode, found.Stat.User, found.Stat.Group, cancellationToken);
        return backup;
    }

    private async Task<FoundFile?> LookAsync(HostDirectory directory, CancellationToken cancellationToken)
    {
        var found = await HostErrors.NamedAsync(path, () => FoundFile.ReadAsync(directory, name, cancellationToken));
        return found is null or { Stat.Kind: FileKind.Regular } ? found : throw new OperationException(ErrorType.Conflict, $"{path} is {FileKindWords.Of(found.Stat.Kind)} and is not replaced");
    }

    private Answer<DeployResult> Remember(DeployResult result)
    {
        try
        {
            DeployedFiles.Of(host).Save(new()
            {
                ObjectName = request.ObjectName.Value,
                Path = path,
                ContentType = request.ContentType,
                Sha256 = content.Sha256,
                Size = content.Size,
                Mode = request.Mode?.ToString(),
                Owner = request.Owner?.Value,
                Group = request.Group?.Value,
                DeployedAt = host.Time.GetUtcNow(),
            }, anew: result.Changed);
            return result;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Answer<DeployResult>.Failed(result, $"{path} is deployed, but the agent could not write that down: {exception.Message}");
        }
    }

    private int ModeAfter(FoundFile? found) => request.Mode?.Bits ?? found?.Stat.Mode ?? NewFileMode;

    private OperationException MissingParent() =>
        new(ErrorType.NotFound, $"{path} cannot be written: the directory {parent} does not exist (create_parents makes it)");
}
