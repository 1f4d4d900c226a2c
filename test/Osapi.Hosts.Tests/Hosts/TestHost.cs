using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Hosts.Tests.Hosts;

/// <summary>A host with an agent's handlers in it.</summary>
public abstract class TestHost : NamespaceHost
{
    private AgentProcess? agent;

    private protected TestHost(LastingProcess process, string directory, string address)
        : base(process, directory, address)
    {
    }

    /// <summary>The test executable, as the host sees it.</summary>
    private protected abstract string Executable { get; }

    /// <summary>Resolves a name with the host's own resolver; null when there is no address.</summary>
    public async Task<string?> ResolveAsync(string name) => (await RunAsync("getent", "ahostsv4", name)).Output.Split(' ', '\n')[0] is { Length: > 0 } address ? address : null;

    /// <summary>Runs an operation, as the agent on the host would.</summary>
    public async Task<HostReply> ExecuteAsync<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request, bool check = false)
        where TRequest : notnull
        where TResult : notnull
    {
        agent ??= StartAgent();
        return await agent.ExecuteAsync(operation.Id, JsonSerializer.SerializeToElement(request, operation.Request), check, TestContext.Current.CancellationToken);
    }

    /// <summary>Runs an operation that must succeed, and gets its result.</summary>
    public async Task<TResult> ResultAsync<TRequest, TResult>(Operation<TRequest, TResult> operation, TRequest request)
        where TRequest : notnull
        where TResult : notnull
    {
        var entry = await ExecuteAsync(operation, request);
        Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
        return entry.Result!.Value.Deserialize(operation.Result)!;
    }

    /// <summary>Starts an agent in the host without privileges.</summary>
    internal AgentProcess StartUnprivilegedAgent() =>
        new([.. Enter, "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", Executable, AgentProcess.Argument]);

    /// <summary>Starts an agent in a unit of its own.</summary>
    internal AgentProcess StartAgentIn(string unit) =>
        new([.. Enter, "systemd-run", "--quiet", "--pipe", "--wait", "--setenv=DOTNET_EnableDiagnostics=0", "--unit=" + unit, Executable, AgentProcess.Argument]);

    /// <summary>Starts a command in the host that keeps running.</summary>
    internal BackgroundCommand Start(params string[] command) => new([.. Enter, .. command]);

    public override async ValueTask DisposeAsync()
    {
        if (agent is not null)
            await agent.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal AgentProcess StartAgent() => new([.. Enter, Executable, AgentProcess.Argument]);
}
