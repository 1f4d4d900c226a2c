namespace Osapi.Plans.Expressions;

/// <summary>The type of a value in an expression, as far as it is known before the run.</summary>
internal abstract record ValueType
{
    private ValueType()
    {
    }

    /// <summary>Gets the type of values that are only known during the run.</summary>
    public static ValueType Any { get; } = new AnyType();

    public static ValueType Null { get; } = new NullType();

    public static ValueType Bool { get; } = new BoolType();

    /// <summary>Gets the type of whole numbers of 64 bits.</summary>
    public static ValueType Int { get; } = new IntType();

    /// <summary>Gets the type of numbers with a fraction: IEEE 754, 64 bits.</summary>
    public static ValueType Number { get; } = new NumberType();

    public static ValueType Text { get; } = new TextType(null, false);

    public static ValueType Timestamp { get; } = new TimestampType();

    public static ValueType Duration { get; } = new DurationType();

    /// <summary>Returns the type of a text that is one of a few.</summary>
    public static ValueType OneOf(IReadOnlyList<string> values) => new TextType(values, false);

    /// <summary>Returns the type of a text that stands in the expression.</summary>
    public static ValueType Literal(string value) => new TextType([value], true);

    public static ValueType List(ValueType element) => new ListType(element);

    /// <summary>Returns the type of a map from texts to values.</summary>
    public static ValueType Map(ValueType value) => new MapType(value);

    /// <summary>Returns the type of an object whose members are known by name.</summary>
    /// <param name="name">A phrase for messages, such as <c>the result of 'deploy'</c>.</param>
    /// <param name="members">The members.</param>
    public static ValueType Struct(string name, IReadOnlyDictionary<string, StructMember> members) => new StructType(name, members);

    /// <summary>Gets this type, or null.</summary>
    public ValueType OrNull => this is AnyType or NullType or NullableType ? this : new NullableType(this);

    /// <summary>Gets this type without null.</summary>
    public ValueType NotNull => this is NullableType nullable ? nullable.Inner : this;

    /// <summary>Gets a phrase for messages, such as <c>a list of texts</c>.</summary>
    public string Phrase => this switch
    {
        AnyType => "any value",
        NullType => "null",
        BoolType => "a bool",
        IntType => "an int",
        NumberType => "a number",
        TextType => "a text",
        TimestampType => "a timestamp",
        DurationType => "a duration",
        ListType(AnyType) => "a list",
        ListType(var element) => $"a list of {element.Plural}",
        MapType(AnyType) => "a map",
        MapType(var value) => $"a map of {value.Plural}",
        StructType(var name, _) => name,
        NullableType(var inner) => $"{inner.Phrase} or null",
        _ => throw new InvalidOperationException(),
    };

    private string Plural => this switch
    {
        AnyType => "values",
        NullType => "nulls",
        BoolType => "bools",
        IntType => "ints",
        NumberType => "numbers",
        TextType => "texts",
        TimestampType => "timestamps",
        DurationType => "durations",
        ListType => "lists",
        MapType => "maps",
        StructType => "objects",
        NullableType(var inner) => inner.Plural,
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Gets a value that says whether the type is a number of either kind.</summary>
    public bool IsNumeric => this is IntType or NumberType;

    public sealed record AnyType : ValueType;

    public sealed record NullType : ValueType;

    public sealed record BoolType : ValueType;

    public sealed record IntType : ValueType;

    public sealed record NumberType : ValueType;

    /// <param name="Values">The possible texts; null when there is no list of them.</param>
    /// <param name="AreLiteral">True when all of them stand in the expression.</param>
    public sealed record TextType(IReadOnlyList<string>? Values, bool AreLiteral) : ValueType;

    public sealed record TimestampType : ValueType;

    public sealed record DurationType : ValueType;

    public sealed record ListType(ValueType Element) : ValueType;

    public sealed record MapType(ValueType Value) : ValueType;

    public sealed record StructType(string Name, IReadOnlyDictionary<string, StructMember> Members) : ValueType;

    public sealed record NullableType(ValueType Inner) : ValueType;
}
