using System.Globalization;

namespace Osapi.Cli.Tests.Running;

/// <summary>Measures the memory of a process.</summary>
internal static class ResidentMemory
{
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Gets the bytes that are resident now.</summary>
    public static long Of(RunningProgram program)
    {
        var line = File.ReadLines($"/proc/{program.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Gets the minimum within a few seconds: released memory is returned a little later.</summary>
    public static async Task<long> SettledAsync(RunningProgram program)
    {
        var least = Of(program);
        for (var begin = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(begin) < SettleTimeout;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
            least = Math.Min(least, Of(program));
        }

        return least;
    }

    /// <summary>
    /// Skips the test without the published executable: the just-in-time compiler and its code take additional memory.
    /// </summary>
    public static void NeedsPublished() =>
        Assert.SkipWhen(Environment.GetEnvironmentVariable("OSAPI_BIN") is not { Length: > 0 }, "NOT TESTED: OSAPI_BIN names no published executable");
}
