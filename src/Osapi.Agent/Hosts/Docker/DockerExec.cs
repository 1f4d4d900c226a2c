using System.Buffers;
using Docker.DotNet;
using Docker.DotNet.Models;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Docker;

/// <summary>How a program in a container ended.</summary>
/// <param name="ExitCode">Its exit code; -1 when the engine does not say.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Duration">From its start to its end.</param>
internal sealed record ExecResult(int ExitCode, CapturedText Output, CapturedText Error, TimeSpan Duration)
{
    /// <summary>How it was stopped; null when it ended by itself.</summary>
    public string? Stopped { get; init; }

    /// <summary>Why nothing is known of its end; null when it is.</summary>
    public string? Lost { get; init; }

    /// <summary>Why it was never run, such as a program that the container does not have; null when it was.</summary>
    public string? NeverRan { get; init; }
}

/// <summary>
/// Runs programs in containers. The engine can start one but not end it; so it bears the mark of the job, and its processes
/// are found and ended on the host, like those of any command.
/// </summary>
internal static class DockerExec
{
    private const int BufferSize = 64 * 1024;

    private static readonly TimeSpan DrainTimeout = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan InspectTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs a program to its end. When told to stop it ends the whole tree of processes, and answers what there was until then.</summary>
    /// <exception cref="OperationException">The engine refused to start it.</exception>
    public static async Task<ExecResult> RunAsync(this DockerEngine engine, Host host, string container, ContainerExecCreateParameters program, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        program.Env = [.. program.Env ?? [], $"{ProcessMarker.Variable}={host.Mark.Value}"];
        (program.AttachStdout, program.AttachStderr) = (true, true);
        var begin = host.Time.GetTimestamp();
        // Not cancelled on the way, or it would be unknown whether there is something to end.
        var id = (await engine.ChangeAsync(client => client.Exec.CreateContainerExecAsync(container, program, CancellationToken.None))).ID;
        using var stream = await engine.ChangeAsync(client => client.Exec.StartContainerExecAsync(id, new(), CancellationToken.None));

        using CancellationTokenSource enough = new();
        using OutputCapture output = new(host.OutputLimit, host.OutputShare), error = new(host.OutputLimit, host.OutputShare);
        var reading = ReadAsync(stream, output, error, enough.Token);
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
        await enough.CancelAsync();
        await reading;
        ExecResult end = new((int)(state?.ExitCode ?? -1), output.Text(), error.Text(), duration) { Stopped = stopped, Lost = lost };
        return end with { NeverRan = state is { ExitCode: 126 or 127, Pid: 0 } ? Explain(end) : null };
    }

    // What the runtime says stands where the program's output would: "... unable to start container process: exec: "x": not found: unknown".
    private static string Explain(ExecResult end)
    {
        const string Prologue = "unable to start container process: ";
        var text = (end.Output.Text + end.Error.Text).Trim().Split('\n')[0].TrimEnd();
        var start = text.IndexOf(Prologue, StringComparison.Ordinal);
        return (start < 0 ? text : text[(start + Prologue.Length)..]).Replace(": unknown", "", StringComparison.Ordinal);
    }

    // That the streams have ended does not mean that it has: a program may close them.
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
        // Only if it really is that process: an agent in a container of its own sees other processes under the same numbers.
        var leader = state is { Pid: > 0 } && ProcessTable.IsIn((int)state.Pid, state.ContainerID) ? (int)state.Pid : (int?)null;
        var end = await new ProcessTreeTerminator(host.Mark, cgroup: null, leader, host.Time).StopAsync();
        state = await StateAsync(engine, host, id);
        for (var begin = host.Time.GetTimestamp(); state?.Running == true && host.Time.GetElapsedTime(begin) < InspectTimeout; state = await StateAsync(engine, host, id))
            await Task.Delay(PollInterval, host.Time, CancellationToken.None);
        return state?.Running == true ? "but it still runs in the container, where the agent cannot end it" : end.ToString();
    }

    private static async Task<ContainerExecInspectResponse?> StateAsync(DockerEngine engine, Host host, string id)
    {
        using CancellationTokenSource patience = new(InspectTimeout, host.Time);
        try
        {
            return await engine.QueryAsync(client => client.Exec.InspectContainerExecAsync(id, patience.Token));
        }
        catch (Exception exception) when (exception is OperationException or OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task ReadAsync(MultiplexedStream stream, OutputCapture output, OutputCapture error, CancellationToken enough)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            while (await stream.ReadOutputAsync(buffer, 0, BufferSize, enough) is { EOF: false } read)
                (read.Target == MultiplexedStream.TargetStream.StandardError ? error : output).Keep(buffer.AsSpan(0, read.Count));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The engine went away, or nobody waits for more. What that means the engine's state of it tells.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
