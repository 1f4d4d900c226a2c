using System.Diagnostics;
using System.Globalization;
using Osapi.Agent.Hosts.Processes;

namespace Osapi.Agent.Tests.Command;

/// <summary>The processes of this machine, by id.</summary>
internal static class Processes
{
    /// <summary>True when the process runs; a zombie does not.</summary>
    public static bool Runs(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Gets the zombie children of this process, as lines of the process table.</summary>
    public static IReadOnlyList<string> Zombies()
    {
        return [.. Directory.EnumerateDirectories("/proc").Where(directory => char.IsAsciiDigit(directory[6])).Select(Line).OfType<string>()];

        static string? Line(string directory)
        {
            try
            {
                var stat = File.ReadAllText(Path.Join(directory, "stat"));
                return stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is ["Z", var parent, ..] && parent == Environment.ProcessId.ToString(CultureInfo.InvariantCulture) ? stat : null;
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <summary>Waits until the process has ended.</summary>
    public static async Task EndOfAsync(int id)
    {
        for (var start = Stopwatch.GetTimestamp(); Runs(id); await Task.Yield())
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30), $"process {id} does not end");
    }

    /// <summary>Waits for a child of a process that is in the group of a job.</summary>
    public static async Task<int> MemberAsync(int parent)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60);)
        {
            foreach (var process in ProcessTable.Read().Where(process => process.Parent == parent))
                if (ProcessTable.IsIn(process.Id, "/osapi-"))
                    return process.Id;
            await Task.Yield();
        }

        throw new TimeoutException($"process {parent} has started nothing in a group");
    }

    /// <summary>Gets the numbers of a process's descriptors.</summary>
    public static string[] Descriptors(int id) => [.. new DirectoryInfo($"/proc/{id}/fd").EnumerateFileSystemInfos().Select(descriptor => descriptor.Name).Order(StringComparer.Ordinal)];

    /// <summary>Waits until a file has this many ids, one per line.</summary>
    public static async Task<IReadOnlyList<int>> ReadAsync(string file, int count)
    {
        using FileSystemWatcher watcher = new(Path.GetDirectoryName(file)!) { EnableRaisingEvents = true };
        while (true)
        {
            var lines = File.Exists(file) ? File.ReadAllText(file).Split('\n')[..^1] : [];
            if (lines.Length >= count)
                return [.. lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Run(() => watcher.WaitForChanged(WatcherChangeTypes.All, 100));
        }
    }
}
