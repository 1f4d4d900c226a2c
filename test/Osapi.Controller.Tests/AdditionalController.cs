using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Agents;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Operations;
using Osapi.Transport;

namespace Osapi.Controller.Tests;

/// <summary>A second controller, or a third, beside the one of a fixture.</summary>
internal sealed class AdditionalController(ControllerFixture fixture, OsapiController controller, string directory) : IAsyncDisposable
{
    private readonly HttpClient http = new() { BaseAddress = new(controller.Urls.First()), Timeout = Timeout.InfiniteTimeSpan };
    private bool stopped;

    public ActiveJobs ActiveJobs => controller.Services.GetRequiredService<ActiveJobs>();

    public JobIndex Index => controller.Services.GetRequiredService<JobIndex>();

    public Uri Url => http.BaseAddress!;

    public static async Task<AdditionalController> StartAsync(ControllerFixture fixture, string directory, Func<ControllerOptions, ControllerOptions>? with, Func<ITransport, ITransport>? around)
    {
        Directory.CreateDirectory(directory);
        foreach (var key in (string[])["signing.key", "controller.key"])
            File.Copy(Path.Combine(fixture.Directory, key), Path.Combine(directory, key), overwrite: true);
        NodeEnvironment node = new() { Transport = around?.Invoke(fixture.Transport) ?? fixture.Transport, StateDirectory = directory, Time = fixture.Time };
        ControllerOptions options = new() { Urls = [new("http://127.0.0.1:0")] };
        var controller = await OsapiController.StartAsync(node, with?.Invoke(options) ?? options, logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(fixture.Logs), fixture.TestTimeout);
        return new(fixture, controller, directory);
    }

    public Task<Answer> GetAsync(string path) => SendAsync("GET", path);

    public Task<Answer> SendAsync(string method, string path, string? body = null, string? key = null, string? prefer = null) =>
        fixture.SendAsync(method, path, body, key: key, prefer: prefer, through: http);

    /// <summary>Waits until this controller has read everything that is now in the log.</summary>
    public Task CatchUpAsync() => controller.Services.GetRequiredService<JobFollower>().CatchUpAsync(fixture.TestTimeout);

    /// <summary>Waits for the same while the clock is advanced.</summary>
    public async Task<bool> CatchUpWithinAsync()
    {
        await CatchUpAsync();
        return true;
    }

    /// <summary>Waits until this controller knows the host.</summary>
    public async Task WaitForAgentAsync(string host)
    {
        var registry = controller.Services.GetRequiredService<AgentRegistry>();
        while (registry.Find(host) is null)
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, fixture.TestTimeout);
    }

    /// <summary>Waits until the job is finished here, and gets it.</summary>
    public async Task<Answer> WaitForEndAsync(string jobId)
    {
        if (ActiveJobs.Find(JobId.Parse(jobId)) is { } job)
            await job.Completion.WaitAsync(fixture.TestTimeout);
        return (await GetAsync($"/job/{jobId}")).Assert2xx();
    }

    /// <summary>Kills it, as far as callers can see.</summary>
    public async Task KillAsync()
    {
        stopped = true;
        http.Dispose();
        await controller.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!stopped)
            await KillAsync();
        Directory.Delete(directory, recursive: true);
    }
}
