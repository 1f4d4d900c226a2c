using Osapi.Orchestrator;
using Osapi.Plans.Expansion;
using Osapi.Plans.Expressions;
using Osapi.Plans.Values;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Conditions;

/// <summary>A condition of a task: an expression that is true or false.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Place">The place of the expression.</param>
/// <param name="Node">The text in the file.</param>
internal sealed record PlanCondition(Expression Expression, ExpressionPlace Place, YamlScalar Node)
{
    /// <summary>The condition as the reason for skipping a task.</summary>
    public string Reason => $"condition is false: {(Expression.Text.Length <= 120 ? Expression.Text : Expression.Text[..117] + "...").ReplaceLineEndings(" ")}";

    /// <summary>True when the condition reads the item of a loop over results.</summary>
    public bool LooksAtItem => Place.Each is { IsKnownBeforeRun: false } && Expression.Reads.Roots.Contains("each");

    /// <summary>Evaluates the condition.</summary>
    /// <exception cref="TaskFailedException">It cannot be evaluated; the message has the position.</exception>
    public bool Holds(RunValues values, Results results, string? host, Result? own = null)
    {
        try
        {
            return Expression.EvaluateCondition(values.For(Place, results, host, own));
        }
        catch (ExpressionException exception)
        {
            throw Place.Failure(Node, exception);
        }
    }
}

/// <summary>The place of an expression: what it reads depends on its file, its loop and its task.</summary>
/// <param name="Scope">The scope of the file.</param>
/// <param name="Each">The item of the loop; null for none.</param>
/// <param name="Task">The full name of the task.</param>
/// <param name="RunsOnHosts">True when the task runs on hosts.</param>
internal sealed record ExpressionPlace(PlanScope Scope, EachItem? Each, string Task, bool RunsOnHosts)
{
    /// <summary>Returns the error of an expression with its position.</summary>
    public TaskFailedException Failure(YamlScalar node, ExpressionException exception)
    {
        var problem = ExpressionPosition.At(node, new(exception.Offset, exception.Length, exception.Message));
        return new($"{(Scope.File is null ? "line " : Scope.File + ":")}{problem.Line}:{problem.Column}: {problem.Message}");
    }
}
