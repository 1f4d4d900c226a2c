using System.Text.Json.Serialization;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Files;

/// <summary>The record of a deployed file. A null setting was not requested and is not monitored.</summary>
internal sealed record DeployedFile
{
    /// <summary>The stored file; null when the request carried the content.</summary>
    public string? ObjectName { get; init; }

    public required string Path { get; init; }

    public required FileContentType ContentType { get; init; }

    public required string Sha256 { get; init; }

    public required long Size { get; init; }

    public string? Mode { get; init; }

    public string? Owner { get; init; }

    public string? Group { get; init; }

    /// <summary>True when links of users into other users' directories may be followed on the path.</summary>
    public bool? FollowLinks { get; init; }

    public required DateTimeOffset DeployedAt { get; init; }

    /// <summary>Reads the current file at the path; null when there is none.</summary>
    /// <exception cref="OperationException">The host does not allow it.</exception>
    public Task<CurrentFile?> FindAsync(Host host, CancellationToken cancellationToken) => FileExchanges.RetryAsync(
        Path,
        () => HostErrors.NamedAsync(Path, async () =>
        {
            using var directory = OpenParent(host);
            return directory is null ? null : await CurrentFile.ReadAsync(directory, System.IO.Path.GetFileName(Path), cancellationToken);
        }),
        cancellationToken);

    /// <summary>
    /// Opens the directory of the file; null when there is none. The file is looked up and removed through the same links that the
    /// deployment was allowed to follow.
    /// </summary>
    public HostDirectory? OpenParent(Host host) =>
        HostDirectory.OpenParent(host, Path, create: false, followLinks: FollowLinks == true);

    /// <summary>Gets the names of the settings in which the current file differs from the deployed one.</summary>
    public IReadOnlyList<string> Differences(CurrentFile found)
    {
        // An account that no longer exists cannot own anything: the largest number belongs to no account (chown(2)).
        uint? user = Owner is null ? null : Accounts.FindUser(Owner) ?? uint.MaxValue;
        uint? group = Group is null ? null : Accounts.FindGroup(Group) ?? uint.MaxValue;
        return found.Differences(Sha256, Mode is null ? null : Convert.ToInt32(Mode, fromBase: 8), user, group);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(DeployedFile))]
internal sealed partial class DeployedFileJson : JsonSerializerContext;
