using System.Buffers.Binary;
using Osapi.Agent.Jobs.Ledgers;

namespace Osapi.Agent.Tests.Jobs;

public sealed class LedgerCrashTests : IDisposable
{
    private static readonly LedgerStep[] Steps =
    [
        new(LedgerAct.Intent, 0, 0), new(LedgerAct.Claim, 0, 11), new(LedgerAct.Claim, 1, 12), new(LedgerAct.MoveCursor, 3, 12),
        new(LedgerAct.Fin, 0, 31), new(LedgerAct.Published, 0, 0), new(LedgerAct.Intent, 2, 0), new(LedgerAct.Intent, 3, 0),
        new(LedgerAct.Forget, 2, 0), new(LedgerAct.Fin, 1, 0), new(LedgerAct.Claim, 3, 13), new(LedgerAct.Fin, 3, 257),
        new(LedgerAct.MoveCursor, 3, 13), new(LedgerAct.Published, 3, 0), new(LedgerAct.Claim, 4, 14),
    ];

    private static readonly string[] JobIds = ["job-0", "job-1", "job-2", "job-3", "job-4"];

    private readonly LedgerFixture fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task Cut_off_at_any_byte_it_opens_with_every_record_that_is_whole()
    {
        var (bytes, records, models, id) = await WriteAsync();

        for (var length = 0; length <= bytes.Length; length++)
        {
            var whole = records.Count(start => start > 0 && start <= length) + (length == bytes.Length ? 1 : 0);
            await AssertOpensAsync(bytes[..length], models[Math.Max(0, whole - 1)], whole == 0 ? null : id);
        }
    }

    [Fact]
    public async Task Space_at_the_end_that_was_never_written_is_no_damage()
    {
        var (bytes, records, models, id) = await WriteAsync();

        foreach (var space in (int[])[1, 11, 12, 13, 4096, 200_000])
        {
            await AssertOpensAsync([.. bytes, .. new byte[space]], models[^1], id);
            await AssertOpensAsync([.. bytes[..records[^1]], .. new byte[space]], models[^2], id);
        }
    }

    [Fact]
    public async Task A_last_record_with_a_hole_in_it_was_not_written()
    {
        var (bytes, records, models, id) = await WriteAsync();
        bytes.AsSpan(records[^1] + LedgerFrame.HeaderSize).Clear();

        await AssertOpensAsync(bytes, models[^2], id);
    }

    [Fact]
    public async Task A_flipped_bit_before_the_last_record_is_refused_with_its_place()
    {
        var (bytes, records, _, _) = await WriteAsync();
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);

        for (var position = 0; position < records[^1]; position++)
        {
            var damaged = bytes.ToArray();
            damaged[position] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(fixture.File, damaged, Token);
            var refused = await Assert.ThrowsAsync<LedgerCorruptException>(() => fixture.OpenAsync());
            Assert.Equal(fixture.File, refused.File);
            Assert.Equal(records.Last(start => start <= position), refused.Offset);
            Assert.Contains($"{fixture.File} is damaged at offset {refused.Offset}:", refused.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, await File.ReadAllBytesAsync(fixture.File, Token));
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_the_last_record_never_makes_another_record_of_it()
    {
        var (bytes, records, models, id) = await WriteAsync();

        for (var bit = records[^1] * 8; bit < bytes.Length * 8; bit++)
        {
            var damaged = bytes.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            // The length of a record is written before the rest of it, so a wrong length is not an unfinished write.
            if (bit / 8 < records[^1] + 8)
            {
                await File.WriteAllBytesAsync(fixture.File, damaged, Token);
                Assert.Equal(records[^1], (await Assert.ThrowsAsync<LedgerCorruptException>(() => fixture.OpenAsync())).Offset);
            }
            else
            {
                await AssertOpensAsync(damaged, models[^2], id);
            }
        }
    }

    [Fact]
    public async Task A_file_that_is_no_ledger_is_refused()
    {
        Directory.CreateDirectory(fixture.Directory);
        await File.WriteAllTextAsync(fixture.File, "This is a note to myself, and not a ledger.", Token);

        Assert.Equal(0, (await Assert.ThrowsAsync<LedgerCorruptException>(() => fixture.OpenAsync())).Offset);
    }

    /// <summary>
    /// Executes all steps: returns the file, the offsets of its records, and the model before the first and after each
    /// step.
    /// </summary>
    private async Task<(byte[] Bytes, List<int> Records, List<LedgerModel> Models, string Id)> WriteAsync()
    {
        LedgerModel model = new(TimeSpan.FromHours(3));
        List<LedgerModel> models = [model.Clone()];
        string id;
        await using (var ledger = await fixture.OpenAsync())
        {
            id = ledger.Id;
            foreach (var step in Steps)
            {
                Assert.True(model.TryApply(step, fixture.Time.GetUtcNow()));
                await LedgerModel.TakeAsync(ledger, step);
                models.Add(model.Clone());
            }
        }

        var bytes = await File.ReadAllBytesAsync(fixture.File, Token);
        List<int> records = [];
        for (var offset = 0; offset < bytes.Length; offset += LedgerFrame.HeaderSize + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset)))
            records.Add(offset);
        Assert.Equal(models.Count, records.Count);
        return (bytes, records, models, id);
    }

    private async Task AssertOpensAsync(byte[] bytes, LedgerModel expected, string? id)
    {
        await File.WriteAllBytesAsync(fixture.File, bytes, Token);
        await using (var ledger = await fixture.OpenAsync())
        {
            expected.AssertSame(ledger, JobIds, fixture.Time.GetUtcNow());
            if (id is not null)
                Assert.Equal(id, ledger.Id);
            await ledger.RecordClaimAsync(Osapi.JobIds.Of("later"), "web-01", "node.uptime.get", 99, Token);
        }

        await using var again = await fixture.OpenAsync();
        Assert.Equal(LedgerPhase.Claimed, again.Find(Osapi.JobIds.Of("later"))?.Phase);
        Assert.Equal(expected.Open.Count() + 1, again.Open.Count);
    }
}
