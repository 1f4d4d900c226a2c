using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using Osapi.Agent;
using Osapi.Client;
using Osapi.Controller.Auth;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Embedded;
using Osapi.Transport.Jobs;
using Osapi.Transport.Nats;
using Osapi.Transport.Tests.Nats;

namespace Osapi.Controller.Tests.Foreign;

/// <summary>
/// A fixture with a real controller and a real agent, on separate connections where there are connections, and a
/// stranger who writes foreign messages.
/// </summary>
internal sealed class SystemFixture : IAsyncDisposable
{
    public const string Host = "web-01";

    private readonly CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly NatsServer? server;
    private readonly List<ITransport> transports = [];
    private OsapiController controller = null!;
    private OsapiAgent? agent;

    private SystemFixture(NatsServer? server)
    {
        this.server = server;
        limit.CancelAfter(TimeSpan.FromMinutes(5));
    }

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("osapi-foreign-").FullName;

    public Logs Logs { get; } = new();

    /// <summary>The stranger's transport.</summary>
    public ITransport Stranger => transports[^1];

    /// <summary>The stranger's connection to the broker; null without one.</summary>
    public NatsConnection? Raw { get; private set; }

    public OsapiClient Client { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public CancellationToken Token => limit.Token;

    public long PassedOver => controller.Services.GetRequiredService<SkippedMessages>().Count;

    public static async Task<SystemFixture> StartAsync(bool nats)
    {
        SystemFixture system = new(nats ? await NatsServer.StartAsync() : null);
        try
        {
            await system.OpenAsync();
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public async Task StartAgentAsync() => agent = await OsapiAgent.StartAsync(
        new() { Transport = transports[1], StateDirectory = Directory }, new() { Hostname = Host, Labels = new Dictionary<string, string> { ["group"] = "web" } },
        Logs, Token);

    public async Task StopAgentAsync()
    {
        await agent!.DisposeAsync();
        agent = null;
    }

    /// <summary>Restarts the controller, with its read model or without.</summary>
    public async Task RestartControllerAsync(bool anew)
    {
        Http.Dispose();
        Client.Dispose();
        await controller.DisposeAsync();
        if (anew)
            foreach (var file in System.IO.Directory.GetFiles(Directory, "jobs.db*"))
                File.Delete(file);
        await StartControllerAsync();
    }

    /// <summary>Accepts a job and does not wait for it.</summary>
    public async Task<string> SubmitAsync(string path, string? body = null)
    {
        using HttpRequestMessage message = new(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        message.Headers.Add("Prefer", "respond-async");
        if (body is not null)
            message.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(message, Token);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await Answer.ReadAsync(response, Token)).JobId;
    }

    /// <summary>Puts a message on the subject of an executor of a job.</summary>
    public Task WriteStateAsync(string jobId, bool any, string text) =>
        Stranger.AppendAsync([new(StreamName.Jobs, Subjects.State(JobId.Parse(jobId), any ? HostKey.Any : Host), Encoding.UTF8.GetBytes(text))], Token);

    /// <summary>Waits until a job is finished, and gets its outcomes.</summary>
    public async Task<string> WaitForEndAsync(string jobId)
    {
        await foreach (var _ in Client.Job.WatchAsync(JobId.Parse(jobId), null, Token))
        {
            // The stream ends with the job.
        }

        var job = await Client.Job.GetAsync(JobId.Parse(jobId), cancellationToken: Token);
        return string.Join(' ', job.Responses.Values.Select(response => response.Outcome));
    }

    /// <summary>Waits until a job has started.</summary>
    public async Task StartedAsync(string jobId)
    {
        await foreach (var update in Client.Job.WatchAsync(JobId.Parse(jobId), null, Token))
            if (update.Event == "started")
                return;
    }

    /// <summary>Sends every query that shows foreign data; none may fail.</summary>
    public async Task LookAsync(params IEnumerable<string> more)
    {
        foreach (var path in (string[])["/health", "/health/ready", "/health/status", "/agent", $"/agent/{Host}", "/job?limit=100", "/file", .. more])
        {
            using var response = await Http.GetAsync(path, Token);
            Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(Token)}");
        }
    }

    public async Task CatchUpAsync() => await controller.Services.GetRequiredService<JobFollower>().CatchUpAsync(Token);

    public async ValueTask DisposeAsync()
    {
        if (agent is not null)
            await agent.DisposeAsync();
        Http?.Dispose();
        Client?.Dispose();
        if (controller is not null)
            await controller.DisposeAsync();
        if (Raw is not null)
            await Raw.DisposeAsync();
        foreach (var transport in transports)
            await transport.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
        limit.Dispose();
    }

    private async Task OpenAsync()
    {
        if (server is null)
        {
            var store = await EmbeddedTransport.OpenAsync(new() { Directory = Path.Combine(Directory, "state") }, Token);
            transports.AddRange([store, store, store]);
        }
        else
        {
            for (var i = 0; i < 3; i++)
                transports.Add(await NatsTransport.ConnectAsync(new() { Urls = [server.Url] }, Token));
            Raw = new(new() { Url = server.Url });
        }

        await StartControllerAsync();
        await StartAgentAsync();
        await controller!.FirstAgent.WaitAsync(Token);
        await Client.Node.HostnameAsync(Host, cancellationToken: Token);
    }

    private async Task StartControllerAsync()
    {
        controller = await OsapiController.StartAsync(
            new() { Transport = transports[0], StateDirectory = Directory }, new() { Urls = [new("http://127.0.0.1:0")] },
            logging => logging.SetMinimumLevel(LogLevel.Warning).AddProvider(Logs), Token);
        var token = new Tokens(SigningKey.LoadOrCreate(Path.Combine(Directory, "signing.key")), TimeProvider.System).Generate("tester", ["admin"], [], TimeSpan.FromHours(1));
        Client = new(controller.Urls.First(), token);
        Http = new() { BaseAddress = new(controller.Urls.First()) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }
}
