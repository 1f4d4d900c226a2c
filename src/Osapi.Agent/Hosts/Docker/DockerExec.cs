using Docker.DotNet.Models;
using Docker.DotNet;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport;

namespace Osapi.Agent.Hosts.Docker;

/// <summary>The result of a program in a container.</summary>
/// <param name="ExitCode">The exit code; -1 when the engine does not report one.</param>
/// <param name="Output">The standard output.</param>
/// <param name="Error">The standard error.</param>
/// <param name="Duration">The duration of the run.</param>
internal sealed record ExecResult(int ExitCode, CapturedText Output, CapturedText Error, TimeSpan Duration)
{
    /// <summary>The way it was stopped; null when it ended by itself.</summary>
    public string? Stopped { get; init; }

    /// <summary>The reason why its outcome is unknown; null when it is known.</summary>
    public string? Lost { get; init; }

    /// <summary>The reason why it was not run, such as a program missing in the container; null when it ran.</summary>
    public string? NotRunReason { get; init; }
}

/// <summary>Runs programs in containers.</summary>
/// <remarks>
/// The engine can start a program but not end it. So its processes carry the job's marker, and are found and ended on
/// the host, like those of any command.
/// </remarks>
internal static class DockerExec
{
    private const int BufferSize = 64 * 1024;

    private static readonly TimeSpan DrainTimeout = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan InspectTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs a program to its end. When stopped, it ends the whole process tree and returns the output so far.</summary>
    /// <exception cref="OperationException">The engine refused to start it.</exception>
    public static async Task<ExecResult> RunAsync(this DockerEngine engine, Host host, string container, ContainerExecCreateParameters program, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        program.Env = [.. program.Env ?? [], $"{ProcessMarker.Variable}={host.Marker.Value}"];
        (program.AttachStdout, program.AttachStderr) = (true, true);
        var begin = host.Time.GetTimestamp();
        // Not cancellable, or it would be unknown whether there is a process to end.
        var id = (await engine.ChangeAsync(client => client.Exec.CreateContainerExecAsync(container, program, CancellationToken.None))).ID;
        using var stream = await engine.ChangeAsync(client => client.Exec.StartContainerExecAsync(id, new(), CancellationToken.None));

        using CancellationTokenSource stopReading = new();
        OutputCapture output = host.Capture(OutputStream.Stdout), error = host.Capture(OutputStream.Stderr);
        var reading = ReadAsync(stream, output, error, stopReading.Token);
        ContainerExecInspectResponse? state = null;
        string? stopped = null, lost = null;
        try
        {
            await reading.WaitAsync(stop);
            state = await EndedAsync(engine, host, id, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            stopped = await StopAsync(engine, host, id);
            await reading.WaitAsync(DrainTimeout, host.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationException exception)
        {
            lost = exception.Message;
        }

        var duration = host.Time.GetElapsedTime(begin);
        await stopReading.CancelAsync();
        await reading;
        ExecResult end = new((int)(state?.ExitCode ?? -1), output.Text(), error.Text(), duration) { Stopped = stopped, Lost = lost };
        return end with { NotRunReason = state is { ExitCode: 126 or 127, Pid: 0 } ? Explain(end) : null };
    }

    // The runtime's error replaces the program's output: "... unable to start container process: exec: "x": not found: unknown".
    private static string Explain(ExecResult end)
    {
        const string Prologue = "unable to start container process: ";
        var text = (end.Output.Text + end.Error.Text).Trim().Split('\n')[0].TrimEnd();
        var start = text.IndexOf(Prologue, StringComparison.Ordinal);
        return (start < 0 ? text : text[(start + Prologue.Length)..]).Replace(": unknown", "", StringComparison.Ordinal);
    }

    // Closed streams do not prove that the program has ended: it may close them itself.
    private static async Task<ContainerExecInspectResponse> EndedAsync(DockerEngine engine, Host host, string id, CancellationToken stop)
    {
        while (true)
        {
            var state = await engine.QueryAsync(client => client.Exec.InspectContainerExecAsync(id, stop));
            if (!state.Running)
                return state;
            await Task.Delay(PollInterval, host.Time, stop);
        }
    }

    private static async Task<string> StopAsync(DockerEngine engine, Host host, string id)
    {
        var state = await StateAsync(engine, host, id);
        // Only if it really is that process: an agent in a container sees other processes under the same ids.
        var leader = state is { Pid: > 0 } && ProcessTable.IsIn((int)state.Pid, state.ContainerID) ? (int)state.Pid : (int?)null;
        var end = await new ProcessTreeTerminator(host.Marker, cgroup: null, leader, host.Time).StopAsync();
        state = await StateAsync(engine, host, id);
        for (var begin = host.Time.GetTimestamp(); state?.Running == true && host.Time.GetElapsedTime(begin) < InspectTimeout; state = await StateAsync(engine, host, id))
            await Task.Delay(PollInterval, host.Time, CancellationToken.None);
        return state?.Running == true ? "but it still runs in the container, where the agent cannot end it" : end.ToString();
    }

    private static async Task<ContainerExecInspectResponse?> StateAsync(DockerEngine engine, Host host, string id)
    {
        using CancellationTokenSource inspectTimeout = new(InspectTimeout, host.Time);
        try
        {
            return await engine.QueryAsync(client => client.Exec.InspectContainerExecAsync(id, inspectTimeout.Token));
        }
        catch (Exception exception) when (exception is OperationException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task ReadAsync(MultiplexedStream stream, OutputCapture output, OutputCapture error, CancellationToken stopReading)
    {
        var buffer = BufferPool.Instance.Rent(BufferSize);
        try
        {
            while (await stream.ReadOutputAsync(buffer, 0, BufferSize, stopReading) is { EOF: false } read)
                (read.Target == MultiplexedStream.TargetStream.StandardError ? error : output).Keep(buffer.AsSpan(0, read.Count));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The engine disconnected, or the wait was cancelled; the engine's state of the program shows which.
        }
        finally
        {
            BufferPool.Instance.Return(buffer);
        }
    }
}
