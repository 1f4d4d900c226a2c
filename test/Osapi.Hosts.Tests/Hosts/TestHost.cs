using System.Globalization;
using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Hosts.Tests.Hosts;

/// <summary>A Linux host in namespaces: its own network, files, processes and name, and an agent's hands in it.</summary>
public abstract class TestHost : IAsyncDisposable
{
    private const string Caps = "-sys_time,-sys_module,-sys_boot,-sys_rawio,-syslog,-wake_alarm";

    private readonly LastingProcess process;
    private readonly string directory;
    private AgentProcess? agent;

    private protected TestHost(LastingProcess process, string directory, string address) => (this.process, this.directory, Address) = (process, directory, address);

    /// <summary>Its IPv4 address.</summary>
    public string Address { get; }

    /// <summary>The test executable, where the host sees it.</summary>
    private protected abstract string Executable { get; }

    /// <summary>Runs a command in the host.</summary>
    public Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] command) =>
        Tool.RunAsync([.. Enter, .. command], TestContext.Current.CancellationToken);

    /// <summary>Runs a command that must succeed; its output without the last line feed.</summary>
    public async Task<string> MustAsync(params string[] command)
    {
        var (code, output, error) = await RunAsync(command);
        Assert.True(code == 0, $"{string.Join(' ', command)} ended with {code}: {output}{error}");
        return output.TrimEnd('\n');
    }

    /// <summary>The address that the host's own resolver gives for a name; null when it gives none.</summary>
    public async Task<string?> ResolveAsync(string name) => (await RunAsync("getent", "ahostsv4", name)).Output.Split(' ', '\n')[0] is { Length: > 0 } address ? address : null;

    /// <summary>Does an operation, as the agent on the host would.</summary>
    public async Task<HostEntry> ExecuteAsync<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request, bool check = false)
        where TRequest : notnull
        where TResult : notnull
    {
        agent ??= StartAgent();
        return await agent.ExecuteAsync(operation.Id, JsonSerializer.SerializeToElement(request, operation.Request), check, TestContext.Current.CancellationToken);
    }

    /// <summary>The result of an operation that must succeed.</summary>
    public async Task<TResult> ResultAsync<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request)
        where TRequest : notnull
        where TResult : notnull
    {
        var entry = await ExecuteAsync(operation, request);
        Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
        return entry.Result!.Value.Deserialize(operation.Result)!;
    }

    /// <summary>An agent in the host that is nobody and has no privileges.</summary>
    internal AgentProcess StartUnprivilegedAgent() =>
        new([.. Enter, "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", Executable, AgentProcess.Argument]);

    /// <summary>Starts a command in the host that goes on.</summary>
    internal LastingCommand Start(params string[] command) => new([.. Enter, .. command]);

    /// <summary>Where a path of the host is seen from outside.</summary>
    internal string Outside(string path) => $"/proc/{process.Pid}/root{path}";

    public async ValueTask DisposeAsync()
    {
        if (agent is not null)
            await agent.DisposeAsync();
        await process.DisposeAsync();
        Directory.Delete(directory);
        File.Delete(directory + ".log");
        GC.SuppressFinalize(this);
    }

    internal AgentProcess StartAgent() => new([.. Enter, Executable, AgentProcess.Argument]);

    private protected static async Task<(LastingProcess Process, string Directory)> StartAsync(
        TestNetwork network, string kind, string name, int lastByte, string root, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("osapi-host-").FullName;
        try
        {
            var process = await LastingProcess.StartAsync(
                ["unshare", "--net", "bash", TestNetwork.Script("host.sh"), kind, network.Pid.ToString(CultureInfo.InvariantCulture), name, lastByte.ToString(CultureInfo.InvariantCulture), directory, root, AppContext.BaseDirectory, DotnetRoot],
                cancellationToken);
            return (process, directory);
        }
        catch
        {
            Directory.Delete(directory);
            File.Delete(directory + ".log");
            throw;
        }
    }

    private protected IEnumerable<string> Enter => ["nsenter", "-t", process.Pid.ToString(CultureInfo.InvariantCulture), .. Namespaces, "--root", "--wd", "setpriv", "--bounding-set", Caps];

    private protected virtual IEnumerable<string> Namespaces => ["--mount", "--uts", "--ipc", "--net", "--pid"];

    // shared/Microsoft.NETCore.App/10.0.x/System.Private.CoreLib.dll
    private static string DotnetRoot => Path.GetFullPath(Path.Combine(typeof(object).Assembly.Location, "../../../.."));
}
