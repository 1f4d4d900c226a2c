using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>
/// A loop over a value. The engine's loop reads its source itself, because it keeps its place by the source's name; so the source is
/// read before, to take note of what is undefined and to count the copy that each loop makes of its list.
/// </summary>
internal sealed class BoundedLoop(ForStatement loop, PathExpression source, TemplateBudget budget) : Statement
{
    // A pair of name and value, for each member.
    private const int ElementsOfPair = 5;

    public override async ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        switch (await source.EvaluateAsync(context))
        {
            case ArrayValue list:
                budget.MakeList(list.Values.Count);
                break;
            case TemplateMembers members:
                budget.MakeList(members.Count * (long)ElementsOfPair);
                break;
        }

        return await loop.WriteToAsync(writer, encoder, context);
    }
}
