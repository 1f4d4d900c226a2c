using System.Collections;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>Runs programs on the machine.</summary>
internal static class HostProcess
{
    // How long the streams are read on after the program itself has ended, when something that it started holds them open.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Runs a program to its end. When told to stop it ends the whole tree of processes and answers what there was until
    /// then. What a program that ended by itself leaves running goes on running; its output is not read any more.
    /// </summary>
    /// <exception cref="Osapi.Operations.OperationException">It cannot be started.</exception>
    public static async Task<ProcessEnd> RunAsync(this Host host, ProcessRequest request, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        using var cgroup = JobCgroup.Create(host.OwnCgroup, host.Mark);
        try
        {
            var start = host.Time.GetTimestamp();
            using var process = await ChildProcess.StartAsync(request, EnvironmentOf(request, host.Mark), cgroup, host.Time, stop);
            ProcessTree tree = new(host.Mark, cgroup, process.Id, host.Time);

            using CancellationTokenSource enough = new();
            using OutputCapture output = new(host.OutputLimit, host.OutputShare), error = new(host.OutputLimit, host.OutputShare);
            var streams = Task.WhenAll(output.ReadAsync(process.Output, enough.Token), error.ReadAsync(process.Error, enough.Token), WriteAsync(process.Input, request.Input, enough.Token));
            TreeStop? stopped = null;
            await ((Task)process.Exited).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!process.Exited.IsCompleted)
                stopped = await tree.StopAsync();
            var duration = host.Time.GetElapsedTime(start);

            await Task.WhenAll(streams, process.Exited).WaitAsync(Linger, host.Time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await enough.CancelAsync();
            await streams;
            return new(process.Exited.IsCompletedSuccessfully ? await process.Exited : ProcessExit.None, output.Text(), error.Text(), duration, stopped);
        }
        finally
        {
            cgroup?.Remove();
        }
    }

    /// <summary>Ends what an earlier run of the agent left of a job.</summary>
    public static async Task<TreeStop> EndLeftoversAsync(this Host host, JobMark mark)
    {
        using var cgroup = JobCgroup.Find(host.OwnCgroup, mark);
        var stop = await new ProcessTree(mark, cgroup, leader: null, host.Time).StopAsync();
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
            // A program need not read what it is given.
        }
    }

    private static Dictionary<string, string> EnvironmentOf(ProcessRequest request, JobMark mark)
    {
        Dictionary<string, string> environment = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string)variable.Value!;
        foreach (var (name, value) in request.Environment)
            environment[name] = value;
        environment[JobMark.Variable] = mark.Inherit(Environment.GetEnvironmentVariable(JobMark.Variable));
        return environment;
    }
}
