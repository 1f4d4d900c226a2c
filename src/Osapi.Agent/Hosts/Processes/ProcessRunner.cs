using System.Collections;
using Osapi.Operations.Jobs;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>Runs programs on the machine.</summary>
internal static class ProcessRunner
{
    // The time for which output is still read after the program has ended, when a process that it started keeps the streams open.
    private static readonly TimeSpan OutputDrainTimeout = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Runs a program to its end. When stopped, it ends the whole process tree and returns the output so far. Processes
    /// that an ended program left behind keep running; their output is not read any more.
    /// </summary>
    /// <exception cref="Osapi.Operations.OperationException">The program cannot be started.</exception>
    public static async Task<ProcessResult> RunAsync(this Host host, ProcessRequest request, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        using var cgroup = JobCgroup.Create(host.AgentCgroup, host.Marker);
        try
        {
            var start = host.Time.GetTimestamp();
            using var process = await ChildProcess.StartAsync(request, EnvironmentOf(request, host.Marker), cgroup, host.Time, stop);
            ProcessTreeTerminator tree = new(host.Marker, cgroup, process.Id, host.Time);

            using CancellationTokenSource stopReading = new();
            var output = request.IsOutputOfJob ? host.Capture(OutputStream.Stdout) : host.CaptureInMemory();
            var error = request.IsOutputOfJob ? host.Capture(OutputStream.Stderr) : host.CaptureInMemory();
            var streams = Task.WhenAll(output.ReadAsync(process.Output, stopReading.Token), error.ReadAsync(process.Error, stopReading.Token), WriteAsync(process.Input, request.Input, stopReading.Token));
            TerminationResult? stopped = null;
            await ((Task)process.Exited).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!process.Exited.IsCompleted)
                stopped = await tree.StopAsync();
            var duration = host.Time.GetElapsedTime(start);

            await Task.WhenAll(streams, process.Exited).WaitAsync(OutputDrainTimeout, host.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await stopReading.CancelAsync();
            await streams;
            return new(process.Exited.IsCompletedSuccessfully ? await process.Exited : ProcessExit.None, output.Text(), error.Text(), duration, stopped);
        }
        finally
        {
            cgroup?.Remove();
        }
    }

    /// <summary>Ends the processes that an earlier run of the agent left of a job.</summary>
    public static async Task<TerminationResult> EndLeftoversAsync(this Host host, ProcessMarker marker)
    {
        using var cgroup = JobCgroup.Find(host.AgentCgroup, marker);
        var stop = await new ProcessTreeTerminator(marker, cgroup, leader: null, host.Time).StopAsync();
        cgroup?.Remove();
        return stop;
    }

    private static async Task WriteAsync(Stream? pipe, string? input, CancellationToken stop)
    {
        if (pipe is null)
            return;
        try
        {
            await using (pipe)
                await pipe.WriteAsync(System.Text.Encoding.UTF8.GetBytes(input!), stop);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // A program need not read its input.
        }
    }

    private static Dictionary<string, string> EnvironmentOf(ProcessRequest request, ProcessMarker marker)
    {
        Dictionary<string, string> environment = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string)variable.Value!;
        foreach (var (name, value) in request.Environment)
            environment[name] = value;
        environment[ProcessMarker.Variable] = marker.Inherit(Environment.GetEnvironmentVariable(ProcessMarker.Variable));
        return environment;
    }
}
