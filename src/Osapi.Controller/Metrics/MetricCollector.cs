using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Osapi.Controller.Metrics;

/// <summary>Collects the measurements of a controller's instruments, as Prometheus reads them: totals since the start, with a bounded number of series.</summary>
internal sealed class MetricCollector : IDisposable
{
    /// <summary>The maximum number of series of an instrument; measurements with other labels count in one more.</summary>
    public const int MaxSeries = 2000;

    private const string Overflow = "overflow=\"true\"";

    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, MetricSeries>> instruments = new();
    private readonly MeterListener listener = new();

    public MetricCollector(ControllerMetrics metrics)
    {
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (!ReferenceEquals(instrument.Meter, metrics.Meter))
                return;
            instruments[instrument] = new();
            to.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    /// <summary>Gets every instrument with its series by their labels, in the form of the text.</summary>
    public IReadOnlyList<(Instrument Instrument, IReadOnlyList<KeyValuePair<string, MetricSeries>> Series)> Collect()
    {
        listener.RecordObservableInstruments();
        return [.. instruments.OrderBy(entry => entry.Key.Name, StringComparer.Ordinal)
            .Select(entry => (entry.Key, (IReadOnlyList<KeyValuePair<string, MetricSeries>>)[.. entry.Value.OrderBy(series => series.Key, StringComparer.Ordinal)]))];
    }

    public void Dispose() => listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = instruments[instrument];
        var labels = LabelsOf(tags);
        if (!series.TryGetValue(labels, out var found))
            found = series.GetOrAdd(series.Count < MaxSeries ? labels : Overflow, static (_, of) => new(of), instrument);
        found.Add(value);
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        List<string> labels = [];
        foreach (var (name, value) in tags)
            labels.Add($"{name}=\"{Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")}\"");
        return string.Join(',', labels);
    }

    private static string Escape(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
}
