using System.Diagnostics;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Processes;
using Osapi.Agent.Hosts.Transactions;

namespace Osapi.Agent.Tests.Transactions;

/// <summary>Tests of transactions with real processes, in a directory as the root of the host.</summary>
public sealed class HostTransactionTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("osapi-transaction-");
    private readonly Host host;
    private readonly OutputCapture capture = new MemoryCapture(1024 * 1024);

    public HostTransactionTests() => host = new() { Name = "web-01", Root = root.FullName };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("echo out; echo err >&2; exit 0", true, "out\nerr\n")]
    [InlineData("echo E: no; exit 100", false, "E: no\n")]
    public async Task The_exit_code_and_both_streams_are_returned(string script, bool succeeded, string text)
    {
        var output = await RunAsync(script);

        Assert.Equal((succeeded, text), (output.Succeeded, output.Text));
        Assert.Equal(text, File.ReadAllText(new TransactionFiles(host, "package").Output));
    }

    [Fact]
    public async Task A_program_that_a_signal_ended_failed()
    {
        var output = await RunAsync("kill -KILL $$");

        Assert.False(output.Succeeded);
    }

    [Fact]
    public async Task It_has_no_input_no_marker_of_the_job_and_a_session_of_its_own()
    {
        var output = await RunAsync($"read line || echo no input; echo marker=${ProcessMarker.Variable}; ps -o sid= -p $$");

        var lines = output.Text.Split('\n');
        Assert.Equal(("no input", "marker="), (lines[0], lines[1]));
        Assert.NotEqual(SessionOf(Environment.ProcessId), lines[2].Trim());
    }

    [Fact]
    public async Task It_is_locked_while_it_runs_and_no_longer()
    {
        using CancellationTokenSource cancel = new();
        TransactionFiles files = new(host, "package");
        var running = RunAsync($"echo begun; while ! test -e '{root}/go'; do sleep 0.05; done");
        await BegunAsync();

        var waiting = files.WaitAsync(Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAsync<FamilyLockCanceledException>(() => files.WaitAsync(cancel.Token));
        Assert.False(waiting.IsCompleted);
        Assert.Equal(TimeSpan.Zero, await new TransactionFiles(host, "service").WaitAsync(Token));
        await File.WriteAllTextAsync(Path.Combine(root.FullName, "go"), "", Token);
        Assert.True((await running).Succeeded);

        Assert.True(await waiting > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, await files.WaitAsync(Token));
    }

    [Fact]
    public async Task A_service_that_it_started_does_not_keep_the_lock()
    {
        var output = await RunAsync("sleep 600 >/dev/null 2>&1 & echo $!");
        using var service = Process.GetProcessById(int.Parse(output.Text.Trim(), System.Globalization.CultureInfo.InvariantCulture));
        try
        {
            Assert.False(service.HasExited);
            Assert.Equal(TimeSpan.Zero, await new TransactionFiles(host, "package").WaitAsync(Token));
        }
        finally
        {
            service.Kill();
        }
    }

    [Fact]
    public async Task The_end_of_the_process_that_waits_for_it_does_not_end_it()
    {
        var running = RunAsync($"echo begun; while ! test -e '{root}/go'; do sleep 0.05; done; echo done > '{root}/done'");
        await BegunAsync();

        // The kernel does so when the agent dies.
        using var waiting = Process.GetProcessById(Waiting());
        waiting.Kill();
        var output = await running;
        Assert.False(output.Succeeded);
        Assert.False(File.Exists(Path.Combine(root.FullName, "done")));
        await File.WriteAllTextAsync(Path.Combine(root.FullName, "go"), "", Token);
        await new TransactionFiles(host, "package").WaitAsync(Token);

        Assert.Equal("done\n", await File.ReadAllTextAsync(Path.Combine(root.FullName, "done"), Token));
    }

    [Fact]
    public async Task A_stop_before_it_starts_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync($"touch '{root}/done'", new(canceled: true)));

        Assert.Null(host.CommitPoint.Work);
        Assert.False(File.Exists(Path.Combine(root.FullName, "done")));
    }

    [Fact]
    public async Task All_output_is_captured_and_only_the_end_is_kept_for_messages()
    {
        var output = await RunAsync("seq 1 100000; echo E: the end");
        var captured = capture.Text();

        Assert.Equal(64 * 1024, output.Text.Length);
        Assert.Equal(string.Join('\n', Enumerable.Range(1, 100_000)) + "\nE: the end\n", captured.Text);
        Assert.EndsWith("\nE: the end", output.Tail, StringComparison.Ordinal);
        Assert.Equal(20, output.Tail.Split('\n').Length);
    }

    [Fact]
    public async Task Its_output_is_captured_while_it_runs()
    {
        LineCapture lines = new();
        var running = host.RunTransactionAsync("package", "sh", new ProcessRequest("sh", ["-c", $"echo begun; while ! test -e '{root}/go'; do sleep 0.05; done"]), lines, Token);

        Assert.Equal("begun\n", await lines.First.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token));
        Assert.False(running.IsCompleted);
        await File.WriteAllTextAsync(Path.Combine(root.FullName, "go"), "", Token);
        Assert.True((await running).Succeeded);
    }

    [Fact]
    public async Task A_directory_that_others_could_write_to_is_made_private()
    {
        Directory.CreateDirectory(Path.Combine(root.FullName, "run/osapi"), (UnixFileMode)0x1FF);

        await RunAsync("true");

        Assert.Equal((UnixFileMode)0x1C0, File.GetUnixFileMode(Path.Combine(root.FullName, "run/osapi")));
    }

    public void Dispose() => root.Delete(recursive: true);

    private Task<TransactionOutput> RunAsync(string script, CancellationToken? stop = null) =>
        host.RunTransactionAsync("package", "sh", new ProcessRequest("sh", ["-c", script]), capture, stop ?? Token);

    private async Task BegunAsync()
    {
        var output = new TransactionFiles(host, "package").Output;
        while (!File.Exists(output) || !(await File.ReadAllTextAsync(output, Token)).StartsWith("begun", StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
    }

    // The child of this process that waits for the transaction.
    private int Waiting() => ProcessTable.Read().Single(process => process.Parent == Environment.ProcessId && File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(root.FullName, StringComparison.Ordinal)).Id;

    private static string SessionOf(int id) => ProcessTable.Read().First(process => process.Id == id).Session.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private sealed class LineCapture : OutputCapture
    {
        public TaskCompletionSource<string> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Keep(ReadOnlySpan<byte> bytes) => First.TrySetResult(System.Text.Encoding.UTF8.GetString(bytes));

        public override CapturedText Text() => default;
    }
}
