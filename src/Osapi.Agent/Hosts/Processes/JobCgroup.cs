using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// A control group of its own for the processes of a job (cgroups(7)): nothing in it can leave it without the right to,
/// and it is killed in one step. It limits nothing, so it needs no controllers.
/// </summary>
internal sealed class JobCgroup : IDisposable
{
    private const string Processes = "cgroup.procs";

    private readonly string directory;

    private JobCgroup(string directory, SafeFileHandle handle) => (this.directory, Handle) = (directory, handle);

    /// <summary>Its directory, open: a process is born into the group that the descriptor leads to.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Its directory.</summary>
    public string Location => directory;

    /// <summary>A new group below the agent's; null where there can be none.</summary>
    /// <param name="parent">The directory of the agent's group.</param>
    /// <param name="mark">The mark of the job.</param>
    public static JobCgroup? Create(string? parent, ProcessMarker mark)
    {
        if (parent is null)
            return null;
        var directory = Path.Join(parent, Name(mark));
        return Try(() => Directory.CreateDirectory(directory)) ? Open(directory) : null;
    }

    /// <summary>The group that an earlier run of the agent made for the job; null when there is none.</summary>
    public static JobCgroup? Find(string? parent, ProcessMarker mark) => parent is null ? null : Open(Path.Join(parent, Name(mark)));

    /// <summary>The processes in it and in the groups that they have made below it.</summary>
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

    /// <summary>Kills everything in it; a kernel before 5.14 cannot, and its members are killed one by one.</summary>
    public void Kill() => Try(() => File.WriteAllText(Path.Join(directory, "cgroup.kill"), "1"));

    public void Dispose() => Handle.Dispose();

    /// <summary>Removes it. What a command left running on purpose goes back to the agent's group.</summary>
    public void Remove()
    {
        for (var attempt = 0; attempt < 10 && Directory.Exists(directory); attempt++)
        {
            foreach (var id in Members())
                Try(() => File.WriteAllText(Path.Join(Path.GetDirectoryName(directory), Processes), id.ToString(CultureInfo.InvariantCulture)));
            // Its files are the kernel's and go with it; so only empty groups below it are in the way.
            foreach (var below in Below())
                Try(() => Directory.Delete(below));
            Try(() => Directory.Delete(directory));
        }
    }

    private static JobCgroup? Open(string directory)
    {
        var handle = Libc.Open(directory, Libc.OpenPath | Libc.OpenCloseOnExec);
        if (!handle.IsInvalid)
            return new(directory, handle);
        handle.Dispose();
        return null;
    }

    private static string Name(ProcessMarker mark) => "osapi-" + mark.Value;

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
