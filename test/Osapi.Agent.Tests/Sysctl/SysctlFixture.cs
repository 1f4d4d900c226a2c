using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Sysctl;

namespace Osapi.Agent.Tests.Sysctl;

/// <summary>A prepared tree with kernel settings, and what the operations must keep: a check writes nothing, and says what the run does.</summary>
internal static class SysctlFixture
{
    public const string Mark = "# Written by osapi for sysctl.value.update. Changes made by hand are overwritten.\n";

    /// <summary>The file of a key in the tree.</summary>
    public static string Own(string key) => $"etc/sysctl.d/90-osapi-{key}.conf";

    public static string Read(this PreparedTree tree, string path) => File.ReadAllText(tree.Full(path));

    /// <summary>Everything in the tree with its contents.</summary>
    public static string Snapshot(this PreparedTree tree) => string.Join('\n',
        from entry in new DirectoryInfo(tree.Full("")).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        orderby entry.FullName
        select $"{entry.FullName} {entry.UnixFileMode} {entry.LastWriteTimeUtc:O} {entry.LinkTarget} {(entry is FileInfo { LinkTarget: null } file ? File.ReadAllText(file.FullName) : "")}");

    /// <summary>Checks and runs: the check says what the run does, and changes nothing.</summary>
    public static async Task<(SysctlResult Result, CheckResult Check)> StepAsync<TRequest>(this PreparedTree tree, Operation<TRequest, SysctlResult> operation, TRequest request, bool changes)
        where TRequest : notnull
    {
        var before = tree.Snapshot();
        var check = await tree.RunAsync(operation, request, check: true);
        Assert.Equal((Outcome.Ok, null, changes), (check.Outcome, check.Error, check.Check?.Changed));
        Assert.Equal(before, tree.Snapshot());
        var entry = await tree.RunAsync(operation, request);
        Assert.Equal((Outcome.Ok, null, changes), (entry.Outcome, entry.Error, entry.Changed));
        Assert.Equal(changes, before != tree.Snapshot());
        return (entry.Result!.Value.Deserialize(operation.Result)!, check.Check!);
    }

    /// <summary>Requires the same refusal by the check and by the run, which change nothing.</summary>
    public static async Task RefusedAsync<TRequest, TResult>(this PreparedTree tree, Operation<TRequest, TResult> operation, TRequest request, ErrorType type, string text)
        where TRequest : notnull
        where TResult : notnull
    {
        var before = tree.Snapshot();
        var check = await tree.RunAsync(operation, request, check: true);
        var entry = await tree.RunAsync(operation, request);
        Assert.Equal((Outcome.Failed, type, false), (entry.Outcome, entry.ErrorType, entry.Changed));
        Assert.Contains(text, entry.Error, StringComparison.Ordinal);
        Assert.Equal((type, entry.Error), (check.ErrorType, check.Error));
        Assert.Equal(before, tree.Snapshot());
    }

    public static async Task<TResult> ResultAsync<TRequest, TResult>(this PreparedTree tree, Operation<TRequest, TResult> operation, TRequest request, bool showsContent = false)
        where TRequest : notnull
        where TResult : notnull
    {
        var entry = await new OperationExecutor(AgentHandlers.All, tree.Host).RunAsync(
            operation.Id, JsonSerializer.SerializeToUtf8Bytes(request, operation.Request), check: false, fileContent: showsContent, files: null, ProcessMarker.New(), output: null, TestContext.Current.CancellationToken);
        Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
        return entry.Result!.Value.Deserialize(operation.Result)!;
    }
}
