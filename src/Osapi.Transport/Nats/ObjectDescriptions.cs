using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using NATS.Client.JetStream;

namespace Osapi.Transport.Nats;

/// <summary>The descriptions of a bucket's objects: the messages that make the content visible. Anybody may have written them.</summary>
/// <param name="bucket">The bucket.</param>
/// <param name="owned">True when the first part of a name is the host that writes the object, see <see cref="NatsObjects"/>.</param>
/// <param name="broker">The broker.</param>
/// <param name="streams">The access to streams.</param>
/// <param name="clock">The broker's clock.</param>
internal sealed partial class ObjectDescriptions(string bucket, bool owned, NatsBroker broker, StreamStore streams, ServerClock clock)
{
    private readonly ILogger logger = broker.Options.Logger;
    private readonly string stream = NatsNames.ObjectStream(bucket);
    private readonly string subjects = NatsNames.Descriptions(bucket);

    /// <summary>Gets the ids of the contents that have a description: the last token of their chunks' subject.</summary>
    public async Task<IReadOnlySet<string>> ContentsAsync(CancellationToken cancellationToken) =>
        (await ListAsync(cancellationToken)).Values.Select(found => OwnerOf(found.Description.Name) + found.Description.Id).ToHashSet();

    /// <summary>Gets the sequence of the valid description in the stream; null when there is none.</summary>
    public async Task<long?> NewestAsync(string subject, CancellationToken cancellationToken)
    {
        ulong? newest = null;
        await foreach (var message in new StreamEnumerator(broker, stream, subject).ReadAsync(cancellationToken))
            if (Parse(message) is not null)
                newest = message.Metadata!.Value.Sequence.Stream;
        return (long?)newest;
    }

    /// <summary>Gets the subject of an object's description. It has the whole name, so that a found description can be compared with it.</summary>
    public string SubjectOf(string name) => subjects + OwnerOf(name) + ObjectDescription.TokenOf(name);

    /// <summary>Gets the token of the host that owns an object, with a dot at the end; empty without one.</summary>
    public string OwnerOf(string name) => owned && name.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash && Owner.IsMatch(name.AsSpan(0, slash)) ? $"{name[..slash]}." : "";

    private ObjectDescription? Parse(INatsJSMsg<byte[]> message) => Parse(message.Subject, StoredCopy.Content(message.Headers, message.Data));

    // A description below a host's key must belong to an object of that host.
    private ObjectDescription? Parse(string subject, ReadOnlyMemory<byte> json) =>
        ObjectDescription.TryParse(bucket, subject[(subject.LastIndexOf('.') + 1)..], json) is { } description && SubjectOf(description.Name) == subject ? description : null;

    /// <summary>Reads all descriptions, by name. Of two descriptions of an object the later one counts; invalid ones are ignored.</summary>
    public async Task<Dictionary<string, (ObjectDescription Description, DateTimeOffset Stored)>> ListAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, (ObjectDescription, DateTimeOffset)> found = new(StringComparer.Ordinal);
        await foreach (var message in new StreamEnumerator(broker, stream, $"{subjects}>").ReadAsync(cancellationToken))
            if (Parse(message) is not { } description)
                LogInvalidDescription(message.Subject, message.Metadata!.Value.Sequence.Stream);
            else if (description.Deleted)
                found.Remove(description.Name);
            else
                found[description.Name] = (description, message.Metadata!.Value.Timestamp);
        return found;
    }

    /// <summary>Finds the description of an object; null when there is none.</summary>
    public async Task<(ObjectDescription Description, DateTimeOffset Stored)?> FindAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var subject = SubjectOf(name);
        if (await streams.LastAsync(stream, subject, cancellationToken) is not { } last)
            return null;
        clock.Observe(last.Time);
        if (Parse(subject, last.Data) is { } description)
            return description.Deleted ? null : (description, last.Time);
        LogInvalidDescription(subject, (ulong)last.Sequence);
        // An earlier description stays until it is removed.
        return broker.ReadsOwnSubjectsOnly ? null : await EarlierAsync(subject, name, cancellationToken);
    }

    private async Task<(ObjectDescription Description, DateTimeOffset Stored)?> EarlierAsync(string subject, string name, CancellationToken cancellationToken)
    {
        (ObjectDescription, DateTimeOffset)? found = null;
        await foreach (var message in new StreamEnumerator(broker, stream, subject).ReadAsync(cancellationToken))
            if (Parse(message) is { } description)
                found = description.Deleted ? null : (description, message.Metadata!.Value.Timestamp);
        return found;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Skipped the invalid description {Subject} at {Sequence}")]
    private partial void LogInvalidDescription(string subject, ulong sequence);

    [GeneratedRegex(@"\A[A-Za-z0-9_=-]+\z")]
    private static partial Regex Owner { get; }
}
