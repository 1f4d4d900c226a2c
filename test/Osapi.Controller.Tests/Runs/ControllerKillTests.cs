using Osapi.Client;
using Osapi.Operations.Runs;
using Osapi.Transport.Tests.Nats;

namespace Osapi.Controller.Tests.Runs;

/// <summary>Tests of kill -9 of a controller amid appends: no entry that was acknowledged is lost, and none is there twice.</summary>
public sealed class ControllerKillTests(ITestOutputHelper output) : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("osapi-").FullName;

    private static int Kills => Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 50 : 5;

    [Fact]
    public Task On_the_embedded_store() => RunAsync(broker: null);

    [Fact]
    public async Task On_a_broker()
    {
        await using var server = await NatsServer.StartAsync();
        await RunAsync(server.Url);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private async Task RunAsync(string? broker)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(4));
        await using KilledController controller = new(Path.Combine(directory, "state"), broker);
        await controller.StartAsync(limit.Token);
        using var client = controller.Connect();
        var (id, runner) = (RunId.New(), RunId.New());
        var position = (await client.Run.StartAsync(new() { Id = id, Plan = "deploy", Hash = PlanRunner.Digest(), Runner = runner, Tasks = PlanRunner.Tasks }, cancellationToken: limit.Token)).Position;
        List<(string Host, long Position)> acknowledged = [];
        var repeated = 0;
        using CancellationTokenSource enough = new();
        var appending = AppendAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            var target = acknowledged.Count + Random.Shared.Next(5, 60);
            while (acknowledged.Count < target && !appending.IsCompleted)
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, limit.Token);
            await controller.KillAsync();
            await controller.StartAsync(limit.Token);
        }

        await enough.CancelAsync();
        await appending;
        List<(string Host, long Position)> written = [];
        for (long? after = 0; after is not null;)
        {
            var page = await client.Run.JournalAsync(new() { Id = id, After = after, Limit = 1000 }, cancellationToken: limit.Token);
            written.AddRange(page.Items.SelectMany(batch => batch.Entries.Where(entry => entry.Host is not null).Select(entry => (entry.Host!, batch.Position))));
            after = page.NextAfter;
        }

        output.WriteLine($"{Kills} kills, {acknowledged.Count} entries, {repeated} calls repeated");
        Assert.Equal(acknowledged, written);
        Assert.True(repeated > 0);

        // As a runner does: a call that was not answered is repeated with the same id.
        async Task AppendAsync()
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                AppendJournal batch = new() { Id = id, Runner = runner, After = position, Batch = RunId.New(), Entries = [PlanRunner.Ended("config", $"web-{i}", "changed")] };
                for (var isDone = false; !isDone;)
                    try
                    {
                        position = (await client.Run.AppendAsync(batch, cancellationToken: limit.Token)).Position;
                        isDone = true;
                    }
                    catch (OsapiException failure) when (failure is ConnectionException or ServerException)
                    {
                        repeated++;
                        await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
                    }

                acknowledged.Add(($"web-{i}", position));
            }
        }
    }
}
