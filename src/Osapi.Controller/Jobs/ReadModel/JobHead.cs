using System.Text.Json;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>Creates the head of a record or state: the message without its large parts.</summary>
/// <remarks>
/// Lists and events are read from heads, so that their cost does not depend on the size of requests and results.
/// </remarks>
internal static class JobHead
{
    /// <summary>The maximum number of characters of an error in an event; the job itself has all of it.</summary>
    public const int MaxErrorLength = 4096;

    /// <summary>Creates the head of a record: without its request.</summary>
    public static byte[] Of(JobRecord record) => JobJson.Bytes(record with { Request = JobRecord.NoRequest });

    /// <summary>Creates the head of a state, whose entry has only host, outcome and error.</summary>
    public static byte[] Of(JobEvent state) =>
        JobJson.Bytes(state.Entry is { } entry ? state with { Entry = JsonElement.Parse(JobEntries.Bytes(Shorten(HostReply.Read(entry)))) } : state);

    private static HostReply Shorten(HostReply entry) => new() { Hostname = entry.Hostname, Outcome = entry.Outcome, Error = Shorten(entry.Error) };

    private static string? Shorten(string? error)
    {
        if (error is null || error.Length <= MaxErrorLength)
            return error;
        // Half a surrogate pair would be invalid text.
        var length = char.IsHighSurrogate(error[MaxErrorLength - 4]) ? MaxErrorLength - 4 : MaxErrorLength - 3;
        return error[..length] + "...";
    }
}
