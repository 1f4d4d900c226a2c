using Osapi.Plans.Expansion;
using Osapi.Plans.Expressions;
using ValueType = Osapi.Plans.Expressions.ValueType;

namespace Osapi.Plans.Values;

/// <summary>The names that are known before the run, and their values.</summary>
internal static class KnownNames
{
    /// <summary>Returns the names of a place where only what is known before the run can be read.</summary>
    public static ExpressionScope Of(PlanScope scope, EachItem? each, string place)
    {
        var roots = Roots(scope, each);
        foreach (var name in (ReadOnlySpan<string>)["results", "facts", "host", "run", "result"])
            roots[name] = new(ValueType.Any) { Refusal = $"'{name}' is known only during the run; '{place}' is read before it, from vars, env and each{(place == LoopReader.Task ? "; a task can loop over results with one expression: for_each: ${{ .. }}" : "")}" };
        if (each is { IsKnownBeforeRun: false })
            roots["each"] = new(ValueType.Any) { Refusal = $"'each' is an item of a loop over results, known only during the run; '{place}' is read before it" };
        roots["secrets"] = new(ValueType.Any) { Refusal = $"secrets are read in secret members of 'with' only, not in '{place}'" };
        return new() { Roots = roots };
    }

    /// <summary>Returns the names that are known everywhere.</summary>
    public static Dictionary<string, ExpressionRoot> Roots(PlanScope scope, EachItem? each) => new()
    {
        ["vars"] = new(scope.VarsType) { IsKnownBeforeRun = true },
        ["env"] = new(ValueType.Map(ValueType.Text)) { IsKnownBeforeRun = true, IsEnvironment = true },
        ["each"] = each is null
            ? new(ValueType.Any) { Refusal = "'each' is the item of a loop, and this is not in a task or include with 'for_each'" }
            : new(ValueType.Struct("each", new Dictionary<string, StructMember> { ["key"] = new(ValueType.Text), ["value"] = new(each.Type) })) { IsKnownBeforeRun = each.IsKnownBeforeRun },
    };

    /// <summary>Adds the values that are known before the run.</summary>
    public static ExpressionValues AddKnown(this ExpressionValues values, PlanScope scope, Func<string, string?> environment, EachItem? each)
    {
        values.Add("vars", () => scope.UnknownVars.Count == 0 ? scope.Vars : new VarsValue(scope)).Add("env", () => new EnvironmentValues(environment));
        return each is null ? values : values.Add("each", () => each.IsUnknown ? throw new ValueException(VarsValue.NoValue) : each.ToJson());
    }
}
