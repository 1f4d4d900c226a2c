using System.Globalization;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>One process (proc_pid_stat(5)).</summary>
internal readonly record struct ProcessEntry(int Id, int Parent, int Session);

/// <summary>The processes that the kernel shows. Ended ones that nobody has asked for yet are not among them.</summary>
internal static class ProcessTable
{
    public static IEnumerable<ProcessEntry> Read()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Parse(id, Bytes(id, "stat")) is { } process)
                yield return process;
    }

    /// <summary>True when the process bears the mark. False for one that is gone or hidden.</summary>
    public static bool HasMarker(int id, ProcessMarker mark) => mark.IsIn(Bytes(id, "environ"));

    /// <summary>True when the process is in the control groups of a container (proc_pid_cgroup(5)), whose names hold the container's id.</summary>
    public static bool IsIn(int id, string container) => container.Length > 0 && Bytes(id, "cgroup").AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(container)) >= 0;

    private static ProcessEntry? Parse(int id, ReadOnlySpan<byte> stat)
    {
        // "4242 (any) name) S 1 4242 4242 ...": the name may hold anything, so the last parenthesis counts.
        var rest = System.Text.Encoding.ASCII.GetString(stat[(stat.LastIndexOf((byte)')') + 1)..]).Split(' ', 6);
        return rest is ["", not ("Z" or "X"), var parent, _, var session, _]
            && int.TryParse(parent, NumberStyles.None, CultureInfo.InvariantCulture, out var parentId)
            && int.TryParse(session, NumberStyles.None, CultureInfo.InvariantCulture, out var sessionId)
                ? new(id, parentId, sessionId)
                : null;
    }

    // A process may be gone before its file is read, or belong to someone else.
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
