using System.Security.Cryptography;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Checks;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files.Edits;

/// <summary>The edit of one text file: reads the file, computes the new text, and replaces the file atomically.</summary>
/// <param name="host">The host.</param>
/// <param name="request">The members that all edits share.</param>
/// <param name="edit">Computes the new text.</param>
internal sealed class EditedFile(Host host, FileEdit request, Func<FileText, TextEdit> edit)
{
    /// <summary>The largest file that is edited, before and after the edit: 16 MiB.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const int NewFileMode = 0x1A4; // 0644

    private readonly string path = request.Path.Value;

    /// <summary>Computes the change.</summary>
    /// <exception cref="OperationException">The file cannot be edited.</exception>
    public static async Task<ChangePlan<EditResult>> PlanAsync(FileEdit request, Host host, Func<FileText, TextEdit> edit, CancellationToken cancellationToken)
    {
        EditedFile file = new(host, request, edit);
        ContentValidation.RequireAllowed(request.Validate, host);
        var computed = await file.WithFileAsync((_, _, found) => Task.FromResult(file.Edit(found)), cancellationToken);
        var difference = computed.After is null ? default : FileDifference.Of(host, request.Path.Value, computed.Before, computed.After, computed.IsPublic);
        return new()
        {
            Changes = computed.After is not null,
            Diff = difference.Shown,
            ContentDiff = difference.Content,
            Apply = async stop =>
            {
                using var fileLock = await FileLock.AcquireAsync(request.Path.Value, stop);
                // The file may have changed since the plan was made, so everything is computed again.
                return await file.WithFileAsync((directory, name, found) => file.ChangeAsync(directory, name, found, stop), stop);
            },
        };
    }

    private Task<T> WithFileAsync<T>(Func<HostDirectory, string, Content?, Task<T>> workAsync, CancellationToken cancellationToken) => FileExchanges.RetryAsync(
        path,
        () => HostErrors.NamedAsync(path, async () =>
        {
            host.RequireAllowed(path);
            using PathResolver walk = new(host.Root, path) { ToWrite = true, FollowLinks = request.FollowLinks == true };
            if (walk.ToFile(path) is not { } name)
                throw new OperationException(ErrorType.NotFound, $"{path} cannot be edited: its directory does not exist");
            using var directory = walk.TakeHandle();
            host.RequireAllowed(directory, name);
            using var found = Open(directory, name);
            return await workAsync(directory, name, found);
        }),
        cancellationToken);

    private Content? Open(HostDirectory directory, string name)
    {
        if (directory.Stat(name) is not { } stat)
            return null;
        if (stat.Kind != FileKind.Regular)
            throw new OperationException(ErrorType.Conflict, $"{path} is {FileKindNames.Of(stat.Kind)} and cannot be edited");
        if (stat.Size > MaxBytes)
            throw new OperationException(ErrorType.Conflict, $"{path} cannot be edited: it is larger than 16 MiB");
        return Content.Read(path, directory, directory.OpenSame(name, stat));
    }

    private ComputedEdit Edit(Content? found)
    {
        if (found is null && (request as InsertingEdit)?.State == EditState.Absent)
            return new(TextEdit.None, null, null, null, IsPublic: true);
        if (found is null && (request as InsertingEdit)?.Create != true)
            throw new OperationException(ErrorType.NotFound, $"{path} does not exist{(request is InsertingEdit ? " (create makes it)" : "")}");
        var text = FileText.Of(path, found?.Bytes ?? []);
        var change = edit(text);
        var before = found is null ? null : Version(found.Bytes);
        if (change.Text is null && found is not null)
            return new(change, null, before, null, found.IsPublic);
        RequireUsers(found);
        var bytes = text.Encode(path, change.Text ?? "");
        if (bytes.Length > MaxBytes)
            throw new OperationException(ErrorType.Conflict, $"{path} would be larger than 16 MiB");
        var after = Version(bytes);
        ContentValidation.ValidateInMemory(request.Path, request.Validate, after);
        return new(change, bytes, before, after, found?.IsPublic ?? FileAccessRights.IsReadableByAll((request as InsertingEdit)?.Mode?.Bits ?? NewFileMode));
    }

    private void RequireUsers(Content? found)
    {
        if (found is not null)
            host.RequireUserAllowed(found.Stat.User);
        else
            host.RequireUserAllowed(NewOwner().User ?? Accounts.EffectiveUser);
    }

    private DesiredOwner NewOwner() => request is InsertingEdit creating ? DesiredOwner.Find(creating.Owner, creating.Group) : default;

    private async Task<HandlerResult<EditResult>> ChangeAsync(HostDirectory directory, string name, Content? found, CancellationToken cancellationToken)
    {
        var computed = Edit(found);
        EditResult result = new() { Path = path, Action = computed.Change.Action, LineNumber = computed.Change.LineNumber, Count = computed.Change.Count };
        if (computed.Bytes is not { } bytes)
            return result;
        var backup = request.Backup == true && found is not null ? await FileBackup.MakeAsync(directory, name, found.Stat, host.Time.GetUtcNow(), cancellationToken) : null;
        try
        {
            var owner = found is null ? NewOwner() : new(found.Stat.User, found.Stat.Group);
            await new FileReplacement(directory, name)
            {
                Placement = RenamePolicy.Over(found?.Stat),
                AttributesOf = found?.Handle,
                ValidateAsync = ContentValidation.Of(request.Path, request.Validate, host, directory, computed.IsPublic),
            }.RunAsync(
                (stream, stop) => stream.WriteAsync(bytes, stop).AsTask(),
                found?.Stat.Mode ?? (request as InsertingEdit)?.Mode?.Bits ?? NewFileMode, owner.User, owner.Group, cancellationToken);
        }
        catch when (backup is not null)
        {
            DirectoryCalls.Unlink(directory.Handle, backup);
            throw;
        }

        return result with { Changed = true, Backup = backup is null ? null : Path.Join(Path.GetDirectoryName(path), backup) };
    }

    private static FileVersion Version(byte[] bytes) => new(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes);

    private sealed record ComputedEdit(TextEdit Change, byte[]? Bytes, FileVersion? Before, FileVersion? After, bool IsPublic);
}
