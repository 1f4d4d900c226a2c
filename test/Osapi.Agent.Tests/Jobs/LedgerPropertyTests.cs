using CsCheck;

namespace Osapi.Agent.Tests.Jobs;

public sealed class LedgerPropertyTests
{
    private const int Jobs = 5;

    private static readonly Gen<LedgerStep> Step =
        from act in Gen.Enum<LedgerAct>()
        from job in Gen.Int[0, Jobs - 1]
        from number in Gen.Int[0, 1000]
        select new LedgerStep(act, job, number);

    // A failure is reported with the seed that reproduces it.
    [Fact]
    public async Task Does_what_the_model_does_whenever_it_is_reopened_or_compacted() =>
        await Gen.Select(Step.Array[0, 60], Gen.OneOf(Gen.Const(1L), Gen.Const(400L), Gen.Const(1024 * 1024L))).SampleAsync(
            async (steps, compactAt) => await CompareAsync(steps, compactAt), iter: 150, threads: 1);

    private static async Task CompareAsync(LedgerStep[] steps, long compactAt)
    {
        using LedgerFixture fixture = new();
        LedgerModel model = new(TimeSpan.FromHours(3));
        var jobIds = Enumerable.Range(0, Jobs).Select(job => $"job-{job}").ToList();
        var ledger = await fixture.OpenAsync(compactAt);
        var id = ledger.Id;
        try
        {
            foreach (var step in steps)
            {
                if (step.Act is LedgerAct.Wait)
                {
                    fixture.Time.Advance(TimeSpan.FromMinutes(step.Number / 10));
                }
                else if (step.Act is LedgerAct.Reopen)
                {
                    await ledger.DisposeAsync();
                    ledger = await fixture.OpenAsync(compactAt);
                }
                else if (model.TryApply(step, fixture.Time.GetUtcNow()))
                {
                    await LedgerModel.TakeAsync(ledger, step);
                }
                else
                {
                    await Assert.ThrowsAsync<InvalidOperationException>(() => LedgerModel.TakeAsync(ledger, step));
                }

                model.AssertSame(ledger, jobIds, fixture.Time.GetUtcNow());
                Assert.Equal(id, ledger.Id);
            }
        }
        finally
        {
            await ledger.DisposeAsync();
        }
    }
}
