namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// The processes of a job: those that bear its mark, those in its group, those in the session of its first process, and
/// the descendants of all these. One of the four finds a process whatever it forks, and whatever it makes of its own environment.
/// </summary>
/// <param name="mark">The mark of the job.</param>
/// <param name="cgroup">Its group; null where there is none.</param>
/// <param name="leader">The first process; null when it is not known any more.</param>
/// <param name="time">The time.</param>
internal sealed class ProcessTreeTerminator(ProcessMarker mark, JobCgroup? cgroup, int? leader, TimeProvider time)
{
    /// <summary>How long the processes may take to end by themselves after they were told to.</summary>
    public static readonly TimeSpan TermGracePeriod = TimeSpan.FromSeconds(1);

    // A process that the kernel does something for that cannot be interrupted dies when that is done.
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Terminates all of them, and kills those that are left when the grace period is over.</summary>
    public async Task<TerminationResult> StopAsync()
    {
        HashSet<int> told = [];
        if (await AreGoneAsync(TermGracePeriod, members => members.Where(told.Add).ToList().ForEach(Tell)))
            return new(Killed: false, []);
        await AreGoneAsync(KillTimeout, members =>
        {
            cgroup?.Kill();
            foreach (var id in members)
                _ = Libc.Kill(id, Libc.SigKill);
        });
        return new(Killed: true, Members());

        static void Tell(int id)
        {
            _ = Libc.Kill(id, Libc.SigTerm);
            // A stopped process hears of it only when it goes on.
            _ = Libc.Kill(id, Libc.SigCont);
        }
    }

    private async Task<bool> AreGoneAsync(TimeSpan patience, Action<IReadOnlyCollection<int>> act)
    {
        for (var start = time.GetTimestamp(); ; await Task.Delay(PollInterval, time, CancellationToken.None))
        {
            // Asked again each time: some are born between the asking and the telling.
            var members = Members();
            if (members.Count == 0 || time.GetElapsedTime(start) >= patience)
                return members.Count == 0;
            act(members);
        }
    }

    private HashSet<int> Members()
    {
        IReadOnlyList<ProcessEntry> processes = [.. ProcessTable.Read()];
        HashSet<int> inGroup = [.. cgroup?.Members() ?? []];
        return WithDescendants(processes, process => inGroup.Contains(process.Id) || process.Session == leader || ProcessTable.HasMarker(process.Id, mark));
    }

    private static HashSet<int> WithDescendants(IReadOnlyList<ProcessEntry> processes, Func<ProcessEntry, bool> belongs)
    {
        HashSet<int> members = [.. processes.Where(belongs).Select(process => process.Id)];
        // Each round goes one generation further.
        for (var known = 0; known < members.Count;)
        {
            known = members.Count;
            members.UnionWith(processes.Where(process => members.Contains(process.Parent)).Select(process => process.Id).ToList());
        }

        members.Remove(Environment.ProcessId);
        return members;
    }
}
