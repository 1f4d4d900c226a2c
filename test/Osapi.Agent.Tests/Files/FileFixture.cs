using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Transport.Embedded;

namespace Osapi.Agent.Tests.Files;

/// <summary>A fixture of a host whose files are in a temporary directory, with a real object store.</summary>
internal sealed class FileFixture : IAsyncDisposable
{
    private readonly DirectoryInfo fixture;
    private readonly EmbeddedTransport transport;

    private FileFixture(DirectoryInfo fixture, EmbeddedTransport transport)
    {
        this.fixture = fixture;
        this.transport = transport;
        Tree = fixture.CreateSubdirectory("tree").FullName;
        State = Path.Join(fixture.FullName, "state");
    }

    /// <summary>The directory for the tests' files.</summary>
    public string Tree { get; }

    /// <summary>The agent's state directory.</summary>
    public string State { get; }

    public FakeTimeProvider Time { get; } = new(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    /// <summary>The root of the host's file tree: the machine's own unless a test sets another one.</summary>
    public string Root { get; init; } = "/";

    /// <summary>The limits of the agent's configuration.</summary>
    public AgentRestrictions Restrictions { get; set; } = new();

    public Host Host => new() { Name = "web-01", Root = Root, StateDirectory = State, Files = transport.Files, Time = Time, Restrictions = Restrictions };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<FileFixture> OpenAsync()
    {
        var fixture = Directory.CreateTempSubdirectory("osapi-file-");
        // World-readable like most directories: only then is a readable file in it readable to everybody.
        fixture.UnixFileMode = (UnixFileMode)0x1ED;
        var transport = await EmbeddedTransport.OpenAsync(new() { Directory = Path.Join(fixture.FullName, "store") }, Token);
        return new(fixture, transport);
    }

    public string PathOf(string name) => Path.Join(Tree, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    public string Read(string name) => File.ReadAllText(PathOf(name));

    public Task StoreAsync(string name, string text) => StoreAsync(name, Encoding.UTF8.GetBytes(text));

    public async Task StoreAsync(string name, byte[] content) => await transport.Files.PutAsync(name, new MemoryStream(content), null, Token);

    /// <summary>Creates a request to deploy the stored file <c>app.conf</c>.</summary>
    public DeployFile Request(string name = "app.conf", string? mode = null, FileContentType type = FileContentType.Raw) => new()
    {
        ObjectName = "app.conf",
        Path = PathOf(name),
        ContentType = type,
        Mode = mode is null ? null : (OctalMode)mode,
    };

    public Task<HostReply> RunAsync<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request, bool check = false)
        where TRequest : notnull
        where TResult : notnull =>
        new OperationExecutor(AgentHandlers.All, Host).RunAsync(operation.Id, JsonSerializer.SerializeToUtf8Bytes(request, operation.Request), check, Token);

    /// <summary>Runs an operation for a caller who may see the content of files that are not world-readable.</summary>
    public Task<HostReply> RunWithContentAsync<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request)
        where TRequest : notnull
        where TResult : notnull =>
        new OperationExecutor(AgentHandlers.All, Host).RunAsync(operation.Id, JsonSerializer.SerializeToUtf8Bytes(request, operation.Request), check: true, fileContent: true, files: null, ProcessMarker.New(), output: null, Token);

    public async Task<DeployResult> DeployAsync(DeployFile request) => await ResultAsync(FileOperations.Deploy, request);

    public async Task<DeployResult> DeployAsync(string text, string? mode = null)
    {
        await StoreAsync("app.conf", text);
        return await DeployAsync(Request(mode: mode));
    }

    public async Task<HostReply> FailAsync(DeployFile request, ErrorType type)
    {
        var entry = await RunAsync(FileOperations.Deploy, request);
        Assert.Equal((Outcome.Failed, type), (entry.Outcome, entry.ErrorType));
        Assert.False(entry.Changed);
        return entry;
    }

    public async Task<CheckResult> CheckAsync(DeployFile request)
    {
        var entry = await RunAsync(FileOperations.Deploy, request, check: true);
        Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
        return entry.Check!;
    }

    public Task<FileStatusResult> StatusAsync(string name = "app.conf") => ResultAsync(FileOperations.Status, new() { Path = PathOf(name) });

    public Task<UndeployResult> UndeployAsync(bool force = false) => ResultAsync(FileOperations.Undeploy, new() { Path = PathOf("app.conf"), Force = force });

    public async Task<TResult> ResultAsync<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request)
        where TRequest : notnull
        where TResult : notnull
    {
        var entry = await RunAsync(operation, request);
        Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
        return entry.Result!.Value.Deserialize(operation.Result)!;
    }

    /// <summary>Gets a snapshot of every file of the tree and of the agent's state: names, content, metadata, times.</summary>
    public string Snapshot() => Snapshot(Tree) + (Directory.Exists(State) ? Snapshot(State) : "");

    public async ValueTask DisposeAsync()
    {
        await transport.DisposeAsync();
        fixture.Delete(recursive: true);
    }

    private static string Snapshot(string directory) => string.Join('\n',
        from entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Prepend(new DirectoryInfo(directory))
        orderby entry.FullName
        let content = entry is FileInfo { LinkTarget: null } file ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file.FullName))) : ""
        select $"{entry.FullName} {entry.UnixFileMode} {entry.LastWriteTimeUtc:O} {entry.LinkTarget} {content}");
}
