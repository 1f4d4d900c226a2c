using Microsoft.Win32.SafeHandles;
using Osapi.Agent.Files;
using Osapi.Agent.Files.Edits;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Agent.Hosts.Users;
using Osapi.Operations;

namespace Osapi.Agent.Users;

/// <summary>The file with the keys of a user.</summary>
/// <remarks>
/// Everything in a home directory may have been made by its user to mislead the agent. So each name below it is opened by itself, never
/// through a link, and must belong to the user: what another user or root has is neither read nor written there.
/// </remarks>
/// <param name="host">The host.</param>
/// <param name="user">The user.</param>
/// <param name="path">The path of the file; null for the default.</param>
internal sealed class AuthorizedKeysFile(Host host, PasswdEntry user, string? path)
{
    private const int MaxBytes = 1024 * 1024, NewDirectoryMode = 0x1C0, NewFileMode = 0x180, PublicMode = 0x1A4; // 0700, 0600, 0644

    private readonly string home = user.Home.TrimEnd('/');

    /// <summary>The path of the file.</summary>
    public string Path { get; } = path ?? $"{user.Home.TrimEnd('/')}/.ssh/authorized_keys";

    private bool IsInHome => Path.StartsWith(home + "/", StringComparison.Ordinal);

    /// <summary>Reads the file; null when there is none, or no directory of it.</summary>
    /// <exception cref="OperationException">The file is not the user's, or is too large.</exception>
    public Task<FileText?> ReadAsync(CancellationToken cancellationToken) => WithDirectoryAsync(create: false, (directory, _) =>
    {
        using var file = directory is null ? null : Open(directory, out FileStat? _);
        return Task.FromResult(file is null ? null : Text(file));
    }, cancellationToken);

    /// <summary>Replaces the text of the file, which is read again for that.</summary>
    /// <param name="edit">Computes the new text from the present one, which is null for a new file; null for no change.</param>
    /// <param name="cancellationToken">Ends it before the file is replaced.</param>
    /// <exception cref="OperationException">The file or its directory is not the user's, or is missing.</exception>
    public Task ReplaceAsync(Func<FileText?, string?> edit, CancellationToken cancellationToken) => WithDirectoryAsync<object?>(create: true, async (directory, stop) =>
    {
        FileStat? stat = null;
        using var file = Open(directory!, out stat);
        var text = file is null ? FileText.Of(Path, []) : Text(file);
        if (edit(file is null ? null : text) is not { } changed)
            return null;
        var bytes = text.Encode(Path, changed);
        if (bytes.Length > MaxBytes)
            throw new OperationException(ErrorType.Conflict, $"{Path} would be larger than 1 MiB");
        await new FileReplacement(directory!, System.IO.Path.GetFileName(Path)) { Placement = RenamePolicy.Over(stat) }.RunAsync(
            (stream, stopWriting) => stream.WriteAsync(bytes, stopWriting).AsTask(),
            stat?.Mode ?? (IsInHome ? NewFileMode : PublicMode), stat?.User ?? (IsInHome ? user.Uid : 0), stat?.Group ?? (IsInHome ? user.Gid : 0), stop);
        return null;
    }, cancellationToken);

    private Task<T> WithDirectoryAsync<T>(bool create, Func<HostDirectory?, CancellationToken, Task<T>> workAsync, CancellationToken cancellationToken) => FileExchanges.RetryAsync(
        Path,
        () => HostErrors.NamedAsync(Path, async () =>
        {
            host.RequireAllowed(Path);
            using var directory = IsInHome ? OpenInHome(create) : OpenOutside();
            if (directory is not null)
                host.RequireAllowed(directory, Path);
            return directory is null && create ? throw Refused($"the home directory {home} does not exist") : await workAsync(directory, cancellationToken);
        }),
        cancellationToken);

    private HostDirectory OpenOutside()
    {
        var above = System.IO.Path.GetDirectoryName(Path)!;
        var directory = HostDirectory.Open(host, above, create: false) ?? throw Refused($"the directory {above} does not exist");
        if (TrustedPath.FirstUntrusted(host, above) is not { } untrusted)
            return directory;
        directory.Dispose();
        throw Refused($"it is not in the home directory {home}, and users other than root can change {untrusted}");
    }

    private HostDirectory? OpenInHome(bool create)
    {
        var current = home.Length == 0 ? null : HostDirectory.Open(host, home, create: false);
        if (current is null)
            return null;
        try
        {
            Require(FileStatCalls.StatOf(current.Handle), home);
            // In a directory that belongs to root, the user cannot have put anything.
            if (FileStatCalls.StatOf(current.Handle).User != user.Uid && TrustedPath.FirstUntrusted(host, home) is { } untrusted)
                throw Refused($"{home} does not belong to {user.Name}, and other users can change {untrusted}");
            foreach (var name in Path[(home.Length + 1)..].Split('/')[..^1])
            {
                if (Enter(current, name, create) is not { } next)
                {
                    current.Dispose();
                    return null;
                }

                current.Dispose();
                current = next;
            }

            return current;
        }
        catch
        {
            current.Dispose();
            throw;
        }
    }

    private HostDirectory? Enter(HostDirectory parent, string name, bool create)
    {
        if (parent.Stat(name) is not { } stat)
            return create ? Make(parent, name) : null;
        if (stat.Kind != FileKind.Directory)
            throw Refused($"{name} on the path is {FileKindNames.Of(stat.Kind)}, not a directory");
        Require(stat, name);
        HostDirectory directory = new(Path, DirectoryCalls.OpenAt(parent.Handle, name, OpenFlags.PathOnly | OpenFlags.OnlyDirectory | OpenFlags.NoFollow));
        if (FileStatCalls.StatOf(directory.Handle).IsSame(stat))
            return directory;
        directory.Dispose();
        throw new FileExchangedException(name);
    }

    private HostDirectory Make(HostDirectory parent, string name)
    {
        DirectoryCalls.MakeDirectory(parent.Handle, name, NewDirectoryMode);
        using var made = DirectoryCalls.OpenAt(parent.Handle, name, OpenFlags.ReadOnly | OpenFlags.OnlyDirectory | OpenFlags.NoFollow);
        var stat = FileStatCalls.StatOf(made);
        // The user may have put another directory there; only an empty one of the agent is given away.
        if (stat.User != Accounts.EffectiveUser || stat.Mode != NewDirectoryMode || DirectoryNames.Of(made).Any())
            throw new FileExchangedException(name);
        FileReplacement.SetOwnerAndMode(made, NewDirectoryMode, user.Uid, user.Gid);
        return Enter(parent, name, create: false) ?? throw new FileExchangedException(name);
    }

    private SafeFileHandle? Open(HostDirectory directory, out FileStat? found)
    {
        var name = System.IO.Path.GetFileName(Path);
        found = directory.Stat(name);
        if (found is not { } stat)
            return null;
        if (stat.Kind != FileKind.Regular)
            throw Refused($"it is {FileKindNames.Of(stat.Kind)}, not a file");
        Require(stat, "it");
        // A user can give names of their own to files of others.
        if (stat.Links > 1)
            throw Refused("it has several names (hard links)");
        if (stat.User != user.Uid && !directory.IsTrusted)
            throw Refused($"it belongs to {Accounts.UserName(stat.User)}");
        if (stat.Size > MaxBytes)
            throw Refused("it is larger than 1 MiB");
        return directory.OpenSame(name, stat);
    }

    private FileText Text(SafeFileHandle file)
    {
        var bytes = new byte[MaxBytes + 1];
        var length = 0;
        while (length < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(length), length) is > 0 and var count)
            length += count;
        return length <= MaxBytes ? FileText.Of(Path, bytes.AsSpan(0, length)) : throw Refused("it is larger than 1 MiB");
    }

    // As sshd requires it (StrictModes in sshd_config(5)).
    private void Require(FileStat stat, string name)
    {
        if (stat.User != user.Uid && !stat.IsPrivileged)
            throw Refused($"{name} belongs to {Accounts.UserName(stat.User)}");
        if (!stat.IsWrittenByOwnerOnly)
            throw Refused($"users other than its owner can write to {name} (mode {Osapi.Operations.Files.OctalMode.Format(stat.Mode)}), for which sshd refuses the keys");
    }

    private OperationException Refused(string reason) => new(ErrorType.Conflict, $"the keys of {user.Name} in {Path} are not used: {reason}");
}
