using System.Text.Json;
using Osapi.Operations;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs.ReadModel;

/// <summary>
/// The head of a record or of a state: the same message without what may be large. A page of lists or of events is read
/// from heads, so that what it costs does not depend on what was asked and answered.
/// </summary>
internal static class JobHead
{
    /// <summary>The most characters of an error that an event carries; the job itself has all of it.</summary>
    public const int MaxErrorLength = 4096;

    private static readonly JsonElement NoRequest = JsonElement.Parse("{}");

    /// <summary>The record without its request.</summary>
    public static byte[] Of(JobRecord record) => JobJson.Bytes(record with { Request = NoRequest });

    /// <summary>The state with an entry that holds nothing but host, outcome and error.</summary>
    public static byte[] Of(JobEvent state) =>
        JobJson.Bytes(state.Entry is { } entry ? state with { Entry = JsonElement.Parse(JobEntries.Bytes(Short(HostReply.Read(entry)))) } : state);

    private static HostReply Short(HostReply entry) => new() { Hostname = entry.Hostname, Outcome = entry.Outcome, Error = Short(entry.Error) };

    private static string? Short(string? error)
    {
        if (error is null || error.Length <= MaxErrorLength)
            return error;
        // Half a surrogate pair would be no text.
        var length = char.IsHighSurrogate(error[MaxErrorLength - 4]) ? MaxErrorLength - 4 : MaxErrorLength - 3;
        return error[..length] + "...";
    }
}
