using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Osapi.Transport.Nats;

/// <summary>What is asked of a stream. Every answer comes from its leader: a replica may lag behind what was just appended.</summary>
internal sealed class StreamStore(Broker broker)
{
    private const string Api = "$JS.API.STREAM";
    private const int RemovalsUnderWay = 64;

    /// <summary>The newest message of a subject; null when there is none.</summary>
    public Task<StoredMessage?> LastAsync(string stream, string subject, CancellationToken cancellationToken) =>
        GetAsync(stream, new() { LastBySubj = subject }, cancellationToken);

    /// <summary>The first message of a subject at or after a sequence; null when there is none.</summary>
    public Task<StoredMessage?> NextAsync(string stream, string subject, long sequence, CancellationToken cancellationToken) =>
        GetAsync(stream, new() { NextBySubj = subject, Seq = (ulong)sequence }, cancellationToken);

    /// <summary>The message at a sequence; null when it is gone.</summary>
    public Task<StoredMessage?> AtAsync(string stream, long sequence, CancellationToken cancellationToken) =>
        GetAsync(stream, new() { Seq = (ulong)sequence }, cancellationToken);

    public async Task<StreamInfo> StateAsync(string stream, TimeSpan patience, CancellationToken cancellationToken) =>
        await broker.CallAsync($"{Api}.INFO.{stream}", async token => (await broker.JetStream.GetStreamAsync(stream, cancellationToken: token)).Info, cancellationToken, stream, patience);

    /// <summary>How many messages each subject has that a filter takes; the broker names 100,000 subjects at most.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(string stream, string filter, CancellationToken cancellationToken)
    {
        var found = await broker.CallAsync($"{Api}.INFO.{stream}", token => broker.JetStream.GetStreamAsync(stream, new() { SubjectsFilter = filter }, token), cancellationToken, stream);
        return (IReadOnlyDictionary<string, long>?)found.Info.State.Subjects?.AsReadOnly() ?? new Dictionary<string, long>();
    }

    /// <summary>Removes the messages of a subject: those before a sequence, or all.</summary>
    /// <returns>How many there were; fewer when an earlier attempt removed them and its answer got lost.</returns>
    public async Task<long> PurgeAsync(string stream, string subject, long? before, CancellationToken cancellationToken) =>
        (await broker.CallAsync($"{Api}.PURGE.{stream}", token => broker.JetStream.PurgeStreamAsync(stream, new() { Filter = subject, Seq = (ulong)(before ?? 0) }, token), cancellationToken, stream)).Purged;

    /// <summary>Removes single messages, which costs the broker far less than to look for those of a subject.</summary>
    public async Task RemoveAsync(string stream, IReadOnlyList<long> sequences, CancellationToken cancellationToken)
    {
        // What has aged out needs no request.
        var first = (long)(await StateAsync(stream, Broker.Patience, cancellationToken)).State.FirstSeq;
        await Parallel.ForEachAsync(
            sequences.Where(sequence => sequence >= first),
            new ParallelOptions { MaxDegreeOfParallelism = RemovalsUnderWay, CancellationToken = cancellationToken },
            async (sequence, token) => await RemoveAsync(stream, sequence, token));
    }

    private Task<bool> RemoveAsync(string stream, long sequence, CancellationToken cancellationToken)
    {
        var subject = $"{Api}.MSG.DELETE.{stream}";
        return broker.CallAsync(subject, AskAsync, cancellationToken, stream);

        async ValueTask<bool> AskAsync(CancellationToken token)
        {
            try
            {
                StreamMsgDeleteRequest request = new() { Seq = (ulong)sequence, NoErase = true };
                return (await broker.JetStream.JSRequestResponseAsync<StreamMsgDeleteRequest, StreamMsgDeleteResponse>(subject, request, token)).Success;
            }
            catch (NatsJSApiException failure) when (failure.Error.ErrCode is Trouble.NoSuchMessage or Trouble.NotDeleted)
            {
                return false;
            }
        }
    }

    private Task<StoredMessage?> GetAsync(string stream, StreamMsgGetRequest request, CancellationToken cancellationToken)
    {
        var subject = $"{Api}.MSG.GET.{stream}";
        return broker.CallAsync(subject, AskAsync, cancellationToken, stream);

        async ValueTask<StoredMessage?> AskAsync(CancellationToken token)
        {
            try
            {
                return (await broker.JetStream.JSRequestResponseAsync<StreamMsgGetRequest, StreamMsgGetResponse>(subject, request, token)).Message;
            }
            catch (NatsJSApiException failure) when (failure.Error.ErrCode == Trouble.NoSuchMessage)
            {
                return null;
            }
        }
    }
}
