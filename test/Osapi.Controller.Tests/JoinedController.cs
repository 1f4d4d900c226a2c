using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Agents;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Transport;

namespace Osapi.Controller.Tests;

/// <summary>A second controller, or a third, beside the one of a room.</summary>
internal sealed class JoinedController(ControllerRoom room, OsapiController controller, string directory) : IAsyncDisposable
{
    private readonly HttpClient http = new() { BaseAddress = new(controller.Urls.First()), Timeout = Timeout.InfiniteTimeSpan };
    private bool stopped;

    public ActiveJobs Board => controller.Services.GetRequiredService<ActiveJobs>();

    public JobIndex Index => controller.Services.GetRequiredService<JobIndex>();

    public Uri Url => http.BaseAddress!;

    public static async Task<JoinedController> StartAsync(ControllerRoom room, string directory, Func<ControllerOptions, ControllerOptions>? with, Func<ITransport, ITransport>? around)
    {
        Directory.CreateDirectory(directory);
        File.Copy(Path.Combine(room.Directory, "signing.key"), Path.Combine(directory, "signing.key"));
        NodeEnvironment node = new() { Transport = around?.Invoke(room.Transport) ?? room.Transport, StateDirectory = directory, Time = room.Time };
        ControllerOptions options = new() { Urls = [new("http://127.0.0.1:0")] };
        var controller = await OsapiController.StartAsync(node, with?.Invoke(options) ?? options, logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(room.Logs), room.Patience);
        return new(room, controller, directory);
    }

    public Task<Answer> GetAsync(string path) => SendAsync("GET", path);

    public Task<Answer> SendAsync(string method, string path, string? body = null, string? key = null, string? prefer = null) =>
        room.SendAsync(method, path, body, key: key, prefer: prefer, through: http);

    /// <summary>Completes when this controller has read everything that is in the log now.</summary>
    public Task CaughtUpAsync() => controller.Services.GetRequiredService<JobFollower>().CatchUpAsync(room.Patience);

    /// <summary>The same, to be waited for while the clock is moved.</summary>
    public async Task<bool> EndOfCatchUpAsync()
    {
        await CaughtUpAsync();
        return true;
    }

    /// <summary>Completes when this controller knows the host.</summary>
    public async Task KnowsAsync(string host)
    {
        var registry = controller.Services.GetRequiredService<AgentRegistry>();
        while (registry.Find(host) is null)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, room.Patience);
    }

    /// <summary>The job, when it is over here.</summary>
    public async Task<Answer> EndOfAsync(string jobId)
    {
        if (Board.Find(jobId) is { } job)
            await job.Over.WaitAsync(room.Patience);
        return (await GetAsync($"/job/{jobId}")).Assert2xx();
    }

    /// <summary>It is gone from one moment to the next, as far as callers can see.</summary>
    public async Task DieAsync()
    {
        stopped = true;
        http.Dispose();
        await controller.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!stopped)
            await DieAsync();
        Directory.Delete(directory, recursive: true);
    }
}
