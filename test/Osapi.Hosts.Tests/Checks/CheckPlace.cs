using System.Text;
using Osapi.Client;
using Osapi.Hosts.Tests.Documentation;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Command;
using Osapi.Operations.Files;
using Osapi.Operations.Jobs;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>A host with a system, whose things are brought into a state before each plan.</summary>
/// <param name="host">The host.</param>
/// <param name="system">The system on it.</param>
/// <param name="client">A client of the system.</param>
/// <param name="clearing">Lines of shell that remove what plans have left besides files.</param>
/// <param name="listing">Lines of shell that print everything that the operations could write besides files.</param>
internal sealed class CheckPlace(TestHost host, ExampleHost system, OsapiClient client, string clearing, string listing)
{
    public const string Directory = "/srv/p";
    public const string Agent = "web-01";
    public const string Image = "localhost:5000/web:1.4";
    private const string Recorded = "/var/lib/osapi";

    private readonly List<JobId> running = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public OsapiClient Client => client;

    /// <summary>Removes what earlier plans left.</summary>
    public async Task ClearAsync()
    {
        await client.Agent.UndrainAsync(Agent, cancellationToken: Token);
        foreach (var job in running)
            await client.Job.CancelAsync(job, cancellationToken: Token);
        running.Clear();
        await system.RunAsync($"rm -rf {Directory}; mkdir {Directory}; {clearing}");
    }

    public Task ShellAsync(string lines) => system.RunAsync(lines);

    public async Task StoreAsync(string name, string? content, FileContentType type)
    {
        try
        {
            await client.File.DeleteAsync(name, cancellationToken: Token);
        }
        catch (NotFoundException)
        {
            // It was not there.
        }

        if (content is null)
            return;
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(content));
        await client.File.UploadAsync(name, stream, type, force: true, cancellationToken: Token);
    }

    /// <summary>Deploys a file as an earlier plan would have.</summary>
    public async Task DeployAsync(string path, string content)
    {
        await StoreAsync("earlier", content, FileContentType.Raw);
        var reply = await client.File.DeployAsync(Agent, new() { ObjectName = "earlier", Path = path, ContentType = FileContentType.Raw }, cancellationToken: Token);
        Assert.Equal(Outcome.Ok, reply.Hosts[0].Outcome);
    }

    public Task DrainAsync() => client.Agent.DrainAsync(Agent, cancellationToken: Token);

    /// <summary>Starts a job that runs until it is cancelled, or one that has ended.</summary>
    public async Task<JobId> StartJobAsync(bool runs)
    {
        var id = JobId.New();
        if (!runs)
        {
            await client.Node.HostnameAsync(Agent, new() { JobId = id }, Token);
            return id;
        }

        running.Add(id);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(TimeSpan.FromSeconds(60));
        _ = WaitAsync(client.Command.ExecAsync(Agent, new ExecCommand { Command = "sleep", Args = ["600"] }, new() { JobId = id }, Token));
        while (true)
            try
            {
                if ((await client.Job.GetAsync(id, cancellationToken: bound.Token)).Status == JobStatus.Processing)
                    return id;
            }
            catch (NotFoundException)
            {
                // Not accepted yet.
            }
    }

    /// <summary>Returns everything that the operations could write: each file with the time of its last change, the store, the agent, revoked tokens and what the host lists.</summary>
    public async Task<string> SnapshotAsync()
    {
        var files = await host.MustAsync(
            "bash", "-c",
            $"find {Directory} /etc -xdev -printf '%p %i %C@ %m %U %G %s\\n'; find {Recorded} -path '*/files*' -printf '%p %i %C@\\n'; {listing}");
        var stored = (await client.File.ListAsync(cancellationToken: Token)).Files.Select(file => $"{file.Name} {file.Sha256} {file.ContentType}");
        var revoked = (await client.Token.ListAsync(cancellationToken: Token)).Items.Select(revocation => $"{revocation}");
        var agent = await client.Agent.GetAsync(Agent, cancellationToken: Token);
        List<string> jobs = [];
        foreach (var job in running)
            jobs.Add($"{job} {(await client.Job.GetAsync(job, cancellationToken: Token)).Status}");
        return string.Join('\n', [
            .. files.Split('\n').Order(StringComparer.Ordinal),
            .. stored,
            .. revoked,
            // From draining it becomes cordoned by itself, when its jobs have ended.
            agent.State == AgentState.Ready ? "ready" : "drained",
            .. jobs,
        ]);
    }

    // It ends when it is cancelled.
    private static async Task WaitAsync(Task job) => await job.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
