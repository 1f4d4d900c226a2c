using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Osapi.Orchestrator;

/// <summary>The number or percentage of hosts that may fail without the task failing.</summary>
public readonly record struct HostFailureLimit : IParsable<HostFailureLimit>
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

    /// <summary>Parses <c>2</c> or <c>20%</c>.</summary>
    /// <exception cref="FormatException">The text is not a limit.</exception>
    public static HostFailureLimit Parse(string s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out var limit) ? limit : throw new FormatException($"'{s}' is neither a number of hosts nor a percentage of at most 100%, such as 2 or 20%");

    /// <summary>Parses <c>2</c> or <c>20%</c>; false when the text is not a limit.</summary>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out HostFailureLimit result)
    {
        var isPercent = s is not null && s.EndsWith('%');
        var isLimit = int.TryParse(isPercent ? s![..^1] : s, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) && (!isPercent || amount <= 100);
        result = isLimit ? new(amount, isPercent) : default;
        return isLimit;
    }

    /// <summary>Converts a number of hosts to a limit, so that a plan can use <c>AllowHostFailures(2)</c>.</summary>
    public static implicit operator HostFailureLimit(int hosts) => Count(hosts);

    /// <inheritdoc/>
    public override string ToString() => amount.ToString(CultureInfo.InvariantCulture) + (isPercent ? "%" : "");

    internal int Of(int expectedHosts) => isPercent ? (int)((long)expectedHosts * amount / 100) : amount;
}
