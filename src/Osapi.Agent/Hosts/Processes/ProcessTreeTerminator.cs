namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// Ends the processes of a job: those with its marker, those in its group, those in the session of its first process,
/// and the descendants of all these.
/// </summary>
/// <remarks>One of the four finds a process whatever it forks, and however it changes its environment.</remarks>
/// <param name="marker">The marker of the job.</param>
/// <param name="cgroup">The control group of the job; null for none.</param>
/// <param name="leader">The first process; null when unknown.</param>
/// <param name="time">The clock.</param>
internal sealed class ProcessTreeTerminator(ProcessMarker marker, JobCgroup? cgroup, int? leader, TimeProvider time)
{
    /// <summary>The time between the termination signal and the kill signal.</summary>
    public static readonly TimeSpan TermGracePeriod = TimeSpan.FromSeconds(1);

    // A process in an uninterruptible system call dies when that ends.
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Terminates all processes, and kills those that are left after the grace period.</summary>
    public async Task<TerminationResult> StopAsync()
    {
        HashSet<int> signalled = [];
        if (await SignalUntilEndedAsync(TermGracePeriod, members => members.Where(signalled.Add).ToList().ForEach(Terminate)))
            return new(Killed: false, []);
        await SignalUntilEndedAsync(KillTimeout, members =>
        {
            cgroup?.Kill();
            foreach (var id in members)
                _ = ProcessCalls.Kill(id, ProcessCalls.SigKill);
        });
        return new(Killed: true, Members());

        static void Terminate(int id)
        {
            _ = ProcessCalls.Kill(id, ProcessCalls.SigTerm);
            // A stopped process receives the signal only after it continues.
            _ = ProcessCalls.Kill(id, ProcessCalls.SigCont);
        }
    }

    private async Task<bool> SignalUntilEndedAsync(TimeSpan timeout, Action<IReadOnlyCollection<int>> signal)
    {
        for (var start = time.GetTimestamp(); ; await Task.Delay(PollInterval, time, CancellationToken.None))
        {
            // Read again each time: new processes may appear between reading and signalling.
            var members = Members();
            if (members.Count == 0 || time.GetElapsedTime(start) >= timeout)
                return members.Count == 0;
            signal(members);
        }
    }

    private HashSet<int> Members()
    {
        IReadOnlyList<ProcessEntry> processes = [.. ProcessTable.Read()];
        HashSet<int> inGroup = [.. cgroup?.Members() ?? []];
        return WithDescendants(processes, process => inGroup.Contains(process.Id) || process.Session == leader || ProcessTable.HasMarker(process.Id, marker));
    }

    private static HashSet<int> WithDescendants(IReadOnlyList<ProcessEntry> processes, Func<ProcessEntry, bool> belongs)
    {
        HashSet<int> members = [.. processes.Where(belongs).Select(process => process.Id)];
        // Each round finds one more generation.
        for (var known = 0; known < members.Count;)
        {
            known = members.Count;
            members.UnionWith(processes.Where(process => members.Contains(process.Parent)).Select(process => process.Id).ToList());
        }

        members.Remove(Environment.ProcessId);
        return members;
    }
}
