using Osapi.Plans.Expansion;
using Osapi.Plans.Expressions;
using Osapi.Plans.Yaml;

namespace Osapi.Plans.Values;

/// <summary>The variables of a file. Reading a required one without a value is an error that only follows from another one.</summary>
internal sealed class VarsValue(PlanScope scope) : MapValue
{
    /// <summary>The message of an error that only follows from another one.</summary>
    public const string NoValue = "the value is not known, which is told before";

    public override IReadOnlyCollection<string> Keys => [.. scope.Vars.Select(variable => variable.Key)];

    /// <summary>Returns the problem of an expression that cannot be evaluated: at its place, or at the whole value if it only follows from another.</summary>
    public static FileProblem ProblemOf(YamlScalar scalar, ExpressionException exception) => exception.Message.Contains(NoValue, StringComparison.Ordinal)
        ? FileProblem.At(scalar.Start, NoValue)
        : ExpressionPosition.At(scalar, new(exception.Offset, exception.Length, exception.Message));

    /// <summary>Returns the problems without those that only follow from a variable without a value.</summary>
    public static IEnumerable<FileProblem> WithoutConsequences(IReadOnlyCollection<FileProblem> problems)
    {
        var places = problems.Where(problem => problem.Message == NoValue).Select(problem => (problem.Line, problem.Column)).ToHashSet();
        return problems.Where(problem => !places.Contains((problem.Line, problem.Column)));
    }

    public override bool TryRead(string key, out object? value)
    {
        if (scope.UnknownVars.Contains(key))
            throw new ValueException(NoValue);
        var found = scope.Vars.TryGetPropertyValue(key, out var node);
        value = node;
        return found;
    }
}
