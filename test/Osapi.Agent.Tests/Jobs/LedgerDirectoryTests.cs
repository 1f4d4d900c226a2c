using Osapi.Agent.Jobs.Ledgers;

namespace Osapi.Agent.Tests.Jobs;

public sealed class LedgerDirectoryTests : IDisposable
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute;

    private readonly LedgerFixture fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task A_second_ledger_on_the_directory_is_refused_while_the_first_lives()
    {
        await using (var first = await fixture.OpenAsync())
        {
            var refused = await Assert.ThrowsAsync<LedgerException>(() => fixture.OpenAsync());
            Assert.Contains(fixture.Directory, refused.Message, StringComparison.Ordinal);
            Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
            await first.RecordClaimAsync(JobIds.Of("job"), "web-01", "node.uptime.get", 1, Token);
        }

        await using var next = await fixture.OpenAsync();
        Assert.NotNull(next.Find(JobIds.Of("job")));
    }

    [Fact]
    public async Task A_second_ledger_is_refused_after_the_file_was_replaced_too()
    {
        await using var first = await fixture.OpenAsync(compactAt: 1);
        for (var job = 0; job < 20; job++)
            await first.RecordClaimAsync(JobIds.Of($"job-{job}"), "web-01", "node.uptime.get", job, Token);

        await Assert.ThrowsAsync<LedgerException>(() => fixture.OpenAsync());
    }

    [Fact]
    public async Task No_other_user_can_read_it()
    {
        await using (var ledger = await fixture.OpenAsync())
        {
            AssertClosed();
            for (var job = 0; job < 20; job++)
                await ledger.RecordClaimAsync(JobIds.Of($"job-{job}"), "web-01", "node.uptime.get", job, Token);
        }

        AssertClosed();
    }

    [Fact]
    public async Task Read_access_of_others_is_removed()
    {
        await (await fixture.OpenAsync()).DisposeAsync();
        File.SetUnixFileMode(fixture.File, FileMode | UnixFileMode.OtherRead);
        File.SetUnixFileMode(fixture.Directory, DirectoryMode | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        await (await fixture.OpenAsync()).DisposeAsync();

        AssertClosed();
    }

    private void AssertClosed()
    {
        Assert.Equal(DirectoryMode, File.GetUnixFileMode(fixture.Directory));
        Assert.All(Directory.EnumerateFiles(fixture.Directory), file => Assert.Equal(FileMode, File.GetUnixFileMode(file)));
    }
}
