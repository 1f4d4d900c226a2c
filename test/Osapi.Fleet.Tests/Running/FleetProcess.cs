using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Osapi.Hosts.Tests.Hosts;

namespace Osapi.Fleet.Tests.Running;

/// <summary>A program that runs in a host. Its output is written to a file.</summary>
internal sealed partial class FleetProcess : IAsyncDisposable
{
    public const int Kill = 9;
    public const int Terminate = 15;

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    // nsenter, which stays outside and waits for the program that it started inside.
    private readonly Process outside;
    private readonly string name;
    private readonly StreamWriter log;
    private readonly List<(string Wanted, TaskCompletionSource<string> Seen)> waiting = [];
    private readonly List<string> lines = [];
    private readonly Task pumps;

    private FleetProcess(string name, Process outside, string log)
    {
        this.name = name;
        this.outside = outside;
        this.log = new(log, append: true) { AutoFlush = true };
        this.log.WriteLine($"--- {name}");
        pumps = Task.WhenAll(PumpAsync(outside.StandardOutput), PumpAsync(outside.StandardError));
    }

    public bool HasExited => outside.HasExited;

    public static FleetProcess Start(string name, IReadOnlyList<string> command, string log)
    {
        var start = Tool.Start(command);
        foreach (var variable in start.Environment.Keys.Where(key => key.StartsWith("OSAPI_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(variable);
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new(name, process, log);
    }

    /// <summary>Waits for the first line that contains the text.</summary>
    public async Task<string> LineAsync(string wanted, CancellationToken cancellationToken)
    {
        TaskCompletionSource<string> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (waiting)
            if (lines.Find(line => line.Contains(wanted, StringComparison.Ordinal)) is { } earlier)
                seen.SetResult(earlier);
            else
                waiting.Add((wanted, seen));
        await Task.WhenAny(seen.Task, pumps).WaitAsync(WaitTimeout, cancellationToken);
        // Of a line and the end right after it, either may be told first.
        return seen.Task.IsCompleted ? await seen.Task : throw new InvalidOperationException($"{name} ended without a line with '{wanted}'; its log is {((FileStream)log.BaseStream).Name}");
    }

    /// <summary>Waits for the end of the program, and gets its exit code.</summary>
    public async Task<int> EndedAsync()
    {
        await outside.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(3), TimeProvider.System, CancellationToken.None);
        return outside.ExitCode;
    }

    /// <summary>Sends a signal to the program, waits for its end, and gets its exit code.</summary>
    public async Task<int> EndAsync(int signal)
    {
        while (!outside.HasExited && Inside().Length == 0)
            await Task.Yield();
        foreach (var program in Inside())
            _ = Send(program, signal);
        await outside.WaitForExitAsync(CancellationToken.None).WaitAsync(WaitTimeout, CancellationToken.None);
        return outside.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!outside.HasExited)
            await EndAsync(Kill);
        await pumps;
        await log.DisposeAsync();
        outside.Dispose();
    }

    private int[] Inside()
    {
        try
        {
            var id = outside.Id.ToString(CultureInfo.InvariantCulture);
            return [.. File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private async Task PumpAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (waiting)
            {
                log.WriteLine(line);
                lines.Add(line);
                foreach (var (_, seen) in waiting.Where(one => line.Contains(one.Wanted, StringComparison.Ordinal)))
                    seen.TrySetResult(line);
            }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
