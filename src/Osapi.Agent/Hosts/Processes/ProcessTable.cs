using System.Globalization;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>One process (proc_pid_stat(5)).</summary>
internal readonly record struct ProcessEntry(int Id, int Parent, int Session);

/// <summary>Reads the kernel's list of processes, without zombies.</summary>
internal static class ProcessTable
{
    public static IEnumerable<ProcessEntry> Read()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Parse(id, Bytes(id, "stat")) is { } process)
                yield return process;
    }

    /// <summary>True when the process has the marker; false for one that has ended or is not visible.</summary>
    public static bool HasMarker(int id, ProcessMarker marker) => marker.IsIn(Bytes(id, "environ"));

    /// <summary>
    /// True when the process is in a control group whose name contains the container's id (proc_pid_cgroup(5)).
    /// </summary>
    public static bool IsIn(int id, string container) => container.Length > 0 && Bytes(id, "cgroup").AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(container)) >= 0;

    private static ProcessEntry? Parse(int id, ReadOnlySpan<byte> stat)
    {
        // "4242 (any) name) S 1 4242 4242 ...": the name may contain anything, so the last parenthesis counts.
        var rest = System.Text.Encoding.ASCII.GetString(stat[(stat.LastIndexOf((byte)')') + 1)..]).Split(' ', 6);
        return rest is ["", not ("Z" or "X"), var parent, _, var session, _]
            && int.TryParse(parent, NumberStyles.None, CultureInfo.InvariantCulture, out var parentId)
            && int.TryParse(session, NumberStyles.None, CultureInfo.InvariantCulture, out var sessionId)
                ? new(id, parentId, sessionId)
                : null;
    }

    // A process may end before its file is read, or belong to another user.
    private static byte[] Bytes(int id, string file)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{id}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
