using System.Buffers;
using System.Text;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// The marker of the processes of one job on one agent: a value in an environment variable, which every descendant
/// inherits.
/// </summary>
/// <remarks>No fork or new session loses it, and it is the same after a restart of the agent.</remarks>
/// <param name="Value">The value: ASCII letters, digits, dots, hyphens and underscores.</param>
internal readonly record struct ProcessMarker(string Value)
{
    public const string Variable = "OSAPI_JOB";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");

    private static ReadOnlySpan<byte> Prefix => "OSAPI_JOB="u8;

    /// <summary>
    /// Gets the marker of a job. Several agents on a machine may run the same job, so the agent's ledger is part of it.
    /// </summary>
    public static ProcessMarker Of(JobId jobId, string ledger) => new(Unmarked($"{jobId}.{ledger}"));

    /// <summary>Creates a random marker, for processes outside of jobs.</summary>
    public static ProcessMarker New() => new(Guid.NewGuid().ToString());

    /// <summary>
    /// Gets the variable's value for a new process: an agent that itself runs in a job of another agent appends its
    /// marker, and stays a part of that job.
    /// </summary>
    public string Inherit(string? own) => string.IsNullOrEmpty(own) ? Value : $"{own}:{Value}";

    /// <summary>True when an environment (proc_pid_environ(5)) contains the marker.</summary>
    public bool IsIn(ReadOnlySpan<byte> environment)
    {
        foreach (var range in environment.Split((byte)0))
            if (environment[range] is var variable && variable.StartsWith(Prefix))
                return Lists(variable[Prefix.Length..], Encoding.UTF8.GetBytes(Value));
        return false;
    }

    // It becomes the name of a directory.
    private static string Unmarked(string text) => text.AsSpan().ContainsAnyExcept(Allowed)
        ? string.Concat(text.Select(character => Allowed.Contains(character) ? character : '_'))
        : text;

    private static bool Lists(ReadOnlySpan<byte> marks, ReadOnlySpan<byte> marker)
    {
        foreach (var range in marks.Split((byte)':'))
            if (marks[range].SequenceEqual(marker))
                return true;
        return false;
    }
}
