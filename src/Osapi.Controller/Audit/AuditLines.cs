namespace Osapi.Controller.Audit;

/// <summary>Reads the lines of a file of a chain, in bounded memory.</summary>
internal static class AuditLines
{
    private const int Block = 256 * 1024;

    /// <summary>Reads the lines in order. What follows the last end of a line is the last item, marked as torn.</summary>
    /// <remarks>A line that is longer than any that is written comes in pieces, none of which is valid.</remarks>
    public static IEnumerable<(ReadOnlyMemory<byte> Line, bool IsTorn)> Forward(string path)
    {
        using var file = TryOpen(path);
        if (file is null)
            yield break;
        byte[] rest = [];
        while (true)
        {
            // A block of its own each time: the lines of the last one may still be in use.
            var buffer = new byte[rest.Length + Block];
            rest.CopyTo(buffer, 0);
            var read = file.Read(buffer, rest.Length, Block);
            if (read == 0)
                break;
            var bytes = buffer.AsMemory(0, rest.Length + read);
            for (int end; (end = bytes.Span.IndexOf((byte)'\n')) >= 0; bytes = bytes[(end + 1)..])
                yield return (bytes[..end], false);
            if (bytes.Length > AuditLine.MaxSize)
            {
                yield return (bytes, false);
                bytes = default;
            }

            rest = bytes.ToArray();
        }

        if (rest.Length > 0)
            yield return (rest, true);
    }

    /// <summary>Reads the complete lines in reverse order.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Backward(string path)
    {
        using var file = TryOpen(path);
        if (file is null)
            yield break;
        ReadOnlyMemory<byte> rest = default;
        var isFirst = true;
        for (var at = file.Length; at > 0;)
        {
            var size = (int)Math.Min(Block, at);
            at -= size;
            var buffer = new byte[size + rest.Length];
            file.Position = at;
            file.ReadExactly(buffer, 0, size);
            rest.CopyTo(buffer.AsMemory(size));
            ReadOnlyMemory<byte> bytes = buffer;
            for (int end; (end = bytes.Span.LastIndexOf((byte)'\n')) >= 0; bytes = bytes[..end])
            {
                // What follows the last end is a line that is being written.
                if (!isFirst)
                    yield return bytes[(end + 1)..];
                isFirst = false;
            }

            rest = bytes.Length <= AuditLine.MaxSize ? bytes : default;
        }

        if (!isFirst && rest.Length > 0)
            yield return rest;
    }

    // Removed by the retention meanwhile: there is nothing to read.
    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
