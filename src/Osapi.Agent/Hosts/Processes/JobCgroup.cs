using System.Globalization;
using System.Text;
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

    // Open beforehand, so that a process that was just started comes in without delay.
    private readonly SafeFileHandle door;

    private JobCgroup(string directory)
    {
        this.directory = directory;
        door = File.OpenHandle(Path.Join(directory, Processes), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
    }

    /// <summary>Its directory.</summary>
    public string Location => directory;

    /// <summary>A new group below the agent's; null where there can be none.</summary>
    /// <param name="parent">The directory of the agent's group.</param>
    /// <param name="mark">The mark of the job.</param>
    public static JobCgroup? Create(string? parent, JobMark mark)
    {
        if (parent is null)
            return null;
        var directory = Path.Join(parent, Name(mark));
        return Try(() => Directory.CreateDirectory(directory)) ? Open(directory) : null;
    }

    /// <summary>The group that an earlier run of the agent made for the job; null when there is none.</summary>
    public static JobCgroup? Find(string? parent, JobMark mark) => parent is null ? null : Open(Path.Join(parent, Name(mark)));

    /// <summary>Takes a process in; false when it has ended, or may not be moved. What it has started before that stays outside.</summary>
    public bool Add(int id) => Try(() => RandomAccess.Write(door, Encoding.ASCII.GetBytes(id.ToString(CultureInfo.InvariantCulture)), 0));

    /// <summary>Takes in all processes that wait for it before they execute anything, and gives those that now wait in it.</summary>
    public IReadOnlyList<int> AddWaiting()
    {
        try
        {
            // They are born in the agent's group.
            foreach (var id in Ids(Path.Join(Path.GetDirectoryName(directory), Processes)).Where(IsAwaitedBy).ToList())
                Add(id);
            return [.. Ids(Path.Join(directory, Processes)).Where(IsAwaitedBy)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>True when the process waits for it at its <see cref="StartGate"/>.</summary>
    public bool IsAwaitedBy(int id) => ProcessTable.Input(id) == directory;

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

    public void Dispose() => door.Dispose();

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
        JobCgroup? group = null;
        Try(() => group = new(directory));
        return group;
    }

    private static string Name(JobMark mark) => "osapi-" + mark.Value;

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
        // The framework takes the open file of a group that was removed for one that cannot be written at a position.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }
}
