using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>A loop over a value.</summary>
/// <remarks>
/// The engine's loop evaluates its source itself, because it stores its position under the source's name. So the source
/// is evaluated before, to record undefined names and to count the copy that each loop makes of its list.
/// </remarks>
internal sealed class BoundedLoop(ForStatement loop, PathExpression source, TemplateBudget budget) : Statement
{
    // A name and value pair for each member.
    private const int ElementsOfPair = 5;

    public override async ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        switch (await source.EvaluateAsync(context))
        {
            case ArrayValue list:
                budget.CountList(list.Values.Count);
                break;
            case TemplateMembers members:
                budget.CountList(members.Count * (long)ElementsOfPair);
                break;
        }

        return await loop.WriteToAsync(writer, encoder, context);
    }
}
