using System.Globalization;
using Fluid;

namespace Osapi.Agent.Files.Templates;

/// <summary>The supported part of Liquid: everything that neither reads files nor accesses .NET objects.</summary>
internal static class TemplateLanguage
{
    // The first ones read other templates, and the last one prints objects by reflection.
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

    public static TemplateOptions CreateOptions(TemplateBudget budget, UndefinedNames undefined, TimeProvider time)
    {
        TemplateOptions options = new()
        {
            // Undefined names are collected by the path expressions.
            StrictVariables = false,
            StrictFilters = true,
            MaxSteps = TemplateBudget.MaxSteps,
            MaxRecursion = TemplateLimits.MaxBlockDepth,
            CultureInfo = CultureInfo.InvariantCulture,
            TimeZone = TimeZoneInfo.Utc,
            Now = time.GetUtcNow,
        };
        options.Filters.Clear();
        foreach (var (name, filter) in Known)
            if (!ForbiddenFilters.Contains(name))
                options.Filters.AddFilter(name, BoundedFilter.Of(name, filter, budget, undefined));
        return options;
    }
}
