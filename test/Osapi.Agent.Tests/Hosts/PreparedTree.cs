using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Disks;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Hosts;

/// <summary>A directory that is the root of a machine, with the files of the test.</summary>
internal sealed class PreparedTree : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("osapi-tree-");

    /// <summary>The space of mounts, by mount point. A query of any other fails the test.</summary>
    public Dictionary<string, Func<FileSystemSpace>> Spaces { get; } = [];

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The output of the machine's tools; a call without it fails the test.</summary>
    public Func<string, ToolOutput>? Tool { get; init; }

    /// <summary>The canonical name that the resolver returns.</summary>
    public string? CanonicalName { get; set; }

    public IReadOnlyDictionary<string, string> CustomFacts { get; init; } = new Dictionary<string, string>();

    public Host Host => new()
    {
        Name = "web-01",
        Root = root.FullName,
        Labels = Labels,
        CustomFacts = CustomFacts,
        Time = new FakeTimeProvider(),
        SpaceAt = SpaceAt,
        Interfaces = () => [],
        CanonicalNameAsync = (_, _) => Task.FromResult(CanonicalName),
        ToolAsync = (name, arguments, _) => Task.FromResult((Tool ?? throw new InvalidOperationException($"{name} was not to be run"))(string.Join(' ', [name, .. arguments]))),
    };

    /// <summary>Gets the real path of a path of the tree.</summary>
    public string Full(string path) => Path.Join(root.FullName, path);

    public PreparedTree With(string path, string text)
    {
        var file = new FileInfo(Path.Join(root.FullName, path));
        file.Directory!.Create();
        File.WriteAllText(file.FullName, text);
        return this;
    }

    public PreparedTree Linked(string path, string target)
    {
        var link = new FileInfo(Full(path));
        link.Directory!.Create();
        link.CreateAsSymbolicLink(target);
        return this;
    }

    public PreparedTree Mounted(string point, long total, long free, long available)
    {
        Spaces[point] = () => new(total, free, available);
        return this;
    }

    public PreparedTree Mounted(string point, Exception error)
    {
        Spaces[point] = () => throw error;
        return this;
    }

    /// <summary>Runs a node operation on it, as a job would.</summary>
    public Task<HostReply> RunAsync(Operation operation) =>
        new OperationExecutor(AgentHandlers.All, Host).RunAsync(operation.Id, default, check: false, TestContext.Current.CancellationToken);

    /// <summary>Runs any operation on it, as a job would.</summary>
    public Task<HostReply> RunAsync<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request, bool check = false)
        where TRequest : notnull
        where TResult : notnull =>
        new OperationExecutor(AgentHandlers.All, Host).RunAsync(operation.Id, JsonSerializer.SerializeToUtf8Bytes(request, operation.Request), check, TestContext.Current.CancellationToken);

    /// <summary>Runs a node operation that must succeed, and gets its result.</summary>
    public async Task<T> ResultAsync<TRequest, T>(Operation<TRequest, T> operation)
        where TRequest : notnull
        where T : class
    {
        var entry = await RunAsync(operation);
        Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
        return entry.Result!.Value.Deserialize(operation.Result)!;
    }

    /// <summary>Runs a node operation that must fail as unavailable, and gets its error.</summary>
    public async Task<string?> ErrorAsync(Operation operation)
    {
        var entry = await RunAsync(operation);
        Assert.Equal((Outcome.Failed, ErrorType.Unavailable), (entry.Outcome, entry.ErrorType));
        return entry.Error;
    }

    public void Dispose() => root.Delete(recursive: true);

    private FileSystemSpace SpaceAt(string path)
    {
        var point = Path.GetRelativePath(root.FullName, path) is var below && below == "." ? "/" : "/" + below;
        return Spaces.TryGetValue(point, out var space) ? space() : throw new InvalidOperationException($"the space of {point} was not to be asked for");
    }
}
