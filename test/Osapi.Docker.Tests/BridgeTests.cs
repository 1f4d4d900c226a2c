using System.Diagnostics;
using System.Globalization;
using Osapi.Docker.Tests.Engines;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Docker.Tests;

/// <summary>Tests of Docker with its own bridge, in an isolated network.</summary>
public sealed class BridgeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_published_port_reaches_the_container_and_is_in_use_for_the_next()
    {
        await using var engine = await TestEngine.StartAsync("dockerd-net");
        await using DockerFixture fixture = new(engine);
        var serve = fixture.Sleeper("web", "httpd", "-f", "-h", "/etc") with { Network = null, Ports = ["127.0.0.1:8080:80", "0:81"] };

        await fixture.ResultAsync(DockerOperations.Create, serve);
        var found = await fixture.InspectAsync();
        var refusal = await fixture.RefusalAsync(DockerOperations.Create, fixture.Sleeper("second") with { Network = "bridge", Ports = ["127.0.0.1:8080:80"] }, ErrorType.Conflict);

        Assert.Equal("first\n", await GetAsync(engine, "http://127.0.0.1:8080/version"));
        Assert.Equal(("bridge", "172.17.0.1"), (found.NetworkSettings!.Network, found.NetworkSettings.Gateway));
        Assert.Equal("first\n", await GetAsync(engine, $"http://{found.NetworkSettings.IpAddress}/version"));
        Assert.Contains("127.0.0.1:8080:80", found.Ports);
        // The engine picked one.
        Assert.Contains(found.Ports, port => port.EndsWith(":81", StringComparison.Ordinal) && port != "0:81");
        Assert.Contains("already allocated", refusal, StringComparison.Ordinal);
        Assert.Equal([fixture.Name()], await fixture.LeftAsync());
    }

    private static async Task<string> GetAsync(TestEngine engine, string url)
    {
        ProcessStartInfo start = new("nsenter", ["--net", "--target", engine.Pid.ToString(CultureInfo.InvariantCulture), "busybox", "wget", "-q", "-O", "-", url]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return text;
    }
}
