using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>
/// Prints a value without filters. A number keeps its written digits, which the engine would shorten (1.10 to 1.1).
/// </summary>
internal sealed class WrittenOutput(PathExpression path) : Statement
{
    public override async ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        context.IncrementSteps();
        var value = await path.EvaluateAsync(context);
        if (value is NumberValue)
            await writer.WriteAsync(value.ToStringValue());
        else
            await value.WriteToAsync(writer, encoder, context.CultureInfo);
        return Completion.Normal;
    }
}
