using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Jobs.Deletions;
using Osapi.Controller.Jobs.ReadModel;

namespace Osapi.Controller.Tests.Jobs;

/// <summary>Tests that jobs are removed faster than others arrive, however fast those come. Only the ratio of the figures means something.</summary>
public sealed class RetentionPaceTests
{
    private const int Callers = 64;
    private const int Kept = 10;
    private static readonly int Backlog = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1" ? 20_000 : 1_000;

    [Theory]
    [InlineData(true, "of which commands may still be under way")]
    [InlineData(false, "that are older than any command")]
    public async Task Jobs_are_deleted_while_others_are_accepted(bool young, string which)
    {
        await using var fixture = await ControllerFixture.OpenAsync(options => young ? options with { KeepAtMost = Kept } : options with { KeepJobs = TimeSpan.FromHours(4) });
        fixture.ExtendTimeout(TimeSpan.FromMinutes(10));
        using var agent = (await fixture.AgentAsync("web-01")).AnswersOk();
        var index = fixture.Controller.Services.GetRequiredService<JobIndex>();
        var submitted = 0;

        var alone = await RateAsync(() => SubmitAsync(() => Volatile.Read(ref submitted) >= Backlog), () => submitted);
        await fixture.CatchUpAsync();
        while (fixture.ActiveJobs.Active.Any())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, fixture.TestTimeout);
        var before = submitted;

        fixture.Time.Advance(young ? JobRetention.Interval : TimeSpan.FromHours(4) + JobRetention.Interval);
        var begin = TimeProvider.System.GetTimestamp();
        var isEnough = false;
        var submitting = SubmitAsync(() => Volatile.Read(ref isEnough));
        // Counting holds everybody else up, so it is not done all the time.
        while (Gone() < before - Kept)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, fixture.TestTimeout);
        var took = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        var (during, removed) = ((submitted - before) / took, Gone() / took);
        Volatile.Write(ref isEnough, true);
        await submitting;

        var text = $"jobs {which}: {removed:0} went a second while {during:0} came ({removed / during:0.0} times as many); {alone:0} came a second when none went";
        TestContext.Current.TestOutputHelper?.WriteLine(text);
        Console.WriteLine(text);
        Assert.True(removed > during, text);

        long Gone() => submitted - index.Counts().Values.Sum();

        Task SubmitAsync(Func<bool> isEnough) => Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            while (!isEnough())
            {
                Assert.Equal(HttpStatusCode.Accepted, (await fixture.SendAsync("GET", "/node/web-01/hostname", prefer: "respond-async")).Status);
                Interlocked.Increment(ref submitted);
            }
        }));
    }

    private static async Task<double> RateAsync(Func<Task> work, Func<int> count)
    {
        var begin = TimeProvider.System.GetTimestamp();
        await work();
        return count() / TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
    }
}
