using System.Diagnostics;

namespace Osapi.Agent.Tests.Files;

public sealed class AtomicityTests : FileTest
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reader_sees_the_old_or_the_new_content_and_never_a_part()
    {
        await fixture.StoreAsync("app.conf", FileWorker.Content('a'));
        await fixture.StoreAsync("b", FileWorker.Content('b'));
        await fixture.DeployAsync(fixture.Request());
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var reads = 0;
        var reader = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                FileWorker.AssertWhole(fixture.PathOf("app.conf"));
                reads++;
            }
        }, Token);

        for (var turn = 0; turn < 60; turn++)
            Assert.True((await fixture.DeployAsync(fixture.Request() with { ObjectName = turn % 2 == 0 ? "b" : "app.conf" })).Changed);

        await done.CancelAsync();
        await reader;
        Assert.True(reads > 0);
    }

    [Fact]
    public async Task A_killed_agent_leaves_the_old_or_the_new_file_and_the_next_deployment_cleans_up()
    {
        var rounds = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 200 : 15;
        var seed = Random.Shared.Next();
        Random random = new(seed);
        File.WriteAllBytes(fixture.PathOf("app.conf"), FileWorker.Content('a'));
        for (var round = 0; round < rounds; round++)
        {
            await KillAsync(random.Next(1, 12), random.Next(0, 20_000));
            FileWorker.AssertWhole(fixture.PathOf("app.conf"));
            Assert.InRange(Directory.GetFileSystemEntries(fixture.Tree).Length, 1, 2);
        }

        await fixture.DeployAsync("end");
        Assert.Equal([fixture.PathOf("app.conf")], Directory.GetFileSystemEntries(fixture.Tree));
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}: {rounds} kills");
    }

    // Killed at a random moment after a line, so that the kills hit every step of a replacement.
    private async Task KillAsync(int lines, int spins)
    {
        using var worker = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Osapi.Agent.Tests"), [FileWorker.Argument, fixture.Tree]) { RedirectStandardOutput = true })!;
        for (var line = 0; line < lines; line++)
            Assert.NotNull(await worker.StandardOutput.ReadLineAsync(Token));
        Thread.SpinWait(spins);
        worker.Kill();
        await worker.WaitForExitAsync(Token);
    }
}
