using System.Globalization;

namespace Osapi.Bench;

/// <summary>One row: what was measured, beside its bare counterpart of the same run.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Unit">The unit of the times or rates.</param>
/// <param name="Measured">The product.</param>
/// <param name="Bare">The counterpart; null for none.</param>
/// <param name="Aim">The aim, in words.</param>
internal sealed record BenchRow(string What, string Unit, Spread Measured, Spread? Bare, string Aim)
{
    /// <summary>A figure that the row is about instead of the ratio; null for the ratio.</summary>
    public string? Figure { get; init; }
}

/// <summary>The table of all benchmarks.</summary>
internal static class BenchTable
{
    public static void Print(IReadOnlyCollection<BenchRow> rows)
    {
        Console.WriteLine("| what | unit | median (10 % to 90 %) | bare median (10 % to 90 %) | ratio | aim |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var row in rows)
            Console.WriteLine($"| {row.What} | {row.Unit} | {Text(row.Measured)} | {(row.Bare is { } bare ? Text(bare) : "-")} | {row.Figure ?? Ratio(row)} | {row.Aim} |");
    }

    private static string Ratio(BenchRow row) => row.Bare is { } bare ? Number(row.Measured.Median / bare.Median) : "-";

    private static string Text(Spread spread) => $"{Number(spread.Median)} ({Number(spread.Low)} to {Number(spread.High)})";

    // Three digits that count.
    private static string Number(double number) => number switch
    {
        >= 1000 => number.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => number.ToString("F0", CultureInfo.InvariantCulture),
        >= 10 => number.ToString("F1", CultureInfo.InvariantCulture),
        _ => number.ToString("F2", CultureInfo.InvariantCulture),
    };
}
