using Osapi.Plans.Expansion;
using Osapi.Plans.Expressions;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Conditions;

/// <summary>Reads conditions: expressions without braces.</summary>
internal sealed class ConditionReader(RunNames names, TaskReads reads)
{
    /// <summary>Returns a condition; null when there are problems.</summary>
    public PlanCondition? Read(TaskHead task, ConditionNode condition, bool readsOwn = false)
    {
        var (node, scope, each) = condition;
        if (TextExpression.IsIn(node.Text))
        {
            scope.Problems.Add(FileProblem.At(node.Start, "a condition is an expression by itself: write it without ${{ }}"));
            return null;
        }

        var (expression, problems) = Expression.ReadCondition(node.Text, names.Of(task, scope, each, readsOwn));
        scope.Problems.AddRange(problems.Select(problem => ExpressionPosition.At(node, problem)));
        if (expression is null)
            return null;
        reads.Check(task, expression.Reads, scope, node);
        return new(expression, new(scope, each, task.Draft.Name, task.RunsOnHosts), node);
    }
}
