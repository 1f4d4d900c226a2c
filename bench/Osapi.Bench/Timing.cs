using System.Diagnostics;

namespace Osapi.Bench;

/// <summary>The times of calls that are made one after the other.</summary>
internal static class Timing
{
    /// <summary>Measures each of several calls, in milliseconds.</summary>
    public static async Task<List<double>> OfAsync(int count, Func<Task> act)
    {
        List<double> times = [];
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await act();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    /// <summary>Measures different calls in turns, so that what disturbs the machine disturbs all of them, in microseconds.</summary>
    /// <param name="rounds">The number of rounds; a quarter more of them warms up.</param>
    /// <param name="turn">The number of calls of each kind in a round.</param>
    /// <param name="acts">The calls, by name.</param>
    public static async Task<IReadOnlyDictionary<string, Spread>> InTurnsAsync(int rounds, int turn, IReadOnlyDictionary<string, Func<Task>> acts)
    {
        var times = acts.Keys.ToDictionary(name => name, _ => new List<double>());
        for (var round = -rounds / 4; round < rounds; round++)
            foreach (var (name, act) in acts)
            {
                var measured = await OfAsync(turn, act);
                if (round >= 0)
                    times[name].AddRange(measured.Select(milliseconds => milliseconds * 1000));
            }

        return times.ToDictionary(each => each.Key, each => Spread.Of(each.Value));
    }
}
