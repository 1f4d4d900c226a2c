using Osapi.Cli.Tests.Running;

namespace Osapi.Cli.Tests.Hosting;

/// <summary>A state directory that cannot be written: one line says so, and the exit code that the system cannot start.</summary>
public sealed class FullDiskTests : CliTest
{
    private SmallDisk disk = null!;

    public override async ValueTask InitializeAsync() => disk = await SmallDisk.MountAsync(fixture.StateDirectory, size: "4m");

    public override async ValueTask DisposeAsync()
    {
        if (disk is not null)
            await disk.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_first_start_on_a_full_disk_reports_it_and_does_not_block_the_next_start()
    {
        disk.Fill();

        await FailsAsync("No space left|is full");

        disk.MakeRoom();
        await StartsAsync();
    }

    [Fact]
    public async Task A_start_after_the_disk_became_full_reports_it_too()
    {
        await StartsAsync();
        disk.Fill();

        await FailsAsync("No space left|is full");

        disk.MakeRoom();
        await StartsAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_a_read_only_file_system_it_says_so(bool ranBefore)
    {
        if (ranBefore)
            await StartsAsync();
        await disk.MakeReadOnlyAsync();

        await FailsAsync("(?i)read-?only");
    }

    private async Task StartsAsync()
    {
        var system = await fixture.StartSystemAsync();
        system.Program.Signal(RunningProgram.Terminate);
        (await system.Program.EndAsync()).With(ExitCode.Ok);
    }

    private async Task FailsAsync(string words)
    {
        var ended = (await fixture.RunAsync("start", "--listen", "http://127.0.0.1:0")).With(ExitCode.Unreachable);

        Assert.Equal("", ended.Output);
        Assert.Matches(words, Assert.Single(ended.ErrorLines));
    }
}
