using Osapi.Client;

namespace Osapi.Controller.Tests;

/// <summary>A controller of a system, with clients of an administrator.</summary>
internal sealed class RunningController(OsapiController controller, string token, Logs logs) : IAsyncDisposable
{
    public IServiceProvider Services => controller.Services;

    public Task FirstAgent => controller.FirstAgent;

    public OsapiClient Client { get; } = new(controller.Urls.First(), token);

    public HttpClient Http { get; } = new() { BaseAddress = new(controller.Urls.First()), DefaultRequestHeaders = { Authorization = new("Bearer", token) } };

    public Logs Logs => logs;

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Client.Dispose();
        await controller.DisposeAsync();
    }
}
