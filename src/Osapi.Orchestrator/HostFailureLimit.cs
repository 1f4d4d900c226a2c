using System.Globalization;

namespace Osapi.Orchestrator;

/// <summary>The number or percentage of hosts that may fail without the task failing.</summary>
public readonly record struct HostFailureLimit
{
    private readonly int amount;
    private readonly bool isPercent;

    private HostFailureLimit(int amount, bool isPercent)
    {
        this.amount = amount;
        this.isPercent = isPercent;
    }

    /// <summary>Creates a limit from a number of hosts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static HostFailureLimit Count(int hosts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hosts);
        return new(hosts, isPercent: false);
    }

    /// <summary>Creates a limit from a percentage of the expected hosts, rounded down; skipped hosts are not counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The percentage is not between 0 and 100.</exception>
    public static HostFailureLimit Percent(int percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        return new(percent, isPercent: true);
    }

    /// <summary>Parses <c>2</c> or <c>20%</c>; null when the text is neither.</summary>
    public static HostFailureLimit? Read(string? text)
    {
        var isPercent = text is not null && text.EndsWith('%');
        return int.TryParse(isPercent ? text![..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) && (!isPercent || amount <= 100)
            ? new(amount, isPercent)
            : null;
    }

    /// <summary>Converts a number of hosts to a limit, so that a plan can use <c>AllowHostFailures(2)</c>.</summary>
    public static implicit operator HostFailureLimit(int hosts) => Count(hosts);

    /// <inheritdoc/>
    public override string ToString() => amount.ToString(CultureInfo.InvariantCulture) + (isPercent ? "%" : "");

    internal int Of(int expectedHosts) => isPercent ? (int)((long)expectedHosts * amount / 100) : amount;
}
