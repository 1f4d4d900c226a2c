namespace Osapi.Client;

/// <summary>Reads the body of a response whose caller wants it as it arrives.</summary>
internal static class CopiedBody
{
    // A smaller body is returned whole, so that what is not from a controller is reported and not copied.
    private const int MaxWhole = 256 * 1024;

    private const int BufferSize = 64 * 1024;

    /// <summary>Reads a body. A large one is copied as it arrives, and only the beginnings of its long texts are returned.</summary>
    public static async Task<(byte[] Body, bool IsCopied)> ReadAsync(HttpContent content, Action<ReadOnlyMemory<byte>> copy, CancellationToken cancellationToken)
    {
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        var begin = new byte[MaxWhole];
        var count = await stream.ReadAtLeastAsync(begin, begin.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (count < begin.Length)
            return (begin[..count], false);
        ShortenedJson shortened = new();
        copy(begin);
        shortened.Add(begin);
        var buffer = begin.AsMemory(0, BufferSize);
        while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var next)
        {
            copy(buffer[..next]);
            shortened.Add(buffer.Span[..next]);
        }

        return (shortened.Kept.ToArray(), true);
    }
}
