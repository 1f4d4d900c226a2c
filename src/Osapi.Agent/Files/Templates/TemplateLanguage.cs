using System.Globalization;
using Fluid;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>The part of Liquid that templates of files have: all of it that neither reads files nor looks into .NET objects.</summary>
internal static class TemplateLanguage
{
    // These read other templates, and this one prints objects by reflection.
    private static readonly string[] ForbiddenTags = ["include", "render"];
    private static readonly string[] ForbiddenFilters = ["json"];

    private static readonly FilterCollection Known = new TemplateOptions().Filters;

    public static FluidParser CreateParser()
    {
        FluidParser parser = new(new FluidParserOptions { AllowParentheses = true });
        foreach (var tag in ForbiddenTags)
            parser.RegisteredTags.Remove(tag);
        return parser;
    }

    public static TemplateOptions CreateOptions(TemplateBudget budget, bool strict, TimeProvider time)
    {
        TemplateOptions options = new()
        {
            StrictVariables = strict,
            StrictFilters = true,
            MaxSteps = TemplateBudget.MostSteps,
            MaxRecursion = 100,
            CultureInfo = CultureInfo.InvariantCulture,
            TimeZone = TimeZoneInfo.Utc,
            Now = time.GetUtcNow,
        };
        options.Filters.Clear();
        foreach (var (name, filter) in Known)
            if (!ForbiddenFilters.Contains(name))
                options.Filters.AddFilter(name, Bounded(name, filter, budget));
        return options;
    }

    // The engine counts steps but not what one step makes: twenty doublings of a text are twenty steps.
    private static FilterDelegate Bounded(string name, FilterDelegate filter, TemplateBudget budget) => async (input, arguments, context) =>
    {
        budget.Spend();
        RequireRoom(name, input, arguments);
        var output = await filter(input, arguments, context);
        if (output is StringValue)
            TemplateBudget.Characters(output.ToStringValue().Length);
        else if (output is ArrayValue list)
            TemplateBudget.Elements(list.Values.Count);
        return output;
    };

    // These make more than the sum of what they are given.
    private static void RequireRoom(string name, FluidValue input, FilterArguments arguments)
    {
        if (name == "replace")
        {
            var places = input.ToStringValue().Length / Math.Max(1, arguments.At(0).ToStringValue().Length) + 1L;
            TemplateBudget.Characters(places * arguments.At(1).ToStringValue().Length);
        }
        else if (name == "join" && input is ArrayValue list)
        {
            TemplateBudget.Characters(list.Values.Count * (long)arguments.At(0).ToStringValue().Length);
        }
    }
}
