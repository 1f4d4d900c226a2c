using System.Text.Json;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Docker.Tests.Engines;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Docker.Tests;

/// <summary>
/// A fixture of a host with an engine, and unique names for one test. Its containers are removed after the test.
/// </summary>
internal sealed class DockerFixture(TestEngine engine) : IAsyncDisposable
{
    private readonly string prefix = $"t{Guid.NewGuid().ToString("N")[..8]}-";

    public TestEngine Engine => engine;

    public Host Host { get; init; } = new() { Name = "web-01", DockerHost = engine.Address };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Gets a name that is unique to this test.</summary>
    public string Name(string name = "web") => prefix + name;

    /// <summary>Creates a request for a container that sleeps.</summary>
    public CreateContainer Sleeper(string name = "web", params string[] command) => new()
    {
        Image = TestEngine.Image,
        Name = Name(name),
        Command = command.Length > 0 ? command : ["sleep", "3600"],
        Network = "none",
    };

    public Task<CreatedContainer> CreateAsync(string name = "web", params string[] command) => ResultAsync(DockerOperations.Create, Sleeper(name, command));

    public Task<ContainerDetail> InspectAsync(string name = "web") => ResultAsync(DockerOperations.Inspect, new() { Id = Name(name) });

    public ExecInContainer Exec(params string[] command) => new() { Id = Name(), Command = command };

    public Task<HostReply> RunAsync<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request, bool check = false, CancellationToken? cancelled = null)
        where TRequest : notnull
        where TResult : notnull =>
        new OperationExecutor(AgentHandlers.All, Host).RunAsync(operation.Id, JsonSerializer.SerializeToUtf8Bytes(request, operation.Request), check, cancelled ?? Token);

    public async Task<TResult> ResultAsync<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request)
        where TRequest : notnull
        where TResult : notnull
    {
        var entry = await RunAsync(operation, request);
        Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
        return Read(operation, entry);
    }

    /// <summary>Runs an operation that must be refused without having changed anything, and gets its error.</summary>
    public async Task<string> RefusalAsync<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request, ErrorType type)
        where TRequest : notnull
        where TResult : notnull
    {
        var entry = await RunAsync(operation, request);
        Assert.Equal((Outcome.Failed, type), (entry.Outcome, entry.ErrorType));
        Assert.Null(entry.Result);
        Assert.False(entry.Changed && type != ErrorType.Failed, entry.Error);
        return entry.Error!;
    }

    public static TResult Read<TRequest, TResult>(Operation<TRequest, TResult> operation, HostReply entry)
        where TRequest : notnull
        where TResult : notnull => entry.Result!.Value.Deserialize(operation.Result)!;

    /// <summary>Gets the existing containers of this test.</summary>
    public async Task<IReadOnlyList<string>> LeftAsync() => [.. (await engine.ContainersAsync()).Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        foreach (var name in await LeftAsync())
            await engine.Client.Containers.RemoveContainerAsync(name, new() { Force = true, RemoveVolumes = true }, CancellationToken.None);
    }
}
