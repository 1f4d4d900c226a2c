using Osapi.Client;
using Osapi.Hosting;
using Osapi.Hosts.Tests.Hosts;

namespace Osapi.Hosts.Tests.Documentation;

/// <summary>A host on which <c>osapi start</c> runs, and a shell on it.</summary>
internal sealed class ExampleHost : IAsyncDisposable
{
    private const string State = "/var/lib/osapi";

    private readonly TestHost host;
    private BackgroundCommand? system;
    private string token = "";

    private ExampleHost(TestHost host) => this.host = host;

    public static async Task<ExampleHost> StartAsync(TestHost host)
    {
        if (host is SystemdHost)
            await CopyProgramsAsync(host);
        await host.MustAsync("bash", "-c", $"ln -sf '{Programs.Osapi}' /usr/local/bin/osapi && mkdir -p /srv/example");
        ExampleHost started = new(host);
        await started.StartSystemAsync();
        return started;
    }

    /// <summary>Restarts the system without any of its state.</summary>
    public async Task RenewAsync()
    {
        await DisposeAsync();
        await host.MustAsync("rm", "-rf", State);
        await StartSystemAsync();
    }

    /// <summary>Creates a client outside of the host: the socket is a file, which can be reached from there.</summary>
    public OsapiClient CreateClient() => LocalClient.Create(host.Outside($"{State}/osapi.sock"), host.Outside($"{State}/signing.key"));

    /// <summary>Runs shell lines that must succeed, where the examples run, and gets their output.</summary>
    public async Task<string> RunAsync(string lines)
    {
        var (code, output, error) = await host.RunAsync("env", $"TOKEN={token}", $"OSAPI_STATE_DIR={State}", "HOME=/root", "bash", "-c", $"cd /srv/example; {lines}");
        Assert.True(code == 0, $"{lines}\nended with {code}: {output}{error}");
        return output;
    }

    public Task<string> WriteAsync(string name, string text) => RunAsync($"cat > {name} <<'END'\n{text}\nEND");

    public async ValueTask DisposeAsync()
    {
        if (system is not null)
            await system.DisposeAsync();
        system = null;
    }

    // A host that booted has a Debian of its own: the programs of this machine are copied to where they are here, curl with its libraries.
    private static async Task CopyProgramsAsync(TestHost host)
    {
        const string Curl = "/opt/curl";
        var directory = Path.GetDirectoryName(Programs.Osapi)!;
        await CopyAsync("--recursive", [directory + "/."], directory);
        var (_, libraries, _) = await Tool.RunAsync(["ldd", "/usr/bin/curl"], TestContext.Current.CancellationToken);
        await CopyAsync("--dereference", ["/usr/bin/curl", .. libraries.Split((char[]?)null).Where(word => word.StartsWith('/'))], Curl);
        await host.MustAsync("sh", "-c", $"""printf '%s\n' '#!/bin/sh' 'exec {Curl}/ld-linux-*.so.* --library-path {Curl} {Curl}/curl "$@"' > /usr/local/bin/curl; chmod 755 /usr/local/bin/curl""");

        async Task CopyAsync(string option, string[] files, string target)
        {
            Directory.CreateDirectory(host.Outside(target));
            var (code, _, error) = await Tool.RunAsync(["cp", option, .. files, host.Outside(target)], TestContext.Current.CancellationToken);
            Assert.True(code == 0, error);
        }
    }

    private async Task StartSystemAsync()
    {
        system = host.Start("osapi", "start", "--hostname", "web-01", "--label", "group=web.dev", "--log-level", "none", "--state-dir", State);
        try
        {
            await system.LineAsync(" listens on ", TestContext.Current.CancellationToken);
            token = await host.MustAsync("osapi", "token", "generate", "--roles", "admin", "--subject", "you", "--state-dir", State);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }
}
