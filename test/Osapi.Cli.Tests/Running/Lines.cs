using System.Text;
using System.Threading.Channels;

namespace Osapi.Cli.Tests.Running;

/// <summary>The output of a process on one of its streams, line by line and as a whole.</summary>
internal sealed class Lines
{
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();
    private readonly StringBuilder text = new();
    private readonly Task pump;

    public Lines(StreamReader reader) => pump = PumpAsync(reader);

    /// <summary>Waits for a line that contains the text.</summary>
    public async Task<string> FindAsync(string wanted, CancellationToken cancellationToken)
    {
        await foreach (var line in lines.Reader.ReadAllAsync(cancellationToken))
            if (line.Contains(wanted, StringComparison.Ordinal))
                return line;
        throw new InvalidOperationException($"the process ended without a line with '{wanted}'; it said:\n{text}");
    }

    public async Task<string> ToEndAsync(CancellationToken cancellationToken)
    {
        await pump.WaitAsync(cancellationToken);
        return text.ToString();
    }

    private async Task PumpAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            text.Append(line).Append('\n');
            lines.Writer.TryWrite(line);
        }

        lines.Writer.Complete();
    }
}
