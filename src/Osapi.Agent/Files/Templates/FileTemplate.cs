using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fluid;
using Fluid.Parser;
using Osapi.Agent.Hosts;
using Osapi.Operations;
using Osapi.Operations.Facts;

namespace Osapi.Agent.Files.Templates;

/// <summary>Renders Liquid templates with <c>facts</c>, <c>vars</c> and <c>hostname</c>.</summary>
/// <remarks>
/// Templates have no access to files, other templates or .NET objects. An undefined value is an error, because a
/// configuration file with a hole in it is worse than none.
/// </remarks>
internal static class FileTemplate
{
    private static readonly FluidParser Parser = TemplateLanguage.CreateParser();

    /// <summary>Renders a template.</summary>
    /// <exception cref="OperationException">The template is invalid, reads an undefined value, or exceeds a limit.</exception>
    public static async Task<byte[]> RenderAsync(string name, byte[] source, JsonObject? vars, Host host, CancellationToken cancellationToken)
    {
        var facts = JsonSerializer.SerializeToNode(await host.Facts.ReadAsync(host, cancellationToken), HostFacts.Json)!.AsObject();
        return await DeepStack.RunAsync(() =>
        {
            UndefinedNames undefined = new();
            TemplateBudget budget = new(host.Time, cancellationToken);
            TemplateRendering rendering = new(TemplateLanguage.CreateOptions(budget, undefined, host.Time));
            // References in requests spell the configured facts @fact.custom.NAME.
            rendering.SetValue("facts", new TemplateMembers(facts, "facts", alias: ("custom", "facts")));
            rendering.SetValue("vars", new TemplateMembers(vars ?? [], "vars"));
            rendering.SetValue("hostname", host.Name);
            try
            {
                var rendered = Render(new TemplateRewriter(undefined, budget).VisitTemplate(Parse(source)), rendering, budget);
                return undefined.Count == 0 ? rendered : throw Undefined(name, undefined);
            }
            catch (Exception exception) when (exception is not (OperationCanceledException or OperationException))
            {
                // An undefined value is often the cause of the other errors.
                throw undefined.Count > 0 ? Undefined(name, undefined) : InvalidTemplate(name, Explanation(exception, rendering));
            }
        });
    }

    /// <summary>Returns the reason that a source is not a template; null when it is one. Its values are not looked at.</summary>
    public static Task<string?> FindProblemAsync(byte[] source) => DeepStack.RunAsync<string?>(() =>
    {
        try
        {
            Parse(source);
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return exception is InsufficientExecutionStackException ? "it is nested too deeply" : exception.Message.Split('\n')[0].Trim();
        }
    });

    private static FluidTemplate Parse(byte[] source)
    {
        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(source);
        }
        catch (DecoderFallbackException)
        {
            throw new RefusedTemplateException("it is not UTF-8 text");
        }

        TemplateLimits.Require(text);
        // TemplateLimits leaves the parser much room; this catches text that the parser reads differently.
        FluidParseContext context = new(GoTemplateSyntax.Rewrite(text)) { OnEnterParser = static (_, _) => RuntimeHelpers.EnsureSufficientExecutionStack() };
        return Parser.Grammar.TryParse(context, out var statements, out var error)
            ? new FluidTemplate(statements)
            : throw new RefusedTemplateException(error is null ? "it is not a template" : $"{error.Message} at {error.Position}");
    }

    private static byte[] Render(IFluidTemplate template, TemplateRendering rendering, TemplateBudget budget)
    {
        using BoundedWriter output = new(budget, isOutput: true);
        var written = template.RenderAsync(output, NullEncoder.Default, rendering);
        // No part of a template is asynchronous; otherwise the rest would run on a thread with a smaller stack.
        if (!written.IsCompleted)
            throw new UnreachableException();
        written.GetAwaiter().GetResult();
        return Encoding.UTF8.GetBytes(output.ToString());
    }

    // The first line of a message has the problem and its position; the rest repeats the source.
    private static string Explanation(Exception exception, TemplateRendering rendering) => exception switch
    {
        // The engine's own message for too many steps mentions recursion instead.
        InvalidOperationException when rendering.IsOutOfSteps => string.Create(CultureInfo.InvariantCulture, $"it takes more than {TemplateBudget.MaxSteps} steps"),
        InsufficientExecutionStackException => "it is nested too deeply",
        DivideByZeroException => "it divides by zero",
        OverflowException => "it computes a number that is too large",
        _ => exception.Message.Split('\n')[0].Trim(),
    };

    private static OperationException Undefined(string name, UndefinedNames undefined) => InvalidTemplate(name, $"undefined: {undefined}");

    private static OperationException InvalidTemplate(string name, string problem) => new(ErrorType.Invalid, $"the template {name} cannot be rendered: {problem}");
}
