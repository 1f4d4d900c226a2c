using System.Globalization;
using System.Text;
using Osapi.Transport.Embedded;

namespace Osapi.Transport.Trust;

/// <summary>The time from which on a controller refuses unsigned messages. Earlier ones are history: they are read as an earlier version wrote them.</summary>
public static class TrustBeginning
{
    /// <summary>The name of its file in a controller's state directory.</summary>
    public const string FileName = "trust.since";

    private const int MaxLength = 64;

    /// <summary>Gets the time; the first call for a state directory sets it to the present, by the store's clock, and signs what the buckets hold.</summary>
    /// <param name="path">The file.</param>
    /// <param name="carrier">The transport that stores and carries.</param>
    /// <param name="keys">The controllers' keys.</param>
    /// <param name="hosts">The keys of the enrolled hosts.</param>
    /// <param name="signsHosts">True to sign the agent records as well: no agent without trust uses the store any more.</param>
    /// <param name="cancellationToken">Abandons the call; it can be repeated.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static async Task<DateTimeOffset> EstablishAsync(string path, ITransport carrier, ControllerKeys keys, IHostKeys hosts, bool signsHosts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(carrier);
        if (File.Exists(path))
            return Read(path);
        using ControllerParty party = new(keys, hosts, new());
        // A bucket keeps the newest values only, which have no time: they are signed once instead.
        await SignAsync(carrier.Roster, EnvelopePlace.Roster, party, cancellationToken);
        if (signsHosts)
            await SignAsync(carrier.Hosts, EnvelopePlace.Hosts, party, cancellationToken);
        Write(path, carrier.ServerNow);
        return Read(path);
    }

    private static async Task SignAsync(IKeyValues bucket, EnvelopePlace place, ControllerParty party, CancellationToken cancellationToken)
    {
        foreach (var entry in await bucket.ListAsync(cancellationToken))
            if (!entry.Value.IsEmpty && !EnvelopeReader.IsEnvelope(entry.Value.Span))
                // A value that was changed meanwhile is another controller's, which signs it.
                await bucket.PutAsync(entry.Key, party.Seal(place, entry.Key, entry.Value), entry.Revision, cancellationToken);
    }

    private static DateTimeOffset Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read);
        var bytes = new byte[MaxLength];
        var text = Encoding.ASCII.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        return DateTimeOffset.TryParseExact(text.Trim(), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var since)
            ? since
            : throw new InvalidDataException($"{path} is damaged: expected the time since which this system refuses unsigned messages");
    }

    private static void Write(string path, DateTimeOffset since)
    {
        var temporary = $"{path}.new";
        using (FileStream file = new(temporary, PrivateFiles.Options(FileMode.Create, FileAccess.Write, FileShare.None)))
        {
            file.Write(Encoding.ASCII.GetBytes($"{since.ToString("O", CultureInfo.InvariantCulture)}\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        PrivateFiles.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
