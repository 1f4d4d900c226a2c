namespace Osapi.Bench;

/// <summary>The median of several times, and what eight of ten of them lie between.</summary>
internal readonly record struct Spread(double Median, double Low, double High, double Worst)
{
    public static Spread Of(IEnumerable<double> times)
    {
        var sorted = times.Order().ToList();
        return new(At(0.5), At(0.1), At(0.9), sorted[^1]);

        double At(double share) => sorted[(int)((sorted.Count - 1) * share)];
    }
}
