using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Laws;

/// <summary>An idempotent operation on a host that it would change.</summary>
internal abstract class IdempotentCase : IAsyncDisposable
{
    /// <summary>The operation.</summary>
    public abstract Operation Operation { get; }

    /// <summary>The directories that it could change, including the agent's state directory.</summary>
    public abstract IReadOnlyList<string> Directories { get; }

    protected abstract Host Host { get; }

    protected abstract object Request { get; }

    /// <summary>Prepares a host that differs from the request.</summary>
    public abstract Task PrepareAsync();

    /// <summary>Reverts the operation's change, like another program.</summary>
    public abstract Task DriftAsync();

    public abstract ValueTask DisposeAsync();

    public Task<HostReply> RunAsync(bool check) => RunAsync(Operation, Request, check);

    /// <summary>Gets a snapshot that shows every change: names, kinds, modes, times and contents.</summary>
    public string Snapshot() => string.Join('\n',
        from place in Directories
        where Directory.Exists(place)
        from entry in new DirectoryInfo(place).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Prepend(new DirectoryInfo(place))
        orderby entry.FullName
        let content = entry is FileInfo { LinkTarget: null } file ? Convert.ToHexString(File.ReadAllBytes(file.FullName)) : ""
        select $"{entry.FullName} {entry.UnixFileMode} {entry.LastWriteTimeUtc:O} {entry.LinkTarget} {content}");

    protected async Task<HostReply> RunAsync(Operation operation, object request, bool check) =>
        await new OperationExecutor(AgentHandlers.All, Host).RunAsync(operation.Id, JsonSerializer.SerializeToUtf8Bytes(request, operation.RequestInfo), check, TestContext.Current.CancellationToken);
}
