using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;

namespace Osapi.Controller.Jobs.Outputs;

/// <summary>Writes bytes that come in parts as the content of one JSON string. Invalid UTF-8 is replaced with U+FFFD.</summary>
internal sealed class JsonTextWriter(PipeWriter body)
{
    private const int BlockSize = 32 * 1024;
    private const int MaxPartial = 3;

    // Writes as few escapes as the format allows; a JSON document is never part of a page.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    // The incomplete character at the end of the last part.
    private readonly byte[] partial = new byte[2 * MaxPartial];
    private int partialLength;

    /// <summary>Writes a part; completes when the caller has taken it.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        bytes = bytes[CompletePartial(bytes.Span)..];
        while (partialLength == 0 && !bytes.IsEmpty)
        {
            bytes = bytes[Encode(bytes.Span, isLast: false)..];
            await body.FlushAsync(cancellationToken);
            if (bytes.Length <= MaxPartial && IsPartial(bytes.Span))
            {
                bytes.CopyTo(partial);
                partialLength = bytes.Length;
            }
        }
    }

    /// <summary>Writes what is left of an incomplete character at the end.</summary>
    public void Complete()
    {
        if (partialLength > 0)
            Encode(partial.AsSpan(0, partialLength), isLast: true);
        partialLength = 0;
    }

    // Returns how many bytes were needed to complete the last part's character.
    private int CompletePartial(ReadOnlySpan<byte> bytes)
    {
        var taken = 0;
        while (partialLength > 0 && taken < bytes.Length)
        {
            partial[partialLength++] = bytes[taken++];
            var encoded = Encode(partial.AsSpan(0, partialLength), isLast: false);
            partial.AsSpan(encoded, partialLength - encoded).CopyTo(partial);
            partialLength -= encoded;
        }

        return taken;
    }

    // Returns how many bytes were encoded: all but an incomplete character, or as many as fit a block.
    private int Encode(ReadOnlySpan<byte> bytes, bool isLast)
    {
        Encoder.EncodeUtf8(bytes, body.GetSpan(BlockSize), out var consumed, out var written, isLast);
        body.Advance(written);
        return consumed;
    }

    private static bool IsPartial(ReadOnlySpan<byte> bytes) =>
        System.Text.Rune.DecodeFromUtf8(bytes, out _, out _) == OperationStatus.NeedMoreData;
}
