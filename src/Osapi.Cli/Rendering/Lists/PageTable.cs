using System.Globalization;
using Osapi.Operations;

namespace Osapi.Cli.Rendering.Lists;

/// <summary>Prints a page of a list: its items as a table in which the second column is the status, and their number.</summary>
/// <param name="noun">The name of an item.</param>
/// <param name="columns">The headings.</param>
/// <param name="cellsOf">Returns the cells of an item; true for times instead of ages.</param>
/// <param name="styleOf">Returns the colour of an item's status.</param>
internal sealed class PageTable<T>(string noun, IReadOnlyList<string> columns, Func<T, bool, IReadOnlyList<string>> cellsOf, Func<T, string> styleOf)
{
    private const int StatusColumn = 1;

    private string Plural => noun.EndsWith('y') ? $"{noun[..^1]}ies" : $"{noun}s";

    /// <summary>Prints the page.</summary>
    /// <param name="items">The items.</param>
    /// <param name="total">The number of all items; null when it is not known.</param>
    /// <param name="cursor">The place of the next page; null on the last one.</param>
    /// <param name="width">The width in cells; null to print all columns, and times instead of ages.</param>
    public void Print(IReadOnlyList<T> items, long? total, string? cursor, int? width)
    {
        if (items.Count > 0)
            new ListTable(columns, [.. items.Select(item => cellsOf(item, width is null))]).Print(width, StatusColumn, row => styleOf(items[row]));
        Terminal.Out.Line(items.Count == 0 ? $"no {Plural}"
            : string.Create(CultureInfo.InvariantCulture, $"{items.Count}{(total is { } all ? $" of {all}" : "")} {((total ?? items.Count) == 1 ? noun : Plural)}{(cursor is { } next ? $"; next page: --cursor {ControlCharacters.Escape(next)}" : "")}"));
    }
}
