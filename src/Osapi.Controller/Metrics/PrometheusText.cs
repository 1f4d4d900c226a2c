using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Osapi.Controller.Metrics;

/// <summary>Writes metrics in the text format of Prometheus, version 0.0.4.</summary>
internal sealed class PrometheusText
{
    /// <summary>The type of the content.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const string Prefix = "osapi_";

    private readonly StringBuilder text = new();

    /// <summary>Adds an instrument with its series.</summary>
    public PrometheusText Add(Instrument instrument, IReadOnlyList<KeyValuePair<string, MetricSeries>> series)
    {
        var isHistogram = instrument is Histogram<double>;
        var isTotal = instrument is Counter<long> or ObservableCounter<long>;
        var name = $"{Prefix}{instrument.Name}{(instrument.Unit == "s" ? "_seconds" : "")}{(isTotal ? "_total" : "")}";
        Begin(name, isHistogram ? "histogram" : isTotal ? "counter" : "gauge", instrument.Description ?? name);
        foreach (var (labels, values) in series)
            if (isHistogram)
                AddHistogram(name, labels, values);
            else
                Line(name, labels, values.Read().Value);
        return this;
    }

    /// <summary>Adds a single value.</summary>
    public PrometheusText Add(string name, string type, string help, double value, string labels = "")
    {
        Begin(name, type, help);
        Line(name, labels, value);
        return this;
    }

    public override string ToString() => text.ToString();

    private void AddHistogram(string name, string labels, MetricSeries series)
    {
        var (sum, count, buckets) = series.Read();
        var before = labels.Length == 0 ? "" : $"{labels},";
        foreach (var (bound, within) in buckets)
            Line($"{name}_bucket", $"{before}le=\"{bound.ToString(CultureInfo.InvariantCulture)}\"", within);
        Line($"{name}_bucket", $"{before}le=\"+Inf\"", count);
        Line($"{name}_sum", labels, sum);
        Line($"{name}_count", labels, count);
    }

    private void Begin(string name, string type, string help) => text.Append("# HELP ").Append(name).Append(' ').Append(help).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private void Line(string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}
