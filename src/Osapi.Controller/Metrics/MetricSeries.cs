using System.Diagnostics.Metrics;

namespace Osapi.Controller.Metrics;

/// <summary>The value of an instrument for one set of labels.</summary>
internal sealed class MetricSeries
{
    private readonly Lock gate = new();
    private readonly IReadOnlyList<double> bounds;
    private readonly long[] buckets;
    private readonly bool isTotal;
    private double value;
    private long count;

    public MetricSeries(Instrument instrument)
    {
        bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? [];
        buckets = new long[bounds.Count];
        isTotal = instrument is Counter<long> or Histogram<double>;
    }

    /// <summary>Adds a measurement: to a total, or in the place of the previous one.</summary>
    public void Add(double measured)
    {
        lock (gate)
        {
            value = isTotal ? value + measured : measured;
            count++;
            for (var i = 0; i < buckets.Length; i++)
                if (measured <= bounds[i])
                    buckets[i]++;
        }
    }

    /// <summary>Gets the value or sum, the number of measurements, and how many were at most each bound.</summary>
    public (double Value, long Count, IReadOnlyList<(double Bound, long Count)> Buckets) Read()
    {
        lock (gate)
            return (value, count, [.. bounds.Zip(buckets)]);
    }
}
