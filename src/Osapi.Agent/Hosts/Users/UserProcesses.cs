using System.Globalization;
using Osapi.Agent.Hosts.Files;
using Osapi.Agent.Hosts.Processes;

namespace Osapi.Agent.Hosts.Users;

/// <summary>The processes of a user on this host. Those of containers, which have another root, are not the user's.</summary>
internal static class UserProcesses
{
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(10), PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Gets the ids of the processes, lowest first.</summary>
    public static IReadOnlyList<int> Of(uint user)
    {
        using var own = DirectoryCalls.OpenRoot("/proc/self/root");
        var root = FileStatCalls.StatOf(own);
        return [.. ProcessTable.Read().Select(process => process.Id).Where(id => IsOf(id, user) && HasRoot(id, root)).Order()];
    }

    /// <summary>Describes processes for a message: at most five, by name and id.</summary>
    public static string Describe(IReadOnlyList<int> processes)
    {
        const int Most = 5;
        var named = string.Join(", ", processes.Take(Most).Select(id => string.Create(CultureInfo.InvariantCulture, $"{Text(id, "comm").Trim()} (pid {id})")));
        return processes.Count > Most ? string.Create(CultureInfo.InvariantCulture, $"{named} and {processes.Count - Most} more") : named;
    }

    /// <summary>Ends all processes of a user with SIGKILL; returns how many there were.</summary>
    /// <exception cref="Osapi.Operations.OperationException">Some were still there after ten seconds.</exception>
    public static async Task<int> KillAsync(Host host, uint user)
    {
        HashSet<int> killed = [];
        var begin = host.Time.GetTimestamp();
        while (Of(user) is { Count: > 0 } left)
        {
            if (host.Time.GetElapsedTime(begin) > KillTimeout)
                throw new Osapi.Operations.OperationException(Osapi.Operations.ErrorType.Conflict, $"processes of the user did not end: {Describe(left)}");
            foreach (var id in left)
                if (IsOf(id, user) && ProcessCalls.Kill(id, ProcessCalls.SigKill) == 0)
                    killed.Add(id);
            await Task.Delay(PollInterval, host.Time, CancellationToken.None);
        }

        return killed.Count;
    }

    // "Uid: real effective saved file" in status (proc_pid_status(5)).
    private static bool IsOf(int id, uint user) =>
        Text(id, "status").Split('\n').FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal)) is { } line
        && line.Split('\t').Skip(1).Take(3).Contains(IdText.Of(user));

    private static bool HasRoot(int id, FileStat root)
    {
        try
        {
            using var directory = DirectoryCalls.OpenRoot(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/root"));
            return FileStatCalls.StatOf(directory).IsSameInode(root);
        }
        catch (HostFileException)
        {
            // It has ended, or the agent may not look: then it counts.
            return true;
        }
    }

    private static string Text(int id, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/{file}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
