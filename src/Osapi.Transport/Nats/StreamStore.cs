using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>
/// Requests to streams. They are answered by the stream's leader, because a replica may lag; only an agent's requests for its own
/// subjects may be answered by any replica.
/// </summary>
internal sealed class StreamStore(NatsBroker broker)
{
    private const int RemovalsUnderWay = 64;

    private static readonly NatsRawSerializer<byte[]> Raw = NatsRawSerializer<byte[]>.Default;

    private readonly HashSet<string> ownSubjects = broker.ReadsOwnSubjectsOnly
        ? [broker.Names.StreamOf(StreamName.Commands), NatsNames.KeyStream(broker.Names.Hosts), NatsNames.KeyStream(broker.Names.Roster)]
        : [];

    private string Api => field ??= $"{broker.Api}.STREAM";

    /// <summary>True for a stream whose messages this process can only get by subject, from a replica that may lag.</summary>
    public bool MayLag(string stream) => ownSubjects.Contains(stream);

    /// <summary>Gets the newest message of a subject; null when there is none.</summary>
    public Task<StoredEntry?> LastAsync(string stream, string subject, CancellationToken cancellationToken) => MayLag(stream)
        ? LastOwnAsync(stream, subject, cancellationToken)
        : GetAsync(stream, new() { LastBySubj = subject }, cancellationToken);

    /// <summary>Gets the first message of a subject at or after a sequence; null when there is none.</summary>
    public Task<StoredEntry?> NextAsync(string stream, string subject, long sequence, CancellationToken cancellationToken) =>
        GetAsync(stream, new() { NextBySubj = subject, Seq = (ulong)sequence }, cancellationToken);

    /// <summary>Gets the message at a sequence; null when it does not exist.</summary>
    public Task<StoredEntry?> AtAsync(string stream, long sequence, CancellationToken cancellationToken) =>
        GetAsync(stream, new() { Seq = (ulong)sequence }, cancellationToken);

    public Task<StreamInfo> StateAsync(string stream, TimeSpan timeout, CancellationToken cancellationToken)
    {
        return broker.CallAsync($"{Api}.INFO.{stream}", AskAsync, stream, timeout, cancellationToken);

        async ValueTask<StreamInfo> AskAsync(CancellationToken token)
        {
            var found = (await broker.JetStream.GetStreamAsync(stream, cancellationToken: token)).Info;
            broker.Ends.Take(stream, found);
            return found;
        }
    }

    /// <summary>Determines with a single request whether the stream exists.</summary>
    /// <exception cref="NoResponseException">The broker does not answer, or has no leader.</exception>
    public Task<bool> ExistsAsync(string stream, CancellationToken cancellationToken)
    {
        return broker.AttemptAsync($"{Api}.INFO.{stream}", AskAsync, NatsBroker.RequestTimeout, cancellationToken);

        async ValueTask<bool> AskAsync(CancellationToken token)
        {
            try
            {
                await broker.JetStream.GetStreamAsync(stream, cancellationToken: token);
                return true;
            }
            catch (NatsJSApiException none) when (none.Error.ErrCode == NatsErrors.NoSuchStream)
            {
                return false;
            }
        }
    }

    /// <summary>Counts the messages of each subject that matches a filter; the broker names 100,000 subjects at most.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(string stream, string filter, CancellationToken cancellationToken)
    {
        var found = await broker.CallAsync($"{Api}.INFO.{stream}", token => broker.JetStream.GetStreamAsync(stream, new() { SubjectsFilter = filter }, token), stream, callTimeout: null, cancellationToken);
        return (IReadOnlyDictionary<string, long>?)found.Info.State.Subjects?.AsReadOnly() ?? new Dictionary<string, long>();
    }

    /// <summary>Removes the messages of a subject: those before a sequence, or all.</summary>
    /// <returns>The number of removed messages; fewer when an earlier attempt removed some and its response was lost.</returns>
    public async Task<long> PurgeAsync(string stream, string subject, long? before, CancellationToken cancellationToken) =>
        (await broker.CallAsync($"{Api}.PURGE.{stream}", token => broker.JetStream.PurgeStreamAsync(stream, new() { Filter = subject, Seq = (ulong)(before ?? 0) }, token), stream, callTimeout: null, cancellationToken)).Purged;

    /// <summary>Removes single messages, which is far cheaper for the broker than a search by subject.</summary>
    public async Task RemoveAsync(string stream, IReadOnlyList<long> sequences, CancellationToken cancellationToken)
    {
        // Messages that have expired need no request.
        var first = (long)(await StateAsync(stream, NatsBroker.RequestTimeout, cancellationToken)).State.FirstSeq;
        await Parallel.ForEachAsync(
            sequences.Where(sequence => sequence >= first),
            new ParallelOptions { MaxDegreeOfParallelism = RemovalsUnderWay, CancellationToken = cancellationToken },
            async (sequence, token) => await RemoveAsync(stream, sequence, token));
    }

    private Task<bool> RemoveAsync(string stream, long sequence, CancellationToken cancellationToken)
    {
        var subject = $"{Api}.MSG.DELETE.{stream}";
        return broker.CallAsync(subject, AskAsync, stream, callTimeout: null, cancellationToken);

        async ValueTask<bool> AskAsync(CancellationToken token)
        {
            try
            {
                StreamMsgDeleteRequest request = new() { Seq = (ulong)sequence, NoErase = true };
                return (await broker.JetStream.JSRequestResponseAsync<StreamMsgDeleteRequest, StreamMsgDeleteResponse>(subject, request, token)).Success;
            }
            catch (NatsJSApiException failure) when (failure.Error.ErrCode is NatsErrors.NoSuchMessage or NatsErrors.NotDeleted)
            {
                return false;
            }
        }
    }

    private Task<StoredEntry?> LastOwnAsync(string stream, string subject, CancellationToken cancellationToken)
    {
        var request = $"{broker.Api}.DIRECT.GET.{stream}.{subject}";
        return broker.CallAsync(
            request,
            async token => StoredEntry.Of(await broker.Connection.RequestAsync<byte[], byte[]>(request, [], requestSerializer: Raw, replySerializer: Raw, cancellationToken: token)),
            cancellationToken);
    }

    private Task<StoredEntry?> GetAsync(string stream, StreamMsgGetRequest request, CancellationToken cancellationToken)
    {
        var subject = $"{Api}.MSG.GET.{stream}";
        return broker.CallAsync(subject, AskAsync, stream, callTimeout: null, cancellationToken);

        async ValueTask<StoredEntry?> AskAsync(CancellationToken token)
        {
            try
            {
                return StoredEntry.Of((await broker.JetStream.JSRequestResponseAsync<StreamMsgGetRequest, StreamMsgGetResponse>(subject, request, token)).Message);
            }
            catch (NatsJSApiException failure) when (failure.Error.ErrCode == NatsErrors.NoSuchMessage)
            {
                return null;
            }
        }
    }
}
