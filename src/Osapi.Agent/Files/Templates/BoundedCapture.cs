using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>A capture block with a limit on its text, which the engine does not have.</summary>
internal sealed class BoundedCapture(string identifier, IReadOnlyList<Statement> statements, TemplateBudget budget) : Statement
{
    public override async ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        context.IncrementSteps();
        using BoundedWriter captured = new(budget, isOutput: false);
        var completion = await statements.RenderStatementsAsync(captured, encoder, context);
        context.SetValue(identifier, new StringValue(captured.ToString(), encode: false));
        return completion;
    }
}

/// <summary>
/// An ifchanged block with a limit: it prints its text when that differs from the last one that an ifchanged block
/// printed.
/// </summary>
internal sealed class BoundedIfChanged(IReadOnlyList<Statement> statements, TemplateBudget budget) : Statement
{
    private const string Last = "osapi.ifchanged";

    public override async ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        context.IncrementSteps();
        // Read first: a nested block prints into it.
        var last = context.AmbientValues.GetValueOrDefault(Last);
        using BoundedWriter captured = new(budget, isOutput: false);
        var completion = await statements.RenderStatementsAsync(captured, encoder, context);
        var text = captured.ToString();
        if (!Equals(last, text))
        {
            context.AmbientValues[Last] = text;
            await writer.WriteAsync(text);
        }

        return completion;
    }
}
