using Osapi.Agent.Hosts.Disks;
using Osapi.Operations.Node;

namespace Osapi.Agent.Tests.Node;

/// <summary>Tests that a file system that never answers costs only its own figures and one thread.</summary>
public sealed class HangingMountTests : IDisposable
{
    private readonly ManualResetEvent hanging = new(initialState: false);
    private readonly MountProber prober = new();
    private int hangs;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        hanging.Set();
        hanging.Dispose();
    }

    [Fact]
    public async Task The_others_are_reported_and_the_hanging_one_is_named()
    {
        var answers = await AskAsync(("a", Answer("a")), ("hung", Hang), ("b", Answer("b")), ("broken", () => throw new IOException("Input/output\nerror")), ("none", () => null));

        Assert.Equal(["a", null, "b", null, null], answers.Select(answer => answer.Disk?.Name));
        Assert.Equal([null, "it does not answer within 2 s", null, "Input/output error", null], answers.Select(answer => answer.Error));
    }

    [Fact]
    public async Task A_hanging_one_is_queried_once_and_not_awaited_again()
    {
        await AskAsync(("hung", Hang));
        var begin = TimeProvider.System.GetTimestamp();

        for (var time = 0; time < 20; time++)
            Assert.Equal("it does not answer within 2 s", (await AskAsync(("hung", Hang), ("a", Answer("a"))))[0].Error);

        Assert.Equal(1, Volatile.Read(ref hangs));
        Assert.True(TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task One_that_answers_again_is_queried_again()
    {
        await AskAsync(("hung", Hang));
        hanging.Set();

        // The late answer was used, or it is gone by now and there is a new one.
        while ((await AskAsync(("hung", Answer("hung"))))[0].Disk is null)
            Token.ThrowIfCancellationRequested();
    }

    [Fact]
    public async Task Only_so_many_threads_hang()
    {
        for (var round = 0; round < 8; round++)
        {
            var mounts = Enumerable.Range(0, 6).Select(number => ($"hung {round} {number}", (Func<Disk?>)Hang)).ToArray();
            var answers = await AskAsync(mounts);
            Assert.All(answers, answer => Assert.NotNull(answer.Error));
        }

        Assert.InRange(Volatile.Read(ref hangs), 4, 20);
    }

    private Task<IReadOnlyList<(Disk? Disk, string? Error)>> AskAsync(params (string, Func<Disk?>)[] questions) => prober.ProbeAsync(questions, TimeProvider.System, Token);

    private static Func<Disk?> Answer(string name) => () => new(name, 3, 2, 1);

    private Disk? Hang()
    {
        Interlocked.Increment(ref hangs);
        hanging.WaitOne();
        return null;
    }
}
