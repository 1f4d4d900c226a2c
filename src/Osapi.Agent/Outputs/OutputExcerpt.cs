using System.Globalization;
using System.Text;
using System.Text.Json;
using Osapi.Agent.Hosts.Processes;
using Osapi.Operations.Jobs;
using Osapi.Operations.Json;
using Osapi.Transport.Jobs;

namespace Osapi.Agent.Outputs;

/// <summary>The beginning and the end of an output that is too large for a reply.</summary>
internal static class OutputExcerpt
{
    /// <summary>The number of bytes of the beginning, and of the end.</summary>
    public const int SideLength = 64 * 1024;

    /// <summary>Joins the sides of an output, with a line that says how much is left out between them.</summary>
    /// <param name="head">The beginning.</param>
    /// <param name="tail">The end.</param>
    /// <param name="length">The number of bytes of the output.</param>
    public static string Of(ReadOnlySpan<byte> head, ReadOnlySpan<byte> tail, long length)
    {
        head = head[..^JsonCost.PartialLength(head)];
        // At most three bytes of a character whose beginning is left out.
        for (var left = 3; left > 0 && (tail[0] & 0xC0) == 0x80; left--)
            tail = tail[1..];
        return string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(head)}\n[... {length - head.Length - tail.Length:N0} bytes left out ...]\n{Encoding.UTF8.GetString(tail)}");
    }

    /// <summary>Creates the result of a job from the files of an earlier run of the agent; null when there are none.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static JsonElement? Of(string path)
    {
        var found = false;
        var json = JobEntries.Json(writer =>
        {
            writer.WriteStartObject();
            foreach (var stream in Enum.GetValues<OutputStream>())
            {
                using var file = SpoolFile.TryOpen(JobSpool.PathOf(path, stream));
                if (file is null)
                    continue;
                found = true;
                var name = SnakeCaseName.Of(stream);
                writer.WriteString(name, Of(file));
                writer.WriteBoolean($"{name}_truncated", true);
                writer.WriteNumber($"{name}_bytes", file.Length);
            }

            writer.WriteEndObject();
        });
        return found ? JsonElement.Parse(json) : null;
    }

    private static string Of(SpoolFile file)
    {
        var head = new byte[(int)Math.Min(file.Length, 2 * SideLength)];
        file.Read(head, 0);
        if (file.Length <= 2 * SideLength)
            return Encoding.UTF8.GetString(head);
        var tail = new byte[SideLength];
        file.Read(tail, file.Length - SideLength);
        return Of(head.AsSpan(0, SideLength), tail, file.Length);
    }
}
