using Osapi.Client;
using Osapi.Hosting;

namespace Osapi.Examples;

/// <summary>A system inside this program with one host, web-01, which is deleted afterwards. With a remote controller, only a client is needed.</summary>
internal sealed class OneHost : IAsyncDisposable
{
    private readonly DirectoryInfo directory;
    private readonly OsapiNode system;

    private OneHost(DirectoryInfo directory, OsapiNode system)
    {
        this.directory = directory;
        this.system = system;
        Client = system.CreateClient();
    }

    public OsapiClient Client { get; }

    public static async Task<OneHost> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("osapi-example-");
        return new(directory, await OsapiNode.StartAsync(new()
        {
            StateDirectory = directory.FullName,
            Agent = new() { Hostname = "web-01", Labels = new Dictionary<string, string> { ["group"] = "web.dev" } },
        }));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await system.DisposeAsync();
        directory.Delete(recursive: true);
    }
}
