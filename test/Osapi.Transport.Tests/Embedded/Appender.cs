using System.Globalization;
using System.Text;
using Osapi.Transport.Embedded;

namespace Osapi.Transport.Tests.Embedded;

/// <summary>
/// The entry point of a process that appends forever, with several callers at once, and reports the acknowledged
/// messages.
/// </summary>
internal static class Appender
{
    public const string Argument = "--append-until-killed";

    public static async Task<int> RunAsync(string directory)
    {
        await using var transport = await EmbeddedTransport.OpenAsync(new() { Directory = directory }, CancellationToken.None);
        using var output = Console.OpenStandardOutput();
        Lock gate = new();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(() => AppendAsync(caller))));
        return 1;

        async Task AppendAsync(int caller)
        {
            while (true)
            {
                var text = Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N"));
                var result = await transport.AppendAsync([new(StreamName.Jobs, $"caller.{caller}", text)], CancellationToken.None);
                // One write per line: a pipe takes it all or not at all, even when the process is killed.
                var line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{result.Sequence} {Encoding.ASCII.GetString(text)}\n"));
                lock (gate)
                    output.Write(line);
            }
        }
    }
}
