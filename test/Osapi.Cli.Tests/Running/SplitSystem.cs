namespace Osapi.Cli.Tests.Running;

/// <summary>A broker, a controller and an agent, each a process.</summary>
internal sealed record SplitSystem(RunningSystem Controller, RunningProgram Agent)
{
    private const string Listens = "Listening for client connections on ";

    /// <summary>Starts all three and waits until the agent takes jobs.</summary>
    public static async Task<SplitSystem> StartAsync(CliFixture fixture)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(40));
        var broker = fixture.StartProgram("nats-server", "-a", "127.0.0.1", "-p", "-1", "-js", "-sd", Path.Combine(fixture.Directory, "broker"));
        var line = await broker.Error.FindAsync(Listens, timeout.Token);
        var url = $"nats://{line[(line.IndexOf(Listens, StringComparison.Ordinal) + Listens.Length)..]}";
        var controller = fixture.Start("controller", "start", "--listen", "http://127.0.0.1:0", "--nats", url);
        RunningSystem listening = new(controller, await controller.LineAsync(" listens on "));
        var agent = fixture.Start("agent", "start", "--hostname", "web-01", "--nats", url, "--state-dir", Path.Combine(fixture.Directory, "agent"));
        await agent.LineAsync(" takes jobs ");
        return new(listening, agent);
    }
}
