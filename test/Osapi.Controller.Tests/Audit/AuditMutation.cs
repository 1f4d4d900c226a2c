namespace Osapi.Controller.Tests.Audit;

/// <summary>A change of an audit chain's files by somebody who has no key.</summary>
internal static class AuditMutation
{
    private static readonly Func<List<byte[]>, Random, string?>[] Kinds = [ChangeByte, Remove, RemoveTail, Swap, Shorten, CutInLine, Repeat, AddForged, MoveAnother];

    /// <summary>Makes one change; null when this one changes nothing.</summary>
    public static string? Apply(string directory, Random random)
    {
        var files = Directory.EnumerateFiles(directory, "*.jsonl", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        if (random.Next(20) == 0)
        {
            var removed = files[random.Next(files.Count)];
            File.Delete(removed);
            return $"removed {Path.GetFileName(removed)}";
        }

        // The last one is as likely as all others together.
        var file = random.Next(2) == 0 ? files[^1] : files[random.Next(files.Count)];
        var before = File.ReadAllBytes(file);
        var lines = Lines(before);
        var what = Kinds[random.Next(Kinds.Length)](lines, random);
        var after = lines.SelectMany(line => line).ToArray();
        if (what is null || after.AsSpan().SequenceEqual(before))
            return null;
        File.WriteAllBytes(file, after);
        return $"{what} in {Path.GetFileName(file)}";
    }

    // Each with its end.
    private static List<byte[]> Lines(byte[] content)
    {
        List<byte[]> lines = [];
        for (var at = 0; at < content.Length;)
        {
            var end = Array.IndexOf(content, (byte)'\n', at) + 1;
            lines.Add(content[at..end]);
            at = end;
        }

        return lines;
    }

    private static string ChangeByte(List<byte[]> lines, Random random)
    {
        var i = random.Next(lines.Count);
        var at = random.Next(lines[i].Length);
        lines[i] = [.. lines[i]];
        lines[i][at] ^= (byte)random.Next(1, 256);
        return $"changed byte {at} of line {i}";
    }

    private static string Remove(List<byte[]> lines, Random random)
    {
        var i = random.Next(lines.Count);
        lines.RemoveAt(i);
        return $"removed line {i}";
    }

    private static string RemoveTail(List<byte[]> lines, Random random)
    {
        var count = random.Next(1, Math.Min(4, lines.Count));
        lines.RemoveRange(lines.Count - count, count);
        return $"removed the last {count} lines";
    }

    private static string? Swap(List<byte[]> lines, Random random)
    {
        var (i, j) = (random.Next(lines.Count), random.Next(lines.Count));
        (lines[i], lines[j]) = (lines[j], lines[i]);
        return $"swapped lines {i} and {j}";
    }

    private static string Shorten(List<byte[]> lines, Random random)
    {
        var i = random.Next(lines.Count);
        var length = random.Next(lines[i].Length - 1);
        lines[i] = [.. lines[i][..length], (byte)'\n'];
        return $"shortened line {i} to {length} bytes";
    }

    private static string CutInLine(List<byte[]> lines, Random random)
    {
        var i = random.Next(lines.Count);
        var length = random.Next(lines[i].Length);
        lines[i] = lines[i][..length];
        lines.RemoveRange(i + 1, lines.Count - i - 1);
        return $"cut after {length} bytes of line {i}";
    }

    private static string Repeat(List<byte[]> lines, Random random)
    {
        var (i, j) = (random.Next(lines.Count), random.Next(lines.Count + 1));
        lines.Insert(j, lines[i]);
        return $"repeated line {i} at {j}";
    }

    private static string AddForged(List<byte[]> lines, Random random)
    {
        lines.Insert(random.Next(lines.Count + 1), [.. System.Text.Encoding.ASCII.GetBytes($$"""{"n":{{random.Next(1, 500)}},"prev":"{{new string('A', 43)}}","key":"00000000","entry":{},"mac":"{{new string('A', 43)}}"}"""), (byte)'\n']);
        return "added a forged line";
    }

    private static string? MoveAnother(List<byte[]> lines, Random random)
    {
        var i = random.Next(lines.Count);
        var line = lines[i];
        lines.RemoveAt(i);
        lines.Insert(random.Next(lines.Count + 1), line);
        return $"moved line {i}";
    }
}
