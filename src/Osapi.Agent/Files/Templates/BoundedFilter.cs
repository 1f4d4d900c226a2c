using System.Globalization;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>The engine's filters with limits.</summary>
/// <remarks>
/// The engine counts steps, but not the size of a step's result, and twenty doublings of a text are only twenty steps.
/// </remarks>
internal static partial class BoundedFilter
{
    /// <summary>The maximum width that a format may give a number or a part of a date.</summary>
    public const int MaxWidth = 1000;

    private const int CharactersOfLineBreak = 6;

    // These do not turn a list into text. Sorting without a member compares texts.
    private static readonly string[] ListFilters =
        ["first", "last", "concat", "map", "reverse", "size", "uniq", "where", "sum", "find", "find_index", "has", "reject", "compact", "default", "slice", "raw"];

    public static FilterDelegate Of(string name, FilterDelegate filter, TemplateBudget budget, UndefinedNames undefined) => async (input, arguments, context) =>
    {
        budget.CountStep();
        if (!ListFilters.Contains(name))
        {
            RequireText(input, budget);
            for (var i = 0; i < arguments.Count; i++)
                RequireText(arguments.At(i), budget);
        }

        RequireRoom(name, input, arguments);
        var output = await ExplainedAsync(name, () => filter(input, arguments, context));
        if (name == "map")
            RequireMembers(input, arguments.At(0), undefined);
        if (ReferenceEquals(output, input))
            return output;
        if (output is StringValue)
            budget.CountText(output.ToStringValue().Length);
        else if (output is ArrayValue list)
            budget.CountList(list.Values.Count);
        return output;
    };

    // The engine's messages do not name the filter.
    private static async ValueTask<FluidValue> ExplainedAsync(string name, Func<ValueTask<FluidValue>> filterAsync)
    {
        try
        {
            return await filterAsync();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException or FluidException)
        {
            throw new RefusedTemplateException($"the filter {name}: {exception.Message.Split('\n')[0].Trim()}");
        }
    }

    // A list is converted into its elements' texts, and may contain one long text a million times.
    private static void RequireText(FluidValue value, TemplateBudget budget)
    {
        if (value is not ArrayValue list)
            return;
        var length = 0L;
        foreach (var element in list.Values)
        {
            if (element is not StringValue)
                budget.CountStep();
            length += element.ToStringValue().Length;
            TemplateBudget.RequireCharacters(length);
        }
    }

    // The results of these can exceed the total size of their inputs.
    private static void RequireRoom(string name, FluidValue input, FilterArguments arguments)
    {
        switch (name)
        {
            case "replace":
                var positions = Occurrences(input, arguments.At(0)) + 1;
                TemplateBudget.RequireCharacters(positions * arguments.At(1).ToStringValue().Length);
                break;
            case "join" when input is ArrayValue list:
                TemplateBudget.RequireCharacters(list.Values.Count * (long)arguments.At(0).ToStringValue().Length);
                break;
            case "newline_to_br":
                TemplateBudget.RequireCharacters((long)input.ToStringValue().Length + (input.ToStringValue().AsSpan().Count('\n') * CharactersOfLineBreak));
                break;
            case "split":
                TemplateBudget.RequireElements(Occurrences(input, arguments.At(0)));
                break;
            case "reverse" when input is StringValue:
                TemplateBudget.RequireElements(input.ToStringValue().Length);
                break;
            case "date":
                RequireWidth(WidthInDate, arguments.At(0));
                break;
            case "format_number":
                RequireWidth(Precision, arguments.At(0));
                break;
            case "format_string":
                RequireWidth(WidthInPlaceholder, input);
                break;
        }
    }

    // The empty text occurs at every position.
    private static long Occurrences(FluidValue text, FluidValue part) => part.ToStringValue() is { Length: > 0 } some
        ? text.ToStringValue().AsSpan().Count(some.AsSpan())
        : text.ToStringValue().Length;

    private static void RequireWidth(Regex widths, FluidValue format)
    {
        foreach (var width in widths.EnumerateMatches(format.ToStringValue()))
            if (!int.TryParse(format.ToStringValue().AsSpan(width.Index, width.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > MaxWidth)
                throw new RefusedTemplateException(string.Create(CultureInfo.InvariantCulture, $"it formats to a width of more than {MaxWidth} characters"));
    }

    // An element without the member would leave a hole in the list.
    private static void RequireMembers(FluidValue input, FluidValue member, UndefinedNames undefined)
    {
        if (input is not ArrayValue list)
            return;
        foreach (var element in list.Values)
            if (element is TemplateMembers members && members.Find(member.ToStringValue()) is null)
                undefined.Add(TemplatePath.Member(members.Path, member.ToStringValue()));
    }

    [GeneratedRegex("(?<=%[-_^:]*)[0-9]+")]
    private static partial Regex WidthInDate { get; }

    [GeneratedRegex(@"(?<=^\s*[A-Za-z])[0-9]+")]
    private static partial Regex Precision { get; }

    // Matches an index, a width and a format in braces.
    [GeneratedRegex(@"(?<=\{[^{}]*)[0-9]+(?=[^{}]*\})")]
    private static partial Regex WidthInPlaceholder { get; }
}
