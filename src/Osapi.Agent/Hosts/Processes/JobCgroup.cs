using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>A control group for the processes of one job (cgroups(7)).</summary>
/// <remarks>
/// No process can leave it without permission, and it is killed in one step. It sets no limits, so it needs no
/// controllers.
/// </remarks>
internal sealed class JobCgroup : IDisposable
{
    private const string Processes = "cgroup.procs";

    private readonly string directory;

    private JobCgroup(string directory, SafeFileHandle handle) => (this.directory, Handle) = (directory, handle);

    /// <summary>The open directory: a process is born into the group of this descriptor.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>The path of the directory.</summary>
    public string Location => directory;

    /// <summary>Creates a group below the agent's; null where that is not possible.</summary>
    /// <param name="parent">The directory of the agent's group.</param>
    /// <param name="marker">The marker of the job.</param>
    public static JobCgroup? Create(string? parent, ProcessMarker marker)
    {
        if (parent is null)
            return null;
        var directory = Path.Join(parent, Name(marker));
        return Try(() => Directory.CreateDirectory(directory)) ? Open(directory) : null;
    }

    /// <summary>Finds the group that an earlier run of the agent created for the job; null when there is none.</summary>
    public static JobCgroup? Find(string? parent, ProcessMarker marker) => parent is null ? null : Open(Path.Join(parent, Name(marker)));

    /// <summary>Gets the processes in it and in the groups below it.</summary>
    public IReadOnlyList<int> Members()
    {
        try
        {
            return [.. Directory.EnumerateFiles(directory, Processes, SearchOption.AllDirectories).SelectMany(Ids)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>
    /// Kills all its processes; on a kernel before 5.14 it does nothing, and the members are killed one by one.
    /// </summary>
    public void Kill() => Try(() => File.WriteAllText(Path.Join(directory, "cgroup.kill"), "1"));

    public void Dispose() => Handle.Dispose();

    /// <summary>Removes the group. Processes that a command left running on purpose move to the agent's group.</summary>
    public void Remove()
    {
        for (var attempt = 0; attempt < 10 && Directory.Exists(directory); attempt++)
        {
            foreach (var id in Members())
                Try(() => File.WriteAllText(Path.Join(Path.GetDirectoryName(directory), Processes), id.ToString(CultureInfo.InvariantCulture)));
            // The kernel removes its files with it, so only empty subgroups are in the way.
            foreach (var below in Below())
                Try(() => Directory.Delete(below));
            Try(() => Directory.Delete(directory));
        }
    }

    private static JobCgroup? Open(string directory)
    {
        var handle = ProcessCalls.Open(directory, OpenFlags.PathOnly | OpenFlags.CloseOnExec);
        if (!handle.IsInvalid)
            return new(directory, handle);
        handle.Dispose();
        return null;
    }

    private static string Name(ProcessMarker marker) => "osapi-" + marker.Value;

    private IReadOnlyList<string> Below()
    {
        try
        {
            return [.. Directory.EnumerateDirectories(directory, "*", SearchOption.AllDirectories).OrderByDescending(path => path.Length)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<int> Ids(string file) => File.ReadLines(file).Select(line => int.Parse(line, NumberStyles.None, CultureInfo.InvariantCulture)).Where(id => id > 0);

    private static bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
