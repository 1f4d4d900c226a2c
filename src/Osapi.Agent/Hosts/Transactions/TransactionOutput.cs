using Osapi.Agent.Hosts.Processes;

namespace Osapi.Agent.Hosts.Transactions;

/// <summary>The end of a transaction.</summary>
/// <param name="Exit">The exit code or signal.</param>
/// <param name="Text">The end of its output, at most 64 KiB.</param>
internal sealed record TransactionOutput(ProcessExit Exit, string Text)
{
    private const int MaxLines = 20, MaxLength = 4096;

    /// <summary>True when it succeeded.</summary>
    public bool Succeeded => Exit is { Code: 0, Signal: null };

    /// <summary>The last lines, at most 20 and 4,096 characters.</summary>
    public string Tail => TailOf(Text);

    /// <summary>Gets the last lines of an output, at most 20 and 4,096 characters.</summary>
    public static string TailOf(string text)
    {
        var lines = string.Join('\n', text.Trim().Split('\n').TakeLast(MaxLines));
        return lines.Length <= MaxLength ? lines : lines[^MaxLength..];
    }
}
