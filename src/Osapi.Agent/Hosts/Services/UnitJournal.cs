using Osapi.Operations;

namespace Osapi.Agent.Hosts.Services;

/// <summary>Reads the last lines of a unit in the journal.</summary>
internal static class UnitJournal
{
    private const int MaxLines = 20, MaxLength = 4096;

    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Gets at most 20 lines, and 4,096 characters, of the last run of a unit: its own and systemd's. Null when there are none, or when they
    /// cannot be read; the failure that they explain is more important.
    /// </summary>
    public static async Task<IReadOnlyList<string>?> ReadAsync(Host host, SystemdUnit unit)
    {
        if (unit.Invocation is not { } run || run.Any(character => !char.IsAsciiHexDigit(character)))
            return null;
        using CancellationTokenSource timeout = new(ReadTimeout, host.Time);
        try
        {
            // The journal takes in the last lines of a process that has just ended.
            await host.ToolAsync("journalctl", ["--sync"], timeout.Token);
            var output = await host.ToolAsync(
                "journalctl", ["--no-pager", "--quiet", "--output=cat", "--lines=20", $"_SYSTEMD_INVOCATION_ID={run}", "+", $"INVOCATION_ID={run}"], timeout.Token);
            List<string> lines = [];
            var length = 0;
            foreach (var line in output.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Reverse().Take(MaxLines).Select(line => ControlCharacters.Escape(line, keepTabs: true)))
            {
                if ((length += line.Length) > MaxLength)
                    break;
                lines.Insert(0, line);
            }

            return lines.Count > 0 ? lines : null;
        }
        catch (Exception exception) when (exception is OperationCanceledException or OperationException)
        {
            return null;
        }
    }
}
