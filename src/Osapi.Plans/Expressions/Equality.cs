namespace Osapi.Plans.Expressions;

/// <summary>Equality and order of values.</summary>
internal static class Equality
{
    /// <summary>Determines whether two values are equal.</summary>
    /// <exception cref="ValueException">They can never be: their kinds differ.</exception>
    public static bool AreEqual(object? left, object? right, Evaluation evaluation)
    {
        evaluation.Budget.Charge(1);
        switch (left, right)
        {
            case (null, _) or (_, null):
                return left is null && right is null;
            case (bool one, bool other):
                return one == other;
            case (long one, long other):
                return one == other;
            case (RawNumber one, RawNumber other) when one.Text == other.Text:
                return true;
            case (long or double or RawNumber, long or double or RawNumber):
                return Compare(left, right, evaluation) == 0;
            case (string one, string other):
                evaluation.Budget.ChargeLook(Math.Min(one.Length, other.Length));
                return string.Equals(one, other, StringComparison.Ordinal);
            case (DateTimeOffset one, DateTimeOffset other):
                return one == other;
            case (TimeSpan one, TimeSpan other):
                return one == other;
            case (ListValue one, ListValue other):
                return AreEqual(one, other, evaluation);
            case (MapValue one, MapValue other):
                return AreEqual(one, other, evaluation);
            default:
                throw new ValueException(Never(Kinds.Of(left), Kinds.Of(right)));
        }
    }

    /// <summary>Compares two values; null when one of them is not a number (NaN).</summary>
    public static int? Compare(object? left, object? right, Evaluation evaluation)
    {
        switch (left, right)
        {
            case (long one, long other):
                return one.CompareTo(other);
            case (long one, double or RawNumber):
                return -CompareExactly(Kinds.Number(right)!.Value, one);
            case (double or RawNumber, long other):
                return CompareExactly(Kinds.Number(left)!.Value, other);
            case (double or RawNumber, double or RawNumber):
                var (first, second) = (Kinds.Number(left)!.Value, Kinds.Number(right)!.Value);
                return double.IsNaN(first) || double.IsNaN(second) ? null : first.CompareTo(second);
            case (string one, string other):
                evaluation.Budget.ChargeLook(Math.Min(one.Length, other.Length));
                return CompareCodePoints(one, other);
            case (bool one, bool other):
                return one.CompareTo(other);
            case (DateTimeOffset one, DateTimeOffset other):
                return one.CompareTo(other);
            case (TimeSpan one, TimeSpan other):
                return one.CompareTo(other);
            default:
                throw new ValueException($"{Kinds.Of(left).Phrase} and {Kinds.Of(right).Phrase} cannot be compared");
        }
    }

    /// <summary>Determines whether a list has an element, or a map a key.</summary>
    /// <exception cref="ValueException">It can have none: the kinds of all elements differ.</exception>
    public static bool IsIn(object? item, object? container, Evaluation evaluation)
    {
        switch (container)
        {
            case ListValue list:
                ValueException? never = null;
                var possible = list.Count == 0;
                for (var i = 0; i < list.Count; i++)
                {
                    var element = evaluation.Decode(list[i]);
                    if (item is not null && element is not null && !TypeRelations.CanEqual(Kinds.Of(item), Kinds.Of(element)))
                    {
                        evaluation.Budget.Charge(1);
                        never ??= new(Never(Kinds.Of(item), Kinds.Of(element)));
                        continue;
                    }

                    possible = true;
                    if (AreEqual(item, element, evaluation))
                        return true;
                }

                return possible || never is null ? false : throw never;
            case MapValue map when item is string key:
                return map.TryRead(key, out _);
            case MapValue:
                throw new ValueException($"the key of a map is a text, and this is {Kinds.Of(item).Phrase}");
            default:
                throw new ValueException($"'in' looks into a list or a map, and this is {Kinds.Of(container).Phrase}");
        }
    }

    public static string Never(ValueType left, ValueType right) => $"{left.Phrase} and {right.Phrase} can never be equal";

    private static bool AreEqual(ListValue one, ListValue other, Evaluation evaluation)
    {
        if (one.Count != other.Count)
            return false;
        for (var i = 0; i < one.Count; i++)
            if (!AreEqual(evaluation.Decode(one[i]), evaluation.Decode(other[i]), evaluation))
                return false;
        return true;
    }

    private static bool AreEqual(MapValue one, MapValue other, Evaluation evaluation)
    {
        var keys = one.Keys;
        if (keys.Count != other.Keys.Count)
            return false;
        evaluation.Budget.ChargeCopy(keys.Count);
        foreach (var key in keys)
            if (!other.TryRead(key, out var found) || !one.TryRead(key, out var value) || !AreEqual(evaluation.Decode(value), evaluation.Decode(found), evaluation))
                return false;
        return true;
    }

    // A long has more digits than a double, so neither can be converted to the other first.
    private static int? CompareExactly(double number, long other)
    {
        if (double.IsNaN(number))
            return null;
        if (number >= 9223372036854775808.0)
            return 1;
        if (number < -9223372036854775808.0)
            return -1;
        var whole = (long)number;
        return whole != other ? whole.CompareTo(other) : number.CompareTo(whole);
    }

    // UTF-16 units order like code points, except that surrogates come after all others.
    private static int CompareCodePoints(string one, string other)
    {
        var common = one.AsSpan().CommonPrefixLength(other);
        if (common == one.Length || common == other.Length)
            return one.Length.CompareTo(other.Length);
        var (a, b) = (one[common], other[common]);
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }
}
