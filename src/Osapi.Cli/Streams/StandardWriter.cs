using System.Text;

namespace Osapi.Cli.Streams;

/// <summary>Writes text to a standard stream: in UTF-8 regardless of the environment, and unbuffered.</summary>
internal sealed class StandardWriter(StandardStream stream) : TextWriter
{
    // Keeps the first half of a surrogate pair that is written in two parts.
    private readonly Encoder encoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetEncoder();
    private readonly Lock gate = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    // In one write, so that lines of several writers stay whole.
    public override void WriteLine(string? value) => Write(value + "\n");

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (gate)
        {
            var bytes = new byte[encoder.GetByteCount(buffer, flush: false)];
            stream.Write(bytes.AsSpan(0, encoder.GetBytes(buffer, bytes, flush: false)));
        }
    }
}
