using System.Text;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// The mark of the processes of one job on one agent: a value in an environment variable, which every descendant inherits
/// from its very beginning, whatever it forks and whatever session it makes. It is the same after a restart of the agent.
/// </summary>
/// <param name="Value">The mark: ASCII letters, digits, dots, hyphens and underscores.</param>
internal readonly record struct ProcessMarker(string Value)
{
    public const string Variable = "OSAPI_JOB";

    private static ReadOnlySpan<byte> Prefix => "OSAPI_JOB="u8;

    /// <summary>The mark of a job. Several agents on a machine may run the same job, so the agent's ledger is in it.</summary>
    public static ProcessMarker Of(JobId jobId, string ledger) => new(Unmarked($"{jobId}.{ledger}"));

    /// <summary>A mark of its own, for what is run without a job.</summary>
    public static ProcessMarker New() => new(Guid.NewGuid().ToString());

    /// <summary>The variable's value for a process that is started now: an agent that is itself run by a job of another agent adds its mark, and stays a part of that job.</summary>
    public string Inherit(string? own) => string.IsNullOrEmpty(own) ? Value : $"{own}:{Value}";

    /// <summary>True when an environment (proc_pid_environ(5)) bears the mark.</summary>
    public bool IsIn(ReadOnlySpan<byte> environment)
    {
        foreach (var range in environment.Split((byte)0))
            if (environment[range] is var variable && variable.StartsWith(Prefix))
                return Lists(variable[Prefix.Length..], Encoding.UTF8.GetBytes(Value));
        return false;
    }

    // It becomes the name of a directory.
    private static string Unmarked(string text) => string.Concat(text.Select(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' ? character : '_'));

    private static bool Lists(ReadOnlySpan<byte> marks, ReadOnlySpan<byte> mark)
    {
        foreach (var range in marks.Split((byte)':'))
            if (marks[range].SequenceEqual(mark))
                return true;
        return false;
    }
}
