using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>The output of a value as it is, without a filter. A number keeps the digits with which it was written, which the engine shortens: 1.10 to 1.1.</summary>
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
