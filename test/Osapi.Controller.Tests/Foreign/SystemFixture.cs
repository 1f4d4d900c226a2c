using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;
using Osapi.Agent;
using Osapi.Client;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;
using Osapi.Transport;
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

    private readonly SystemParts parts = new(limit: TimeSpan.FromMinutes(5));
    private ITransport ofController = null!, ofAgent = null!;
    private RunningController controller = null!;
    private OsapiAgent agent = null!;

    private SystemFixture()
    {
    }

    /// <summary>The directory of all state.</summary>
    public string StateDirectory => parts.Directory;

    public Logs Logs { get; } = new();

    /// <summary>The stranger's transport.</summary>
    public ITransport Stranger { get; private set; } = null!;

    /// <summary>The stranger's connection to the broker; null without one.</summary>
    public NatsConnection? Raw { get; private set; }

    public OsapiClient Client => controller.Client;

    public HttpClient Http => controller.Http;

    public CancellationToken Token => parts.Token;

    public long PassedOver => controller.Services.GetRequiredService<SkippedMessages>().Count;

    public static async Task<SystemFixture> StartAsync(bool nats)
    {
        SystemFixture system = new();
        try
        {
            await system.OpenAsync(nats);
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    public async Task StartAgentAsync() => agent = await parts.StartAgentAsync(
        ofAgent, new() { Hostname = Host, Labels = new Dictionary<string, string> { ["group"] = "web" } }, logger: Logs);

    public Task StopAgentAsync() => parts.StopAsync(agent);

    /// <summary>Restarts the controller, with its read model or without.</summary>
    public async Task RestartControllerAsync(bool anew)
    {
        await parts.StopAsync(controller);
        if (anew)
            foreach (var file in Directory.GetFiles(parts.Directory, "jobs.db*"))
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

    public ValueTask DisposeAsync() => parts.DisposeAsync();

    private async Task OpenAsync(bool nats)
    {
        if (nats)
        {
            NatsOptions options = new() { Urls = [parts.Keep(await NatsServer.StartAsync()).Url] };
            ofController = await parts.ConnectAsync(options);
            ofAgent = await parts.ConnectAsync(options);
            Stranger = await parts.ConnectAsync(options);
            Raw = parts.Keep(new NatsConnection(new() { Url = options.Urls[0] }));
        }
        else
            ofController = ofAgent = Stranger = await parts.OpenStoreAsync();

        await StartControllerAsync();
        await StartAgentAsync();
        await controller.FirstAgent.WaitAsync(Token);
        await Client.Node.HostnameAsync(Host, cancellationToken: Token);
    }

    private async Task StartControllerAsync() => controller = await parts.StartControllerAsync(ofController, logs: Logs, level: LogLevel.Warning);
}
