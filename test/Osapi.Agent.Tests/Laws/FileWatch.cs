using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Osapi.Agent.Tests.Laws;

/// <summary>
/// Records every change below some directories as the kernel reports it (inotify(7)), including one that is reverted at
/// once.
/// </summary>
internal sealed class FileWatch : IDisposable
{
    private const string Sentinel = ".sentinel-";

    private readonly List<FileSystemWatcher> watchers = [];
    private readonly ConcurrentQueue<string> seen = [];
    private readonly Channel<string> sentinels = Channel.CreateUnbounded<string>();
    private int asked;

    public FileWatch(IEnumerable<string> directories)
    {
        foreach (var directory in directories)
        {
            FileSystemWatcher watcher = new(directory)
            {
                IncludeSubdirectories = true,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.Attributes | NotifyFilters.Size | NotifyFilters.LastWrite | NotifyFilters.Security | NotifyFilters.CreationTime,
            };
            watcher.Created += See;
            watcher.Changed += See;
            watcher.Deleted += See;
            watcher.Renamed += See;
            watcher.Error += (_, error) => seen.Enqueue(error.GetException().Message);
            watcher.EnableRaisingEvents = true;
            watchers.Add(watcher);
        }
    }

    /// <summary>
    /// Gets the events so far. They come in order: once the event of a file created now has arrived, all before it
    /// have.
    /// </summary>
    public async Task<IReadOnlyList<string>> GetEventsAsync(CancellationToken cancellationToken)
    {
        // A new name each time: late events of an earlier one mean nothing now.
        asked++;
        foreach (var watcher in watchers)
        {
            var path = Path.Combine(watcher.Path, $"{Sentinel}{asked}");
            File.WriteAllText(path, "");
            while (await sentinels.Reader.ReadAsync(cancellationToken) != path)
            {
                // Another event of an earlier one.
            }

            File.Delete(path);
        }

        return [.. seen];
    }

    public void Dispose()
    {
        foreach (var watcher in watchers)
            watcher.Dispose();
    }

    private void See(object sender, FileSystemEventArgs what)
    {
        if (Path.GetFileName(what.FullPath).StartsWith(Sentinel, StringComparison.Ordinal))
            sentinels.Writer.TryWrite(what.FullPath);
        else
            seen.Enqueue($"{what.ChangeType} {what.FullPath}");
    }
}
