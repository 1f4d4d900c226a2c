using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Osapi.Agent.Files.Templates;

/// <summary>A range with a limit. The engine expands it into a list, and 1..2000000000 are only 14 characters.</summary>
internal sealed class BoundedRange(Expression from, Expression to, TemplateBudget budget) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var first = Convert.ToInt32((await from.EvaluateAsync(context)).ToNumberValue());
        var last = Convert.ToInt32((await to.EvaluateAsync(context)).ToNumberValue());
        var count = Math.Max(0, last - (long)first + 1);
        budget.CountList(count);
        var numbers = new FluidValue[count];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = NumberValue.Create(first + i);
        return new ArrayValue(numbers);
    }
}
