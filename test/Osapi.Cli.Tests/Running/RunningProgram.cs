using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Osapi.Cli.Tests.Running;

/// <summary>A process that a test started, ended with the test.</summary>
internal sealed partial class RunningProgram : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    // Far more than anything here takes, even on a busy machine.
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(40);

    private readonly Process process;

    private RunningProgram(Process process)
    {
        this.process = process;
        Output = new(process.StandardOutput);
        Error = new(process.StandardError);
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public Lines Output { get; }

    public Lines Error { get; }

    public static RunningProgram Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? input = null)
    {
        // A program that a shell starts with "&" ignores SIGINT, and so would this one.
        ProcessStartInfo start = new("env", ["--default-signal=INT", file, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("OSAPI_", StringComparison.Ordinal) || name is "NO_COLOR" or "CI" or "GITHUB_ACTIONS").ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        RunningProgram program = new(Process.Start(start)!);
        program.process.StandardInput.Write(input);
        program.process.StandardInput.Close();
        return program;
    }

    /// <summary>Waits for a line of standard output that contains the text.</summary>
    public async Task<string> LineAsync(string wanted)
    {
        using var bound = Bound();
        return await Output.FindAsync(wanted, bound.Token);
    }

    /// <summary>Waits for the end.</summary>
    public async Task<ProcessResult> EndAsync()
    {
        using var bound = Bound();
        try
        {
            await process.WaitForExitAsync(bound.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"the process did not end\n{await Output.ToEndAsync(CancellationToken.None)}\n{await Error.ToEndAsync(CancellationToken.None)}");
        }

        return new(process.ExitCode, await Output.ToEndAsync(bound.Token), await Error.ToEndAsync(bound.Token));
    }

    public void Signal(int signal) => Assert.Equal(0, Send(process.Id, signal));

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private static CancellationTokenSource Bound()
    {
        var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(WaitTimeout);
        return bound;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
