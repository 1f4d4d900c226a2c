using System.Text.Json.Nodes;

namespace Osapi.Plans.Expressions;

/// <summary>A text with <c>${{ }}</c>: literal parts and expressions. <c>$${{</c> stands for the characters <c>${{</c>.</summary>
internal sealed class TextExpression
{
    private readonly TextForm form;
    private readonly IReadOnlyList<Part> parts;

    private TextExpression(string text, TextForm form, IReadOnlyList<Part> parts)
    {
        (Text, this.form, this.parts) = (text, form, parts);
        foreach (var part in parts)
            if (part.Expression is not null)
                Reads.Add(part.Expression.Reads);
    }

    public string Text { get; }

    /// <summary>Gets a value that says whether there is no expression in the text.</summary>
    public bool IsLiteral => parts.All(part => part.Expression is null);

    /// <summary>Gets a value that says whether the text is one expression and nothing else, and its value keeps its type.</summary>
    public bool IsWhole => form != TextForm.ShellLine && parts is [{ Expression: not null }];

    /// <summary>Gets the type of the value: of the expression of a whole one, else text.</summary>
    public ValueType Type => IsWhole ? parts[0].Expression!.Type : ValueType.Text;

    /// <summary>Gets what the expressions read.</summary>
    public ExpressionReads Reads { get; } = new();

    /// <summary>Determines whether a text has to be read: it contains <c>${{</c>.</summary>
    public static bool IsIn(string text) => text.Contains(TextScanner.Open, StringComparison.Ordinal);

    /// <summary>Reads a text and checks its expressions.</summary>
    /// <returns>The text, or null and at least one problem; positions are those in the text.</returns>
    public static (TextExpression? Text, IReadOnlyList<ExpressionProblem> Problems) Read(string text, ExpressionScope scope, TextForm form = TextForm.Plain)
    {
        List<ExpressionProblem> problems = [];
        List<Part> parts = [];
        ShellScanner shell = new();
        try
        {
            foreach (var (offset, part, isExpression) in TextScanner.Parts(text))
                if (!isExpression)
                {
                    shell.Read(part);
                    parts.Add(new(part, offset, null, shell.Place));
                }
                else
                {
                    var (expression, found) = Expression.Read(part, scope);
                    problems.AddRange(found.Select(problem => problem with { Offset = problem.Offset + offset }));
                    parts.Add(new(part, offset, expression, shell.Place));
                    shell.ReadValue();
                }
        }
        catch (SyntaxException problem)
        {
            problems.Add(problem.Problem);
        }

        TextExpression read = new(text, form, parts);
        problems.AddRange(read.Misplaced());
        return problems.Count == 0 ? (read, []) : (null, [.. problems.OrderBy(problem => problem.Offset)]);
    }

    /// <summary>Evaluates the text: to the value of a whole one, else to a text.</summary>
    /// <exception cref="ExpressionException">A value is missing, wrong, or none for a text, or a bound is reached.</exception>
    public JsonNode? Evaluate(ExpressionValues values)
    {
        Evaluation evaluation = new(values, showsValues: Reads.Secrets.Count == 0);
        if (IsWhole)
        {
            var value = Evaluate(parts[0], evaluation, JsonValues.Json);
            return form == TextForm.Request ? FactEscape.Of(value) : value;
        }

        List<(string Text, bool IsValue)> texts = [];
        foreach (var part in parts)
            texts.Add(part.Expression is null ? (part.Text, false) : (Evaluate(part, evaluation, (value, _) => Within(value, part, evaluation)), true));
        return JsonValue.Create(form == TextForm.Plain ? string.Concat(texts.Select(part => part.Text)) : FactEscape.Join(texts));
    }

    private static T Evaluate<T>(Part part, Evaluation evaluation, Func<object?, Evaluation, T> result)
    {
        try
        {
            return part.Expression!.Evaluate(evaluation, result);
        }
        catch (ExpressionException failure)
        {
            throw new ExpressionException(part.Offset + failure.Offset, failure.Length, failure.Message) { IsLimit = failure.IsLimit };
        }
    }

    private string Within(object? value, Part part, Evaluation evaluation)
    {
        var text = JsonValues.TextOf(value) ?? throw new ValueException($"{Kinds.Of(value).Phrase} does not go into a text");
        evaluation.Budget.ChargeNew(text.Length);
        return form == TextForm.ShellLine ? ShellWord.Of(text, part.Place) : text;
    }

    private IEnumerable<ExpressionProblem> Misplaced()
    {
        if (IsWhole)
            yield break;
        foreach (var part in parts)
        {
            if (part.Expression is not { } expression)
                continue;
            if (expression.Type.NotNull is ValueType.ListType or ValueType.MapType or ValueType.StructType or ValueType.NullType)
                yield return new(part.Offset, part.Text.Length, $"{expression.Type.Phrase} does not go into a text{(expression.Type.NotNull is ValueType.ListType ? "; join its texts with .join(', ')" : "")}");
            else if (form == TextForm.ShellLine && part.Place.Refusal is { } refusal && expression.Type is not (ValueType.IntType or ValueType.NumberType or ValueType.BoolType))
                yield return new(part.Offset, part.Text.Length, $"no text can stand here: {refusal}");
        }
    }

    private sealed record Part(string Text, int Offset, Expression? Expression, ShellPlace Place);
}
