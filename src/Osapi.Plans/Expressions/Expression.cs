using System.Text.Json.Nodes;

namespace Osapi.Plans.Expressions;

/// <summary>An expression that was read and checked: CEL over JSON values.</summary>
internal sealed class Expression
{
    private readonly Node root;

    private Expression(string text, Node root, ExpressionReads reads) => (Text, this.root, Reads) = (text, root, reads);

    public string Text { get; }

    /// <summary>Gets the type of the value, as far as it is known.</summary>
    public ValueType Type => root.Type;

    /// <summary>Gets what the expression reads.</summary>
    public ExpressionReads Reads { get; }

    /// <summary>Reads an expression and checks its names and types.</summary>
    /// <returns>The expression, or null and at least one problem.</returns>
    public static (Expression? Expression, IReadOnlyList<ExpressionProblem> Problems) Read(string text, ExpressionScope scope)
    {
        try
        {
            var root = ExpressionParser.Parse(text);
            TypeChecker checker = new(scope);
            checker.Check(root);
            return checker.Problems is { Count: > 0 } problems ? (null, problems) : (new(text, root, checker.Reads), []);
        }
        catch (SyntaxException problem)
        {
            return (null, [problem.Problem]);
        }
    }

    /// <summary>Reads an expression that must be a condition.</summary>
    public static (Expression? Expression, IReadOnlyList<ExpressionProblem> Problems) ReadCondition(string text, ExpressionScope scope)
    {
        var (expression, problems) = Read(text, scope);
        return expression is null || expression.Type.NotNull is ValueType.BoolType or ValueType.AnyType
            ? (expression, problems)
            : (null, [new(0, text.Length, $"a condition is true or false, and this is {expression.Type.Phrase}")]);
    }

    /// <summary>Evaluates the expression.</summary>
    /// <exception cref="ExpressionException">A value is missing or wrong, or a bound is reached.</exception>
    public JsonNode? Evaluate(ExpressionValues values) => Evaluate(values, JsonValues.Json);

    /// <summary>Evaluates a condition.</summary>
    /// <exception cref="ExpressionException">A value is missing or wrong, the result is not a bool, or a bound is reached.</exception>
    public bool EvaluateCondition(ExpressionValues values) => Evaluate(values, (value, _) =>
        value as bool? ?? throw new ValueException($"a condition is true or false, and this is {Kinds.Of(value).Phrase}"));

    /// <summary>Evaluates the expression as a part of an evaluation.</summary>
    public T Evaluate<T>(Evaluation evaluation, Func<object?, Evaluation, T> result)
    {
        try
        {
            return result(new Evaluator(evaluation).Of(root), evaluation);
        }
        catch (ValueException failure)
        {
            throw new ExpressionException(0, Text.Length, failure.Message) { IsLimit = failure.IsLimit };
        }
    }

    private T Evaluate<T>(ExpressionValues values, Func<object?, Evaluation, T> result) => Evaluate(new Evaluation(values, showsValues: Reads.Secrets.Count == 0), result);
}
