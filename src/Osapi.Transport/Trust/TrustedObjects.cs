using System.Security.Cryptography;
using System.Text;
using Osapi.Transport.Jobs;

namespace Osapi.Transport.Trust;

/// <summary>A bucket whose objects are sealed by their writers.</summary>
/// <remarks>The store describes the sealed form: the description of one object costs its reading, and a list has the sealed sizes and digests.</remarks>
internal sealed class TrustedObjects(IObjects carrier, EnvelopePlace place, TrustParty party, SkippedMessages skipped) : IObjects
{
    public async Task<ObjectInfo> PutAsync(string name, Stream content, string? metadata, CancellationToken cancellationToken)
    {
        var header = ObjectSeal.Header(place, party.Signer);
        await using SealingStream sealing = new(content, header, ObjectSeal.Key(party.ObjectKeysOf(party.Signer)[0], name, header));
        return await carrier.PutAsync(name, sealing, metadata, cancellationToken) with { Size = sealing.Size, Sha256 = sealing.Sha256 };
    }

    public async Task<ObjectInfo?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (await carrier.FindAsync(name, cancellationToken) is not { } info || await OpenAsync(name, cancellationToken) is not { } content)
            return null;
        await using (content)
            return info with { Size = content.Length, Sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)) };
    }

    public async Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        if (await carrier.OpenAsync(name, cancellationToken) is not { } stored)
            return null;
        try
        {
            return await OpenAsync(name, stored, cancellationToken) ?? await OpenUnsealedAsync(name, stored, cancellationToken);
        }
        catch (DamagedObjectException exception)
        {
            await stored.DisposeAsync();
            Count(name, exception.Message);
            throw;
        }
        catch
        {
            await stored.DisposeAsync();
            throw;
        }
    }

    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => carrier.DeleteAsync(name, cancellationToken);

    // Names only: the sizes and digests are those of the sealed form, and reading every object for a list could take hours.
    public Task<IReadOnlyList<ObjectInfo>> ListAsync(CancellationToken cancellationToken) => carrier.ListAsync(cancellationToken);

    // Null when it is not sealed.
    private async Task<Stream?> OpenAsync(string name, Stream stored, CancellationToken cancellationToken)
    {
        var begin = new byte[ObjectSeal.FixedSize];
        if (await stored.ReadAtLeastAsync(begin, begin.Length, throwOnEndOfStream: false, cancellationToken) < begin.Length || ObjectSeal.SignerLength(begin, place) is not { } length)
            return null;
        var header = new byte[begin.Length + length + ObjectSeal.SaltSize];
        begin.CopyTo(header, 0);
        if (await stored.ReadAtLeastAsync(header.AsMemory(begin.Length), header.Length - begin.Length, throwOnEndOfStream: false, cancellationToken) < header.Length - begin.Length)
            throw Forged(name);
        var signer = length == 0 ? null : Encoding.ASCII.GetString(header, begin.Length, length);
        if ((signer is not null && !TrustRules.MayWrite(signer, place, name)) || party.ObjectKeysOf(signer) is not { Count: > 0 } keys)
            throw Forged(name);
        return new OpeningStream(stored, stored.Length - header.Length, [.. keys.Select(key => ObjectSeal.Key(key, name, header))], name, reason => Count(name, reason));
    }

    private async Task<Stream?> OpenUnsealedAsync(string name, Stream stored, CancellationToken cancellationToken)
    {
        await stored.DisposeAsync();
        if (await carrier.FindAsync(name, cancellationToken) is not { } info)
            return null;
        return party.AllowsUnsealed(name, info.Modified) ? await carrier.OpenAsync(name, cancellationToken) : throw Forged(name);
    }

    // A forger chooses the name as well: all of them count as one sender.
    private void Count(string name, string reason) => skipped.Add("results", "results", name, sequence: 0, reason);

    private static DamagedObjectException Forged(string name) => new($"the object '{name}' was not written by who may write it");
}
