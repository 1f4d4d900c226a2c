using System.Diagnostics;
using System.Runtime.InteropServices;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Command;

/// <summary>Tests of the start of a program: its three streams, its group, and that a hanging start harms nothing else.</summary>
public sealed partial class SpawnTests : IDisposable
{
    private readonly CommandFixture fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task A_descriptor_that_the_agent_was_started_with_is_not_handed_on()
    {
        var inherited = Open("/", 0);
        try
        {
            Assert.True(inherited > 2);
            Assert.Equal("0\n1\n2\n3\n", (await fixture.Host.RunAsync(new("ls", ["/proc/self/fd"]), Token)).Output.Text);
            Assert.Equal("0\n1\n2\n3\n", (await HostTool.RunAsync("ls", ["/proc/self/fd"], Token)).Output);
        }
        finally
        {
            _ = Close(inherited);
        }
    }

    [Fact]
    public async Task A_kernel_without_the_newer_calls_also_starts_it_in_its_group_and_without_descriptors()
    {
        // The file of a shell's own descriptors would count the one that it is read with.
        const string Line = "cat /proc/self/cgroup; ls /proc/self/fd";
        ProcessStartInfo start = new(Environment.ProcessPath!, [SpawnWorker.Argument, Line]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var inherited = Open("/", 0);
        try
        {
            using var worker = Process.Start(start)!;
            var output = await worker.StandardOutput.ReadToEndAsync(Token);
            await worker.WaitForExitAsync(Token);

            Assert.True(worker.ExitCode == 0, await worker.StandardError.ReadToEndAsync(Token));
            Assert.EndsWith("\n0\n1\n2\n3\n", output, StringComparison.Ordinal);
            if (AgentCgroup.Directory is not null)
                Assert.Contains("/osapi-", output, StringComparison.Ordinal);
        }
        finally
        {
            _ = Close(inherited);
        }
    }

    [Fact]
    public async Task A_start_that_waits_for_a_file_system_delays_no_other_and_is_ended_by_a_cancel()
    {
        using var silent = HangingFileSystem.Mount(fixture.Path("silent"));
        using CancellationTokenSource cancel = new();
        var hung = Enumerable.Range(0, 8).Select(_ => fixture.Host.RunAsync(new("true", []) { Directory = silent.Directory }, cancel.Token)).ToList();

        using CommandFixture other = new();
        for (var round = 0; round < 20; round++)
            Assert.Equal(0, (await other.Host.RunAsync(new("true", []), Token)).Exit.Code);
        Assert.All(hung, start => Assert.False(start.IsCompleted));

        await cancel.CancelAsync();
        foreach (var start in hung)
            Assert.Equal(ErrorType.Unavailable, (await Assert.ThrowsAsync<OperationException>(() => start.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token))).Type);
    }

    [Fact]
    public async Task A_program_on_a_file_system_that_does_not_answer_is_refused_after_a_cancel()
    {
        using var silent = HangingFileSystem.Mount(fixture.Path("silent"));
        using CancellationTokenSource cancel = new();
        // Looked up in PATH: the agent itself waits for it, in a separate thread.
        ProcessRequest request = new("some-program", []) { Environment = new Dictionary<string, string> { ["PATH"] = silent.Directory } };
        var hung = fixture.Host.RunAsync(request, cancel.Token);

        await cancel.CancelAsync();
        var refused = await Assert.ThrowsAsync<OperationException>(() => hung.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token));

        Assert.Equal((ErrorType.Unavailable, "some-program cannot be started: the file system that it or its working directory is on does not answer"), (refused.Type, refused.Message));
    }

    [Fact]
    public async Task A_cancelled_tool_is_ended_with_its_processes()
    {
        using CancellationTokenSource cancel = new();
        var running = HostTool.RunAsync("sh", ["-c", $"sh -c 'echo $$ >> {fixture.Path("pids")}; exec sleep 320' & wait"], cancel.Token);
        var pids = await Processes.ReadAsync(fixture.Path("pids"), 1);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.DoesNotContain(pids, Processes.Runs);
    }

    // Not close-on-exec, as from a careless parent.
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
