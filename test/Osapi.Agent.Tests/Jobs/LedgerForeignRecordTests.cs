using System.Buffers.Binary;
using Osapi.Agent.Jobs.Ledgers;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>Tests of a ledger that a newer version, or another program, has written to.</summary>
public sealed class LedgerForeignRecordTests(ITestOutputHelper output) : IDisposable
{
    private readonly LedgerFixture fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task A_record_of_a_newer_version_is_kept_and_its_job_is_not_run()
    {
        await using (var ledger = await fixture.OpenAsync())
            await ledger.RecordClaimAsync(JobIds.Of("known"), "web-01", "node.uptime.get", 7, Token);
        var newer = Content(new LedgerJob(JobIds.Of("newer"), LedgerPhase.Claimed, "web-01", "a", 8, fixture.Time.GetUtcNow(), null), kind: 99);
        byte[] other = [200, 1, 2, 3];
        Append(newer, other, Content(new LedgerJob(JobIds.Of("known"), LedgerPhase.Claimed, "web-01", "a", 8, fixture.Time.GetUtcNow(), null), kind: 99));

        // Opening compacts, so the third time they are read from a file that this version wrote.
        for (var opened = 0; opened < 3; opened++)
        {
            await using var ledger = await fixture.OpenAsync();
            Assert.Equal(LedgerPhase.Claimed, ledger.Find(JobIds.Of("known"))!.Phase);
            Assert.Equal(LedgerPhase.Published, ledger.Find(JobIds.Of("newer"))!.Phase);
            await Assert.ThrowsAsync<InvalidOperationException>(() => ledger.RecordClaimAsync(JobIds.Of("newer"), "web-01", "a", 9, Token));
            Assert.Equal(JobIds.Of("known").ToString(), Assert.Single(ledger.Open).JobId.ToString());
        }

        var bytes = await File.ReadAllBytesAsync(fixture.File, Token);
        Assert.True(bytes.AsSpan().IndexOf(newer) > 0);
        Assert.True(bytes.AsSpan().IndexOf(other) > 0);
    }

    [Fact]
    public async Task With_any_content_the_ledger_opens_or_reports_the_problem()
    {
        var seed = Random.Shared.Next();
        Random random = new(seed);
        output.WriteLine($"seed {seed}");
        await (await fixture.OpenAsync()).DisposeAsync();
        var whole = await File.ReadAllBytesAsync(fixture.File, Token);
        var (opened, refused) = (0, 0);
        for (var round = 0; round < 1000; round++)
        {
            await File.WriteAllBytesAsync(fixture.File, whole, Token);
            Append([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Mutated(random))]);
            if (random.Next(4) == 0)
                await using (var tail = File.Open(fixture.File, FileMode.Open))
                    tail.SetLength(tail.Length - random.Next(1, 8));
            try
            {
                await (await fixture.OpenAsync()).DisposeAsync();
                opened++;
            }
            catch (LedgerException)
            {
                refused++;
            }
        }

        output.WriteLine($"opened {opened}, refused {refused}");
        Assert.True(opened > 100 && refused > 10);
    }

    private byte[] Mutated(Random random)
    {
        var content = Content(new LedgerJob(JobIds.Of($"job-{random.Next(5)}"), (LedgerPhase)random.Next(1, 5), "web-01", "a", 1, fixture.Time.GetUtcNow(), null), kind: (byte)random.Next(256));
        for (var i = random.Next(3); i > 0; i--)
            content[random.Next(content.Length)] = (byte)random.Next(256);
        return content[..random.Next(1, content.Length + 1)];
    }

    private static byte[] Content(LedgerJob job, byte kind)
    {
        var record = LedgerRecord.Of(job);
        var content = new byte[record.Size];
        record.Write(content);
        content[0] = kind;
        return content;
    }

    private void Append(params byte[][] contents)
    {
        using var file = File.Open(fixture.File, FileMode.Append);
        Span<byte> header = stackalloc byte[LedgerFrame.HeaderSize];
        foreach (var content in contents)
        {
            BinaryPrimitives.WriteInt32LittleEndian(header, content.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], LedgerFrame.Checksum(header[..4]));
            BinaryPrimitives.WriteUInt32LittleEndian(header[8..], LedgerFrame.Checksum(content));
            file.Write(header);
            file.Write(content);
        }
    }
}
