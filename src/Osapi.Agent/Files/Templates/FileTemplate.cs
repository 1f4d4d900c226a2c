using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluid;
using Fluid.Values;
using Osapi.Agent.Hosts;
using Osapi.Operations;
using Osapi.Operations.Facts;

namespace Osapi.Agent.Files.Templates;

/// <summary>
/// Renders Liquid templates with <c>facts</c>, <c>vars</c> and <c>hostname</c>. Nothing else is in reach: no file, no other template, no
/// object of this program. A value that does not exist is an error, because a configuration file with a hole in it is worse than none.
/// </summary>
internal static class FileTemplate
{
    private static readonly FluidParser Parser = TemplateLanguage.CreateParser();

    /// <summary>The rendered template.</summary>
    /// <exception cref="OperationException">It is no template, reads what does not exist, or takes more than it may.</exception>
    public static async Task<byte[]> RenderAsync(string name, byte[] source, JsonObject? vars, Host host, CancellationToken cancellationToken)
    {
        var template = Parse(name, source);
        TemplateBudget budget = new(host.Time, cancellationToken);
        JsonObject roots = new() { ["facts"] = JsonSerializer.SerializeToNode(await host.Facts.ReadAsync(host, cancellationToken), HostFacts.Json), ["vars"] = vars?.DeepClone() ?? new JsonObject(), ["hostname"] = host.Name };
        try
        {
            return await RenderAsync(template, roots, budget, new UndefinedNames(), strict: true, host);
        }
        catch (FluidException)
        {
            // The engine stops at the first value that does not exist, and has no name for it: this finds them all.
            UndefinedNames undefined = new();
            var rendered = await GuardedAsync(name, () => RenderAsync(template, roots, budget, undefined, strict: false, host));
            if (!undefined.Any && undefined.NullWasRead)
                return rendered;
            throw Wrong(name, undefined.Any ? $"undefined: {undefined}" : "it reads an element or a member that its value does not have");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw Explained(name, exception);
        }
    }

    private static IFluidTemplate Parse(string name, byte[] source)
    {
        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(source);
        }
        catch (DecoderFallbackException)
        {
            throw Wrong(name, "it is not UTF-8 text");
        }

        // The first line of the message says what and where; the rest repeats the source.
        return Parser.TryParse(DottedSpelling.Rewrite(text), out var template, out var error) ? template : throw Wrong(name, error.Split('\n')[0].Trim());
    }

    private static async Task<byte[]> RenderAsync(IFluidTemplate template, JsonObject roots, TemplateBudget budget, UndefinedNames undefined, bool strict, Host host)
    {
        TemplateContext context = new(TemplateLanguage.CreateOptions(budget, strict, host.Time), StringComparer.Ordinal)
        {
            Undefined = path =>
            {
                undefined.Add(path);
                return new(NilValue.Instance);
            },
        };
        foreach (var (root, value) in roots)
            context.SetValue(root, TemplateValues.Of(value, root, undefined));
        using BoundedWriter output = new(budget);
        await template.RenderAsync(output, NullEncoder.Default, context);
        return Encoding.UTF8.GetBytes(output.ToString());
    }

    private static async Task<byte[]> GuardedAsync(string name, Func<Task<byte[]>> workAsync)
    {
        try
        {
            return await workAsync();
        }
        catch (FluidException exception)
        {
            throw Wrong(name, exception.Message);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OperationException))
        {
            throw Explained(name, exception);
        }
    }

    private static OperationException Explained(string name, Exception exception) => exception switch
    {
        OperationException known => known,
        TemplateLimitException limit => Wrong(name, limit.Message),
        // The engine's own words for too many steps speak of recursion.
        InvalidOperationException => Wrong(name, string.Create(CultureInfo.InvariantCulture, $"it takes more than {TemplateBudget.MostSteps} steps")),
        DivideByZeroException => Wrong(name, "it divides by zero"),
        OverflowException => Wrong(name, "it computes a number that is too large"),
        _ => Wrong(name, exception.Message),
    };

    private static OperationException Wrong(string name, string problem) => new(ErrorType.Invalid, $"the template {name} cannot be rendered: {problem}");
}
