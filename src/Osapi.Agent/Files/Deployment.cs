using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>The deployment of one file: inspects the file, computes the differences, and applies them.</summary>
internal sealed class Deployment(Host host, DeployFile request, FileContent content, DesiredOwner owner)
{
    private const int NewFileMode = 0x1A4; // 0644

    private readonly string path = request.Path.Value;
    private readonly string parent = Path.GetDirectoryName(request.Path.Value)!;
    private readonly string name = Path.GetFileName(request.Path.Value);
    private bool isPublicPlace;

    /// <summary>False for a file that is put in its place for another operation: undeploy and status do not know it.</summary>
    public bool IsRecorded { get; init; } = true;

    /// <summary>Inspects the current file; null when there is none. Nothing is written.</summary>
    /// <exception cref="OperationException">The file cannot be deployed there, or cannot be inspected.</exception>
    public Task<CurrentFile?> InspectAsync(CancellationToken cancellationToken) => FileExchanges.RetryAsync(
        path,
        () => HostErrors.NamedAsync(path, async () =>
        {
            using var directory = Open(create: false, out isPublicPlace);
            if (directory is not null)
                return await InspectAsync(directory, cancellationToken);
            RequireOwnerAllowed(found: null);
            return request.CreateParents == true ? null : throw MissingParent();
        }),
        cancellationToken);

    /// <summary>Gets the names of the settings that differ from the request.</summary>
    public IReadOnlyList<string> Differences(CurrentFile? found) =>
        found is null ? ["missing"] : found.Differences(content.Sha256, request.Mode?.Bits, owner.User, owner.Group);

    public bool IsContentDifferent(CurrentFile? found) => found?.Sha256 != content.Sha256;

    /// <summary>True when the file is world-readable both now and after the deployment.</summary>
    public bool IsPublic(CurrentFile? found) => isPublicPlace && found?.IsPublic != false && FileAccessRights.IsReadableByAll(ModeAfter(found));

    /// <summary>Gets the file's settings after the deployment.</summary>
    public JsonElement SettingsAfter(CurrentFile? found) => FileAttributesView.Of(
        content.Sha256, content.KnownSize, ModeAfter(found), owner.User ?? found?.Stat.User ?? Accounts.EffectiveUser, owner.Group ?? found?.Stat.Group);

    /// <summary>Returns the result for a file that is left as it is, because it exists.</summary>
    public DeployResult Left(CurrentFile found) => new() { Path = path, Sha256 = found.Sha256!, Size = found.Stat.Size, Left = true };

    /// <summary>Applies the differences, saves the record, and returns the result.</summary>
    public async Task<HandlerResult<DeployResult>> ApplyAsync(CurrentFile? planned, CancellationToken cancellationToken)
    {
        using var fileLock = await FileLock.AcquireAsync(path, cancellationToken);
        return await FileExchanges.RetryAsync(
            path,
            () => HostErrors.NamedAsync(path, async () =>
            {
                using var directory = Open(request.CreateParents == true, out _) ?? throw MissingParent();
                // The file may have changed since the plan was made.
                var found = directory.Stat(name)?.Version == planned?.Stat.Version ? planned : await InspectAsync(directory, cancellationToken);
                if (request.OnlyIfMissing == true && found is not null)
                    return Left(found);
                var differences = Differences(found);
                DeployResult result = new() { Path = path, Sha256 = content.Sha256, Size = content.Size };
                if (differences.Count > 0)
                    result = await ChangeAsync(directory, found, result with { Changed = true, Differences = differences }, cancellationToken);
                return IsRecorded ? Remember(result) : result;
            }),
            cancellationToken);
    }

    private async Task<DeployResult> ChangeAsync(HostDirectory directory, CurrentFile? found, DeployResult result, CancellationToken cancellationToken)
    {
        // Other hard links of the same file must not change with this one.
        var isMoved = found is not null && !IsContentDifferent(found);
        if (isMoved && found!.Stat.Links == 1 && directory.MayChangeInPlace(found.Stat))
        {
            ChangeInPlace(directory, found.Stat);
            return result;
        }

        string? backup = null;
        if (request.Backup == true && found is not null && IsContentDifferent(found))
            backup = await FileBackup.MakeAsync(directory, name, found.Stat, host.Time.GetUtcNow(), cancellationToken);
        try
        {
            FileReplacement replacement = new(directory, name)
            {
                Placement = RenamePolicy.Over(found?.Stat),
                Modified = isMoved ? found!.Stat.Version.Modified : null,
                ValidateAsync = isMoved ? null : ContentValidation.Of(request.Path, request.Validate, host, directory, IsOutputShown(found)),
            };
            var inPlace = await replacement.RunAsync(
                content.WriteAsync, ModeAfter(found), owner.User ?? found?.Stat.User, owner.Group ?? found?.Stat.Group, cancellationToken);
            return result with { Backup = backup is null ? null : Path.Join(parent, backup), InPlace = inPlace ? true : null };
        }
        catch (Exception exception) when (backup is not null && (exception is FileExchangedException || directory.Stat(name)?.Version == found?.Stat.Version))
        {
            DirectoryCalls.Unlink(directory.Handle, backup);
            throw;
        }
    }

    // Content that the request carried is in the job already.
    private bool IsOutputShown(CurrentFile? found) => request.SecretVars is not { Count: > 0 } && (IsPublic(found) || request.Content is not null);

    private void ChangeInPlace(HostDirectory directory, FileStat seen)
    {
        using var file = directory.OpenSame(name, seen);
        if (FileStatCalls.StatOf(file).Links != 1)
            throw new FileExchangedException(name);
        FileReplacement.SetOwnerAndMode(file, request.Mode?.Bits ?? seen.Mode, owner.User, owner.Group);
        OpenFileCalls.Sync(file);
        if (directory.Stat(name) is not { } now || !now.IsSameInode(seen))
            throw new FileExchangedException(name);
    }

    private async Task<CurrentFile?> InspectAsync(HostDirectory directory, CancellationToken cancellationToken)
    {
        var found = await CurrentFile.ReadAsync(directory, name, cancellationToken);
        RequireOwnerAllowed(found);
        return found is null or { Stat.Kind: FileKind.Regular } ? found : throw new OperationException(ErrorType.Conflict, $"{path} is {FileKindNames.Of(found.Stat.Kind)} and is not replaced");
    }

    private void RequireOwnerAllowed(CurrentFile? found)
    {
        if (found is not null)
            host.RequireUserAllowed(found.Stat.User);
        host.RequireUserAllowed(owner.User ?? found?.Stat.User ?? Accounts.EffectiveUser);
    }

    private HandlerResult<DeployResult> Remember(DeployResult result)
    {
        try
        {
            DeployedFiles.Of(host).Save(new()
            {
                ObjectName = request.ObjectName?.Value,
                Path = path,
                ContentType = request.ContentType,
                Sha256 = content.Sha256,
                Size = content.Size,
                Mode = request.Mode?.ToString(),
                Owner = request.Owner?.Value,
                Group = request.Group?.Value,
                FollowLinks = request.FollowLinks == true ? true : null,
                DeployedAt = host.Time.GetUtcNow(),
            }, overwrite: result.Changed);
            return result;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return HandlerResult<DeployResult>.Failed(result, $"{path} is deployed, but the agent could not record that: {exception.Message}");
        }
    }

    private HostDirectory? Open(bool create, out bool isPublic) =>
        HostDirectory.OpenParent(host, path, create, toWrite: true, request.FollowLinks == true, out isPublic);

    private int ModeAfter(CurrentFile? found) => request.Mode?.Bits ?? found?.PlainMode ?? NewFileMode;

    private OperationException MissingParent() =>
        new(ErrorType.NotFound, $"{path} cannot be written: the directory {parent} does not exist (create_parents creates it)");
}
